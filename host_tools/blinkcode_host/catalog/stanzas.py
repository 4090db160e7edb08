"""vendors.toml and states.toml: their shape, checked by pydantic, and the records made of them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from blinkcode_host.catalog.records import CODE_MAX, CODE_MIN, Pattern, Section, Source, State, Vendor
from blinkcode_host.catalog.toml import Stanza, read_toml
from blinkcode_host.catalog.trouble import TableErrors, Trouble

#: At most this many flashes in any second, so that no lamp of ours can trigger a seizure (WCAG 2.3.1).
FLASHES_PER_SECOND = 3
_PAGE = "tables/README.md"

Words = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Code = Annotated[int, Field(ge=CODE_MIN, le=CODE_MAX, strict=True)]
Milliseconds = Annotated[int, Field(ge=10, le=2550, multiple_of=10, strict=True)]


class _Source(Stanza):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=64)]
    title: Words
    date: datetime.date | None = None
    kind: Literal["document", "code", "field"] = "document"
    url: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=200)] = ""


class _Section(Stanza):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=32)]
    title: Words
    ranges: list[tuple[Code, Code]] = Field(default_factory=list)


class _Vendor(Stanza):
    name: Words
    kind: Literal["cloud", "system", "host"] = "cloud"
    wire: Literal["int16"] | None = None
    sources: Annotated[list[_Source], Field(min_length=1)]
    sections: Annotated[list[_Section], Field(min_length=1)]


class _Vendors(Stanza):
    vendors: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=16)], _Vendor]


class _Pattern(Stanza):
    short_ms: Milliseconds
    long_ms: Milliseconds
    gap_ms: Milliseconds
    group_ms: Milliseconds
    pause_ms: Milliseconds
    long_worth: Annotated[int, Field(ge=2, le=9, strict=True)]


class _State(Stanza):
    means: Words
    means_zh: Words
    flashes: Annotated[int, Field(ge=0, le=15, strict=True)]
    second: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
    remedy: Annotated[str, Field(pattern=r"^[ -~]+$", max_length=32)]
    remedy_zh: Words


class _States(Stanza):
    pattern: _Pattern
    states: dict[Annotated[str, Field(pattern=r"^[A-Z][A-Z_]*$", max_length=16)], _State]


def read_vendors(path: Path) -> dict[str, Vendor]:
    """The vendors of one folder, by id, in the file's order.

    Raises TableErrors: not TOML, a field that is missing, unknown or of the wrong shape, a section's
    range that is empty or overlaps another, an id given twice.
    """
    troubles: list[Trouble] = []
    vendors: dict[str, Vendor] = {}
    for id_, entry in read_toml(path, _Vendors, _PAGE).vendors.items():
        where = f"vendors.{id_}"
        for kind, ids in (
            ("sources", [s.id for s in entry.sources]),
            ("sections", [s.id for s in entry.sections]),
        ):
            troubles += [
                Trouble(path, 0, f"{where}.{kind}", f"id {twice!r} stands more than once; rename one of them")
                for twice in sorted({i for i in ids if ids.count(i) > 1})
            ]
        ranges = sorted((first, last, s.id) for s in entry.sections for first, last in s.ranges)
        troubles += [
            Trouble(
                path, 0, f"{where}.sections", f"range [{first}, {last}] is empty; write the lower end first"
            )
            for first, last, _ in ranges
            if first > last
        ]
        troubles += [
            Trouble(path, 0, f"{where}.sections", f"ranges of {a[2]!r} and {b[2]!r} overlap; cut one of them")
            for a, b in zip(ranges, ranges[1:], strict=False)
            if a[1] >= b[0] and a[0] <= a[1]
        ]
        vendors[id_] = Vendor(
            id_,
            entry.name,
            entry.wire,
            tuple(Source(s.id, s.title, s.date, s.kind, s.url) for s in entry.sources),
            tuple(Section(s.id, s.title, tuple(s.ranges)) for s in entry.sections),
            entry.kind,
        )
    if troubles:
        raise TableErrors(troubles)
    return vendors


def read_states(path: Path) -> tuple[dict[str, State], Pattern]:
    """The states by name, numbered in the file's order, and the timing of their flashes.

    Raises TableErrors: not TOML, a wrong field, no UNKNOWN at the end, more than 18 states (the compiled
    table has room for no more), or a pattern with more than three flashes in a second.
    """
    entry = read_toml(path, _States, _PAGE)
    states = {
        name: State(name, number, **(state.model_dump() | {"second": state.second or 0}))
        for number, (name, state) in enumerate(entry.states.items())
    }
    pattern = Pattern(**entry.pattern.model_dump())
    troubles = []
    if list(states)[-1:] != ["UNKNOWN"] or list(states)[:1] != ["OK"] or len(states) > 18:
        troubles.append(Trouble(path, 0, "states", "must be at most 18, OK the first and UNKNOWN the last"))
    for state in states.values():
        if state.second and state.flashes <= pattern.long_worth:
            what = f"a second group needs a first one that begins with a long flash, {pattern.long_worth + 1} or more"
            troubles.append(Trouble(path, 0, f"states.{state.name}.second", what))
        fastest = most_flashes_in_a_second(pattern.steps(state.flashes, state.second))
        if fastest > FLASHES_PER_SECOND:
            what = f"{fastest} flashes in one second, {FLASHES_PER_SECOND} are allowed; lengthen gap_ms or short_ms"
            troubles.append(Trouble(path, 0, f"states.{state.name}", what))
    if troubles:
        raise TableErrors(troubles)
    return states, pattern


def most_flashes_in_a_second(steps: list[tuple[bool, int]]) -> int:
    """The most times that the lamp goes on within any 1,000 ms of the repeated cycle."""
    if len(steps) == 1:
        return 0
    starts: list[int] = []
    now = 0
    while now < 1000 or len(starts) < 2 * len(steps):
        for lit, ms in steps:
            if lit:
                starts.append(now)
            now += ms
    return max(sum(start <= other < start + 1000 for other in starts) for start in starts[: len(steps)])
