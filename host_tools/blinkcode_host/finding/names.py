"""Whom a text names: vendors, the platform it comes from, and other systems that use such numbers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from blinkcode_host.catalog.records import Catalog

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_data(name: str) -> dict[str, Any]:
    """One of this folder's TOML files."""
    data: dict[str, Any] = tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))
    return data


NAMES: dict[str, dict[str, list[str]]] = read_data("names.toml")
"""names.toml, which says what each entry is."""

_CLOSE_CODES = range(1000, 1016)
_WIFI_STATUSES = (1000, 1001, 1010)
_HTTP_STATUSES = range(100, 600)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for all of them; letters' case does not matter."""
    return re.compile("|".join(patterns), re.IGNORECASE)


_FOREIGN = {kind: any_of(patterns) for kind, patterns in NAMES["foreign"].items()}
_PLATFORM = {kind: any_of(patterns) for kind, patterns in NAMES["platform"].items()}


def _shape(code: int) -> tuple[bool, int]:
    return code < 0, len(str(abs(code)))


class Context(NamedTuple):
    """What the lines around a line say about it."""

    vendors: frozenset[str] = frozenset()  # named there
    esp32: bool = False  # they come from an ESP32
    other: bool = False  # they come from something else


class Names:
    """Which vendors a text names."""

    def __init__(self, catalog: Catalog, given: Iterable[str] = ()) -> None:
        self.given = frozenset(given)
        self._names = {
            id_: any_of(
                [rf"\b{re.escape(id_)}\b", rf"\b{re.escape(vendor.name)}\b", *NAMES["names"].get(id_, ())]
            )
            for id_, vendor in catalog.vendors.items()
            if vendor.kind != "system"
        }

        self._shapes = {(m.vendor, _shape(m.code)) for m in catalog.meanings}

    def has_such(self, vendor: str, code: int) -> bool:
        """Whether a number has the sign and the length of some of the vendor's codes."""
        return (vendor, _shape(code)) in self._shapes

    def named_in(self, text: str) -> frozenset[str]:
        """The ids of the vendors that the text names, and those that the user named."""
        return self.given | {id_ for id_, name in self._names.items() if name.search(text)}

    def after_names(self, text: str) -> str:
        """What comes after the last vendor's name, or the last brace, in a text."""
        ends = [match.end() for name in self._names.values() for match in name.finditer(text)]
        return text[max(0, text.rfind("{"), *ends) :]

    def context(self, text: str) -> Context:
        """What a line tells about its neighbours."""
        return Context(
            self.named_in(text) - self.given, is_platform("esp32", text), is_platform("other", text)
        )


def is_platform(kind: str, text: str) -> bool:
    """Whether a text comes from an "esp32", or from an "other" platform."""
    return _PLATFORM[kind].search(text) is not None


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
