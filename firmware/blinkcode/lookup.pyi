"""blinkcode.lookup: what blinkcode has as find, state, level, remedy, vendor, code, text, text_into and the wire forms.

What is no slot is answered as an unknown code is; no function raises for a code or a slot.
"""

def find(code: object, vendor: int | None = None) -> int:
    """The slot of a code; NOT_FOUND, also for what is no int; AMBIGUOUS where several clouds have it.

    With a vendor only that one's codes count; without one those of the clouds, so a family of the device itself,
    such as ERRNO or WIFI, has to be named. Never raises, takes no heap.
    """

def state(slot: int) -> int:
    """The state of a slot, OK to UNKNOWN; UNKNOWN for what is no slot. Takes no heap."""

def level(slot: int) -> int:
    """The logging level of a slot's state: 20, 30, 40 or 50. Takes no heap."""

def remedy(slot: int) -> int:
    """Where the text of a slot's remedy is, for text() and text_into(): the code's own, else its state's. No heap."""

def vendor(slot: int) -> int | None:
    """The vendor of a slot. Takes no heap."""

def code(slot: int) -> int | None:
    """The code of a slot; an alias has the slot of the code that it stands for. Takes no heap."""

def text(slot: int) -> str:
    """The text of a slot, at most 32 characters of ASCII or 48 bytes of Chinese; "" for what is no slot."""

def text_into(slot: int, buf: bytearray | memoryview) -> int:
    """Write the text of a slot into a buffer of 48 bytes or more; give its bytes. Takes no heap."""

def int16(value: object) -> int | None:
    """The signed code of a 16-bit wire form: 65529 is -7. None for what is no int."""

def from_bytes(buf: object, offset: int = 0) -> int | None:
    """The signed code of two little-endian bytes: F9 FF is -7. None where they are not there."""
