"""The catalog: plain immutable records of what the tables say."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

#: A code is a small int on a 32-bit MicroPython: 31 bits, two's complement.
CODE_MIN, CODE_MAX = -(1 << 30), (1 << 30) - 1
#: The kinds of vendors, in the order in which a catalog has them: the clouds, the families of the device itself,
#: and what is never compiled for a device unless it is named.
KINDS = ("cloud", "system", "host")
#: Longest device text: bytes of printable ASCII, and bytes of UTF-8 in any other language.
TEXT_MAX, TEXT_ZH_MAX = 32, 48
#: Longest remedy of a row, in characters.
REMEDY_MAX = 24


@dataclass(frozen=True)
class State:
    """What a device should show and do; one stanza of states.toml."""

    name: str
    number: int
    means: str
    means_zh: str
    flashes: int  # 0: steady light
    second: int  # flashes of the second group, 0: there is none
    colour: str  # "#rrggbb"
    level: str  # a name of the logging module
    remedy: str
    remedy_zh: str

    @property
    def count(self) -> str:
        """The flashes as people write them: "3", "8-1" for two groups, "steady" for a steady light."""
        if not self.flashes:
            return "steady"
        return f"{self.flashes}-{self.second}" if self.second else str(self.flashes)


@dataclass(frozen=True)
class Pattern:
    """How flashes are timed; milliseconds."""

    short_ms: int
    long_ms: int
    gap_ms: int
    group_ms: int  # dark between two groups of one cycle, or of one spelled number
    pause_ms: int  # dark at the end of a cycle
    long_worth: int

    def steps(self, flashes: int, second: int = 0) -> list[tuple[bool, int]]:
        """(lit, milliseconds) of one cycle: a group of flashes and, if `second` is not 0, a second group.

        In a group above `long_worth`, long flashes come first. A steady light is [(True, 0)].
        """
        if not flashes:
            return [(True, 0)]
        steps = self._group(flashes)
        if second:
            steps[-1] = (False, self.group_ms)
            steps += self._group(second)
        steps[-1] = (False, self.pause_ms)
        return steps

    def _group(self, flashes: int) -> list[tuple[bool, int]]:
        longs, shorts = divmod(flashes, self.long_worth) if flashes > self.long_worth else (0, flashes)
        steps: list[tuple[bool, int]] = []
        for lit_ms in [self.long_ms] * longs + [self.short_ms] * shorts:
            steps += [(True, lit_ms), (False, self.gap_ms)]
        return steps


@dataclass(frozen=True)
class Source:
    """One document, piece of source code or collection of field reports that lists a vendor's codes."""

    id: str
    title: str
    date: datetime.date | None
    kind: str = "document"  # or "code", "field"
    url: str = ""  # where the vendor shows this edition

    @property
    def cited(self) -> str:
        """The source as a quotation names it: its title and date, its id where it has no date."""
        if self.kind == "field":
            return self.described
        return f"{self.title}, {self.date or self.id}"

    @property
    def described(self) -> str:
        """The source as people are told of it: its id, or up to when reports of users were read."""
        if self.kind == "field":
            return f"field reports to {self.date:%Y-%m}" if self.date else "field reports"
        return self.id


@dataclass(frozen=True)
class Section:
    """A vendor's own grouping; `ranges` are the inclusive ones that it declares, if any."""

    id: str
    title: str
    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, code: int) -> bool:
        return any(first <= code <= last for first, last in self.ranges)


@dataclass(frozen=True)
class Vendor:
    """A namespace of codes."""

    id: str
    name: str
    wire: str | None  # "int16": codes also travel as 16-bit two's complement
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    kind: str = "cloud"  # or "system": a family of the device itself; "host": never compiled for a device

    def section(self, code: int) -> Section | None:
        """The section whose declared range holds the code."""
        return next((s for s in self.sections if code in s), None)


