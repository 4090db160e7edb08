"""blinkcode.reporter: an error in; the lamp shows its state, the console gets a line, the journal a record."""

from collections.abc import Callable
from typing import Protocol, type_check_only

from blinkcode.lamp import Lamp
from blinkcode.storages import Storage

@type_check_only
class Stream(Protocol):
    """What takes bytes, or the text stream of CPython that takes str."""

    def write(self, piece: bytes, /) -> object: ...

@type_check_only
class TextStream(Protocol):
    """A text stream, as sys.stdout is under CPython."""

    @property
    def encoding(self) -> str: ...
    def write(self, piece: str, /) -> object: ...

@type_check_only
class Logger(Protocol):
    """A logger as in the standard module logging."""

    def log(self, level: int, msg: str, *args: object) -> object: ...

class Reporter:
    """One lamp, one console and one journal; several reporters may live side by side."""

    lamp: Lamp

    def __init__(
        self,
        *,
        led: Callable[[int], object] | None = None,
        log: Stream | TextStream | Logger | None = None,
        level: int = 20,
        journal: Storage | int = 4,
        ticks: Callable[[], int] | None = None,
        reset_cause: int | None = None,
    ) -> None:
        """led: called with its light when that changes: brightness << 8 | state, brightness 1 to 63, state 18 while it
        spells (blinkcode.drivers.colour makes a colour of it); or 0, dark; first of all here.

        log: a stream, or a logger. level: the lowest logging level written. journal: a storage, or how many records
        to keep in RAM. ticks: the clock in ms, which wraps after a multiple of 2**30. reset_cause: 0 to 7. None: the
        device's own. Raises ValueError for a journal without room, and what a storage raises in load.
        """

    def report(self, code: object, vendor: int | str | None = None) -> None:
        """Show, log and note a code. Never raises; takes no heap for an int of a vendor given by its constant.

        A code is an int; a float without a fraction; decimal digits in a str; two little-endian bytes; 16 bits without
        a sign of a negative one, where its vendor is named; or an exception, as in catch.
        """

    def catch(self, error: object, vendor: int | str | None = None) -> None:
        """Report an exception: see blinkcode.exceptions. vendor: whose trouble it is; clear(vendor) ends it."""

    def clear(self, vendor: int | str | None = None) -> None:
        """End the live state of a vendor; without one, of all."""

    def tick(self, ms: int) -> None:
        """Drive the lamp; to be called every 20 ms or so with a reading of the clock. Never raises, takes no heap."""

    def beat(self, _: object = None) -> None:
        """Tick once; for machine.Timer(0, period=20, callback=reporter.beat)."""

    async def run(self, period_ms: int = 20) -> None:
        """Tick for ever; for asyncio.create_task(reporter.run())."""

    def spell(self, code: int, vendor: int | str | None = None) -> None:
        """Blink a number once, then return to the state."""

    def test(self) -> None:
        """Show all there is: a second of light, a line that names the table, what the journal holds."""

    def dump(self, file: object = None) -> None:
        """Write a line for each record of the journal, the oldest first: to a stream, a logger or the console."""
