"""Find codes in one line, with a few lines before and after it as witnesses. No state is kept between lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.console.alike import Alike
from blinkcode_host.console.evidence import Vendors
from blinkcode_host.console.finding import Finding, shared_state
from blinkcode_host.console.judge import from_bytes, judge
from blinkcode_host.console.place import REACH, Place, place
from blinkcode_host.console.shapes import (
    ANSI,
    BANNER,
    BYTE_PAIR,
    DEVICE,
    ENTRY_START,
    JOURNAL,
    LOG_START,
    NUMBER,
    WIRE_BYTES,
    WIRE_NEIGHBOUR,
    WIRE_SLICE,
)
from blinkcode_host.console.witnesses import Witnesses
from blinkcode_host.console.words import ASIDE, Match, Words, is_done

#: Lines before and after a line that can bear witness, and how much of each.
AROUND, AROUND_CHARACTERS = 8, 512
_REPORT = "blinkcode: "
_WRAP_AT_LEAST = 16
_WITH_NUMBER = 240  # characters from a number within which words are taken to be its own
_CUT_WORDS = 4  # of words that are cut off, when they have no number
_INSIDE_NAME = re.compile(r"[A-Za-z][.(/][A-Za-z]|[A-Z]_[A-Z]")
_MOST_KEPT, _LONGEST_KEPT = 4_096, 1_024
_NOT_KEPT = None, False
#: More findings in one line than this are not given.
MOST_FINDINGS = 1_000
_OPEN_END = "_\"':,({[=-"
_GOES_ON = re.compile(r"[\w\"':,)}\]=.-]")
_MEMBER = re.compile(r"\s*[\"']?(?:[A-Za-z_]\w{0,40}[\"']?\s?:\s?\S|-?\d{1,10}[\"']?\s?,?\s*$)")
_ANSWER_LINE = re.compile(
    r"\s{0,12}(?:- )?[\"']?(?:error_?)?(?:code|msg|message|success|localizedMsg|tid)[\"']?\s?:\s?[^\s{][^{}]{0,160}$",
    re.I,
)
_INNER = re.compile(
    r"[^{}\"']{2,60}?[ \]:|]"
    r"(?:[\"'][A-Za-z_]\w{0,40}[\"']\s?:|\s{2,}[A-Za-z_]\w{0,40}\s?:|\s{0,12}\}[,\]]?\s*$).{0,400}$"
)
_PART_OF_NUMBER = re.compile(r"(?:code|err\w*|status|[=:(\[])[\s\"':=(\[#]{0,4}-?\d{0,7}$", re.I)
_BOUND_BEFORE = re.compile(
    r"(?:^|[:=\"'(\[{>|,.;\]}\n]|\s[-–—]|\b(?:err|error|errors|failed|failure|warn|warning|critical|fatal|exception|msg"
    r"|message|reason|info|debug))\s*\\?[\"'(]?\s*$",
    re.I,
)
_BOUND_AFTER = re.compile(r"\s*(?:$|[\"'.,;:)\]}|<\\!\n\r(]|\s[-–—])")


class NeedMore(Exception):
    """The line that follows is wanted, and has not come yet."""


class Around(Protocol):
    """The lines around a line, without ANSI sequences and line ends."""

    def following(self, i: int) -> str | None:
        """The line `i` after this one, from 0; None where there is none. Raises NeedMore."""

    def preceding(self, i: int) -> str | None:
        """The line `i` before this one, from 0; None where there is none."""


@dataclass
class Lines:
    """Lines around a line that are all there."""

    before: Sequence[str] = ()  # the nearest last
    after: Sequence[str] = ()  # the nearest first

    def following(self, i: int) -> str | None:
        """See Around."""
        return self.after[i][:AROUND_CHARACTERS] if i < min(len(self.after), AROUND) else None

    def preceding(self, i: int) -> str | None:
        """See Around."""
        return self.before[-1 - i][-AROUND_CHARACTERS:] if i < min(len(self.before), AROUND) else None


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
        self._vendors = Vendors(catalog, vendors)
        self._alike = Alike(catalog, numbers=not everything)
        self._kept: dict[str, tuple[list[Finding] | None, bool]] = {}  # None: its numbers matter after all

    def find(self, line: str, around: Around) -> list[Finding]:
        """The findings of one line, by column; `line` as it came. Raises NeedMore only where `around` is not closed."""
        places = None
        plain = line.rstrip("\r\n")
        if "\x1b" in plain:
            plain, places = _without_ansi(plain)
        kept, alone = self._kept.get(self._alike(plain), _NOT_KEPT)
        if alone and kept is not None:
            return [self._as_in(plain, f, f.column if places is None else places[f.column]) for f in kept]
        text, offset = (plain, 0) if _REPORT in plain else _object(plain, around)
        found = [f for f in self._examine(text) if offset <= f.column < offset + max(1, len(plain))]
        columns = {f.column - offset: f for f in found}
        if text == plain:
            columns = self._wrapped(plain, around, columns)
        return [self._as_in(plain, columns[c], places[c] if places else c, c) for c in sorted(columns)]

    @staticmethod
    def _as_in(line: str, found: Finding, column: int, at: int | None = None) -> Finding:
        """A kept finding as it is in this line: `at` is its place there, `column` the one in the line as it came."""
        at = found.column if at is None else at
        matched = line[at : at + len(found.matched)]
        if len(matched) < len(found.matched):  # a hard wrap has cut it
            matched = found.matched
        return found._replace(column=column + 1, matched=matched)

    def _wrapped(self, line: str, around: Around, found: dict[int, Finding]) -> dict[int, Finding]:
        """The findings by column, put right where a hard wrap has cut the line's first or last word."""
        later = around.following(0) if _may_wrap(line) else None
        if later and _wraps(line, later):
            for f in self._examine(line + later):
                if f.column < len(line) < f.column + len(f.matched) and f.form != "words":
                    found = {at: other for at, other in found.items() if at + len(other.matched) <= f.column}
                    found[f.column] = f
        earlier = around.preceding(0) if found and _may_go_on(line) else None
        if earlier and _wraps(earlier, line):
            cut = len(earlier)
            for f in self._examine(earlier + line):
                if f.column < cut < f.column + len(f.matched) and f.form != "words":
                    end = f.column + len(f.matched) - cut
                    found = {at: other for at, other in found.items() if at >= end and other.form != "words"}
        return found

    def _examine(self, text: str) -> list[Finding]:
        """The findings in a text, by offset. A log repeats itself, so those of a like text are kept."""
        like = self._alike(text)
        found, _ = self._kept.get(like, _NOT_KEPT)
        if found is None and like not in self._kept:
            found = self._fresh(like)
            exact = self._alike.with_numbers(text) if found else like
            if any(f.form != "words" and not exact.startswith(f.matched, f.column) for f in found):
                found = None
            self._keep(like, found)
        if found is None:
            like = self._alike.with_numbers(text)
            found, _ = self._kept.get(like, _NOT_KEPT)
        if found is None:
            found = self._fresh(like)
            self._keep(like, found)
        return found

    def _keep(self, like: str, found: list[Finding] | None) -> None:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        if len(like) <= _LONGEST_KEPT:
            self._kept[like] = found, found is not None and _stands_alone(like)

    def _fresh(self, text: str) -> list[Finding]:
        reports = self._reports(text)
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
            spoken = self._spoken(w, words, numbered)
            if spoken:
                found.setdefault(words.start, spoken)
        return [found[at] for at in sorted(found)]

    def _reports(self, text: str) -> list[Finding] | None:
        """What the device itself reports; None where the text is not a report."""
        match = DEVICE.search(text) if _REPORT in text else None
        if not match:
            return [] if _REPORT in text and BANNER.search(text) else None
        vendor = None if match["vendor"] == "?" else match["vendor"]
        code = None if match["code"] == "?" else int(match["code"])
        state, times = match["state"], int(match["times"] or 1)
        claimants = set(match["text"].split()) & set(self.catalog.vendors) if vendor is None else {vendor}
        known = () if code is None else self.catalog.lookup(code)
        known = tuple(m for m in known if m.vendor in claimants)
        if known and is_done(known[0]) and not self.verbose:
            return []
        why = "the device says so"
        if len(claimants) > 1:
            why = f"the device says that {' and '.join(sorted(claimants))} have this number"
        elif known and state != known[0].state:
            why = f"the device says so, with the state {state} where these tables have {known[0].state}"
        elif vendor and not known:
            why = "the device says so; these tables do not have the code"
        written = f"{match['vendor']} {match['code']}"
        form = "device"
        if record := JOURNAL.search(match["text"]):
            form, times = "journal", int(record["times"])
        return [Finding(0, match.start("vendor"), written, code, vendor, form, 1.0, why, known, state, times)]

    def _from_bytes(self, w: Witnesses) -> Iterable[Finding]:
        """Codes given byte by byte: the header's 0x22 and 0x23, or two bytes after a word for an error."""
        for match in WIRE_BYTES.finditer(w.text):
            dump = WIRE_NEIGHBOUR.search(w.text[max(0, match.start() - 24) : match.end() + 24])
            if not dump and (finding := from_bytes(w, match.start(), match.end(), match[1], match[2])):
                yield finding
        for match in BYTE_PAIR.finditer(w.text):
            wired = any(self.catalog.vendors[v].wire for v in w.named(match.start()))
            before = w.text[max(0, match.start() - REACH) : match.start()]
            if not wired or (place(before)[0] is Place.NONE and not WIRE_SLICE.search(before)):
                continue
            low, high = (match[1], match[2]) if match[1] else (match[3], match[4])
            finding = from_bytes(w, match.start(), match.end(), low, high)
            if finding and finding.code is not None and finding.code < 0:
                yield finding

    def _spoken(self, w: Witnesses, match: Match, numbered: list[int]) -> Finding | None:
        """A finding for a vendor's words that no number stands with."""
        text, phrase = w.text, match.phrase
        i = bisect_left(numbered, match.start - _WITH_NUMBER)
        if i < len(numbered) and numbered[i] < match.end + _WITH_NUMBER:
            return None
        meanings = tuple(m for m in phrase.meanings if self.verbose or not is_done(m))
        spoken = text[match.start : match.end]
        if (
            not meanings
            or (match.cut and len(spoken.split()) < _CUT_WORDS)
            or _INSIDE_NAME.search(ASIDE.sub("", spoken))
        ):
            return None
        named = w.named(match.start)
        theirs = tuple(m for m in meanings if m.vendor in named)
        if (named or phrase.plain) and not theirs:
            return None
        starts = _BOUND_BEFORE.search(text[max(0, match.start - 24) : match.start])
        if not starts and (phrase.plain or not theirs):
            return None
        if not match.cut and not _BOUND_AFTER.match(text, match.end):
            return None
        meanings = theirs or meanings
        claimants = {m.vendor for m in meanings}
        return Finding(
            line=0,
            column=match.start,
            matched=text[match.start : match.end],
            code=meanings[0].code if len(claimants) == 1 else None,
            vendor=meanings[0].vendor if len(claimants) == 1 else None,
            form="words",
            confidence=0.7 if len(meanings) == 1 else 0.6,
            why="the vendor's words, without a number",
            meanings=meanings,
            state=shared_state(meanings),
        )


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