@dataclass(frozen=True)
class Meaning:
    """One row of a table: what one vendor means by one code."""

    vendor: str
    code: int
    state: str
    text: str
    text_zh: str
    advice: str
    advice_zh: str
    section: str
    aliases: tuple[int, ...]
    note: str
    messages: dict[str, str]  # source id -> the vendor's literal words there
    remedy: str = ""  # the row's own, where its state's does not fit; "" else
    remedy_zh: str = ""
    advice_dev: str = ""  # for who writes the firmware, where that differs from `advice`
    advice_dev_zh: str = ""
    others: tuple[tuple[str, str, str], ...] = ()  # (language, text, advice) besides English and Chinese
    untranslated: tuple[str, ...] = ()  # columns that are empty in the table, where the English stands in

    def __hash__(self) -> int:
        return hash((self.vendor, self.code, self.text))

    def text_in(self, language: str) -> str:
        """The device text in a language; in English where the row has none in it."""
        return self._in(language)[0]

    def advice_in(self, language: str) -> str:
        """The advice in a language; in English where the row has none in it."""
        return self._in(language)[1]

    def advice_dev_in(self, language: str) -> str:
        """What who writes the firmware does, "" for nothing; it is in English and Chinese alone."""
        return self.advice_dev_zh if language == "zh" else self.advice_dev

    def _in(self, language: str) -> tuple[str, str]:
        if language == "zh":
            return self.text_zh, self.advice_zh
        said = (self.text, self.advice)
        return next(((text, advice) for other, text, advice in self.others if other == language), said)


@dataclass(frozen=True)
class Catalog:
    """All tables, checked. Meanings stand by vendor, in the vendors' order, then by code."""

    states: dict[str, State]
    vendors: dict[str, Vendor]
    meanings: tuple[Meaning, ...]
    pattern: Pattern

    @cached_property
    def _by_code(self) -> dict[int, tuple[Meaning, ...]]:
        found: dict[int, list[Meaning]] = {}
        for meaning in self.meanings:
            for code in (meaning.code, *meaning.aliases):
                found.setdefault(code, []).append(meaning)
        return {code: tuple(meanings) for code, meanings in found.items()}

    def lookup(self, code: int, vendor: str | None = None) -> tuple[Meaning, ...]:
        """Every meaning of a code or of an alias, of one vendor or of all; the device's one first."""
        found = self._by_code.get(code, ())
        return found if vendor is None else tuple(m for m in found if m.vendor == vendor)

    def codes(self, vendor: str | None = None) -> list[int]:
        """The codes and aliases in rising order."""
        return sorted(
            c for c, found in self._by_code.items() if any(vendor in (None, m.vendor) for m in found)
        )

    def slots(self) -> Iterator[tuple[str, int, Meaning]]:
        """(vendor, code, meaning) once per pair: the first meaning is the one that the device shows."""
        seen = set()
        for meaning in self.meanings:
            if (meaning.vendor, meaning.code) not in seen:
                seen.add((meaning.vendor, meaning.code))
                yield meaning.vendor, meaning.code, meaning

    def field_only(self, meaning: Meaning) -> bool:
        """Whether only reports of users know a meaning, and no document or source code."""
        kinds = {source.id: source.kind for source in self.vendors[meaning.vendor].sources}
        return all(kinds[source] == "field" for source in meaning.messages)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that texts are in: English, Chinese, then any others by name."""
        others = {language for meaning in self.meanings for language, _, _ in meaning.others}
        return ("en", "zh", *sorted(others))

    def remedy(self, meaning: Meaning, language: str = "en") -> str:
        """What to do about a meaning in a few words: the row's own remedy, else its state's.

        It is in English where the language is not Chinese.
        """
        state = self.states[meaning.state]
        if language == "zh":
            return meaning.remedy_zh or state.remedy_zh
        return meaning.remedy or state.remedy

    def vendors_of(self, *kinds: str) -> list[str]:
        """The vendors of some kinds ("cloud", "system", "host"), in the catalog's order."""
        return [id_ for id_, vendor in self.vendors.items() if vendor.kind in kinds]

    def only(self, vendors: list[str]) -> Catalog:
        """The same catalog with some vendors alone, in the catalog's order."""
        return Catalog(
            self.states,
            {id_: vendor for id_, vendor in self.vendors.items() if id_ in vendors},
            tuple(m for m in self.meanings if m.vendor in vendors),
            self.pattern,
        )
