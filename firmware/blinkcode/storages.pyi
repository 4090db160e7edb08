"""blinkcode.storages: where a journal outlives a reset."""

from collections.abc import Callable
from typing import Protocol, type_check_only

@type_check_only
class Storage(Protocol):
    """Keeps size bytes: 32 for each record and 32 more. It may have hourly, how many writes it bears in an hour."""

    size: int

    def load(self) -> bytes | bytearray | memoryview:
        """What was stored, in any length."""

    def store(self, index: int, buf: object, start: int, /) -> None:
        """Keep the 32 bytes of buf from byte start on at byte index; return when they are safe."""

def size_of(records: int) -> int:
    """How many bytes so many records take."""

class Buffer:
    """Any bytearray or memoryview, for tests or for memory that outlives a reset."""

    size: int
    hourly: int

    def __init__(self, memory: bytearray | memoryview) -> None: ...
    def load(self) -> bytes | bytearray | memoryview: ...
    def store(self, index: int, buf: object, start: int) -> None: ...

class File:
    """A file on any filesystem; it is made if it is not there."""

    size: int

    def __init__(self, path: str, records: int = 16) -> None: ...
    def load(self) -> bytes: ...
    def store(self, index: int, buf: object, start: int) -> None: ...

class RTC:
    """A region of what machine.RTC().memory() keeps over a reset; the rest is left alone."""

    size: int
    hourly: int

    def __init__(
        self, records: int = 16, offset: int = 0, memory: Callable[..., bytes] | None = None
    ) -> None: ...
    def load(self) -> bytes: ...
    def store(self, index: int, buf: object, start: int) -> None: ...