def _is_member(line: str) -> bool:
    """Whether a line is a member of an object that began above: `"code": 1106,`."""
    return "{" not in line and (_MEMBER.match(line) is not None or _is_inner(line))


def _is_inner(line: str) -> bool:
    """Whether a log entry holds one line of an object that is spread over several entries."""
    return _INNER.match(line) is not None


def _object(line: str, around: Around) -> tuple[str, int]:
    """The line with the lines of the object that it is part of, and where in that the line begins."""
    head = _head(line, around) if line.count("}") > line.count("{") or _is_member(line) else ""
    if not head and _ANSWER_LINE.match(line):
        return _answer(line, around)
    text, last = head + line, line
    depth = text.count("{") - text.count("}")
    for i in range(AROUND):
        later = around.following(i) if depth > 0 else None
        if later is None or (ENTRY_START.match(later) and not _is_inner(later)):
            break
        text += later if _wraps(last, later) else "\n" + later
        depth += later.count("{") - later.count("}")
        last = later
    return text, len(head)


def _answer(line: str, around: Around) -> tuple[str, int]:
    """The line with the like ones around it, of an answer that is printed without braces, a line a key."""
    before: list[str] = []
    while (earlier := around.preceding(len(before))) is not None and _ANSWER_LINE.match(earlier):
        before.insert(0, earlier + "\n")
    after: list[str] = []
    while (later := around.following(len(after))) is not None and _ANSWER_LINE.match(later):
        after.append("\n" + later)
    return "".join([*before, line, *after]), sum(map(len, before))


