"""Decide about one number: is it a code, whose, and how sure is that?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.console.evidence import LEXICON, is_foreign
from blinkcode_host.console.finding import Finding, shared_state
from blinkcode_host.console.numbers import readings
from blinkcode_host.console.place import REACH, Place, place
from blinkcode_host.console.shapes import AFTER_NUMBER, LOG_START, MESSAGE_KEY
from blinkcode_host.console.witnesses import NEAR, Witnesses
from blinkcode_host.console.words import Match, is_done, tokens

_BESIDE = 120  # between a number and the words that go with it
_ADJACENT = 14
_MOST_SAID = 200
_SMALL = 12  # below this a negative number is an everyday one
_LARGE = 10_000_000
_HTTP_REASON = re.compile(
    r"too many requests|bad request|unauthorized|forbidden|not found|internal server error|service unavailable",
    re.I,
)
_HTTP_LIKE = range(100, 600)
_JOINT = re.compile(r"[\"')\]}>]{0,3}[ \t]{0,2}([:：|]|[-–—](?=\s)|,)?\s{0,4}")
_KEYED = re.compile(r"[\"']?[A-Za-z_][\w-]{0,30}[\"']?\s?[=:]|[{}\[(<]")
_SAID_END = re.compile(r"[\n\r}|]|\\?[\"'](?=\s{0,4}[,}\]])|[,;] ?[\"']?[A-Za-z_]\w{0,20}[\"']?\s?[=:]")
_ERROR_CODE = re.compile(
    r"err(?:or)?[ _-]?code\W{1,6}$|code\\?[\"']\s?:\s?\\?[\"']?$|错误代?码\W{1,4}$", re.I
)
_ELEMENT = re.compile(r"</code>\s*(?:<|$)", re.I)
_URL_BEFORE = re.compile(r"[?&][\w-]{1,30}=$")
_SEGMENT_START = re.compile(r"(?:^|[\]>)|]|: |\d\d[:.,]\d{2,6}Z?|ERROR|WARN(?:ING)?|INFO|DEBUG)\s*$")
_BRACKETED = re.compile(r"\(-\d{1,9}\)|\[-\d{1,9}\]")
_KEY = re.compile(r"[\"']?\b([A-Za-z_]\w{0,40})[\"']?\s?:")
_FINE = re.compile(r"[\"']?(?:success[\"']?\s?:\s?true|status[\"']?\s?:\s?[\"']ok)", re.I)
_ANSWER = frozenset(LEXICON["answer"]["keys"].split())
_FAILED = re.compile(r"\bfail|\berr(?:or)?\b|错误|失败", re.I)
_UNKNOWN_JOINT = re.compile(r"\s-\s|: ")


@dataclass(frozen=True)
class _Said:
    """The message that goes with a number: binding where it is plainly the number's own."""

    text: str
    start: int
    binding: bool


def judge(w: Witnesses, start: int, end: int) -> Finding | None:
    """The finding for the number at text[start:end], its line left to the caller, or None for no code."""
    text = w.text
    written = text[start:end].replace("−", "-")
    if text[start - 6 : start].lower() == "<code>" and not _ELEMENT.match(text, end):
        return None
    if AFTER_NUMBER.match(text, end) or _URL_BEFORE.search(text[max(0, start - 40) : start]):
        return None
    hexadecimal = written[:2] in ("0x", "0X")
    code = int(written, 16) if hexadecimal else int(written.replace(",", ""))
    named = w.named(start)
    if hexadecimal or code >= 0x8000:
        wired = any(w.catalog.vendors[vendor].wire for vendor in named)
        wire = _wire(w, start, end, written) if wired else None
        if wire or hexadecimal:
            return wire
    candidates = w.catalog.lookup(code)
    if candidates and not w.verbose:
        candidates = tuple(m for m in candidates if not is_done(m))
        if not candidates:
            return None
    close = w.phrases_near(start, end)
    if not candidates and not close and not w.everything:
        return None
    where, word, parting = place(text[max(0, start - REACH) : start])
    if where is Place.NONE and code <= -1000 and _stands_out(text, start, end):
        where = Place.WEAK
    near = w.near(start)
    said = _said(w, start, end)
    beside = _beside(w, start, end, code, where, said) if close else []
    own = _own(w, candidates, said, beside)
    form = _form(word, parting, text[end : end + 1])
    if own and (named or code not in _HTTP_LIKE or _is_no_http(w, where, said, own, near, code)):
        return _found(
            written, code, _by_vendor(own, named), form, 0.97, "the number and the words agree", start
        )
    if not candidates:
        return _unknown(w, start, end, written, code, where, named, said, beside, form)
    theirs = tuple(m for m in candidates if m.vendor in named)
    if named and not theirs:
        return None
    if not theirs and is_foreign(code, near):
        return None
    if not theirs:
        theirs = candidates
    if not _in_place(w, start, end, code, where, word, parting, named, theirs):
        return None
    return _by_words(w, written, code, theirs, form, where, named, said, beside, start)


