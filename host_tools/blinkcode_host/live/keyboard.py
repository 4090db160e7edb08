"""The terminal that a monitor runs in: its keyboard key by key, and lines that end where a line feed says."""

from __future__ import annotations

import sys
from types import TracebackType

from mpremote.console import Console

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]


class Keyboard:
    """Standard input as a keyboard, while the context lasts: each key at once, Ctrl-C too, and without an echo."""

    def __init__(self) -> None:
        self._console = Console()
        self.descriptors = (sys.stdin.fileno(),)  # what can be waited for

    def __enter__(self) -> Keyboard:
        self._console.enter()
        if termios:  # a board may end its lines with a line feed alone, as we do
            attributes = termios.tcgetattr(sys.stdin)
            attributes[1] |= termios.OPOST | termios.ONLCR
            termios.tcsetattr(sys.stdin, termios.TCSANOW, attributes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._console.exit()

    def typed(self) -> bytes:
        """What was typed since the last look."""
        keys = b""
        while key := self._console.readchar():
            keys += key
        return keys
