"""A text with what the catalog, its words and the vendors' names have to say about places in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.finding.names import Context, Names, is_platform, kinds_of, may_speak_of, speaks_of
from blinkcode_host.finding.shapes import MESSAGE_KEY
from blinkcode_host.finding.windows import Windows
from blinkcode_host.finding.words import Match, Words, is_done

#: How far from a number something can bear witness, in characters.
NEAR = 400


class Text:
    """A text, the vendors' wordings in it, and what the catalog and its words know.

    `context` is what the lines around say. `asked` becomes true where an answer depends on the vendors that those
    before name, `asked_after` on those that the ones after name, `asked_platform` on where they come from.
    """

    def __init__(
        self, catalog: Catalog, words: Words, names: Names, text: str, context: Context, verbose: bool
    ) -> None:
        self.catalog, self.words, self.text = catalog, words, text
        self.verbose = verbose
        self.phrases = words.find(text)
        self.asked = self.asked_after = self.asked_platform = False
        self.message_keys = [match.span() for match in MESSAGE_KEY.finditer(text)]
        self._starts = [match.start for match in self.phrases]
        self.senders = names.senders
        self._windows = Windows(text)
        self._names = names
        self._context = context
        self._named: dict[int, frozenset[str]] = {}
        self._foreign: dict[tuple[str, int], bool] = {}
        self._platform: dict[tuple[str, int], bool] = {}

    @property
    def given(self) -> frozenset[str]:
        """The vendors that the user named."""
        return self._names.given

    @property
    def named_before(self) -> frozenset[str]:
        """The vendors that are named on the lines before."""
        self.asked = True
        return self._context.vendors

    @property
    def named_around(self) -> tuple[frozenset[str], frozenset[str]]:
        """The vendors that are named on the lines before, and those on the ones after where these were asked for."""
        return self.named_before, self._context.vendors_after

    @property
    def named_after(self) -> frozenset[str]:
        """The vendors that are named on the lines after, where none is on the lines before."""
        if self.named_before:
            return frozenset()
        self.asked_after = True
        return self._context.vendors_after

    def shown(self, meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
        """The meanings that are not of success, unless these are asked for."""
        return tuple(m for m in meanings if self.verbose or not is_done(m))

    def has_such(self, vendor: str, code: int) -> bool:
        """Whether a number has the sign and the length of some of the vendor's codes."""
        return self._names.has_such(vendor, code)

    def _near(self, at: int) -> tuple[Windows, int, int]:
        """What stands around a place, the same for places near each other."""
        middle = at // NEAR * NEAR
        return self._windows, max(0, middle - NEAR), middle + 2 * NEAR

    def named(self, at: int) -> frozenset[str]:
        """The vendors that are named around a place."""
        window = at // NEAR
        if window not in self._named:
            self._named[window] = self._names.named_in(*self._near(at))
        return self._named[window]

    def likely(self, at: int) -> frozenset[str]:
        """The vendors that are named around a place, or else in the lines around."""
        return self.named(at) or self.named_before

    def named_in(self, low: int, high: int) -> frozenset[str]:
        """The vendors that are named in text[low:high]."""
        return self._names.named_in(self._windows, low, high)

    def comes_from(self, kind: str, at: int) -> bool:
        """Whether a platform ("esp32", "other") shows around a place, or else in the lines around."""
        esp32, other = (self._shows(k, at) for k in ("esp32", "other"))
        if not esp32 and not other:
            self.asked_platform = True
            esp32, other = self._context.esp32, self._context.other
        return esp32 if kind == "esp32" else other

    def _shows(self, kind: str, at: int) -> bool:
        key = kind, at // NEAR
        if key not in self._platform:
            self._platform[key] = is_platform(kind, *self._near(at))
        return self._platform[key]

    def is_foreign(self, code: int, at: int) -> bool:
        """Whether another system that uses the number is named around a place."""
        return any(self._speaks_of(kind, at) for kind in kinds_of(code))

    def _speaks_of(self, kind: str, at: int) -> bool:
        key = kind, at // NEAR
        if key not in self._foreign:
            self._foreign[key] = speaks_of(kind, *self._near(at))
        return self._foreign[key]

    def is_foreign_since_named(self, code: int, at: int) -> bool:
        """Whether such a system is named between the last name of a vendor and a place, as far as that is near."""
        low = max(0, at - NEAR // 4)
        kinds = [k for k in kinds_of(code, small=False) if may_speak_of(k, self._windows, low, at)]
        if not kinds:
            return False
        low = self._names.after_names(self._windows, low, at)
        return any(speaks_of(kind, self._windows, low, at) for kind in kinds)

    def phrases_near(self, start: int, end: int) -> list[Match]:
        """The wordings that begin within reach of text[start:end]."""
        return self.phrases[
            bisect_left(self._starts, start - 2 * NEAR) : bisect_left(self._starts, end + NEAR)
        ]

    def message_keys_in(self, low: int, high: int) -> list[tuple[int, int]]:
        """(start, end) of the keys of messages in text[low:high]."""
        first = bisect_left(self.message_keys, (low, low))
        last = bisect_left(self.message_keys, (high, high))
        return [key for key in self.message_keys[first:last] if key[1] <= high]