def _is_no_http(
    w: Witnesses, where: Place, said: _Said | None, own: tuple[Meaning, ...], near: str, code: int
) -> bool:
    """Whether a number that HTTP has too stands with words that HTTP does not have."""
    if is_foreign(code, near) or not said or _HTTP_REASON.fullmatch(said.text.strip(" .!")):
        return False
    matches = [m for m in w.phrases if said.start <= m.start < said.start + len(said.text)]
    if any(not m.phrase.plain for m in matches):
        return True
    return where is Place.STRONG and any(len(tokens(said.text)) == len(m.phrase.tokens) for m in matches)


def _by_words(
    w: Witnesses,
    written: str,
    code: int,
    meanings: tuple[Meaning, ...],
    form: str,
    where: Place,
    named: frozenset[str],
    said: _Said | None,
    beside: list[Match],
    start: int,
) -> Finding | None:
    """Weigh the message that stands with a number in a good place."""
    known = bool(named & {m.vendor for m in meanings})
    telling = code <= -1000 or code >= _LARGE
    if said and said.binding:
        others = [m for m in beside if said.start <= m.start < said.start + len(said.text)]
        if others and (known or _is_theirs(others[0], meanings)):
            far = others[0].phrase.meanings[0]
            why = f"contradicted: the words beside it are {far.vendor} {far.code}'s"
            both = (*meanings, *(m for m in others[0].phrase.meanings if m not in meanings))
            return _found(written, code, both, form, 0.55, why, start, of=meanings)
        if not known and not any(w.words.related(m, said.text) for m in meanings):
            if not telling:
                return None
            return _found(written, code, meanings, form, 0.72, "only this vendor has such numbers", start)
    if known:
        return _found(
            written, code, meanings, form, 0.88, "an error code's place, and the vendor is named", start
        )
    if len({m.vendor for m in meanings}) > 1:
        return _found(written, code, meanings, form, 0.5, "several vendors have this number", start)
    sure = 0.6 if -_SMALL < code < 0 else 0.82 if telling else 0.75
    return _found(
        written, code, meanings, form, sure, "an error code's place, and one vendor has the number", start
    )


def _is_theirs(match: Match, meanings: tuple[Meaning, ...]) -> bool:
    if not match.phrase.plain:
        return True
    same = {m.vendor for m in meanings} & {m.vendor for m in match.phrase.meanings}
    return bool(same) and len(match.phrase.tokens) > 2


def _in_place(
    w: Witnesses,
    start: int,
    end: int,
    code: int,
    where: Place,
    word: str,
    parting: str,
    named: frozenset[str],
    meanings: tuple[Meaning, ...],
) -> bool:
    """Whether a known code without words of its own stands where a code would."""
    if named and where is Place.NONE:
        return _after_vendor(w, start, end, named)
    if w.verbose and all(map(is_done, meanings)):
        return where is Place.STRONG or word in ("status", "result", "ret")
    if -_SMALL < code < 0 and not named:
        return (
            code != -1 and (where is Place.STRONG or word == "status") and bool(re.search(r"[=:：]", parting))
        )
    if abs(code) < 1000 and not named:
        several = len({m.vendor for m in meanings}) > 1
        return (
            where is Place.STRONG and several and bool(_ERROR_CODE.search(w.text[max(0, start - 24) : start]))
        )
    if where is Place.WEAK:
        return bool(named) or code <= -1000 or code >= _LARGE
    return where is Place.STRONG and (
        word != "code" or code < 0 or bool(named) or _is_answer(w.text, start, end)
    )


