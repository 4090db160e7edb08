"""What stands around a number: names of vendors, and names of other systems that use such numbers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from blinkcode_host.catalog.records import Catalog

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_CLOSE_CODES = range(1000, 1016)
_WIFI_STATUSES = (1000, 1001, 1010)
_HTTP_STATUSES = range(100, 600)

LEXICON: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
"""evidence.toml, which says what each entry is."""


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_FOREIGN = {kind: _any_of(patterns) for kind, patterns in LEXICON["foreign"].items()}


def _form(code: int) -> tuple[bool, int]:
    return code < 0, len(str(abs(code)))


class Vendors:
    """Which vendors a text names, or whose answers it looks like."""

    def __init__(self, catalog: Catalog, given: Iterable[str] = ()) -> None:
        self._given = frozenset(given)
        self._names = {
            id_: _any_of(
                [rf"\b{re.escape(id_)}\b", rf"\b{re.escape(vendor.name)}\b", *LEXICON["names"].get(id_, ())]
            )
            for id_, vendor in catalog.vendors.items()
        }
        self._forms = {(m.vendor, _form(m.code)) for m in catalog.meanings}
        self._shapes = {
            id_: [re.compile(p, re.IGNORECASE) for p in patterns]
            for id_, patterns in LEXICON["shapes"].items()
            if id_ in catalog.vendors
        }

    def named_in(self, text: str) -> frozenset[str]:
        """The ids of the vendors that the text points to, and those that the user named."""
        found = {id_ for id_, name in self._names.items() if name.search(text)}
        found |= {id_ for id_, keys in self._shapes.items() if all(key.search(text) for key in keys)}
        return self._given | found

    def may_have(self, vendor: str, code: int) -> bool:
        """Whether a number has the sign and the length of some of the vendor's codes."""
        return (vendor, _form(code)) in self._forms

    def after_names(self, text: str) -> str:
        """What comes after the last vendor's name, or the last brace, in a text."""
        ends = [match.end() for name in self._names.values() for match in name.finditer(text)]
        return text[max(0, text.rfind("{"), *ends) :]


def kinds_of(code: int, small: bool = True) -> tuple[str, ...]:
    """The kinds of other systems that use the number: "any" for all numbers, HTTP, WebSocket, and so on.

    `small`: of a small negative number anything near a driver or a socket may be the owner.
    """
    uses = {
        "small": small and -100 < code < 0,
        "close": code in _CLOSE_CODES,
        "wifi": code in _WIFI_STATUSES,
        "http": code in _HTTP_STATUSES,
    }
    return "any", *(kind for kind, used in uses.items() if used)


def speaks_of(kind: str, text: str) -> bool:
    """Whether a text speaks of another system of a kind."""
    return _FOREIGN[kind].search(text) is not None


def is_foreign(code: int, text: str, small: bool = True) -> bool:
    """Whether a text speaks of another system that uses the number."""
    return any(speaks_of(kind, text) for kind in kinds_of(code, small))
