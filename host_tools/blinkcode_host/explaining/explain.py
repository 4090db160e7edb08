"""Everything that is known about one code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blinkcode_host.catalog.export import entry
from blinkcode_host.catalog.numbers import Reading, readings
from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.explaining.lamp import draw

MOST_NEAR = 5


@dataclass(frozen=True)
class Explanation:
    """What a written code means, and what else may have been meant."""

    written: str
    readings: tuple[Reading, ...]
    found: tuple[tuple[Reading, Meaning], ...]
    near: tuple[Meaning, ...]  # codes a slip of the finger away, of the same vendor if one was named
    sections: tuple[
        str, ...
    ]  # for an unknown code: "vendor: section's title (first to last)" that it falls in

    @property
    def ambiguous(self) -> bool:
        return len({m.vendor for _, m in self.found}) > 1


def explain(catalog: Catalog, written: str, vendor: str | None = None) -> Explanation:
    """Look a written code up. Raises ValueError where it is no number or the vendor is not known."""
    ways = tuple(readings(written, catalog, vendor))
    found = tuple((way, meaning) for way in ways for meaning in catalog.lookup(way.code, way.vendor))
    sections = []
    for way in ways:
        for v in catalog.vendors.values():
            section = v.section(way.code)
            if section and way.vendor in (None, v.id) and not found:
                first, last = next(r for r in section.ranges if r[0] <= way.code <= r[1])
                sections.append(f"{v.id}: {section.title} ({first} to {last})")
    return Explanation(written, ways, found, _near(catalog, ways, vendor), tuple(sections))


def _near(catalog: Catalog, ways: tuple[Reading, ...], vendor: str | None) -> tuple[Meaning, ...]:
    """One meaning a code for codes that differ by one digit left out, added, changed or swapped, or by the sign."""
    near: dict[tuple[str, int], Meaning] = {}
    for way in ways[:1]:
        for _, code, meaning in catalog.slots():
            wanted = way.vendor or vendor
            if code != way.code and wanted in (None, meaning.vendor) and _one_slip(str(code), str(way.code)):
                near.setdefault((meaning.vendor, code), meaning)
    digits = str(ways[0].code)
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


def as_data(catalog: Catalog, explanation: Explanation) -> dict[str, Any]:
    """The explanation as plain data, for --json."""
    return {
        "written": explanation.written,
        "ambiguous": explanation.ambiguous,
        "found": [
            {"read_as": way.code, "how": way.how, "alias": way.code != m.code, **entry(catalog, m)}
            for way, m in explanation.found
        ],
        "sections": list(explanation.sections),
        "near": [
            {"vendor": m.vendor, "code": m.code, "state": m.state, "text": m.text} for m in explanation.near
        ],
    }


def as_lines(catalog: Catalog, explanation: Explanation) -> list[str]:
    """The explanation for people, as lines of plain text."""
    lines: list[str] = []
    for way, m in explanation.found:
        state, data = catalog.states[m.state], entry(catalog, m)
        steps = catalog.pattern.steps(state.flashes, state.second)
        light = {"steady": "steady", "1": "1 flash"}.get(state.count, f"{state.count} flashes")
        facts = [
            ("read as", way.how),
            ("alias", f"{way.code} most likely stands for {m.code}" if way.code != m.code else ""),
            ("section", data["section_title"]),
            *(("message", f"{text}  [{source}]") for source, text in m.messages.items()),
            ("known", "from reports of users only; no document lists it" if catalog.field_only(m) else ""),
            ("lamp", f"{draw(steps)}  {light}, {state.colour}"),
            ("means", f"{m.state}, {state.level}. {state.means}"),
            ("remedy", catalog.remedy(m)),
            ("advice", m.advice),
            ("firmware", m.advice_dev),
            ("note", m.note),
            ("中文", f"{m.text_zh}。{m.advice_zh}"),
        ]
        if lines:
            lines.append("")
        lines.append(f"{m.vendor} {m.code}  {m.state}  {m.text}")
        lines += [f"  {name:<8} {fact}" for name, fact in facts if fact]
    if explanation.ambiguous:
        claimants = " and ".join(sorted({m.vendor for _, m in explanation.found}))
        lines += ["", f"Claimed by {claimants}: name the vendor, for example {m.vendor}:{m.code}."]
    if not explanation.found:
        lines.append(f"{explanation.written}: not in the tables.")
        lines += [f"  falls in {section}" for section in explanation.sections]
    if explanation.near:
        lines += ["", "Near misses:"]
        lines += [f"  {n.vendor} {n.code}  {n.state}  {n.text}" for n in explanation.near]
    return lines