def _stands_out(text: str, start: int, end: int) -> bool:
    """`pairing failed (-4012)`, `Failed to send: -4000`: apart from the words, on a line that tells of a failure."""
    line = text[text.rfind("\n", max(0, start - NEAR), start) + 1 : start]
    if _BRACKETED.match(text, start - 1):
        after = text[end : end + 60].partition("\n")[0]
        return bool(_FAILED.search(line[-60:]) or _FAILED.search(after))
    ends = re.match(r"\s*(?:$|[.,;)\]])", text[end : end + 4])
    return bool(ends and line.rstrip()[-1:] == ":" and _FAILED.search(line[-60:]))


def _is_answer(text: str, start: int, end: int) -> bool:
    """Whether the object that a bare code is in, if any, has an answer's keys and reports no success."""
    low = text.rfind("{", max(0, start - NEAR), start)
    high = text.find("}", end, end + NEAR)
    if low < 0 or "}" in text[low:start]:
        return True
    own = text[low : high if high >= 0 else end + NEAR]
    return not _FINE.search(own) and {key.lower() for key in _KEY.findall(own)} <= _ANSWER


def _after_vendor(w: Witnesses, start: int, end: int, named: frozenset[str]) -> bool:
    """`broadlink -4012`, `tuya:1106`: right after the vendor's id, and nothing that it could be a count of."""
    before = re.search(r"([a-z][\w-]{0,31})(?:[:#=/]|\s)\s?$", w.text[max(0, start - 36) : start], re.I)
    if not before or before[1].lower() not in named:
        return False
    return not re.match(r"\s{1,3}[a-z0-9]|[-/]", w.text[end : end + 4])


def _unknown(
    w: Witnesses,
    start: int,
    end: int,
    written: str,
    code: int,
    where: Place,
    named: frozenset[str],
    said: _Said | None,
    beside: list[Match],
    form: str,
) -> Finding | None:
    """A number that no table has, but that stands with a vendor's words or in a vendor's answer."""
    if abs(code) < 1000 or code > 99_999_999 or not said or not said.binding:
        return None
    words = [m for m in beside if said.start <= m.start < said.start + len(said.text)]
    if words:
        phrase = words[0].phrase
        alone = (
            3 <= len(written.lstrip("-")) <= 8
            and _UNKNOWN_JOINT.match(w.text, end)
            and _SEGMENT_START.search(w.text[max(0, start - 40) : start])
            and len(said.text.strip(" .!\"'")) <= words[0].end - words[0].start + 2
        )
        placed = where is not Place.NONE and (not phrase.plain or named & {m.vendor for m in phrase.meanings})
        if alone or placed:
            likely = tuple(m for m in phrase.meanings if m.vendor in named) or phrase.meanings
            why = f"{code} is not in the tables; the words are those of {likely[0].vendor} {likely[0].code}"
            return _found(written, code, likely, form, 0.55, why, start)
        return None
    if w.everything and where is Place.STRONG and len(named) == 1 and not is_foreign(code, w.near(start)):
        (vendor,) = named
        if w.catalog.vendors[vendor].section(code):
            why = f"in a range of {vendor}, but not in the tables"
            return Finding(0, start, written, code, vendor, form, 0.4, why, (), "UNKNOWN")
    return None


def _wire(w: Witnesses, start: int, end: int, written: str) -> Finding | None:
    """The signed code behind an unsigned 16- or 32-bit number, where the text names a vendor that sends such."""
    if place(w.text[max(0, start - REACH) : start])[0] is Place.NONE:
        return None
    for vendor in sorted(w.named(start)):
        if w.catalog.vendors[vendor].wire != "int16":
            continue
        for reading in readings(written, w.catalog, vendor)[1:]:
            found = tuple(m for m in w.catalog.lookup(reading.code, vendor) if w.verbose or not is_done(m))
            if found and reading.code < 0:
                return _found(written, reading.code, found, "hex", 0.9, reading.how, start)
    return None


def from_bytes(w: Witnesses, start: int, end: int, low: str, high: str) -> Finding | None:
    """The code that two bytes of an answer, the low one first, stand for."""
    for vendor in w.catalog.vendors.values():
        if vendor.wire != "int16":
            continue
        for reading in readings(f"{low} {high}", w.catalog, vendor.id):
            found = tuple(m for m in w.catalog.lookup(reading.code, vendor.id) if w.verbose or not is_done(m))
            if found:
                why = f"{reading.how}, low byte first"
                return _found(w.text[start:end], reading.code, found, "hex", 0.9, why, start)
    return None


