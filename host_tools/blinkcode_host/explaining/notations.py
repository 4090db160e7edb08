"""What somebody wrote instead of a plain code: a vendor before it, or an exception as MicroPython prints it."""

from __future__ import annotations

import re

from blinkcode_host.catalog.numbers import Reading, readings
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.explaining.exceptions import RAISING, Written, read_exception
from blinkcode_host.explaining.families import guessed, is_low_alone, raised
from blinkcode_host.explaining.names import Found, Names

_VENDOR = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*:(?!:)\s*(.*)", re.DOTALL)


def parse(written: str, catalog: Catalog, vendor: str | None = None) -> Written:
    """Take a vendor, or an exception's name, from before a code. `vendor` is what the user says besides.

    Raises ValueError where the two differ, or where `vendor` is not in the catalog.
    """
    if vendor is not None and vendor not in catalog.vendors:
        raise ValueError(f"{vendor}: no such vendor; there are {', '.join(catalog.vendors)}")
    text = written.strip()
    match = _VENDOR.fullmatch(text)
    if match and match[1].lower() in catalog.vendors:
        named, text = match[1].lower(), match[2].strip()
        if vendor not in (None, named):
            raise ValueError(f"{written!r} names {named}, --vendor says {vendor}; drop one of the two")
        if exception := read_exception(text, vendor):  # umqtt.robust prints `mqtt: OSError(-1,)`
            return exception
        vendor = named
    return read_exception(text, vendor) or Written(text, vendor)


def read(written: Written, catalog: Catalog) -> tuple[list[Reading], Found]:
    """(every way to read it, the meanings that the tables have for these): a name before a number.

    Raises ValueError where it is neither a number nor a name.
    """
    vendors = candidates(written, catalog)
    names = Names(catalog, vendors)
    if found := names.find(written.name) if written.name else []:
        found = _beside_a_number(written, catalog, found)
    elif not (found := names.find(written.text)):
        return _read_number(written, catalog, vendors)
    return [way for way, _ in found], found


def _beside_a_number(written: Written, catalog: Catalog, found: Found) -> Found:
    """What a name means that stands beside a number: the errno that the number has here too, where they differ."""
    number = int(written.text)
    way, meaning = found[0]
    if meaning.vendor != "errno" or meaning.code == number:
        return found
    how = f"{written.name} is {meaning.code} on the ESP32; {number} is another system's, or MicroPython's before 1.15"
    here = Reading(number, "errno", f"the number {number}, which is something else on the ESP32")
    return [(Reading(way.code, way.vendor, how), meaning), *_look_up(catalog, [here], ["errno"])]


def _read_number(written: Written, catalog: Catalog, vendors: list[str]) -> tuple[list[Reading], Found]:
    """As read(), for a number. A low code of mbedTLS alone comes last; of an exception only where nothing else is."""
    ways = readings(written.text, catalog, written.vendor)
    turned = written.raised and ways[0].code < 0  # MicroPython turns an ESP-IDF code's sign, so this is none
    everything = _look_up(catalog, ways, [v for v in vendors if not (turned and v == "esp_err")])
    found = [pair for pair in everything if not is_low_alone(pair[1])]
    low_alone = [pair for pair in everything if is_low_alone(pair[1])]
    if (
        ways[0].vendor == written.vendor
    ):  # else it is two bytes, which are of vendors with such a wire form alone
        bare = "" if written.raised or found else written.text  # MicroPython raises no hexadecimal number
        more = raised(catalog, ways[0].code, written.vendor, bare)
        if not everything and not more:
            more = guessed(catalog, bare, ways[0].code, written.vendor)
        more = list(dict.fromkeys(more))
        ways, found = ways + more, found + _look_up(catalog, more, vendors)
    if found and written.raised and written.vendor is None:
        return ways, found
    return ways, found + low_alone


def candidates(written: Written, catalog: Catalog) -> list[str]:
    """The vendors that the code may be of: the named one; for an exception the families that raise one; else all."""
    if written.vendor:
        return [written.vendor]
    return [id_ for id_ in catalog.vendors if not written.raised or id_ in RAISING]


def _look_up(catalog: Catalog, ways: list[Reading], vendors: list[str]) -> Found:
    return [(way, m) for way in ways for m in catalog.lookup(way.code, way.vendor) if m.vendor in vendors]
