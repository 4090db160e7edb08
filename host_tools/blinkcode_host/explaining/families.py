"""Numbers of the ESP32's own families, in each form in which MicroPython, ESP-IDF and mbedTLS write them."""

from __future__ import annotations

import re

from blinkcode_host.catalog.numbers import Reading
from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.explaining.names import is_no_memory

#: Families whose codes are all negative, and are often written without the sign.
NEGATIVE = ("mbedtls", "dns")
#: Families that print a negative code as 32 bits of two's complement: 0xffffffff.
PRINTED_AS_32_BITS = ("esp_err", "mbedtls")
#: Families that print their codes in hexadecimal, and the sign of the codes that are printed so.
HEXADECIMAL = {"mbedtls": -1, "esp_err": 1}
#: Before MicroPython 1.28 a socket under TLS raises its errno with a minus, from this one to that one.
UNDER_TLS = range(-143, -2)
#: From this one down a number may be an ESP-IDF code that MicroPython has turned to the negative.
TURNED_FROM = -257
#: An mbedTLS sum, as a positive number: the upper bits name the module that failed, the lower ones what it met.
HIGH, LOW, MOST = 0x7F80, 0x7F, 0x7FFF

_BARE_HEX = re.compile(r"-?([0-9a-f]{3,4})", re.IGNORECASE)


def raised(catalog: Catalog, code: int, vendor: str | None, text: str = "") -> list[Reading]:
    """Other forms of a number that some family has: its negative, two's complement, a sum of two mbedTLS codes.

    `vendor` is the family that the user names, None for any. Only readings that the tables have are given.
    `text` is the number as it is written, "" where it cannot be hexadecimal: old firmware prints mbedTLS's sums as
    -4290, which is likelier than a sum of so few decimal digits.
    """
    ways = [
        *_negated(catalog, code, vendor),
        *_twos_complement(catalog, code, vendor),
    ]
    if vendor == "mbedtls" or not any(way.vendor == "esp_err" for way in ways):
        printed = -int(text[1:], 16) if code < 0 and _BARE_HEX.fullmatch(text) else 0
        both = sum_of(catalog, printed, vendor)
        ways += both if len(both) == 2 else sum_of(catalog, code, vendor)
    return ways


def _negated(catalog: Catalog, code: int, vendor: str | None) -> list[Reading]:
    hows = {
        "esp_err": (
            code <= TURNED_FROM or vendor == "esp_err",
            f"MicroPython raises ESP-IDF's {-code} (0x{abs(code):x}) as {code}",
        ),
        "errno": (
            code in UNDER_TLS or (code < 0 and vendor == "errno"),
            f"MicroPython before 1.28 raises errno {-code} as {code} under TLS",
        ),
        **{family: (vendor == family, f"{family} has it with a minus") for family in NEGATIVE},
    }
    return [
        Reading(-code, family, how)
        for family, (may_be, how) in hows.items()
        if may_be and vendor in (None, family) and catalog.lookup(-code, family)
    ]


def _twos_complement(catalog: Catalog, code: int, vendor: str | None) -> list[Reading]:
    signed = code - (1 << 32)
    if not -(1 << 31) <= signed < 0:
        return []
    return [
        Reading(signed, family, f"{code:#x} as a 32-bit two's complement is {signed}")
        for family in PRINTED_AS_32_BITS
        if vendor in (None, family) and catalog.lookup(signed, family)
    ]


def is_low_alone(meaning: Meaning) -> bool:
    """Whether it is a low mbedTLS code, which C returns alone, but MicroPython raises without its minus."""
    return meaning.vendor == "mbedtls" and -LOW <= meaning.code < 0


def sum_of(catalog: Catalog, code: int, vendor: str | None = None) -> list[Reading]:
    """The two parts of an mbedTLS sum, lack of memory first; [] for another number.

    The high part has to be in the tables, unless the user names mbedTLS and the low part says out of memory,
    which it does whatever the high part is.
    """
    high, low = -(-code & HIGH), -(-code & LOW)
    if vendor not in (None, "mbedtls") or not -MOST <= code < 0 or not high or not low:
        return []
    if catalog.lookup(code, "mbedtls"):
        return []
    highs, lows = catalog.lookup(high, "mbedtls"), catalog.lookup(low, "mbedtls")
    short_of_memory = any(map(is_no_memory, lows))
    if not highs and not (short_of_memory and vendor):
        return []
    how = f"{code} is -0x{-code:04x}: -0x{-high:04x} and -0x{-low:04x}"
    parts = [Reading(high, "mbedtls", how)] if highs else []
    if lows:
        parts.insert(0 if short_of_memory else 1, Reading(low, "mbedtls", how))
    return parts


def guessed(catalog: Catalog, text: str, code: int, vendor: str | None) -> list[Reading]:
    """What a number may be that nobody has as it is written: the sign is missing, or the 0x of a hexadecimal number."""
    ways = _bare_hexadecimal(catalog, text, vendor)
    if code > 0:
        ways += [
            Reading(-code, family, f"{family} has it with a minus")
            for family in NEGATIVE
            if vendor in (None, family) and catalog.lookup(-code, family)
        ]
        if vendor in (None, "mbedtls") and not ways and len(parts := sum_of(catalog, -code, vendor)) == 2:
            ways += parts
    return ways


def _bare_hexadecimal(catalog: Catalog, text: str, vendor: str | None) -> list[Reading]:
    """The readings of three or four hexadecimal digits without 0x; sums only where the user names mbedTLS."""
    match = _BARE_HEX.fullmatch(text)
    if not match:
        return []
    ways: list[Reading] = []
    for family, sign in HEXADECIMAL.items():
        value = sign * int(match[1], 16)
        if vendor in (None, family) and catalog.lookup(value, family):
            ways.append(Reading(value, family, f"{text} as {family} prints it, in hexadecimal, is {value}"))
        elif family == vendor == "mbedtls":
            ways += sum_of(catalog, value, vendor)
    return ways
