"""Tell a device's own lines from those in which it only repeats what was typed."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from blinkcode_host.finding.shapes import ANSI

_SECONDS = 10.0  # for which an echo is waited for
_MOST_LINES, _LONGEST_LINE = 64, 4_096
_REPL = re.compile(r"(?:>>>|\.\.\.|===) ?")
_PROMPT = re.compile(r"(?:>>>|\.\.\.|===|[^\s]{0,40}[$#>:]) ?")
_ESCAPE = re.compile(rb"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z]|.)?")
_BACK, _RETURN, _FORGET, _COMPLETE = (0x08, 0x7F), (0x0A, 0x0D), (0x01, 0x02, 0x03, 0x04, 0x05, 0x15), 0x09


class _Typed(NamedTuple):
    text: str
    is_edited: bool  # with keys of which the outcome cannot be known here: arrows, completion
    when: float


class Echo:
    """Remembers the lines that were typed, each until it is echoed, or too long ago."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lines: deque[_Typed] = deque(maxlen=_MOST_LINES)
        self._current = bytearray()
        self._is_edited = False

    def typed(self, keys: bytes) -> None:
        """Take what is sent to the device."""
        plain = _ESCAPE.sub(b"", keys)
        self._is_edited = self._is_edited or plain != keys
        for key in plain:
            if key in _RETURN:
                text = self._current.decode("utf-8", "replace").strip()
                if text or self._is_edited:
                    self._lines.append(_Typed(text, self._is_edited, self._clock()))
                self._forget()
            elif key in _BACK:
                del self._current[-1:]
            elif key in _FORGET:
                self._forget()
            elif key == _COMPLETE:
                self._is_edited = True
            elif len(self._current) < _LONGEST_LINE:
                self._current.append(key)

    def _forget(self) -> None:
        self._current.clear()
        self._is_edited = False

    def is_echo(self, line: str) -> bool:
        """Whether the device repeats on the line, behind its prompt, what was typed; each line that was counts once."""
        now = self._clock()
        while self._lines and now - self._lines[0].when > _SECONDS:
            self._lines.popleft()
        if not self._lines:
            return False
        text = ANSI.sub("", line).strip("\r\n")
        repl = _REPL.match(text)
        for number, typed in enumerate(self._lines):
            exact = text.strip() == typed.text or (
                text.rstrip().endswith(typed.text)
                and _PROMPT.fullmatch(text.rstrip()[: -len(typed.text) or None].rstrip(" ")) is not None
            )
            if (typed.text and exact) or (typed.is_edited and repl):
                for _ in range(number + 1):
                    self._lines.popleft()
                return True
        return False
