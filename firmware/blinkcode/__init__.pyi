"""blinkcode: a vendor's number in, a state, a text and a log level out.

A slot is the small int that find() gives; every other call takes it. For vendors of your own the stub that
`blinkcode mip` writes has their constants.
"""

from typing import Final

from blinkcode.lookup import code as code
from blinkcode.lookup import find as find
from blinkcode.lookup import from_bytes as from_bytes
from blinkcode.lookup import int16 as int16
from blinkcode.lookup import level as level
from blinkcode.lookup import remedy as remedy
from blinkcode.lookup import state as state
from blinkcode.lookup import text as text
from blinkcode.lookup import text_into as text_into
from blinkcode.lookup import vendor as vendor
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
ERRNO: Final = 3
DNS: Final = 4
ESP_ERR: Final = 5
MBEDTLS: Final = 6
WIFI: Final = 7
MQTT: Final = 8

def selftest() -> bool:
    """Print what is on this device and check every answer of the table; True where all are right."""
