"""Find codes in one line, with a few lines before and after it as witnesses. No state is kept between lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.alike import Alike
from blinkcode_host.finding.around import (
    AROUND_CHARACTERS,
    Around,
    goes_on,
    is_open,
    may_go_on,
    may_wrap,
    stands_alone,
    whole_object,
    wraps,
)
from blinkcode_host.finding.evidence import Vendors
from blinkcode_host.finding.finding import AGREED, Finding
from blinkcode_host.finding.judge import judge
from blinkcode_host.finding.place import REACH, Place, place
from blinkcode_host.finding.reports import REPORT, reported
from blinkcode_host.finding.shapes import ANSI, BYTE_PAIR, NUMBER, WIRE_BYTES, WIRE_NEIGHBOUR, WIRE_SLICE
from blinkcode_host.finding.spoken import spoken
from blinkcode_host.finding.wire import from_bytes
from blinkcode_host.finding.witnesses import NEAR, Witnesses
from blinkcode_host.finding.words import Words

_MOST_KEPT, _LONGEST_KEPT = 4_096, 1_024
_LAST_DIGITS, _FIRST_DIGITS = re.compile(r"-?\d{1,8}$"), re.compile(r"\d{1,8}")
_REPORTED = "device", "journal"
_NOT_KEPT = None, False, False
#: More findings in one line than this are not given.
MOST_FINDINGS = 1_000


class Finder:
    """Finds a catalog's codes.

    `vendors` are the ids that the user says the text is about; `verbose` finds success codes too, `everything`
    also numbers that no table has, in a place and a range where one would expect a code.
    """

    def __init__(
        self, catalog: Catalog, vendors: Iterable[str] = (), verbose: bool = False, everything: bool = False
    ) -> None:
        vendors = tuple(vendors)
        self._whole_catalog = catalog  # for what a device reports, which names its vendor
        self.catalog = catalog = catalog.only([*catalog.vendors_of("cloud"), *vendors])
        self.words = Words(catalog)
        self.verbose = verbose
        self.everything = everything
        self._vendors = Vendors(catalog, vendors)
        self._alike = Alike(catalog, numbers=not everything)
        # For a like text its findings, or None where its numbers matter after all; and whether it stands alone,
        # and whether it may go on in the next line.
        self._kept: dict[str, tuple[list[Finding] | None, bool, bool]] = {}

    def find(self, line: str, around: Around) -> list[Finding]:
        """The findings of one line, by column; `line` as it came. Raises NeedMore only where `around` is not closed."""
        places = None
        plain = line.rstrip("\r\n")
        if "\x1b" in plain:
            plain, places = _without_ansi(plain)
        kept, alone, open_ended = self._kept.get(self._alike(plain), _NOT_KEPT)
        if kept is not None and alone and not (open_ended and goes_on(around)):
            return [self._as_in(plain, f, f.column if places is None else places[f.column]) for f in kept]
        text, offset = (plain, 0) if REPORT in plain else whole_object(plain, around)
        found = [f for f in self._examine(text) if offset <= f.column < offset + max(1, len(plain))]
        columns = {f.column - offset: f for f in found}
        if text == plain and not any(f.form in _REPORTED for f in found):
            columns = self._wrapped(plain, around, columns)
        return [self._as_in(plain, columns[c], places[c] if places else c, c) for c in sorted(columns)]

    @staticmethod
    def _as_in(line: str, found: Finding, column: int, at: int | None = None) -> Finding:
        """A kept finding as it is in this line: `at` is its place there, `column` the one in the line as it came."""
        at = found.column if at is None else at
        matched = line[at : at + len(found.matched)]
        if len(matched) < len(found.matched):  # a hard wrap has cut it
            matched = found.matched
        return Finding(found.line, column + 1, matched, *found[3:])

    def _wrapped(self, line: str, around: Around, found: dict[int, Finding]) -> dict[int, Finding]:
        """The findings by column, put right where a hard wrap has cut the line's first or last words."""
        found = dict(found)
        later = around.following(0) if self._may_wrap(line) else None
        if later and self._wraps(line, later):
            for f in self._examine(line + later):
                end = f.column + len(f.matched)
                if f.form in _REPORTED or (f.form != "words" and f.column < len(line) < end):
                    found = {at: o for at, o in found.items() if at + len(o.matched) <= f.column}
                if f.column < len(line) and (
                    f.column not in found or f.confidence > found[f.column].confidence
                ):
                    found[f.column] = f
        spoken_of = any(f.form == "words" for f in found.values())
        joins = REPORT not in line and (spoken_of or may_go_on(line))
        earlier = around.preceding(0) if joins else None
        if earlier and self._wraps(earlier, line):
            whole = {f.column - len(earlier): f for f in self._examine(earlier + line)}
            ends = (at + len(f.matched) for at, f in whole.items() if at < 0 and f.form != "words")
            begun = max(ends, default=0)
            reported = any(f.form in _REPORTED for f in whole.values())
            found = {
                at: f
                for at, f in found.items()
                if at in whole or (at >= begun and f.form != "words" and not reported)
            }
            found |= {at: f for at, f in whole.items() if at >= 0 and at not in found}
        elif earlier and spoken_of:
            wordless = (f for f in self._examine(earlier) if f.form != "words" and f.confidence < AGREED)
            told = {m for f in wordless for m in f.meanings}
            found = {at: f for at, f in found.items() if f.form != "words" or not told & set(f.meanings)}
        return found

    def _may_wrap(self, line: str) -> bool:
        return may_wrap(line) or self.words.begin_at_end(line)

    def _wraps(self, line: str, later: str) -> bool:
        """Whether a hard wrap has cut the line, so that the later one goes on with it."""
        if wraps(line, later):
            ends, begins = _LAST_DIGITS.search(line[-12:]), _FIRST_DIGITS.match(later)
            if not ends or not begins or is_open(line):
                return True
            return bool(self.catalog.lookup(int(ends[0] + begins[0])))
        if not may_go_on(later) or not self.words.begin_at_end(line):
            return False
        tail = line[-AROUND_CHARACTERS:]
        return any(m.start < len(tail) < m.end for m in self.words.find(tail + later[:AROUND_CHARACTERS]))

    def _examine(self, text: str) -> list[Finding]:
        """The findings in a text, by offset. A log repeats itself, so those of a like text are kept."""
        like = self._alike(text)
        found = self._kept.get(like, _NOT_KEPT)[0]
        if found is None and like not in self._kept:
            found = self._fresh(like)
            exact = self._alike.with_numbers(text) if found else like
            if any(f.form != "words" and not exact.startswith(f.matched, f.column) for f in found):
                found = None
            self._keep(like, found)
        if found is None:
            like = self._alike.with_numbers(text)
            found = self._kept.get(like, _NOT_KEPT)[0]
        if found is None:
            found = self._fresh(like)
            self._keep(like, found)
        return found

    def _keep(self, like: str, found: list[Finding] | None) -> None:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        if len(like) <= _LONGEST_KEPT:
            alone = stands_alone(like) and not any(f.form == "words" for f in found or ())
            self._kept[like] = found, alone, self._may_wrap(like)

    def _fresh(self, text: str) -> list[Finding]:
        reports = reported(text, self._whole_catalog, self.verbose)
        if reports is not None:
            return reports
        w = Witnesses(self.catalog, self.words, self._vendors, text, self.verbose, self.everything)
        found: dict[int, Finding] = {}
        for match in NUMBER.finditer(text):
            if len(found) == MOST_FINDINGS:
                break
            finding = judge(w, match.start(), match.end())
            if finding:
                found[match.start()] = finding
        for finding in self._from_bytes(w):
            found.setdefault(finding.column, finding)
        numbered = sorted(found)
        for words in w.phrases:
            finding = spoken(w, words, numbered)
            if finding:
                found.setdefault(words.start, finding)
        return _once(text, (found[at] for at in sorted(found)))

    def _is_wired(self, w: Witnesses, at: int) -> bool:
        """Whether a vendor that sends its codes as bytes is named around a place."""
        return any(self.catalog.vendors[v].wire for v in w.named(at))

    def _from_bytes(self, w: Witnesses) -> Iterable[Finding]:
        """Codes given byte by byte: the header's 0x22 and 0x23, or two bytes after a word for an error."""
        for match in WIRE_BYTES.finditer(w.text):
            dump = WIRE_NEIGHBOUR.search(w.text[max(0, match.start() - 24) : match.end() + 24])
            if dump or (match[1] and not self._is_wired(w, match.start())):
                continue
            if finding := from_bytes(w, match.start(), match.end(), match["low"], match["high"]):
                yield finding
        for match in BYTE_PAIR.finditer(w.text):
            wired = self._is_wired(w, match.start())
            before = w.text[max(0, match.start() - REACH) : match.start()]
            if not wired or (place(before)[0] is Place.NONE and not WIRE_SLICE.search(before)):
                continue
            low, high = (match[1], match[2]) if match[1] else (match[3], match[4])
            finding = from_bytes(w, match.start(), match.end(), low, high)
            if finding and finding.code is not None and finding.code < 0:
                yield finding


def _once(text: str, found: Iterable[Finding]) -> list[Finding]:
    """Each code once where one answer repeats it, or a log line its answer: the surest of them."""
    kept: list[Finding] = []
    last: dict[int, int] = {}
    for finding in found:
        before = last.get(finding.code) if finding.code is not None else None
        if before is None or _are_apart(text, kept[before], finding):
            if finding.code is not None:
                last[finding.code] = len(kept)
            kept.append(finding)
        elif finding.confidence > kept[before].confidence:
            kept[before] = finding
    return kept


def _are_apart(text: str, one: Finding, other: Finding) -> bool:
    """Whether two vendors have the number, or an object or a sentence ends between the two places."""
    start, end = one.column, other.column
    if one.vendor and other.vendor and one.vendor != other.vendor:
        return True
    return end - start > NEAR or ";" in text[start:end] or "}" in text[start:end]


def _without_ansi(text: str) -> tuple[str, list[int]]:
    """The text without ANSI sequences, and for each character left its place in the original."""
    plain: list[str] = []
    places: list[int] = []
    at = 0
    for match in ANSI.finditer(text):
        plain.append(text[at : match.start()])
        places += range(at, match.start())
        at = match.end()
    plain.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(plain), places
