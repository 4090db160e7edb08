"""Find codes in one line, with a few lines before and after it as witnesses. No state is kept between lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.alike import Alike
from blinkcode_host.finding.around import (
    AROUND,
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
from blinkcode_host.finding.deciding import decide, decide_claim
from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.forms import OLDER_NAMES, Claim, Forms, value_of
from blinkcode_host.finding.names import Context, Names
from blinkcode_host.finding.place import REACH, Place, place
from blinkcode_host.finding.reports import REPORT, reported
from blinkcode_host.finding.shapes import ANSI, BYTE_PAIR, NUMBER, WIRE_BYTES, WIRE_NEIGHBOUR, WIRE_SLICE
from blinkcode_host.finding.source import is_in_statement
from blinkcode_host.finding.spoken import named_code, spoken
from blinkcode_host.finding.text import NEAR, Text
from blinkcode_host.finding.wire import from_bytes
from blinkcode_host.finding.words import Words

_MOST_KEPT, _LONGEST_KEPT, _MOST_LONG = 8_192, 1_024, 8
_MOST_LINES = 8_192
# In a text longer than this what a number's surroundings, so far on either side, were found to say is kept.
_REPEATING, _WITNESS, _MOST_DECISIONS = 4 * NEAR, 3 * NEAR, 1_024
_LAST_DIGITS, _FIRST_DIGITS = re.compile(r"-?\d{1,8}$"), re.compile(r"\d{1,8}")
_REPORTED = "device", "journal"
_ALONE = Context()
_AGREED, _NAME = "words agree", "name alone"
_OF_SYSTEMS = "name or form", _NAME
_NEXT_ENTRY = re.compile(r"\n|\s[EWIDV] \(\d")
_NEXT_TO = 24  # characters between a number and its name
_JOINT = re.compile(r"[\s\"',:;=()\[\]<>/|-]*")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(-?(?:0[xX][0-9A-Fa-f]{2,8}|\d{1,5}))[\s\"',:;=()\[\]-]{1,6}$")
#: More findings in one line than this are not given.
MOST_FINDINGS = 1_000


class _Judged(NamedTuple):
    """What is kept of a text: its findings, None where its numbers matter after all."""

    found: list[Finding] | None
    alone: bool  # the lines around can have nothing to do with it
    open_ended: bool  # it may go on in the next line
    asked: bool  # it depends on the vendors that are named on the lines before
    asked_after: bool  # and on the lines after
    asked_platform: bool  # it depends on where the lines around come from


_NOT_KEPT = _Judged(None, False, False, False, False, False)


class Finder:
    """Finds a catalog's codes.

    `vendors` are the ids that the user says the text is about; `verbose` finds success codes too, `everything`
    also numbers that no table has, in a place and a range where one would expect a code.
    """

    def __init__(
        self, catalog: Catalog, vendors: Iterable[str] = (), verbose: bool = False, everything: bool = False
    ) -> None:
        self.catalog = catalog
        self.words = Words(catalog)
        self.verbose = verbose
        self.everything = everything
        self._forms = Forms(catalog)
        self._names = Names(catalog, vendors)
        self._alike = Alike(catalog, numbers=not everything)
        self._kept: dict[tuple[str, Context], _Judged] = {}
        self._long: dict[tuple[str, Context], _Judged] = {}  # the same of long texts
        self._contexts: dict[str, Context] = {}
        self._decisions: dict[
            tuple[str, int, int, tuple[frozenset[str], ...]], tuple[Finding | None, bool]
        ] = {}

    def find(self, line: str, around: Around) -> list[Finding]:
        """The findings of one line, by column; `line` as it came. Raises NeedMore only where `around` is not closed."""
        places = None
        plain = line.rstrip("\r\n")
        if "\x1b" in plain:
            plain, places = _without_ansi(plain)
        kept = self._remembered(self._alike(plain), _ALONE)
        depends = kept.asked or kept.asked_platform or not kept.alone
        if kept.found is not None and not depends and not (kept.open_ended and goes_on(around)):
            return [
                self._as_in(plain, f, f.column if places is None else places[f.column]) for f in kept.found
            ]
        text, offset = (plain, 0) if REPORT in plain else whole_object(plain, around)
        found = [f for f in self._examine(text, around) if offset <= f.column < offset + max(1, len(plain))]
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
            for f in self._examine(line + later, around):
                end = f.column + len(f.matched)
                if f.form in _REPORTED or (f.form != "words" and f.column < len(line) < end):
                    found = {at: o for at, o in found.items() if at + len(o.matched) <= f.column}
                if f.column < len(line) and (
                    f.column not in found or f.confidence > found[f.column].confidence
                ):
                    found[f.column] = f
        spoken_of = any(_is_spoken(f) for f in found.values())
        joins = REPORT not in line and (spoken_of or may_go_on(line))
        earlier = around.preceding(0) if joins else None
        if earlier and self._wraps(earlier, line):
            whole = {f.column - len(earlier): f for f in self._examine(earlier + line, around)}
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
            wordless = (f for f in self._examine(earlier, around) if f.form != "words" and f.row != _AGREED)
            told = {m for f in wordless for m in f.meanings}
            found = {at: f for at, f in found.items() if not _is_spoken(f) or not told & set(f.meanings)}
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

    def _examine(self, text: str, around: Around) -> list[Finding]:
        """The findings in a text, by offset, in the light of the lines around it where these matter."""
        judged = self._judged(text, _ALONE)
        if judged.asked or judged.asked_platform:
            context = self._context(around, judged)
            if context != _ALONE:
                judged = self._judged(text, context)
        assert judged.found is not None
        return judged.found

    def _context(self, around: Around, judged: _Judged) -> Context:
        """What the lines before say, and those after where that is asked for and the ones before do not say it."""
        before = [self._said_by(line) for i in range(AROUND) if (line := around.preceding(i)) is not None]
        vendors = _nearest_vendors(before)
        no_platform = judged.asked_platform and not any(c.other or c.esp32 for c in before)
        after = []
        if no_platform or (judged.asked_after and not vendors):
            after = [self._said_by(line) for i in range(AROUND) if (line := around.following(i)) is not None]
        says = [*before, *after] if no_platform else before
        return Context(
            vendors, _nearest_vendors(after), any(c.esp32 for c in says), any(c.other for c in says)
        )

    def _said_by(self, line: str) -> Context:
        context = self._contexts.get(line)
        if context is None:
            if len(self._contexts) >= _MOST_LINES:
                self._contexts.clear()
            context = self._contexts[line] = self._names.context(line)
        return context

    def _judged(self, text: str, context: Context) -> _Judged:
        """The findings in a text, by offset. A log repeats itself, so those of a like text are kept."""
        like = self._alike(text)
        judged = self._remembered(like, context)
        if judged is _NOT_KEPT:
            judged = self._fresh(like, context)
            assert judged.found is not None
            exact = self._alike.with_numbers(text) if judged.found else like
            if any(f.form != "words" and not exact.startswith(f.matched, f.column) for f in judged.found):
                judged = judged._replace(found=None)
            self._keep(like, context, judged)
        if judged.found is None:
            like = self._alike.with_numbers(text)
            judged = self._remembered(like, context)
        if judged.found is None:
            judged = self._fresh(like, context)
            self._keep(like, context, judged)
        return judged

    def _keep(self, like: str, context: Context, judged: _Judged) -> None:
        kept, most = (self._kept, _MOST_KEPT) if len(like) <= _LONGEST_KEPT else (self._long, _MOST_LONG)
        if len(kept) >= most:
            kept.clear()
        kept[like, context] = judged

    def _remembered(self, like: str, context: Context) -> _Judged:
        kept = self._kept if len(like) <= _LONGEST_KEPT else self._long
        return kept.get((like, context), _NOT_KEPT)

    def _fresh(self, text: str, context: Context) -> _Judged:
        reports = reported(text, self.catalog, self.verbose)
        if reports is not None:
            return _Judged(reports, stands_alone(text), self._may_wrap(text), False, False, False)
        t = Text(self.catalog, self.words, self._names, text, context, self.verbose)
        claims = self._forms.claims(text)[:MOST_FINDINGS]
        found = {f.column: f for f in self._systems(t, claims)}
        clouds = {c.start: c for c in claims if self.catalog.vendors[c.vendor].kind != "system"}
        for match in NUMBER.finditer(text):
            if len(found) >= MOST_FINDINGS:
                break
            if match.start() not in found:
                claim = clouds.get(match.start())
                finding = decide(t, *match.span(), claim) if claim else self._decided(t, *match.span())
                if finding:
                    found[match.start()] = finding
        for finding in self._from_bytes(t):
            found.setdefault(finding.column, finding)
        numbered = sorted(found)
        for words in t.phrases:
            finding = spoken(t, words, numbered)
            if finding:
                found.setdefault(words.start, finding)
        findings = _once(text, (found[at] for at in sorted(found)))
        alone = stands_alone(text) and not any(f.form == "words" for f in findings)
        return _Judged(findings, alone, self._may_wrap(text), t.asked, t.asked_after, t.asked_platform)

    def _decided(self, t: Text, start: int, end: int) -> Finding | None:
        """decide(), where a long text says the same again and again only once."""
        if len(t.text) <= _REPEATING:
            return decide(t, start, end)
        low = max(0, start - _WITNESS)
        key = t.text[low : end + _WITNESS], start - low, start % NEAR, t.named_around
        if key not in self._decisions:
            if len(self._decisions) >= _MOST_DECISIONS:
                self._decisions.clear()
            asked, t.asked_after = t.asked_after, False
            self._decisions[key] = decide(t, start, end), t.asked_after
            t.asked_after = asked
        finding, asked_after = self._decisions[key]
        t.asked_after |= asked_after
        return finding._replace(column=start) if finding else None

    def _systems(self, t: Text, claims: list[Claim]) -> Iterable[Finding]:
        """The numbers that stand in a system's form, and the names of codes: a number and its name are one."""
        names = self._forms.names(t.text)[:MOST_FINDINGS]
        used: set[Claim] = set()
        for claim in claims:
            if self.catalog.vendors[claim.vendor].kind != "system" or is_in_statement(t.text, *claim[:2]):
                continue
            name = _name_beside(t.text, claim, names)
            agrees = self._forms.is_named_after(t.text, claim)
            if name:
                agrees = name.vendor == claim.vendor and self._is_for(t, name, claim.code)
                if agrees or claim.vendor != "esp_err":
                    used.add(name)
                if name.vendor == claim.vendor and not agrees:
                    continue  # another platform's number, or another version's: of ESP-IDF the name says enough
            if t.named(claim.start) and self._is_a_clouds(t, claim):
                continue
            if finding := decide_claim(t, self._forms, claim, agrees):
                yield finding
        for name in names:
            if name in used or is_in_statement(t.text, *name[:2]):
                continue
            if finding := self._named(t, name):
                yield finding

    def _is_a_clouds(self, t: Text, claim: Claim) -> bool:
        """Whether a vendor that is named there has the number that a system's form claims."""
        code = value_of(t.text[claim.start : claim.end])
        return any(m.vendor in t.named(claim.start) for m in self.catalog.lookup(code))

    @staticmethod
    def _is_for(t: Text, name: Claim, code: int) -> bool:
        """Whether a name stands for a code: an older version's name does on an ESP32."""
        older = OLDER_NAMES.get(t.text[name.start : name.end])
        return name.code == code or (older == code and t.comes_from("esp32", name.start))

    def _named(self, t: Text, name: Claim) -> Finding | None:
        """The finding for the name of a code, at the number that stands before it, if one does."""
        meanings = t.shown(self._forms.meanings(name.vendor, name.code))
        if not meanings:
            return None
        number = _NUMBER_BEFORE.search(t.text, max(0, name.start - _NEXT_TO), name.start)
        says_esp32 = name.vendor != "errno" or t.comes_from("esp32", name.start)
        if number and says_esp32 and abs(value_of(number[1])) == abs(name.code):
            claim = Claim(number.start(1), number.end(1), name.vendor, name.code, None)
            return decide_claim(t, self._forms, claim, True)
        if name.vendor == "errno" and (number or not says_esp32):
            return None
        return named_code(name, meanings, t.text[name.start : name.end])

    def _is_wired(self, t: Text, at: int) -> bool:
        """Whether a vendor that sends its codes as bytes is named around a place."""
        return any(self.catalog.vendors[v].wire for v in t.likely(at))

    def _from_bytes(self, t: Text) -> Iterable[Finding]:
        """Codes given byte by byte: the header's 0x22 and 0x23, or two bytes after a word for an error."""
        for match in WIRE_BYTES.finditer(t.text):
            dump = WIRE_NEIGHBOUR.search(t.text[max(0, match.start() - 24) : match.end() + 24])
            if dump or (match[1] and not self._is_wired(t, match.start())):
                continue
            if finding := from_bytes(t, match.start(), match.end(), match["low"], match["high"]):
                yield finding
        for match in BYTE_PAIR.finditer(t.text):
            wired = self._is_wired(t, match.start())
            before = t.text[max(0, match.start() - REACH) : match.start()]
            if not wired or (place(before)[0] is Place.NONE and not WIRE_SLICE.search(before)):
                continue
            low, high = (match[1], match[2]) if match[1] else (match[3], match[4])
            finding = from_bytes(t, match.start(), match.end(), low, high)
            if finding and finding.code is not None and finding.code < 0:
                yield finding


def _is_spoken(finding: Finding) -> bool:
    """Whether it is of a vendor's words, which may be those of the number on the line before; a name is none."""
    return finding.form == "words" and finding.row != _NAME


def _nearest_vendors(lines: Iterable[Context]) -> frozenset[str]:
    """The vendors that the nearest line with any names."""
    return next((line.vendors for line in lines if line.vendors), frozenset())


def _name_beside(text: str, claim: Claim, names: list[Claim]) -> Claim | None:
    """The name that stands right before or behind a number."""
    for name in names:
        low, high = (claim.end, name.start) if name.start >= claim.end else (name.end, claim.start)
        if 0 <= high - low <= _NEXT_TO and _JOINT.fullmatch(text, low, high):
            return name
    return None


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
    """Whether two vendors have the number, an object or a sentence ends between the places, or a system's line does."""
    start, end = one.column, other.column
    if one.vendor and other.vendor and one.vendor != other.vendor:
        return True
    if one.row in _OF_SYSTEMS and _NEXT_ENTRY.search(text, start, end):
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
