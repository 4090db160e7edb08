"""The range index: from (vendor, code) to a slot, in at most two binary searches over 16-bit keys.

Bit layout: docs/format.md.
"""

from __future__ import annotations

from dataclasses import dataclass

#: A gap of at most this many codes is cheaper as empty slots (a byte each) than as a new range (four).
FILLED_GAP = 4
#: Bytes of one entry: key (2), value (2), big-endian.
ENTRY = 4
#: Values and positions are 16 bits wide on the device.
MOST = 0xFFFF


class TooLarge(ValueError):
    """The catalog does not fit into the format; says which limit and how to stay below it."""


@dataclass(frozen=True)
class Run:
    """Slots in a row: `slots[i]` is what code first + i has in this run; None is a filled gap."""

    vendor: int
    first: int
    slots: tuple[tuple[int, int] | None, ...]  # (vendor, code) pairs


@dataclass(frozen=True)
class Index:
    """`data` as the device reads it, and which (vendor number, code) each slot holds; None is a filled gap.

    `near` is where the ranges of page 0 start and end in `data`; a range's value is its first slot,
    shifted left by `vendor_bits`, and below it the vendor, flagged with 1 << vendor_bits - 1 where the range
    before has the same code.
    """

    data: bytes
    slots: tuple[tuple[int, int] | None, ...]
    pages: int  # entries of pages, their end included
    near: tuple[int, int]
    vendor_bits: int


def page_of(code: int) -> int:
    """Pages are 65,536 codes wide; page 0 has -32,768 to 32,767, where most codes are."""
    return (code + 0x8000) >> 16


def runs(pairs: list[tuple[int, int]]) -> list[Run]:
    """Cut (vendor number, code) pairs into runs, sorted by first code, then by vendor.

    A run never leaves its page and never covers a code of another vendor, and a code that several vendors
    have is a run of its own for each of them. Page 0 always has a run, if an empty one.
    """
    claims: dict[int, list[int]] = {}
    for vendor, code in sorted(set(pairs)):
        claims.setdefault(code, []).append(vendor)
    found: list[Run] = []
    open_run: list[tuple[int, int] | None] = []
    start = owner = 0

    def close() -> None:
        if open_run:
            found.append(Run(owner, start, tuple(open_run)))
            open_run.clear()

    for code in sorted(claims):
        vendors = claims[code]
        gap = code - (start + len(open_run))
        other = len(vendors) > 1 or vendors[0] != owner or page_of(code) != page_of(start)
        if open_run and (other or gap > FILLED_GAP):
            close()
        if len(vendors) > 1:
            found += [Run(vendor, code, ((vendor, code),)) for vendor in vendors]
            continue
        if open_run:
            open_run.extend([None] * gap)
        else:
            start, owner = code, vendors[0]
        open_run.append((owner, code))
    close()
    if not any(page_of(run.first) == 0 for run in found):
        found.append(Run(0, 0, ()))
    return sorted(found, key=lambda run: (run.first, run.vendor))


def build(pairs: list[tuple[int, int]]) -> Index:
    """The index over (vendor number, code) pairs.

    Raises TooLarge where slots and vendors, or the entries, no longer fit into 16 bits.
    """
    cut = runs(pairs)
    slots = tuple(slot for run in cut for slot in run.slots)
    firsts = [n for n, run in enumerate(cut) if not n or page_of(run.first) != page_of(cut[n - 1].first)]
    pages = len(firsts) + 1
    shared = max((vendor for vendor, _ in pairs), default=0).bit_length()
    if len(slots) << shared + 1 > MOST or pages + len(cut) > MOST:
        raise TooLarge(
            f"{len(slots)} slots in {len(cut)} ranges on {pages - 1} pages; with as many vendors the format holds "
            f"{MOST >> shared + 1} slots, and {MOST} ranges and pages: compile fewer vendors with --vendor"
        )
    data = bytearray()
    for n in firsts:
        data += _entry(page_of(cut[n].first) + 0x8000, pages + n)
    data += _entry(0xFFFF, pages + len(cut))
    near = [(pages + n) * ENTRY for n, run in enumerate(cut) if page_of(run.first) == 0]
    slot = 0
    for n, run in enumerate(cut):
        flag = bool(n) and cut[n - 1].first == run.first
        data += _entry(run.first + 0x8000 & 0xFFFF, (slot << 1 | flag) << shared | run.vendor)
        slot += len(run.slots)
    data += _entry(0xFFFF, slot << shared + 1)
    return Index(bytes(data), slots, pages, (near[0], near[-1] + ENTRY), shared + 1)


def _entry(key: int, value: int) -> bytes:
    return key.to_bytes(2, "big") + value.to_bytes(2, "big")
