"""Blank what must not leave a log: tokens, keys, passwords, e-mail and MAC addresses, names of users and networks.

secrets.py says where they are. A code that was found stays, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.shapes import ANSI
from blinkcode_host.reading.secret_names import Family
from blinkcode_host.reading.secrets import (
    Secret,
    continued,
    opens_private_key,
    private_key_line,
    secrets,
)
from blinkcode_host.reading.stream import ends_line

BLANK = "***"

#: Characters at the end of what has come of a long line that are held back: a secret that is no longer is then whole.
HELD = 1_024
_MOST_HELD = 65_536  # of a secret that is longer still, only its name and its end are kept
_CONTEXT = 128  # characters given out already that what follows is read with
_MOST_LINES = 64  # of a dump, or of a private key
_DAMAGE = re.compile("[\udc80-\udcff]+")
_LINE = re.compile(r"([^\r\n]*)(\r*\n|\r+|\Z)")

_Span = tuple[int, int]


def redact(text: str, keep: Iterable[_Span] = ()) -> str:
    """The text with secrets blanked, but for the spans `keep`, which hold codes."""
    redactor, kept, at, parts = Redactor(), list(keep), 0, []
    for body, end in _lines(text):
        parts += [redactor.line(body, [(low - at, high - at) for low, high in kept if high > at]), end]
        at += len(body) + len(end)
    return "".join(parts)


class Redactor:
    """Blanks the secrets in the parts that a Stream gives out, one after the other.

    The end of a piece of a long line is held back until what follows it has come, or end() is called.
    """

    def __init__(self) -> None:
        self._text = ""  # of a line that has not ended: what is held back, and what is read with it
        self._given = 0  # how much of that was given out
        self._kept: list[_Span] = []  # where codes stand in it
        self._columns = 0  # characters of that line, as findings count them, in the parts before
        self._is_blanked = False  # whether the secret at self._given was blanked already, but for its end
        self._awaited: Family | None = None  # of a name whose value comes on the next line
        self._in_private_key = False
        self._lines_left = 0  # that such a value or key may go on for

    def __call__(self, part: bytes, findings: Iterable[Finding], shown: int = 0) -> bytes:
        """What can be given out after a part, without secrets; `findings` are the part's.

        The first `shown` bytes, which are ASCII, stay, for they were shown before.
        """
        text = part.decode("utf-8", "surrogateescape")
        lines = _lines(text)
        out = []
        for number, (body, end) in enumerate(lines):
            is_last = number == len(lines) - 1
            kept = [(0, shown)] if shown and not number else []
            if is_last:
                kept += _places(body, [f._replace(column=f.column - self._columns) for f in findings])
            self._kept += [(low + len(self._text), high + len(self._text)) for low, high in kept]
            self._text += body
            if is_last and not ends_line(part):
                self._columns += len(body.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
                out.append(self._piece())
            else:
                out += [self._rest(), end]
        return "".join(out).encode("utf-8", "surrogateescape")

    def end(self) -> bytes:
        """What is held back of a line that has not ended; the next part is the beginning of another."""
        rest = self._rest()
        self._awaited, self._in_private_key = None, False
        return rest.encode("utf-8", "surrogateescape")

    def line(self, text: str, kept: Iterable[_Span]) -> str:
        """A whole line, without its end, without its secrets."""
        self._text, self._kept = text, list(kept)
        return self._rest()

    @property
    def waits(self) -> bool:
        """Whether the next line may be a secret because of those before."""
        return self._awaited is not None or self._in_private_key

    def _rest(self) -> str:
        """All that is not given out of the line."""
        text = self._text
        found = self._secrets(text)
        out = self._blanked(found, len(text))
        self._text, self._given, self._kept, self._columns, self._is_blanked = "", 0, [], 0, False
        return out

    def _secrets(self, text: str) -> list[Secret]:
        """The secrets of a line, and what they say of the next."""
        found, awaited = secrets(text)
        found = [s for s in found if s.name >= self._given or self._is_blanked]
        goes_on = False
        if self._given:  # a long line, which is no part of what began before it
            self._in_private_key, self._awaited = False, None
        if self._in_private_key:
            more, goes_on = private_key_line(text)
            found = sorted([*found, *more], key=lambda s: s.start)
        elif self._awaited and not text.strip():
            goes_on, awaited = True, self._awaited
        elif self._awaited:
            more, goes_on = continued(text, self._awaited)
            found = sorted([*found, *more], key=lambda s: s.start)
            awaited = awaited or (self._awaited if goes_on else None)
        opens = opens_private_key(text)
        if not goes_on:
            self._lines_left = _MOST_LINES
        self._lines_left -= 1
        self._in_private_key = opens or (self._in_private_key and goes_on and self._lines_left > 0)
        self._awaited = awaited if self._lines_left > 0 else None
        return found

    def _piece(self) -> str:
        """What can be given out of a line that goes on."""
        text = self._text
        found = [s for s in secrets(text)[0] if s.name >= self._given or self._is_blanked]
        cut = max(self._given, len(text) - HELD)
        while over := [s.name for s in found if s.name < cut and (s.end > cut or s.end == len(text))]:
            cut = min(over)
        if len(text) - cut <= _MOST_HELD:
            cut = max(cut, self._given)
            out = self._blanked(found, cut)
            self._is_blanked = self._is_blanked and cut == self._given
            self._keep_from(max(0, cut - _CONTEXT), cut)
            return out
        long = max((s for s in found if s.name == cut), key=lambda s: s.end)
        out = self._blanked(found, long.end)
        tail = max(long.start, long.end - HELD)
        while tail > long.start and text[tail - 1] == "\\":
            tail -= 1
        self._keep_from(tail, tail)
        self._text = text[long.name : long.start] + self._text
        self._given = long.start - long.name
        self._kept = [(low + self._given, high + self._given) for low, high in self._kept]
        self._is_blanked = True
        return out

    def _keep_from(self, start: int, given: int) -> None:
        self._text = self._text[start:]
        self._given = given - start
        self._kept = [(max(0, low - start), high - start) for low, high in self._kept if high > start]

    def _blanked(self, found: list[Secret], stop: int) -> str:
        """The held text from what was given out to `stop`, its secrets blanked but for what is kept."""
        text, kept = self._text, sorted(self._kept)
        parts: list[str] = []
        at, i = self._given, 0
        was_blank = self._is_blanked
        for _, start, end in found:
            start, end = max(start, at), min(end, stop)
            while start < end:
                while i < len(kept) and kept[i][1] <= start:
                    i += 1
                low, high = kept[i] if i < len(kept) else (end, end)
                until = max(start, min(low, end))
                if start < until:
                    if start > at:
                        parts.append(text[at:start])
                        was_blank = False
                    if not was_blank:
                        parts.append(BLANK)
                    was_blank = True
                    at = until
                if until < end:
                    parts.append(text[at : min(high, end)])
                    at = min(high, end)
                    was_blank = False
                start = max(at, until)
        return "".join((*parts, text[at:stop]))


def _lines(text: str) -> list[tuple[str, str]]:
    """The lines of a text and their ends; the last, if it has none, has the end ""."""
    lines = [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
    return lines or [("", "")]


def _places(line: str, findings: list[Finding]) -> list[_Span]:
    """Where in a line's text, whose damaged bytes are a character each, the findings are."""
    kept = []
    for finding in findings:
        start = _place(line, finding.column - 1)
        kept.append((start, _end(line, start, len(finding.matched))))
    return kept


def _place(line: str, column: int) -> int:
    """Where in a line the column is, which counts a run of damaged bytes for less."""
    for damage in _DAMAGE.finditer(line):
        if damage.start() >= column:
            break
        run = damage[0].encode("utf-8", "surrogateescape")
        column += len(run) - len(run.decode("utf-8", "replace"))
    return column


def _end(text: str, start: int, length: int) -> int:
    """Where so many characters from `start` on end, ANSI sequences not counted."""
    end = start + length
    for sequence in ANSI.finditer(text, start):
        if sequence.start() >= end:
            break
        end += len(sequence[0])
    return end
