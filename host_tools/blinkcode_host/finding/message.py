"""The words that go with a number: its object's message, or what follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.place import Place
from blinkcode_host.finding.shapes import LOG_START
from blinkcode_host.finding.text import NEAR, Text
from blinkcode_host.finding.words import Match

_BESIDE = 120  # between a number and the words that go with it
_ADJACENT = 14
_MOST_SAID = 200
_BRACE = re.compile(r"[{}]")
_OPENED_BEFORE = re.compile(r"[\w:=>\s\"'\\-]{0,24}$")
_BRACKET = re.compile(r"[(\[（【][A-Za-z ]*$")  # (1010) token is expired, [Errno -4000] Network timeout
_JOINT = re.compile(r"[\"')\]}>）】]{0,3}[ \t]{0,2}([:：|]|[-–—](?=\s)|,)?\s{0,4}")
_KEYED = re.compile(r"[\"']?[A-Za-z_][\w-]{0,30}[\"']?\s?[=:]|[{}\[(<]")
_WORDS_BEFORE = re.compile(r"((?:[A-Za-z'’]+[ -]){1,7}[A-Za-z'’]+) ?[(\[（](?:code |error )?$")
_QUOTE = re.compile(r"\\?([\"'])")
_SAID_END = re.compile(r"[\n\r}|]|\\?[\"'](?=\s{0,4}[,}\]])|[,;] ?[\"']?[A-Za-z_]\w{0,20}[\"']?\s?[=:]")
_SAID_END_BEGINS = re.compile(r"[\n\r}|\\\"',;]")  # found much faster
_NOTHING = frozenset(["", "null", "none", "nil", "undefined"])


@dataclass(frozen=True)
class Said:
    """The message that goes with a number: binding where it is plainly the number's own."""

    text: str
    start: int
    binding: bool

    def has(self, match: Match) -> bool:
        """Whether a wording is part of it."""
        return self.start <= match.start < self.start + len(self.text)


def said(t: Text, start: int, end: int) -> Said | None:
    """The message in the object of the number at text[start:end], or else what follows the number."""
    text = t.text
    keys = [
        (first, last)
        for low, high in (_own_object(text, start, end) if t.message_keys else ())
        for first, last in t.message_keys_in(low, high)
        if not start < last <= end and _until(text, last).strip().lower() not in _NOTHING
    ]
    if keys:
        at = min(keys, key=lambda key: min(abs(key[0] - end), abs(start - key[1])))[1]
        return Said(_until(text, at), at, True)
    joint = _JOINT.match(text, end)
    assert joint
    begin = joint.end()
    if (
        begin >= len(text)
        or _KEYED.match(text, begin)
        or (joint[1] == ":" and text[end:begin].startswith(('"', "'")))
    ):
        return None
    bracketed = _BRACKET.search(text, max(0, start - 16), start) and any(c in joint[0] for c in ")]）】")
    return Said(_until(text, begin), begin, bool(bracketed or (joint[1] and joint[1] != ",")))


def _own_object(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of the object that text[start:end] is in, without the objects in it but one right behind the number."""
    low, depth = start, 0
    for brace in reversed(list(_BRACE.finditer(text, max(0, start - NEAR), start))):
        if depth == 0:
            yield brace.end(), low
        depth += 1 if brace[0] == "}" else -1
        if depth < 0:
            break
        low = brace.start()
    else:
        if depth == 0:
            yield max(0, start - NEAR), low
    low, depth, most = end, 0, min(len(text), end + NEAR)
    for brace in _BRACE.finditer(text, end, most):
        if depth == 0:
            yield low, brace.start()
        depth += 1 if brace[0] == "{" else -1
        if depth < 0:
            return
        low = brace.end()
        if depth == 1 and _OPENED_BEFORE.fullmatch(text, end, brace.start()):
            depth = 0
    if depth == 0:
        yield low, most


def _until(text: str, start: int) -> str:
    quoted = _QUOTE.match(text, start)
    if quoted:
        stop = text.find(quoted[0], quoted.end(), quoted.end() + _MOST_SAID)
        return text[quoted.end() : stop] if stop >= 0 else text[quoted.end() : quoted.end() + _MOST_SAID]
    begins = _SAID_END_BEGINS.search(text, start, start + _MOST_SAID)
    end = _SAID_END.search(text, begins.start(), start + _MOST_SAID) if begins else None
    return text[start : end.start() if end else start + _MOST_SAID]


def beside(t: Text, start: int, end: int, code: int, where: Place, message: Said | None) -> list[Match]:
    """The wordings that may belong to the number: nearer where they are plain, or the number is an everyday one."""
    reach = _BESIDE if where is not Place.NONE else 60
    found = []
    for match in t.phrases_near(start, end):
        gap = match.start - end if match.start >= end else start - match.end
        most = reach
        if match.phrase.plain or abs(code) < 1000:
            most = _ADJACENT if where is Place.NONE else 48
        if message and message.binding and message.has(match):
            most = NEAR
        if 0 <= gap <= most and (gap <= _ADJACENT or not _parted(t.text, start, end, match)):
            found.append(match)
    return found


def _parted(text: str, start: int, end: int, match: Match) -> bool:
    """Whether another object or log entry begins between a number and a wording."""
    between = text[end : match.start] if match.start >= end else text[match.end : start]
    return "}" in between or any(
        LOG_START.match(part) and part.strip() for part in between.split("\n")[1:] if part[:1] != " "
    )


def words_before(text: str, start: int) -> list[str]:
    """The words that end right before a number in brackets, the shortest run first: `token expired (1010)`."""
    match = _WORDS_BEFORE.search(text, max(0, start - _BESIDE), start) if text[start - 1] in "([（" else None
    words = match[1].split() if match else []
    return [" ".join(words[-length:]) for length in range(2, len(words) + 1)]


def own_meanings(
    t: Text,
    start: int,
    candidates: tuple[Meaning, ...],
    where: Place,
    message: Said | None,
    wordings: list[Match],
) -> tuple[Meaning, ...]:
    """The candidates whose words stand beside the number that begins at `start`."""
    exact = {m for match in wordings for m in match.phrase.meanings}
    found = tuple(m for m in candidates if m in exact)
    if not found and message and where is not Place.NONE:
        text = message.text if message.binding else message.text[:80]
        found = tuple(m for m in candidates if t.words.agrees(m, text))
    if not found and message and message.binding and where is not Place.NONE:
        found = tuple(m for m in candidates if t.words.paraphrases(m, message.text))
    if not found and candidates and (runs := words_before(t.text, start)):
        found = tuple(m for m in candidates if any(t.words.paraphrases(m, run) for run in runs))
    return found
