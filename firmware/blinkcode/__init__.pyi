"""blinkcode: a vendor's number in, a state, a text and a log level out.

A slot is the small int that find() gives; every other call takes it. For vendors of your own the stub that
`blinkcode mip` writes has their constants.
"""

from typing import Final

from blinkcode.reporter import Reporter as Reporter

NOT_FOUND: Final = -1
AMBIGUOUS: Final = -2

OK: Final = 0
CANCELLED: Final = 1
BUSY: Final = 2
NETWORK: Final = 3
OFFLINE: Final = 4
SIGN_IN: Final = 5
PAIR: Final = 6
DENIED: Final = 7
LIMIT: Final = 8
SETUP: Final = 9
REQUEST: Final = 10
UNSUPPORTED: Final = 11
MISSING: Final = 12
CONFLICT: Final = 13
DATA: Final = 14
SERVICE: Final = 15
SYSTEM: Final = 16
UNKNOWN: Final = 17

BROADLINK: Final = 0
TUYA: Final = 1
ALIBABA: Final = 2

def find(code: object, vendor: int | None = None) -> int:
    """The slot of a code; NOT_FOUND, also for what is no int; AMBIGUOUS where several vendors have it.

    With a vendor only that one's codes count. Never raises, allocates nothing.
    """

def state(slot: int) -> int:
    """The state of a slot, OK to UNKNOWN; UNKNOWN for what is no slot. Allocates nothing."""

def level(slot: int) -> int:
    """The logging level of a slot's state: 20, 30, 40 or 50. Allocates nothing."""

def remedy(slot: int) -> int:
    """Where the text of the state's remedy is, for text() and text_into(). Allocates nothing."""

def vendor(slot: int) -> int | None:
    """The vendor of a slot. Allocates nothing."""

def code(slot: int) -> int | None:
    """The code of a slot; an alias has the slot of the code that it stands for. Allocates nothing."""

def text(slot: int) -> str:
    """The text of a slot, at most 32 characters of ASCII or 48 bytes of Chinese; "" for what is no slot."""

def text_into(slot: int, buf: bytearray | memoryview) -> int:
    """Write the text of a slot into a buffer of 48 bytes or more; give its bytes. Allocates nothing."""

def int16(value: object) -> int | None:
    """The signed code of a 16-bit wire form: 65529 is -7. None for what is no int."""

def from_bytes(buf: object, offset: int = 0) -> int | None:
    """The signed code of two little-endian bytes: F9 FF is -7. None where they are not there."""

def selftest() -> bool:
    """Print what is on this device and check every answer of the table; True where all are right."""
