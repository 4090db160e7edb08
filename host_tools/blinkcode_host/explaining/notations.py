"""What somebody wrote instead of a plain code: a vendor before it, or an exception as MicroPython prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blinkcode_host.catalog.numbers import Reading, readings
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.explaining.families import guessed, is_low_alone, raised
from blinkcode_host.explaining.names import Found, Names

_VENDOR = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*:(?!:)\s*(.*)", re.DOTALL)
_EXCEPTION = re.compile(r"(MQTTException|OSError|RuntimeError|ValueError)\s*(?::\s*|(?=\())(.*)", re.DOTALL)
# Exceptions that mean one code whatever they say, as on the device; the lines of a certificate that was refused.
_WITHOUT_NUMBER = (
    (re.compile(r"MemoryError\b"), "errno", 12),
    (re.compile(r"(?:asyncio\.)?TimeoutError\b"), "errno", 116),
    (
        re.compile(
            r"(?:ValueError\W*)?(?:\\n)?(?:The (?:certificate|CRL) |Certificate (?:was missing|verification )"
            r"|Usage does not match |Other reason \(can be used by verify)"
        ),
        "mbedtls",
        -0x2700,
    ),
)
_ERRNO = re.compile(r"\[Errno (-?\d+)\](?:\s*[A-Z0-9]+)?(?::\s*(.+))?")
_ARGUMENTS = re.compile(r"\(\s*(-?\d+)\s*,?\s*(?:(['\"])(.*)\2)?\s*,?\s*\)")
_UNKNOWN_WIFI = re.compile(r"wifi unknown error (0x[0-9a-f]+)", re.IGNORECASE)
#: The families whose codes come in an OSError. Wi-Fi's come from WLAN.status(), MQTT's in a class of their own.
RAISING = ("errno", "dns", "esp_err", "mbedtls")


@dataclass(frozen=True)
class Written:
    """A code as somebody wrote it. `text` is what is left of it without a vendor or an exception's name."""

    text: str
    vendor: str | None  # the vendor that is named
    name: str = ""  # the name or words that stand beside the number, and say more than it does
    raised: bool = False  # an exception: no cloud raises one


def parse(written: str, catalog: Catalog, vendor: str | None = None) -> Written:
    """Take a vendor, or an exception's name, from before a code. `vendor` is what the user says besides.

    Raises ValueError where the two differ, or where `vendor` is not in the catalog.
    """
    if vendor is not None and vendor not in catalog.vendors:
        raise ValueError(f"{vendor!r} is no vendor; there are {', '.join(catalog.vendors)}")
    text = written.strip()
    match = _VENDOR.fullmatch(text)
    if match and match[1].lower() in catalog.vendors:
        named, text = match[1].lower(), match[2].strip()
        if vendor not in (None, named):
            raise ValueError(f"{written!r} names {named}, --vendor says {vendor}; drop one of the two")
        vendor = named
    return _exception(text, vendor) or Written(text, vendor)


def _exception(text: str, vendor: str | None) -> Written | None:
    """An exception, printed or as repr() shows it; None for anything else."""
    for expression, family, code in _WITHOUT_NUMBER:
        if expression.match(text):
            return Written(str(code), vendor or family, raised=True)
    match = _EXCEPTION.fullmatch(text)
    body = match[2].strip() if match else text
    if match and match[1] == "MQTTException":
        vendor = vendor or "mqtt"
    if unknown := _UNKNOWN_WIFI.fullmatch(body):
        return Written(unknown[1], vendor or "esp_err", raised=True)
    if errno := _ERRNO.fullmatch(body):
        return Written(errno[1], vendor, errno[2] or "", raised=True)
    if arguments := _ARGUMENTS.fullmatch(body):
        return Written(arguments[1], vendor, arguments[3] or "", raised=True)
    return Written(body.strip("()'\""), vendor, raised=True) if match else None


def read(written: Written, catalog: Catalog) -> tuple[list[Reading], Found]:
    """(every way to read it, the meanings that the tables have for these): a name before a number.

    Raises ValueError where it is neither a number nor a name.
    """
    vendors = candidates(written, catalog)
    names = Names(catalog, vendors)
    for words in (written.name, written.text):
        if words and (found := names.find(words)):
            return [way for way, _ in found], found
    ways = readings(written.text, catalog, written.vendor)
    everything = _look_up(catalog, ways, vendors)
    found = [pair for pair in everything if not is_low_alone(pair[1])]
    least_likely = [
        pair for pair in everything if pair not in found and not (written.raised and written.vendor is None)
    ]
    if (
        ways[0].vendor == written.vendor
    ):  # else it is two bytes, which are of vendors with such a wire form alone
        more = raised(catalog, ways[0].code, written.vendor)
        more += [] if everything or more else guessed(catalog, written.text, ways[0].code, written.vendor)
        more = list(dict.fromkeys(more))
        ways, found = ways + more, found + _look_up(catalog, more, vendors)
    return ways, found + least_likely


def candidates(written: Written, catalog: Catalog) -> list[str]:
    """The vendors that the code may be of: the named one; for an exception the families that raise one; else all."""
    if written.vendor:
        return [written.vendor]
    return [id_ for id_ in catalog.vendors if not written.raised or id_ in RAISING]


def _look_up(catalog: Catalog, ways: list[Reading], vendors: list[str]) -> Found:
    return [(way, m) for way in ways for m in catalog.lookup(way.code, way.vendor) if m.vendor in vendors]
