"""The notations in which people and SDKs write a code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blinkcode_host.catalog.records import Catalog

_DECIMAL = re.compile(r"[+-]?(\d{1,20}|\d{1,3}(,\d{3}){1,6})")
_HEX = re.compile(r"(-?)(?:0x)?([0-9a-f]{1,16})", re.IGNORECASE)
_BYTES = re.compile(r"(?:0x)?([0-9a-f]{2})[ :,]+(?:0x)?([0-9a-f]{2})", re.IGNORECASE)
_SHOWN_MAX = 60  # characters of what was written in a message


@dataclass(frozen=True)
class Reading:
    """One way to read what was written; `how` is empty for the plain number."""

    code: int
    vendor: str | None
    how: str


def readings(written: str, catalog: Catalog, vendor: str | None = None) -> list[Reading]:
    """Every way to read a code: `-4012`, `1,000`, `0xF054`, `61524`, `F054`, `F9 FF`, `tuya:2007`.

    The plain number comes first. Wire forms are for the vendors whose codes travel as 16 bits. Raises
    ValueError where it is no number, names a vendor that is not in the catalog, or is two bytes for others.
    """
    text = written.strip().replace("\u2212", "-")
    if ":" in text and not _BYTES.fullmatch(text):
        prefix, text = (part.strip() for part in text.split(":", 1))
        if vendor is not None and prefix.lower() != vendor:
            raise ValueError(f"{_shown(written)} names {prefix}, --vendor says {vendor}; drop one of the two")
        vendor = prefix.lower()
    if vendor is not None and vendor not in catalog.vendors:
        raise ValueError(f"{vendor[:_SHOWN_MAX]}: no such vendor; there are {', '.join(catalog.vendors)}")
    short = [id_ for id_, v in catalog.vendors.items() if v.wire == "int16" and vendor in (None, id_)]
    found: list[Reading] = []
    if _DECIMAL.fullmatch(text):
        value = int(text.replace(",", ""))
        found.append(Reading(value, vendor, ""))
    elif match := _HEX.fullmatch(text):
        value = int(match[1] + match[2], 16)
        found.append(Reading(value, vendor, f"{match[1]}0x{match[2].upper()} is {value}"))
    elif match := _BYTES.fullmatch(text):
        value = int(match[1], 16) | int(match[2], 16) << 8
    else:
        raise ValueError(
            f"{_shown(written)} is no code; write it like -4012, 0xF054, F054, 1,000 or tuya:2007"
        )
    for bits in (16, 32):
        if 1 << bits - 1 <= value < 1 << bits:
            signed = value - (1 << bits)
            found += [
                Reading(signed, id_, f"{text} as a {bits}-bit two's complement is {signed}") for id_ in short
            ]
    if not found:
        if not short:
            raise ValueError(
                f"{_shown(written)} is two bytes, as no code of {vendor or 'these vendors'} travels; write a number"
            )
        found = [Reading(value, id_, f"{text} as little-endian bytes is {value}") for id_ in short]
    return found


def _shown(written: str) -> str:
    """What was written, in quotes, as far as a message has room for it."""
    return repr(written if len(written) <= _SHOWN_MAX else written[:_SHOWN_MAX] + "...")
