"""What Python programs embed: find the codes in a text, and explain one.

>>> from blinkcode_host.api import explain, find
>>> [(f.vendor, f.code, f.state) for f in find("[tuya] request failed: code=1106, msg=permission deny")]
[('tuya', 1106, 'SETUP')]
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from blinkcode_host.catalog import load
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.explaining.explain import Explanation
from blinkcode_host.explaining.explain import explain as explain_in
from blinkcode_host.finding.around import AROUND, Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding

__all__ = ["Explanation", "Finding", "explain", "find"]

SHOWN = 0.5
"""Findings that are less sure are left out."""


@lru_cache(maxsize=1)
def _catalog() -> Catalog:
    return load()


@lru_cache(maxsize=8)
def _finder(vendors: tuple[str, ...]) -> Finder:
    return Finder(_catalog(), vendors)


def find(text: str, vendors: Iterable[str] = (), *, least: float = SHOWN) -> list[Finding]:
    """The codes in a text of one or more lines, in order, with the built-in tables.

    `vendors` are the ids of those that the text is about, where you know: a bare number is then theirs. `least` is the
    confidence below which findings are left out; 0 gives all. Raises ValueError where a vendor is not in the tables.
    """
    ids = tuple(vendors)
    for id_ in ids:
        if id_ not in _catalog().vendors:
            raise ValueError(f"{id_!r} is no vendor; there are {', '.join(_catalog().vendors)}")
    finder = _finder(ids)
    lines = text.split("\n")
    plain = [line.rstrip("\r") for line in lines]
    found = []
    for i, line in enumerate(lines):
        around = Lines(plain[max(0, i - AROUND) : i], plain[i + 1 : i + 1 + AROUND])
        found += [f._replace(line=i + 1) for f in finder.find(line, around) if f.confidence >= least]
    return found


def explain(code: int | str, vendor: str | None = None) -> Explanation:
    """Everything that the built-in tables know of a code, in any notation: -4012, "0xF054", "tuya:2007", "ECONNRESET".

    Raises ValueError where it is neither a number nor a name of the tables, or where the vendor is not in them.
    """
    return explain_in(_catalog(), str(code), vendor)
