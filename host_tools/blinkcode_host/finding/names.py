"""Whom a text names: vendors, the platform it comes from, and other systems that use such numbers."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.windows import Expression, Windows

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
_SEVERAL = 3


def any_of(patterns: Iterable[str]) -> Expression:
    """One expression for all of them; letters' case does not matter."""
    return Expression(re.compile("|".join(patterns), re.IGNORECASE))


_FOREIGN = {kind: any_of(patterns) for kind, patterns in NAMES["foreign"].items()}
_PLATFORM = {kind: any_of(patterns) for kind, patterns in NAMES["platform"].items()}


def _shape(code: int) -> tuple[bool, int]:
    return code < 0, len(str(abs(code)))


class Context(NamedTuple):
    """What the lines around a line say about it."""

    vendors: frozenset[str] = frozenset()  # named there; of several lines, before
    vendors_after: frozenset[str] = frozenset()  # named on the lines after
    esp32: bool = False  # they come from an ESP32
    other: bool = False  # they come from something else


class Names:
    """Which vendors a text names."""

    def __init__(self, catalog: Catalog, given: Iterable[str] = ()) -> None:
        self.given = frozenset(given)
        self.senders = [
            (id_, vendor.kind)
            for id_, vendor in catalog.vendors.items()
            if vendor.kind != "system" or id_ in self.given
        ]
        """(id, kind) of who may have sent a number that stands in no form of its own."""
        self._names = {
            id_: any_of(
                [rf"\b{re.escape(id_)}\b", rf"\b{re.escape(vendor.name)}\b", *NAMES["names"].get(id_, ())]
            )
            for id_, vendor in catalog.vendors.items()
            if vendor.kind != "system"
        }

        self._shapes = Counter((m.vendor, _shape(m.code)) for m in catalog.meanings)

    def has_such(self, vendor: str, code: int) -> bool:
        """Whether a number has the sign and the length of several of the vendor's codes."""
        return self._shapes[vendor, _shape(code)] >= _SEVERAL

    def named_in(self, w: Windows, low: int, high: int) -> frozenset[str]:
        """The ids of the vendors that a part of a text names, and those that the user named."""
        return self.given | {id_ for id_, name in self._names.items() if w.is_in(name, low, high)}

    def after_names(self, w: Windows, low: int, high: int) -> int:
        """Where in a part of a text the last vendor's name has ended, or the last brace stands; its beginning else."""
        part = w.text[low:high]
        names = (name for name in self._names.values() if w.may_be_in(name, low, high))
        ends = [match.end() for name in names for match in name.exact.finditer(part)]
        return low + max(0, part.rfind("{"), *ends)

    def context(self, text: str) -> Context:
        """What a line tells about its neighbours."""
        whole = Windows(text), 0, len(text)
        return Context(
            self.named_in(*whole) - self.given,
            esp32=is_platform("esp32", *whole),
            other=is_platform("other", *whole),
        )


def is_platform(kind: str, w: Windows, low: int, high: int) -> bool:
    """Whether a part of a text comes from an "esp32", or from an "other" platform."""
    return w.is_in(_PLATFORM[kind], low, high)


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


def speaks_of(kind: str, w: Windows, low: int, high: int) -> bool:
    """Whether a part of a text speaks of another system of a kind."""
    return w.is_in(_FOREIGN[kind], low, high)


def may_speak_of(kind: str, w: Windows, low: int, high: int) -> bool:
    """Whether any part of that part may speak of one."""
    return w.may_be_in(_FOREIGN[kind], low, high)


def is_foreign(code: int, text: str) -> bool:
    """Whether a text speaks of another system that uses the number."""
    return any(speaks_of(kind, Windows(text), 0, len(text)) for kind in kinds_of(code))
