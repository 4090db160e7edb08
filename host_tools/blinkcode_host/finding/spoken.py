"""A vendor's words that no number stands with."""

from __future__ import annotations

import re
from bisect import bisect_left

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.finding import Finding, shared_state
from blinkcode_host.finding.forms import Claim
from blinkcode_host.finding.table import OTHER_ROWS, Row
from blinkcode_host.finding.text import Text
from blinkcode_host.finding.words import ASIDE, Match

_WITH_NUMBER = 240  # characters from a number within which words are taken to be its own
_ENDS = re.compile(r"[.!。]?[`*\"'”’)\]}）】»]*\s*(?:$|[\n,;|{}<\\，；])")
_ANOTHER_NUMBER = re.compile(
    r"[\"'.!]{0,2}\s?[(\[,:-]\s?(?:error )?(?:code|errno|err|error)\W{1,3}-?\d{1,10}", re.I
)
_ANOTHER_BEFORE = re.compile(r"(?<![\w.,:/-])-?\d{3,8}\s?[:,-]\s?[\"'`]?$")
_CUT_WORDS = 4  # of words that are cut off
_INSIDE_NAME = re.compile(r"[A-Za-z][.(/][A-Za-z]|[A-Z]_[A-Z]")
_BOUND_BEFORE = re.compile(
    r"(?:^|[:=\"'(\[{>|,.;\]}\n：，。；（【“‘«`*]|\s[-–—]|\b(?:err|error|errors|failed|failure|warn|warning|critical|fatal|exception|msg"
    r"|message|reason|info|debug|failed with|says|said|answered|replied))\s*\\?[\"'(]?\s*$",
    re.I,
)
_BOUND_AFTER = re.compile(r"\s*(?:$|[\"'.,;:)\]}|<\\!\n\r(，。；：）】”！’»`*…]|\s[-–—])")
_GOES_ON = re.compile(r"\s{1,2}(?:for|on|from|at|in|by|while|after|again)\b")  # with where, when or for whom


def spoken(t: Text, match: Match, numbered: list[int]) -> Finding | None:
    """A finding for a vendor's words, unless they stand with a code at one of the places `numbered`."""
    text, phrase = t.text, match.phrase
    i = bisect_left(numbered, match.start - _WITH_NUMBER)
    if i < len(numbered) and numbered[i] < match.end + _WITH_NUMBER:
        return None
    before = text[max(0, match.start - 24) : match.start]
    if _ANOTHER_NUMBER.match(text, match.end) or _ANOTHER_BEFORE.search(before):
        return None  # the number beside them would be theirs, and is none of these
    meanings = tuple(m for m in t.shown(phrase.meanings) if not t.catalog.field_only(m))
    words = text[match.start : match.end]
    if not meanings or (match.cut and len(words.split()) < _CUT_WORDS) or _is_name(words, match):
        return None
    if not phrase.whole and (len(meanings) > 1 or not _ENDS.match(text, match.end)):
        return None  # the first sentence of a longer message
    named = t.likely(match.start)
    theirs = tuple(m for m in meanings if m.vendor in named)
    if (named or phrase.plain) and not theirs:
        return None
    starts = _BOUND_BEFORE.search(before)
    if not starts and (phrase.plain or not theirs):
        return None
    ends = match.cut or _BOUND_AFTER.match(text, match.end)
    if not ends and (phrase.plain or not _GOES_ON.match(text, match.end)):
        return None
    if not theirs and (t.is_foreign(0, match.start) or not (match.cut or _ENDS.match(text, match.end))):
        return None  # another maker's, or the beginning of a longer sentence
    meanings = theirs or meanings
    row = OTHER_ROWS["words, named" if theirs else "words alone"]
    claimants = {m.vendor for m in meanings}
    if len(claimants) > 1:
        return _finding(row, match.start, words, meanings, None, None)
    return _finding(row, match.start, words, meanings, meanings[0].code, meanings[0].vendor)


def named_code(claim: Claim, meanings: tuple[Meaning, ...], written: str) -> Finding:
    """A finding for the name of a code, or for words that stand for one, without a number."""
    return _finding(OTHER_ROWS["name alone"], claim.start, written, meanings, claim.code, claim.vendor)


def _finding(
    row: Row, start: int, written: str, meanings: tuple[Meaning, ...], code: int | None, vendor: str | None
) -> Finding:
    """A finding of words or a name that a row of the table tells about."""
    return Finding(
        line=0,
        column=start,
        matched=written,
        code=code,
        vendor=vendor,
        form="words",
        confidence=row.confidence,
        why=row.why,
        meanings=meanings,
        state=shared_state(meanings),
        row=row.name,
    )


def _is_name(words: str, match: Match) -> bool:
    """Whether the words are joined as in a program's names: token.expired(...)."""
    if not _INSIDE_NAME.search(ASIDE.sub("", words)):
        return False
    return not any(_INSIDE_NAME.search(text) for m in match.phrase.meanings for text in m.messages.values())
