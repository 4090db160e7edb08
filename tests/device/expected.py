"""What the tables say, read by a few lines that share nothing with the reader and the compiler."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

TABLES = Path(__file__).parents[2] / "tables"
_KINDS = re.findall(
    r'^\[vendors\.(\w+)\]\nname = .*\n(?:kind = "(\w+)".*\n)?',
    (TABLES / "vendors.toml").read_text(encoding="utf-8"),
    re.MULTILINE,
)
CLOUDS = tuple(name for name, kind in _KINDS if kind in ("", "cloud"))
FAMILIES = tuple(name for name, kind in _KINDS if kind == "system")
VENDORS = CLOUDS + FAMILIES


class Row(NamedTuple):
    code: int
    state: str
    text: str
    remedy: str  # its own; "" where it has none


@lru_cache
def stanzas() -> dict[str, dict[str, str]]:
    """The keys of each [states.NAME] stanza, unparsed, in the file's order."""
    found: dict[str, dict[str, str]] = {}
    for part in (TABLES / "states.toml").read_text(encoding="utf-8").split("[states.")[1:]:
        name, _, body = part.partition("]")
        found[name] = {
            key: value.strip('"') for key, value in re.findall(r"^(\w+) = (.*)$", body, re.MULTILINE)
        }
    return found


@lru_cache
def rows() -> dict[tuple[int, int], Row]:
    """(vendor's number, code or alias) -> the first row that has it."""
    found: dict[tuple[int, int], Row] = {}
    for number, vendor in enumerate(VENDORS):
        with (TABLES / f"{vendor}.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                row = Row(int(line["code"]), line["state"], line["text"], line.get("remedy") or "")
                for code in [row.code, *map(int, line["alias"].split())]:
                    found.setdefault((number, code), row)
    return found


def claimants(code: int) -> list[int]:
    """The clouds that have a code: who may be meant where no vendor is named."""
    return [vendor for vendor in range(len(CLOUDS)) if (vendor, code) in rows()]


def neighbours() -> list[int]:
    """Every code and alias, and those one below and above it."""
    return sorted({code + step for _, code in rows() for step in (-1, 0, 1)})


def count(state: str) -> str:
    """The flashes of a state as people write them: "3", "8-2"; "0" is a steady light."""
    stanza = stanzas()[state]
    return f"{stanza['flashes']}-{stanza['second']}" if "second" in stanza else stanza["flashes"]
