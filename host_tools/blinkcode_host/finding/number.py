"""One number in a text, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.message import Said, beside, own_meanings, said
from blinkcode_host.finding.place import REACH, Place, place
from blinkcode_host.finding.shapes import AFTER_NUMBER
from blinkcode_host.finding.source import is_given
from blinkcode_host.finding.text import NEAR, Text
from blinkcode_host.finding.words import Match

_MINUS = str.maketrans("−–", "--")
_ELEMENT = re.compile(r"</code>\s*(?:<|$)", re.I)
_URL_BEFORE = re.compile(r"[?&][\w-]{1,30}=$")
_BRACKETED = re.compile(r"\(-\d{1,9}\)|\[-\d{1,9}\]")
_FAILED = re.compile(r"\bfail|\berr(?:or)?\b|错误|失败", re.I)


@dataclass(frozen=True)
class Number:
    """The number at text[start:end], the word that it belongs to, and the message that goes with it."""

    t: Text
    start: int
    end: int
    written: str
    code: int
    where: Place
    word: str
    parting: str
    message: Said | None
    wordings: list[Match]

    def before(self, most: int) -> str:
        """What stands before it, at most so many characters."""
        return self.t.text[max(0, self.start - most) : self.start]

    def after(self, most: int) -> str:
        """What stands after it."""
        return self.t.text[self.end : self.end + most]

    @cached_property
    def named(self) -> frozenset[str]:
        """The vendors that are named near it in the text."""
        return self.t.named(self.start)

    @cached_property
    def meanings(self) -> tuple[Meaning, ...]:
        """What the clouds' and the programs' tables have for it: a system's number needs a form of its own."""
        vendors = self.t.catalog.vendors
        return tuple(
            m
            for m in self.t.catalog.lookup(self.code)
            if vendors[m.vendor].kind != "system" or m.vendor in self.t.given
        )

    @cached_property
    def own(self) -> tuple[Meaning, ...]:
        """Those of its meanings whose words stand beside it."""
        return own_meanings(
            self.t, self.start, self.t.shown(self.meanings), self.where, self.message, self.wordings
        )

    def of(self, vendor: str) -> tuple[Meaning, ...]:
        """Its meanings in one vendor's table."""
        return tuple(m for m in self.meanings if m.vendor == vendor)


def is_part_of_something_else(text: str, start: int, end: int) -> bool:
    """Whether a number stands where never a code is: in a date, an address, a program's source, with a unit."""
    if text[start - 6 : start].lower() == "<code>" and not _ELEMENT.match(text, end):
        return True
    if AFTER_NUMBER.match(text, end):
        return True
    if text[start - 1 : start] == "=" and _URL_BEFORE.search(text[max(0, start - 40) : start]):
        return True
    return is_given(text, start, end)


def value_of(written: str) -> int:
    """The number that is written: a minus sign of any kind, thousands in groups, or 0x."""
    written = written.translate(_MINUS)
    return int(written, 16) if "x" in written.lower() else int(written.replace(",", ""))


def number_at(t: Text, start: int, end: int) -> Number:
    """The number at text[start:end], which is no part of something else."""
    written = t.text[start:end].translate(_MINUS)
    code = value_of(written)
    where, word, parting = place(t.text[max(0, start - REACH) : start])
    if where is Place.NONE and code <= -1000 and _stands_out(t.text, start, end):
        where = Place.WEAK
    message = said(t, start, end)
    wordings = beside(t, start, end, code, where, message) if t.phrases_near(start, end) else []
    return Number(t, start, end, written, code, where, word, parting, message, wordings)


def _stands_out(text: str, start: int, end: int) -> bool:
    """`pairing failed (-4012)`, `Failed to send: -4000`: apart from the words, on a line that tells of a failure."""
    line = text[text.rfind("\n", max(0, start - NEAR), start) + 1 : start]
    if _BRACKETED.match(text, start - 1):
        after = text[end : end + 60].partition("\n")[0]
        return bool(_FAILED.search(line[-60:]) or _FAILED.search(after))
    ends = re.match(r"\s*(?:$|[.,;)\]])", text[end : end + 4])
    return bool(ends and line.rstrip().endswith((":", "ERROR")) and _FAILED.search(line[-60:]))
