"""The range index: from a code and a vendor to a slot, in at most two binary searches over 16-bit keys.

Byte layout: docs/format.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, groupby

#: Bytes of the index for one more range, and of heads and marks for one more slot, in quarters.
RANGE_COST, SLOT_COST = 20, 5
#: More unused codes in a row than this cost more as empty slots than a new range does.
FILLED_GAP = RANGE_COST // SLOT_COST
#: How many stretches of codes are looked at together for the cheapest ranges.
LOOK_BACK = 48
#: Values and positions are 16 bits wide on the device, vendors six: the journal's records hold no more.
MOST, MOST_VENDORS = 0xFFFF, 0x3F
#: Added to the owner of a range whose codes further clouds have.
SHARED = 0x40
#: Added to the owner of a range where the range before has the same codes.
TIED = 0x80
#: Added to a code and to a page's number, which may be negative.
BIAS = 0x8000
#: The page of the near codes, -32,768 to 32,767, where most codes are: the last one, and not searched for.
NEAR = 0


class TooLarge(ValueError):
    """The catalog does not fit into the format; says which limit and how to stay below it."""


@dataclass(frozen=True)
class Run:
    """Slots in a row: `slots[i]` is what code first + i of the vendor has; None is a filled gap."""

    vendor: int
    first: int
    slots: tuple[tuple[int, int] | None, ...]  # (vendor, code) pairs


@dataclass(frozen=True)
class Stretch:
    """Codes without a gap that all belong to the same vendors."""

    first: int
    last: int
    vendors: frozenset[int]


@dataclass(frozen=True)
class Index:
    """The entries, and which (vendor number, code) each slot holds; None is a filled gap.

    An entry is a key and a value. There are, in this order: the pages, their end, the ranges, their end. The owners
    are those of the ranges.
    """

    keys: tuple[int, ...]
    values: tuple[int, ...]
    owners: bytes
    slots: tuple[tuple[int, int] | None, ...]
    pages: int  # entries that are pages; then comes their end, then the ranges
    near: int  # the entry of the first range of near codes
    near_end: int  # the entry of the ranges' end

    def data(self, paired: dict[int, int]) -> bytes:
        """As the device reads it: four columns, high and low bytes of the keys, then of the values, and the owners.

        `paired` slots and what belongs to them are further entries; where there are none, one that no slot has.
        Raises TooLarge.
        """
        paired = paired or {MOST: MOST}
        keys = [*self.keys, *sorted(paired)]
        values = [*self.values, *(paired[slot] for slot in sorted(paired))]
        if len(keys) > MOST:
            raise TooLarge(
                f"{len(keys)} entries; the format holds {MOST} of pages, ranges, aliases and rows with a remedy of "
                "their own together: compile fewer vendors with --vendor"
            )
        columns = (bytes(n >> shift & 0xFF for n in column) for column in (keys, values) for shift in (8, 0))
        return b"".join(columns) + self.owners


def page_of(code: int) -> int:
    """The page of a code: 65,536 codes wide, page 0 from -32,768 on."""
    return code + BIAS >> 16


def _order(code: int) -> tuple[bool, int]:
    """Sorts codes as the index does: page by page, the near ones last."""
    return page_of(code) == NEAR, code


def stretches(pairs: Iterable[tuple[int, int]]) -> list[Stretch]:
    """(vendor number, code) pairs as stretches, sorted by page and code. None leaves its page."""
    claims: dict[int, set[int]] = {}
    for vendor, code in pairs:
        claims.setdefault(code, set()).add(vendor)
    found: list[Stretch] = []
    for code in sorted(claims, key=_order):
        vendors, before = frozenset(claims[code]), found[-1] if found else None
        if before and (code, page_of(code), vendors) == (
            before.last + 1,
            page_of(before.last),
            before.vendors,
        ):
            found[-1] = Stretch(before.first, code, vendors)
        else:
            found.append(Stretch(code, code, vendors))
    return found


def runs(pairs: list[tuple[int, int]], clouds: int) -> list[Run]:
    """Cut (vendor number, code) pairs into runs, sorted by page and code. Vendors below `clouds` are clouds.

    Where vendors have codes between one another's, each has a run over all of them, the clouds' last: who names no
    vendor finds the last one. Where several clouds do, they have every code of the run, so that it is known which
    codes are ambiguous.
    """
    found = []
    for row in _rows(stretches(pairs), clouds):
        first, last = row[0].first, row[-1].last
        have = {(vendor, code) for s in row for vendor in s.vendors for code in range(s.first, s.last + 1)}
        vendors = sorted({vendor for vendor, _ in have}, key=lambda vendor: (vendor < clouds, vendor))
        for vendor in vendors:
            every = ((vendor, code) for code in range(first, last + 1))
            found.append(Run(vendor, first, tuple(pair if pair in have else None for pair in every)))
    return found


def _rows(found: list[Stretch], clouds: int) -> list[list[Stretch]]:
    """Stretches side by side that share their runs: the cheapest choice, of equal ones that with the fewest runs."""
    least: list[tuple[int, int]] = [(0, 0)]  # up to each stretch: (cost, runs)
    begins: list[int] = []
    for end in range(len(found)):
        best: tuple[int, int, int] | None = None
        vendors: frozenset[int] = frozenset()
        for first in range(end, max(-1, end - LOOK_BACK), -1):
            if first < end and not _near(found[first], found[first + 1]):
                break
            vendors |= found[first].vendors
            row = found[first : end + 1]
            if not _clear(row, vendors, clouds):
                continue
            span = found[end].last - found[first].first + 1
            cost = least[first][0] + len(vendors) * (RANGE_COST + SLOT_COST * span)
            choice = (cost, least[first][1] + len(vendors), first)
            best = min(best, choice) if best else choice
        assert best is not None  # a stretch alone is always clear
        least.append(best[:2])
        begins.append(best[2])
    rows: list[list[Stretch]] = []
    end = len(found)
    while end:
        rows.append(found[begins[end - 1] : end])
        end = begins[end - 1]
    return rows[::-1]


def _near(before: Stretch, after: Stretch) -> bool:
    return after.first - before.last - 1 <= FILLED_GAP and page_of(before.last) == page_of(after.first)


def _clear(row: list[Stretch], vendors: frozenset[int], clouds: int) -> bool:
    """Whether one answer, which cloud or that there are several, holds for every code of a row."""
    several = frozenset(vendor for vendor in vendors if vendor < clouds)
    if len(several) < 2:
        return True
    whole = all(several <= stretch.vendors for stretch in row)
    return whole and all(a.last + 1 == b.first for a, b in zip(row, row[1:], strict=False))


def build(pairs: list[tuple[int, int]], clouds: int | None = None) -> Index:
    """The index over (vendor number, code) pairs; vendors below `clouds` are clouds, without it all are.

    Raises TooLarge where slots, entries or vendors do not fit.
    """
    vendors = max((vendor for vendor, _ in pairs), default=0) + 1
    clouds = vendors if clouds is None else clouds
    cut = runs(pairs, clouds)
    if not cut or page_of(cut[-1].first) != NEAR:
        cut.append(Run(0, -BIAS, ()))
    slots = tuple(slot for run in cut for slot in run.slots)
    starts = [page_of(run.first) for run in cut]
    pages = sorted({*starts} - {NEAR})
    ranges = len(pages) + 1
    near_end = ranges + len(cut)
    if max(len(slots) + 1, near_end + 1) > MOST or vendors > MOST_VENDORS:
        raise TooLarge(
            f"{len(slots)} slots of {vendors} vendors in {len(cut)} ranges on {len(pages)} pages; the format holds "
            f"{MOST - 1} slots, {MOST_VENDORS} vendors, and {MOST - 1} pages and ranges together: compile fewer "
            "vendors with --vendor"
        )
    near = ranges + starts.index(NEAR)
    keys = [number + BIAS for number in pages] + [MOST]
    keys += [run.first + BIAS & MOST for run in cut]
    values = [ranges + starts.index(number) for number in pages] + [near]
    values += [0, *accumulate(len(run.slots) for run in cut)]
    return Index((*keys, MOST), tuple(values), _owners(cut, clouds), slots, len(pages), near, near_end)


def _owners(cut: list[Run], clouds: int) -> bytes:
    """A byte a run: the vendor, TIED to the run before if that has the same codes, SHARED if further clouds do."""
    owners = bytearray()
    for _, same in groupby(cut, key=lambda run: run.first):
        for number, run in enumerate(tied := list(same)):
            several = sum(other.vendor < clouds for other in tied) > 1
            owners.append(run.vendor | TIED * (number > 0) | SHARED * (several and run.vendor < clouds))
    return bytes(owners)
