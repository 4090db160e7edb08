"""Everything that is known about one code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blinkcode_host.catalog.export import entry
from blinkcode_host.catalog.numbers import Reading
from blinkcode_host.catalog.records import Catalog, Meaning, Source
from blinkcode_host.explaining.documents import Documents
from blinkcode_host.explaining.names import Names
from blinkcode_host.explaining.notations import candidates, parse, read

MOST_NEAR = 5


@dataclass(frozen=True)
class Explanation:
    """What a written code means, and what else may have been meant."""

    written: str
    readings: tuple[Reading, ...]
    found: tuple[tuple[Reading, Meaning], ...]
    # Of an unknown code: those a slip of the finger away, and "vendor: section's title (first to last)" of its range.
    near: tuple[Meaning, ...]
    sections: tuple[str, ...]
    by_words: bool = False  # found by some of the words of their messages, so that they are no rivals

    @property
    def ambiguous(self) -> bool:
        return not self.by_words and len({m.vendor for _, m in self.found}) > 1


def explain(catalog: Catalog, written: str, vendor: str | None = None) -> Explanation:
    """Look up a code as somebody wrote it: a number in any notation, a name, a message or words of it, or an exception.

    Raises ValueError where it is neither a number nor like a name of the tables, or where the vendor is not known.
    """
    parsed = parse(written, catalog, vendor)
    vendors = candidates(parsed, catalog)
    try:
        ways, found = read(parsed, catalog)
    except ValueError as error:
        names = Names(catalog, vendors)
        if saying := names.saying(parsed.text):
            by_words = tuple((Reading(m.code, m.vendor, ""), m) for m in saying)
            return Explanation(written, (), by_words, (), (), by_words=True)
        alike = names.near(parsed.text, MOST_NEAR)
        if not alike:
            raise ValueError(f"{error}, or a name like ECONNRESET") from None
        return Explanation(written, (), (), tuple(alike), ())
    if found:
        return Explanation(written, tuple(ways), tuple(found), (), ())
    sections = []
    for way in ways:
        for v in (catalog.vendors[id_] for id_ in vendors):
            section = v.section(way.code)
            if section and way.vendor in (None, v.id):
                first, last = next(r for r in section.ranges if r[0] <= way.code <= r[1])
                sections.append(f"{v.id}: {section.title} ({first} to {last})")
    return Explanation(written, tuple(ways), (), _near(catalog, ways[0], vendors), tuple(sections))


def _near(catalog: Catalog, way: Reading, vendors: list[str]) -> tuple[Meaning, ...]:
    """One meaning a code for codes that differ by one digit left out, added, changed or swapped, or by the sign."""
    near: dict[tuple[str, int], Meaning] = {}
    for vendor, code, meaning in catalog.slots():
        if vendor in vendors and way.vendor in (None, vendor) and _one_slip(str(code), str(way.code)):
            near.setdefault((vendor, code), meaning)
    digits = str(way.code)
    return tuple(sorted(near.values(), key=lambda m: _rank(str(m.code), digits)))[:MOST_NEAR]


def _one_slip(one: str, other: str) -> bool:
    if one.lstrip("-") == other.lstrip("-"):
        return True
    if min(len(one), len(other)) < 3 or (one[0] == "-") != (other[0] == "-"):
        return False
    if len(one) == len(other):
        differ = [i for i in range(len(one)) if one[i] != other[i]]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1 and one[differ[0]] == other[differ[1]]
        return len(differ) == 1 or (swapped and one[differ[1]] == other[differ[0]])
    short, long = sorted((one, other), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _rank(code: str, digits: str) -> tuple[bool, bool, bool, int]:
    """A lost sign is the likeliest slip, then swapped digits, a wrong one (the later first), one too many or few."""
    first = next((i for i, (a, b) in enumerate(zip(code, digits, strict=False)) if a != b), len(code))
    lost_sign = code.lstrip("-") == digits.lstrip("-")
    return not lost_sign, sorted(code) != sorted(digits), len(code) != len(digits), -first


def sources_of(catalog: Catalog, meaning: Meaning) -> list[Source]:
    """The sources that a meaning comes from."""
    return [source for source in catalog.vendors[meaning.vendor].sources if source.id in meaning.messages]


def _source_as_data(source: Source, meaning: Meaning, documents: Documents | None) -> dict[str, Any]:
    return {
        "id": source.id,
        "kind": source.kind,
        "title": source.title,
        "date": source.date.isoformat() if source.date else None,
        "url": source.url,
        "words": documents.words(meaning, source.id) if documents else [],
    }


def as_data(catalog: Catalog, explanation: Explanation, documents: Documents | None = None) -> dict[str, Any]:
    """The explanation as plain data, for --json; with the words of the vendors' own documents, where there are some.

    Raises OSError where a document cannot be read.
    """
    return {
        "written": explanation.written,
        "ambiguous": explanation.ambiguous,
        "found": [
            {
                "read_as": way.code,
                "how": way.how,
                "alias": way.code != m.code,
                **entry(catalog, m),
                "sources": [_source_as_data(source, m, documents) for source in sources_of(catalog, m)],
                "field_only": catalog.field_only(m),
            }
            for way, m in explanation.found
        ],
        "sections": list(explanation.sections),
        "near": [
            {"vendor": m.vendor, "code": m.code, "state": m.state, "text": m.text} for m in explanation.near
        ],
    }
