"""The range index: from (vendor, code) to a slot, in at most two binary searches over 16-bit keys.

Bit layout: docs/format.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate, pairwise

#: A gap of at most this many codes is cheaper as empty slots (a byte each) than as a new range (four).
FILLED_GAP = 4
#: Values and positions are 16 bits wide on the device.
MOST = 0xFFFF
#: Added to a page's number, which may be negative.
BIAS = 0x8000


class TooLarge(ValueError):
    """The catalog does not fit into the format; says which limit and how to stay below it."""


@dataclass(frozen=True)
class Run:
    """Slots in a row: `slots[i]` is what code first + i of the vendor has; None is a filled gap."""

    vendor: int
    first: int
    slots: tuple[tuple[int, int] | None, ...]  # (vendor, code) pairs

    @property
    def page(self) -> tuple[int, int]:
        """The vendor and the page."""
        return self.vendor, page_of(self.first)


@dataclass(frozen=True)
class Index:
    """`data` as the device reads it, and which (vendor number, code) each slot holds; None is a filled gap.

    `data` has `entries` entries in four columns: high and low bytes of the keys, then of the values.
    """

    data: bytes
    slots: tuple[tuple[int, int] | None, ...]
    vendors: int
    homes: tuple[int, ...]  # of each vendor the page with most codes: its key, its entry
    pages_end: int  # the entry between pages and ranges
    entries: int


def page_of(code: int) -> int:
    """Pages are 65,536 codes wide."""
    return code >> 16


def runs(pairs: list[tuple[int, int]]) -> list[Run]:
    """Cut (vendor number, code) pairs into runs, sorted by vendor and code. None leaves its page."""
    found: list[Run] = []
    open_run: list[tuple[int, int] | None] = []
    for vendor, code in sorted(set(pairs)):
        if open_run:
            owner, last = open_run[-1] or (0, 0)
            gap = code - last - 1
            if owner == vendor and gap <= FILLED_GAP and page_of(last) == page_of(code):
                open_run.extend([None] * gap)
            else:
                found.append(_run(open_run))
                open_run.clear()
        open_run.append((vendor, code))
    return [*found, _run(open_run)] if open_run else found


def _run(slots: list[tuple[int, int] | None]) -> Run:
    vendor, first = slots[0] or (0, 0)
    return Run(vendor, first, tuple(slots))


def build(pairs: list[tuple[int, int]], vendors: int = 1) -> Index:
    """The index over (vendor number, code) pairs; the numbers are below `vendors`.

    Raises TooLarge where the slots or the entries no longer fit into 16 bits.
    """
    cut = runs(pairs)
    slots = tuple(slot for run in cut for slot in run.slots)
    starts = [run.page for run in cut]
    empty = set(range(vendors)) - {vendor for vendor, _ in starts}
    pages = sorted({*starts, *((vendor, MOST - BIAS) for vendor in empty)})  # a page that no code is in
    first_page = vendors + 1
    ranges = first_page + len(pages) + 1
    entries = ranges + len(cut) + 1
    if len(slots) > MOST or entries > MOST:
        raise TooLarge(
            f"{len(slots)} slots in {len(cut)} ranges on {len(pages)} pages; the format holds {MOST} slots, and "
            f"{MOST} vendors, pages and ranges together: compile fewer vendors with --vendor"
        )
    first_slots = [0, *accumulate(len(run.slots) for run in cut)]
    keys = [first_slots[bisect_left(starts, (vendor,))] for vendor in range(vendors)]
    values = [first_page + bisect_left(pages, (vendor,)) for vendor in range(vendors)]
    keys.append(MOST)
    values.append(first_page + len(pages))
    keys += [number + BIAS for _, number in pages]
    values += [ranges + bisect_left(starts, page) for page in pages]
    keys += [MOST, *(run.first & MOST for run in cut), MOST]
    values += [ranges + len(cut), *first_slots]
    data = b"".join(
        bytes(n >> 8 for n in column) + bytes(n & 0xFF for n in column) for column in (keys, values)
    )
    sizes = Counter((vendor, page_of(code)) for vendor, code in filter(None, slots))
    homes = [
        max(range(start, stop), key=lambda n: sizes[pages[n]])
        for start, stop in pairwise(
            [*(bisect_left(pages, (vendor,)) for vendor in range(vendors)), len(pages)]
        )
    ]
    described = [number for n in homes for number in (pages[n][1] + BIAS, first_page + n)]
    return Index(data, slots, vendors, tuple(described), ranges - 1, entries)
