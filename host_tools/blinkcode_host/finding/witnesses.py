"""A text with what the catalog, its words and the vendors' names have to say about places in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.finding.evidence import Vendors, kinds_of, speaks_of
from blinkcode_host.finding.words import Match, Words, is_done

#: How far from a number something can bear witness, in characters.
NEAR = 400


class Witnesses:
    """A text, the vendors' wordings in it, and what the catalog and its words know."""

    def __init__(
        self, catalog: Catalog, words: Words, vendors: Vendors, text: str, verbose: bool, everything: bool
    ) -> None:
        self.catalog, self.words, self.text = catalog, words, text
        self.verbose, self.everything = verbose, everything
        self.phrases = words.find(text)
        self._starts = [match.start for match in self.phrases]
        self._vendors = vendors
        self._named: dict[int, frozenset[str]] = {}
        self._foreign: dict[tuple[str, int], bool] = {}

    def may_have(self, vendor: str, code: int) -> bool:
        """Whether a number looks like one of the vendor's codes."""
        return self._vendors.may_have(vendor, code)

    def shown(self, meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
        """The meanings that are not of success, unless these are asked for."""
        return tuple(m for m in meanings if self.verbose or not is_done(m))

    def near(self, at: int) -> str:
        """What stands around a place, the same for places near each other."""
        middle = at // NEAR * NEAR
        return self.text[max(0, middle - NEAR) : middle + 2 * NEAR]

    def named(self, at: int) -> frozenset[str]:
        """The vendors that are named around a place."""
        window = at // NEAR
        if window not in self._named:
            self._named[window] = self._vendors.named_in(self.near(at))
        return self._named[window]

    def named_in(self, part: str) -> frozenset[str]:
        """The vendors that are named in a part of the text."""
        return self._vendors.named_in(part)

    def is_foreign(self, code: int, at: int) -> bool:
        """Whether another system that uses the number is named around a place."""
        return any(self._speaks_of(kind, at) for kind in kinds_of(code))

    def _speaks_of(self, kind: str, at: int) -> bool:
        key = kind, at // NEAR
        if key not in self._foreign:
            self._foreign[key] = speaks_of(kind, self.near(at))
        return self._foreign[key]

    def since_named(self, at: int) -> str:
        """What stands between the last name of a vendor and a place, as far as it is near."""
        return self._vendors.after_names(self.text[max(0, at - NEAR // 4) : at])

    def phrases_near(self, start: int, end: int) -> list[Match]:
        """The wordings that begin within reach of text[start:end]."""
        return self.phrases[
            bisect_left(self._starts, start - 2 * NEAR) : bisect_left(self._starts, end + NEAR)
        ]
