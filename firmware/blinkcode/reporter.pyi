"""blinkcode.reporter: a code in; the lamp shows its state, the console gets a line, the journal a record."""

from collections.abc import Callable
from typing import Protocol, type_check_only

from blinkcode.journal import Storage

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

@type_check_only
class ReporterModule(Protocol):
    """What Reporter() gives: this module, set up."""

    def report(self, code: object, vendor: int | None = None) -> None:
        """Show, log and note a code. Never raises, takes no heap."""

    def catch(self, code: object, vendor: int | None = None) -> None:
        """Report an exception: the first int in its args is the code."""

    def clear(self, vendor: int | None = None) -> None:
        """End the live state of a vendor; without one, of all."""

    def tick(self, ms: object) -> None:
        """Drive the lamp; call it often with a reading of the clock."""

def Reporter(
    *,
    led: Callable[[int], object] | None = ...,
    log: Stream | TextStream | Logger | None = ...,
    level: int = ...,
    journal: Storage | int = ...,
    ticks: Callable[[], int] | None = ...,
    reset_cause: int | None = ...,
) -> ReporterModule:
    """Set the one reporter up and give it.

    led: called with its light when that changes: brightness << 8 | state, brightness 1 to 63, state 18 while it
    spells (blinkcode.hardware.colour makes a colour of it); or 0, dark.
    log: a stream, or a logger. level: the lowest logging level written; 20 without it. journal: a storage, or how
    many records to keep in RAM; 4 without it. ticks: the clock in ms. reset_cause: 0 to 7.
    Raises TypeError for another option, ValueError for a journal without room, and what a storage raises in load.
    """

def report(code: object, vendor: int | None = None) -> None:
    """Show, log and note a code, or an exception whose args have one. Never raises, takes no heap."""

def catch(code: object, vendor: int | None = None) -> None:
    """Report an exception: the first int in its args is the code."""

def clear(vendor: int | None = None) -> None:
    """End the live state of a vendor; without one, of all."""

def tick(ms: object) -> None:
    """Drive the lamp; call it often with a reading of the clock, in ms. Never raises, takes no heap."""