def _head(line: str, around: Around) -> str:
    """The lines above, from the one on which the object began that the line is part of."""
    head, following = "", line
    for i in range(AROUND):
        earlier = around.preceding(i)
        if earlier is None or "}" in earlier:
            return ""
        head = earlier + ("" if _wraps(earlier, following) else "\n") + head
        if "{" in earlier:
            return head
        if ENTRY_START.match(earlier) and not _is_inner(earlier):
            return ""
        following = earlier
    return ""


def _stands_alone(line: str) -> bool:
    """Whether the lines around a line can have nothing to do with it."""
    if _REPORT in line:
        return True
    joined = line.count("{") != line.count("}") or _is_member(line) or _ANSWER_LINE.match(line)
    return not (joined or _may_wrap(line) or _may_go_on(line))


def _may_wrap(line: str) -> bool:
    """Whether a line ends in the middle of something."""
    if len(line) < _WRAP_AT_LEAST or not (line[-1].isalnum() or line[-1] in _OPEN_END):
        return False
    return _is_open(line) or _PART_OF_NUMBER.search(line[-24:]) is not None


def _may_go_on(line: str) -> bool:
    """Whether a line begins in the middle of something."""
    return not LOG_START.match(line) and _GOES_ON.match(line) is not None


def _wraps(line: str, following: str) -> bool:
    """Whether a hard wrap may have cut the line, so that the next one goes on with it."""
    return _may_wrap(line) and _may_go_on(following) and (_is_open(line) or following[0].isdigit())


def _is_open(line: str) -> bool:
    """Whether a bracket or a quotation that began on the line has not ended."""
    for opened, closed in ("()", "[]", "{}"):
        if line.count(opened) > line.count(closed):
            return True
    return line.count('"') % 2 == 1
