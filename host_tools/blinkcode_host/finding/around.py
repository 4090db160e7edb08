"""The lines around a line, and which of them belong to it: an object over several lines, a hard wrap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from blinkcode_host.finding.reports import REPORT
from blinkcode_host.finding.shapes import ENTRY_START, LOG_START, PLAIN_ENTRY

#: Lines before and after a line that can bear witness, and how much of each.
AROUND, AROUND_CHARACTERS = 8, 512
_WRAP_AT_LEAST = 16
_OPEN_END = "_\"':,({[=-])"
_GOES_ON = re.compile(r"[\w\"':,)}\]=.-]")
_MEMBER = re.compile(r"\s*[\"']?(?:[A-Za-z_]\w{0,40}[\"']?\s?:\s?\S|-?\d{1,10}[\"']?\s?,?\s*$)")
_ANSWER_LINE = re.compile(
    r"[\s>|]{0,12}(?:- )?[\"']?"
    r"(?:(?P<key>(?:err(?:or)?[ _-]?)?(?:code|msg|message|success|localizedMsg|tid))[\"']?\s?[:=]\s?[^\s{][^{}]{0,160}"
    r"|(?P<number_key>status|err(?:or|no)?)[\"']?\s?[:=]\s?[\"']?-?\d{1,10}[\"']?,?)$",
    re.I,
)
_INNER = re.compile(
    r"[^{}\"']{2,60}?[ \]:|]"
    r"(?:[\"'][A-Za-z_]\w{0,40}[\"']\s?:|\s{2,}[A-Za-z_]\w{0,40}\s?:|\s{0,12}\}[,\]]?\s*$).{0,400}$"
)
_NUMBER_FIRST = re.compile(r" ?[-−]?\d")
# A number in its place at a line's end, or with so little behind it that its words are cut off.
_NUMBER_LAST = re.compile(
    r"(?:code|err\w*|status|[=:(\[])[\s\"':=(\[#]{0,4}-?\d{1,8}(?:[^\w\n]{0,4}|[^\w\n]{1,4}[A-Za-z]{1,9}[\s:=\"']{0,4})$",
    re.I,
)
_CUT_REPORT = re.compile(rf"{REPORT}(?:[a-z?]\S{{0,31}}(?: -?\d{{0,10}}(?: [A-Z]?)?)?)?$")
_PART_OF_NUMBER = re.compile(r"(?:code|err\w*|status|[=:(\[])[\s\"':=(\[#]{0,4}-?\d{0,8}$", re.I)


class NeedMore(Exception):
    """The line that follows is wanted, and has not come yet."""


class Around(Protocol):
    """The lines around a line, without ANSI sequences and line ends."""

    def following(self, i: int) -> str | None:
        """The line `i` after this one, from 0; None where there is none. Raises NeedMore."""

    def preceding(self, i: int) -> str | None:
        """The line `i` before this one, from 0; None where there is none."""

    def entry_follows(self) -> bool:
        """Whether it is plain, without taking the next line, that it begins a log entry."""


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

    def entry_follows(self) -> bool:
        """See Around."""
        return bool(self.after) and PLAIN_ENTRY.match(self.after[0].encode()) is not None


def _is_member(line: str) -> bool:
    """Whether a line is a member of an object that began above: `"code": 1106,`."""
    return "{" not in line and (_MEMBER.match(line) is not None or _is_inner(line))


def _is_inner(line: str) -> bool:
    """Whether a log entry holds one line of an object that is spread over several entries."""
    return _INNER.match(line) is not None


def whole_object(line: str, around: Around) -> tuple[str, int]:
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
        text += later if wraps(last, later) else "\n" + later
        depth += later.count("{") - later.count("}")
        last = later
    return text, len(head)


def _answer(line: str, around: Around) -> tuple[str, int]:
    """The line and the ones around it that make an answer printed without braces: a line a key, each key once."""
    keys = {_key_of(line)}
    after: list[str] = []
    while (later := around.following(len(after))) is not None and (key := _key_of(later)) and key not in keys:
        after.append("\n" + later)
        keys.add(key)
    before: list[str] = []
    while (
        (earlier := around.preceding(len(before))) is not None
        and (key := _key_of(earlier))
        and key not in keys
    ):
        before.insert(0, earlier + "\n")
        keys.add(key)
    return "".join([*before, line, *after]), sum(map(len, before))


def _key_of(line: str) -> str:
    """The key of a line of such an answer, in lower case; none else."""
    match = _ANSWER_LINE.match(line)
    return (match["key"] or match["number_key"]).lower() if match else ""


def _head(line: str, around: Around) -> str:
    """The lines above, from the one on which the object began that the line is part of."""
    head, following = "", line
    for i in range(AROUND):
        earlier = around.preceding(i)
        if earlier is None or "}" in earlier:
            return ""
        head = earlier + ("" if wraps(earlier, following) else "\n") + head
        if "{" in earlier:
            return head
        if ENTRY_START.match(earlier) and not _is_inner(earlier):
            return ""
        following = earlier
    return ""


def stands_alone(line: str) -> bool:
    """Whether the lines around a line can have nothing to do with it, but for one that goes on where it may_wrap()."""
    if REPORT in line:
        return True
    joined = line.count("{") != line.count("}") or _is_member(line) or _ANSWER_LINE.match(line)
    return not (joined or may_go_on(line))


def may_wrap(line: str) -> bool:
    """Whether a line ends in the middle of something."""
    end = line.rstrip(" ")[-1:]
    if len(line) < _WRAP_AT_LEAST or not (end.isalnum() or end in _OPEN_END):
        return False
    cut = _PART_OF_NUMBER.search(line[-24:]) or _NUMBER_LAST.search(line[-48:])
    return is_open(line) or cut is not None or _is_cut_report(line)


def _is_cut_report(line: str) -> bool:
    return REPORT in line and _CUT_REPORT.search(line) is not None


def may_go_on(line: str) -> bool:
    """Whether a line begins in the middle of something."""
    line = line.removeprefix(" ")
    return not LOG_START.match(line) and _GOES_ON.match(line) is not None


def goes_on(around: Around) -> bool:
    """Whether the next line may go on in the middle of something. Raises NeedMore."""
    if around.entry_follows():
        return False
    later = around.following(0)
    return later is not None and may_go_on(later)


def wraps(line: str, following: str) -> bool:
    """Whether a hard wrap may have cut the line, so that the next one goes on with it."""
    return (
        may_wrap(line)
        and may_go_on(following)
        and (
            is_open(line)
            or _NUMBER_FIRST.match(following) is not None
            or _NUMBER_LAST.search(line[-48:]) is not None
            or _is_cut_report(line)
        )
    )


def is_open(line: str) -> bool:
    """Whether a bracket or a quotation that began on the line has not ended."""
    for opened, closed in ("()", "[]", "{}"):
        if line.count(opened) > line.count(closed):
            return True
    return line.count('"') % 2 == 1
