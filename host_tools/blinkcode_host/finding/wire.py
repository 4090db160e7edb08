"""Signed codes behind unsigned numbers and pairs of bytes, as some vendors' devices send them."""

from __future__ import annotations

from blinkcode_host.catalog.numbers import readings
from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.finding import Finding, shared_state
from blinkcode_host.finding.place import REACH, Place, place
from blinkcode_host.finding.shapes import WIRE_SLICE
from blinkcode_host.finding.table import OTHER_ROWS
from blinkcode_host.finding.text import Text


def from_number(t: Text, start: int, end: int, written: str) -> Finding | None:
    """The code behind an unsigned 16- or 32-bit number, where the text names a vendor that sends such."""
    senders = [v for v in sorted(t.likely(start)) if t.catalog.vendors[v].wire == "int16"]
    before = t.text[max(0, start - REACH) : start]
    if not senders or (place(before)[0] is Place.NONE and not WIRE_SLICE.search(before)):
        return None
    for vendor in senders:
        for reading in readings(written, t.catalog, vendor)[1:]:
            meanings = t.shown(t.catalog.lookup(reading.code, vendor))
            if meanings and reading.code < 0:
                return _found(t, start, end, reading.code, meanings, reading.how)
    return None


def from_bytes(t: Text, start: int, end: int, low: str, high: str) -> Finding | None:
    """The code that two bytes of an answer, the low one first, stand for."""
    for vendor in t.catalog.vendors.values():
        if vendor.wire != "int16":
            continue
        for reading in readings(f"{low} {high}", t.catalog, vendor.id):
            meanings = t.shown(t.catalog.lookup(reading.code, vendor.id))
            if meanings:
                return _found(t, start, end, reading.code, meanings, f"{reading.how}, low byte first")
    return None


def _found(t: Text, start: int, end: int, code: int, meanings: tuple[Meaning, ...], why: str) -> Finding:
    row = OTHER_ROWS["wire"]
    vendor, state = meanings[0].vendor, shared_state(meanings)
    return Finding(
        0, start, t.text[start:end], code, vendor, "hex", row.confidence, why, meanings, state, 1, row.name
    )
