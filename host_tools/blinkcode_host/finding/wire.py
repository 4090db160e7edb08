"""Signed codes behind unsigned numbers and pairs of bytes, as some vendors' devices send them."""

from __future__ import annotations

from blinkcode_host.catalog.numbers import readings
from blinkcode_host.finding.finding import Finding, finding_of
from blinkcode_host.finding.place import REACH, Place, place
from blinkcode_host.finding.shapes import WIRE_SLICE
from blinkcode_host.finding.witnesses import Witnesses


def from_number(w: Witnesses, start: int, end: int, written: str) -> Finding | None:
    """The code behind an unsigned 16- or 32-bit number, where the text names a vendor that sends such."""
    senders = [v for v in sorted(w.named(start)) if w.catalog.vendors[v].wire == "int16"]
    before = w.text[max(0, start - REACH) : start]
    if not senders or (place(before)[0] is Place.NONE and not WIRE_SLICE.search(before)):
        return None
    for vendor in senders:
        for reading in readings(written, w.catalog, vendor)[1:]:
            meanings = w.shown(w.catalog.lookup(reading.code, vendor))
            if meanings and reading.code < 0:
                return finding_of(written, reading.code, meanings, "hex", 0.9, reading.how, start)
    return None


def from_bytes(w: Witnesses, start: int, end: int, low: str, high: str) -> Finding | None:
    """The code that two bytes of an answer, the low one first, stand for."""
    for vendor in w.catalog.vendors.values():
        if vendor.wire != "int16":
            continue
        for reading in readings(f"{low} {high}", w.catalog, vendor.id):
            meanings = w.shown(w.catalog.lookup(reading.code, vendor.id))
            if meanings:
                why = f"{reading.how}, low byte first"
                return finding_of(w.text[start:end], reading.code, meanings, "hex", 0.9, why, start)
    return None