def _said(w: Witnesses, start: int, end: int) -> _Said | None:
    """The message of the number's own object, or what follows the number."""
    text = w.text
    low = text.rfind("{", max(0, start - NEAR), start) + 1 or max(0, start - NEAR)
    high = text.find("}", end, end + NEAR)
    high = min(len(text), end + NEAR) if high < 0 else high
    keys = [m for m in MESSAGE_KEY.finditer(text, low, high) if not start < m.end() <= end]
    if keys:
        key = min(keys, key=lambda m: min(abs(m.start() - end), abs(start - m.end())))
        return _Said(_until(text, key.end()), key.end(), True)
    joint = _JOINT.match(text, end)
    assert joint
    begin = joint.end()
    if (
        begin >= len(text)
        or _KEYED.match(text, begin)
        or (joint[1] == ":" and text[end:begin].startswith(('"', "'")))
    ):
        return None
    closed = any(c in joint[0] for c in ")]")
    return _Said(_until(text, begin), begin, bool(joint[1] and joint[1] != ",") or closed)


def _until(text: str, start: int) -> str:
    quoted = re.compile(r"\\?([\"'])").match(text, start)
    if quoted:
        stop = text.find(quoted[0], quoted.end(), quoted.end() + _MOST_SAID)
        return text[quoted.end() : stop] if stop >= 0 else text[quoted.end() : quoted.end() + _MOST_SAID]
    end = _SAID_END.search(text, start, start + _MOST_SAID)
    return text[start : end.start() if end else start + _MOST_SAID]


def _beside(w: Witnesses, start: int, end: int, code: int, where: Place, said: _Said | None) -> list[Match]:
    """The wordings that may belong to the number: nearer where they are plain, or the number is an everyday one."""
    reach = _BESIDE if where is not Place.NONE else 60
    found = []
    for match in w.phrases_near(start, end):
        gap = match.start - end if match.start >= end else start - match.end
        most = reach
        if match.phrase.plain or abs(code) < 1000:
            most = _ADJACENT if where is Place.NONE else 48
        if said and said.start <= match.start < said.start + len(said.text) and said.binding:
            most = NEAR
        if 0 <= gap <= most and (gap <= _ADJACENT or not _parted(w.text, start, end, match)):
            found.append(match)
    return found


def _parted(text: str, start: int, end: int, match: Match) -> bool:
    """Whether another object or log entry begins between a number and a wording."""
    between = text[end : match.start] if match.start >= end else text[match.end : start]
    return "}" in between or any(
        LOG_START.match(part) and part.strip() for part in between.split("\n")[1:] if part[:1] != " "
    )


def _own(
    w: Witnesses, candidates: tuple[Meaning, ...], said: _Said | None, beside: list[Match]
) -> tuple[Meaning, ...]:
    """The candidates whose words stand beside the number."""
    exact = {m for match in beside for m in match.phrase.meanings}
    found = tuple(m for m in candidates if m in exact)
    if not found and said:
        found = tuple(
            m for m in candidates if w.words.agrees(m, said.text if said.binding else said.text[:80])
        )
    return found


def _by_vendor(meanings: tuple[Meaning, ...], named: frozenset[str]) -> tuple[Meaning, ...]:
    return tuple(m for m in meanings if m.vendor in named) or meanings


def _form(word: str, parting: str, after: str) -> str:
    if word == "errno":
        return "errno"
    if after in ('"', "'", ",", "}") and (":" in parting or "=" in parting):
        return "pair"
    return "pair" if '"' in parting or "'" in parting else "text"


def _found(
    written: str,
    code: int,
    meanings: tuple[Meaning, ...],
    form: str,
    confidence: float,
    why: str,
    start: int,
    of: tuple[Meaning, ...] | None = None,
) -> Finding:
    claimants = {m.vendor for m in of or meanings}
    if of is None and all(code != m.code and code not in m.aliases for m in meanings):
        vendor, state = None, "UNKNOWN"
    else:
        vendor = claimants.pop() if len(claimants) == 1 else None
        state = shared_state(of or meanings)
    return Finding(0, start, written, code, vendor, form, confidence, why, meanings, state)
