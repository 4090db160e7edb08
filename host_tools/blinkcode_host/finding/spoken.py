"""A vendor's words that no number stands with."""

from __future__ import annotations

import re
from bisect import bisect_left

from blinkcode_host.finding.finding import Finding, shared_state
from blinkcode_host.finding.witnesses import Witnesses
from blinkcode_host.finding.words import ASIDE, Match

_WITH_NUMBER = 240  # characters from a number within which words are taken to be its own
_CUT_WORDS = 4  # of words that are cut off
_INSIDE_NAME = re.compile(r"[A-Za-z][.(/][A-Za-z]|[A-Z]_[A-Z]")
_BOUND_BEFORE = re.compile(
    r"(?:^|[:=\"'(\[{>|,.;\]}\n：，。；（【“‘«`*]|\s[-–—]|\b(?:err|error|errors|failed|failure|warn|warning|critical|fatal|exception|msg"
    r"|message|reason|info|debug|failed with|says|said|answered|replied))\s*\\?[\"'(]?\s*$",
    re.I,
)
_BOUND_AFTER = re.compile(
    r"\s*(?:$|[\"'.,;:)\]}|<\\!\n\r(，。；：）】”！’»`*…]|\s(?:[-–—]|(?:for|on|from|at|in|by|while|after|again)\b))"
)


def spoken(w: Witnesses, match: Match, numbered: list[int]) -> Finding | None:
    """A finding for a vendor's words, unless they stand with a code at one of the places `numbered`."""
    text, phrase = w.text, match.phrase
    i = bisect_left(numbered, match.start - _WITH_NUMBER)
    if i < len(numbered) and numbered[i] < match.end + _WITH_NUMBER:
        return None
    meanings = w.shown(phrase.meanings)
    words = text[match.start : match.end]
    if not meanings or (match.cut and len(words.split()) < _CUT_WORDS) or _is_name(words, match):
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


def _is_name(words: str, match: Match) -> bool:
    """Whether the words are joined as in a program's names: token.expired(...)."""
    if not _INSIDE_NAME.search(ASIDE.sub("", words)):
        return False
    return not any(_INSIDE_NAME.search(text) for m in match.phrase.meanings for text in m.messages.values())
