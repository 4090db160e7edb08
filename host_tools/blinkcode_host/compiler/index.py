"""The range index: from a code and a vendor to a slot, in at most two binary searches over 16-bit keys.

Byte layout: docs/format.md.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

#: A gap of at most this many codes is cheaper as empty slots (a byte each) than as a new range (five).
FILLED_GAP = 4
#: Values and positions are 16 bits wide on the device, vendors six: the journal's records hold no more.
MOST, MOST_VENDORS = 0xFFFF, 0x3F
#: The owner of a run of junctions, which tell that several vendors have their codes.
JUNCTION = 0x7F
#: Added to the owner of a range where the range before has the same codes.
TIED = 0x80
#: Added to a page's number and to a near code, which may be negative.
BIAS = 0x8000
#: The page of the near codes, -32,768 to 32,767, where most codes are: the last one, and not searched for.
NEAR = 0x10000


class TooLarge(ValueError):
    """The catalog does not fit into the format; says which limit and how to stay below it."""


@dataclass(frozen=True)
class Run:
    """Slots in a row: `slots[i]` is what code first + i of the vendor has; None is a filled gap."""

    vendor: int
    first: int
    slots: tuple[tuple[int, int] | None, ...]  # (vendor, code) pairs


@dataclass(frozen=True)
class Index:
    """`data` as the device reads it, and which (vendor number, code) each slot holds; None is a filled gap.

    `data` has `entries` entries in four columns, high and low bytes of the keys, then of the values, and behind
    them the owners of the ranges. The codes of vendor JUNCTION are those that several vendors have.
    """

    data: bytes
    slots: tuple[tuple[int, int] | None, ...]
    pages: int  # entries that are pages; then comes their end, then the ranges
    near: int  # the entry of the first range of near codes
    entries: int


def page_of(code: int) -> int:
    """Pages are 65,536 codes wide; near codes have one of their own."""
    return NEAR if -BIAS <= code < BIAS else code >> 16


def runs(pairs: list[tuple[int, int]]) -> list[Run]:
    """Cut (vendor number, code) pairs into runs, sorted by page, code and vendor. None leaves its page.

    Where several vendors have the same codes their runs cover the same codes, and a run of junctions comes last.
    So all codes of a run belong to the same vendors, and a filled gap to none.
    """
    claims: dict[int, list[int]] = {}
    for vendor, code in sorted(set(pairs)):
        claims.setdefault(code, []).append(vendor)
    rows: list[list[int]] = []  # codes that one run holds
    for code in sorted(claims, key=lambda code: (page_of(code), code)):
        last = rows[-1][-1] if rows else code
        apart = code - last - 1 > FILLED_GAP or page_of(last) != page_of(code)
        if not rows or apart or claims[last] != claims[code]:
            rows.append([])
        rows[-1].append(code)
    found = []
    for row in rows:
        vendors = claims[row[0]]
        for vendor in vendors if len(vendors) == 1 else [*vendors, JUNCTION]:
            every = range(row[0], row[-1] + 1)
            found.append(Run(vendor, row[0], tuple((vendor, c) if c in claims else None for c in every)))
    return found


def build(pairs: list[tuple[int, int]]) -> Index:
    """The index over (vendor number, code) pairs.

    Raises TooLarge where slots, entries or vendors do not fit.
    """
    cut = runs(pairs)
    if not cut or page_of(cut[-1].first) != NEAR:
        cut.append(Run(0, -BIAS, ()))
    slots = tuple(slot for run in cut for slot in run.slots)
    starts = [page_of(run.first) for run in cut]
    pages = sorted({*starts})[:-1]
    ranges = len(pages) + 1
    entries = ranges + len(cut) + 1
    vendors = max((vendor for vendor, _ in pairs), default=0) + 1
    if max(len(slots), entries) > MOST or vendors > MOST_VENDORS:
        raise TooLarge(
            f"{len(slots)} slots of {vendors} vendors in {len(cut)} ranges on {len(pages)} pages; the format holds "
            f"{MOST} slots, {MOST_VENDORS} vendors, and {MOST} pages and ranges together: compile fewer vendors "
            "with --vendor"
        )
    near = ranges + bisect_left(starts, NEAR)
    keys = [number + BIAS for number in pages] + [MOST]
    keys += [
        run.first + BIAS if page == NEAR else run.first & MOST for page, run in zip(starts, cut, strict=True)
    ]
    keys.append(MOST)
    values = [ranges + bisect_left(starts, n) for n in pages] + [near]
    values += [0, *accumulate(len(run.slots) for run in cut)]
    owners = bytes(
        run.vendor | TIED * (number > 0 and cut[number - 1].first == run.first)
        for number, run in enumerate(cut)
    )
    columns = (bytes(n >> shift & 0xFF for n in column) for column in (keys, values) for shift in (8, 0))
    return Index(b"".join(columns) + owners, slots, len(pages), near, entries)
