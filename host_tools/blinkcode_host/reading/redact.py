"""Blank what must not leave a log: tokens, keys, passwords, e-mail and MAC addresses, names of users and networks.

What is secret is told by the name before it (`"accessToken":"...`, `psk=...`), or by its own shape. A code that
was found stays, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter

from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.shapes import ANSI

BLANK = "***"

_SPACE = r"(?:[ \t]|\x1b\[[0-9;]{0,16}m){0,6}"  # between a name and its value, colours too
_PARTING = rf"\\{{0,7}}[\"']?{_SPACE}(?:=>|[:=：]|(?<=[ \t])(?:(?:is|was)[ \t])?(?=[\"'])){_SPACE}"
_QUOTED = r"b?(?:(\\{1,7}[\"'])((?:(?!(?<!\\)\1)[^\n])*)|\"((?:[^\"\\\n]|\\[^\n])*)|'((?:[^'\\\n]|\\[^\n])*))"
_WORD = r"[^\s,;&\"'}\])\x1b]"
# All of `My Home` in `ssid=My Home rssi=-60`.
_WORDS = rf"{_WORD}+(?: {{1,2}}(?![\w-]{{1,32}}\s?[:=]){_WORD}+)*"
# Words and numbers that stand in a secret's place and are none; they are what an engineer wants to read.
_TOLD = (
    r"null|none|nil|true|false|undefined|empty|missing|required|absent|invalid|not|no|is|was|has|ok|set|unset"
    r"|expired|wrong|incorrect|denied|error|err|failed|failure|unknown|hidden|refreshed|needed|illegal"
)
_NEGATIVE = r"[-−]\d{1,10}"
_SHORT = r"\d{1,5}|0x[0-9a-f]{1,8}"


def _named(names: str, value: str, unless: str) -> re.Pattern[str]:
    """The secret that follows one of the names."""
    told = rf"(?!(?:{unless})\.?(?:[\s,;:)\]}}&(\"'\\]|$)|\\{{0,7}}[\"'](?:{unless})\\{{0,7}}[\"'])"
    return re.compile(rf"(?:{names}){_PARTING}{told}(?:{_QUOTED}|({value}))", re.IGNORECASE)


# What a line must have one of, in small letters, to be worth a look; and the secret, the last group that takes part.
_SECRETS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("token", "secret", "sign", "session", "authorization", "key"),
        _named(
            r"token|secret|(?<![a-z0-9])(?:sign|signature|session_?id|authorization)"
            r"|(?:local|access|secret|api|app|private|auth|encryption|aes|session|shared)[_-]?key",
            rf"(?:(?:bearer|basic|digest|token)[ ]{{1,2}})?{_WORD}{{3,}}",
            f"{_TOLD}|{_NEGATIVE}|{_SHORT}",
        ),
    ),
    (
        ("pass", "pwd", "psk", "user", "mail"),
        _named(
            r"password|passwd|passphrase|pwd|(?<![a-z0-9])(?:psk|pass|user_?name|e-?mail)|wifi_?pass",
            rf"{_WORD}+",
            f"{_TOLD}|{_NEGATIVE}",
        ),
    ),
    (
        ("ssid",),
        _named(
            r"(?<!b)ssid",
            _WORDS,
            r"(?:null|none|nil|empty|missing|invalid|unknown|hidden|not (?:found|set|available))(?! \w)",
        ),
    ),
    (("cookie",), _named(r"cookie", r"[^\"'\n]+", f"{_TOLD}|{_NEGATIVE}")),
    (
        ("mac", "bssid"),
        re.compile(
            rf"(?:mac(?:[_ -]?addr(?:ess)?)?|bssid){_PARTING}"
            r"(?:\\{0,7}[\"']?([0-9a-f]{12})(?![0-9a-z])|b[\"']([^\"'\n]{6,}))",
            re.IGNORECASE,
        ),
    ),
    (
        ("key",),
        re.compile(rf"(?<![a-z0-9])key{_PARTING}\\{{0,7}}[\"']?([0-9a-f]{{16,}})(?!\w)", re.IGNORECASE),
    ),
    (
        ("bearer", "basic"),
        re.compile(r"\b(?:bearer|basic)[ ]{1,2}([A-Za-z0-9._~+/=-]{8,})", re.IGNORECASE),
    ),
    (
        ("connected with",),  # ESP-IDF's and MicroPython's own line
        re.compile(r"wifi: ?connected with ([^,\n]+)", re.IGNORECASE),
    ),
    (
        ("://",),
        re.compile(r"[a-z][a-z0-9+.-]{1,20}://([^/\s:@\"']{0,128}:[^/\s@\"']{1,256})@", re.IGNORECASE),
    ),
    (
        ("@",),
        re.compile(
            r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-]+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
        ),
    ),
    (
        (":", "-", "."),
        re.compile(
            r"\b(?:((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})(?<![:-].{17})(?![\w:-])"
            r"|((?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2})(?<![:-].{17})(?![\w:-])"
            r"|((?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})(?<!\..{14})(?![\w.]))"
        ),
    ),
)
_DAMAGE = re.compile("[\udc80-\udcff]+")
_CARRIED = 256  # characters of a piece of a long line that the next piece is read with


def redact(text: str, keep: Iterable[tuple[int, int]] = ()) -> str:
    """The text with secrets blanked, but for the spans `keep`, which hold codes."""
    return _blanked(text, [(start, end) for _, start, end in _secrets(text)], sorted(keep))


class Redactor:
    """Blanks the secrets in the parts that a Stream gives out, one after the other.

    In pieces of a line that is longer than a Stream keeps, a code inside a secret is blanked with it.
    """

    def __init__(self) -> None:
        self._carried = ""

    def __call__(self, part: bytes, findings: Iterable[Finding]) -> bytes:
        """The part without its secrets; the findings are those of its last line."""
        text = part.decode("utf-8", "surrogateescape")
        at = text.rfind("\n", 0, max(0, len(text) - 1)) + 1
        kept = []
        for finding in findings:
            start = at + _place(text[at:], finding.column - 1)
            kept.append((start, _end(text, start, len(finding.matched))))
        whole, before = self._carried + text, len(self._carried)
        secrets = list(_secrets(whole))
        spans = [(max(0, start - before), end - before) for _, start, end in secrets if end > before]
        self._carried = "" if text.endswith("\n") else _open_end(whole, secrets)
        return _blanked(text, spans, sorted(kept)).encode("utf-8", "surrogateescape")

    def leaves(self, part: bytes) -> bool:
        """Whether there is nothing to blank in the part, as far as can be told before its line is complete."""
        whole = self._carried + part.decode("utf-8", "surrogateescape")
        return all(end <= len(self._carried) for _, _, end in _secrets(whole))


def _secrets(text: str) -> Iterator[tuple[int, int, int]]:
    """(where its name begins, start, end) of each secret, by start; they may overlap."""
    at = 0
    for line in text.split("\n"):
        small, found = line.casefold(), []
        for needles, pattern in _SECRETS:
            if any(needle in small for needle in needles):
                for match in pattern.finditer(line):
                    start, end = match.span(match.lastindex or 0)
                    if start < end:
                        found.append((at + match.start(), at + start, at + end))
        yield from sorted(found, key=itemgetter(1))
        at += len(line) + 1


def _blanked(text: str, secrets: list[tuple[int, int]], kept: list[tuple[int, int]]) -> str:
    """The text with the secrets blanked but for what is kept; both are sorted."""
    parts: list[str] = []
    at = i = 0
    for start, end in secrets:
        start = max(start, at)
        while start < end:
            while i < len(kept) and kept[i][1] <= start:
                i += 1
            low, high = kept[i] if i < len(kept) else (end, end)
            stop = max(start, min(low, end))
            if start < stop:
                parts += [text[at:start], BLANK] if start > at or parts[-1:] != [BLANK] else []
                at = stop
            if stop < end:
                parts.append(text[at : min(high, end)])
                at = min(high, end)
            start = max(at, stop)
    return "".join((*parts, text[at:]))


def _place(line: str, column: int) -> int:
    """Where in a line whose damaged bytes are a character each the column is, which counts a run of them for less."""
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


def _open_end(text: str, secrets: list[tuple[int, int, int]]) -> str:
    """What the next piece is to be read with: the name of a secret that may go on in it, and a part of that."""
    for name, start, end in secrets:
        if end == len(text):
            return text[name:start] + text[max(start, end - _CARRIED) :]
    return text[-_CARRIED:]
