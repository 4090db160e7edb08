"""Decide about one number: is it a code, whose, and how sure is that?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.evidence import LEXICON, is_foreign
from blinkcode_host.finding.finding import AGREED, Finding, finding_of
from blinkcode_host.finding.message import Said, beside, own_meanings, said
from blinkcode_host.finding.place import REACH, Place, place
from blinkcode_host.finding.shapes import AFTER_NUMBER
from blinkcode_host.finding.wire import from_number
from blinkcode_host.finding.witnesses import NEAR, Witnesses
from blinkcode_host.finding.words import Match, is_done, tokens

_MINUS = str.maketrans("−–", "--")
_SMALL = 12  # below this a negative number is an everyday one
_LARGE = 10_000_000
_HTTP_REASON = re.compile(
    r"too many requests|bad request|unauthorized|forbidden|not found|internal server error|service unavailable",
    re.I,
)
_HTTP_LIKE = range(100, 600)
_ERROR_CODE = re.compile(
    r"err(?:or)?[ _-]?code\W{1,6}$|code(?:\\?[\"'])?\s?[:=]\s?(?:\\?[\"'])?$|错误代?码\W{1,4}$", re.I
)
_ELEMENT = re.compile(r"</code>\s*(?:<|$)", re.I)
_URL_BEFORE = re.compile(r"[?&][\w-]{1,30}=$")
_SEGMENT_START = re.compile(r"(?:^|[\]>)|]|: |\d\d[:.,]\d{2,6}Z?|ERROR|WARN(?:ING)?|INFO|DEBUG)\s*[\"'(\[]?$")
_BRACKETED = re.compile(r"\(-\d{1,9}\)|\[-\d{1,9}\]")
_KEY = re.compile(r"[\"']?\b([A-Za-z_]\w{0,40})[\"']?\s?:")
_FINE = re.compile(r"[\"']?(?:success[\"']?\s?:\s?true|status[\"']?\s?:\s?[\"']ok)", re.I)
_ANSWER_KEY = re.compile(r"(?:msg|message|code)$", re.I)
_ANSWER = frozenset(LEXICON["answer"]["keys"].split())
_SUCCESS = re.compile(r"[\u4e00-\u9fff]{0,6}成功|(?:success\w*|ok|done)\b", re.I)
_FAILED = re.compile(r"\bfail|\berr(?:or)?\b|错误|失败", re.I)
_UNKNOWN_JOINT = re.compile(r"[\"')\]]{0,2}(?:\s[-–—|]\s|[:：]\s)|[\"']?[)\]][\"']?\s")
_SDK_SHAPE = re.compile(r"(?:network|login) error:? ?\($", re.I)
_CLAUSE = re.compile(r"[;,|\n]")
_COUNTED = re.compile(
    r"\s(?!(?:from|for|on|at|in|after|while|when|by|and|but|or|to|with|is|was|again|retry(?:ing)?|giving)\b)[a-z]{3,}"
)


@dataclass(frozen=True)
class _Number:
    """A number, and what the text around it says about it."""

    w: Witnesses
    start: int
    end: int
    written: str
    code: int
    named: frozenset[str]  # vendors
    where: Place
    word: str
    parting: str
    message: Said | None
    wordings: list[Match]

    @property
    def telling(self) -> bool:
        """Whether hardly anything else has such numbers."""
        return self.code <= -1000 or self.code >= _LARGE

    def before(self, most: int) -> str:
        return self.w.text[max(0, self.start - most) : self.start]

    def found(
        self,
        meanings: tuple[Meaning, ...],
        confidence: float,
        why: str,
        of: tuple[Meaning, ...] | None = None,
    ) -> Finding:
        form = _form(self.word, self.parting, self.w.text[self.end : self.end + 1])
        return finding_of(self.written, self.code, meanings, form, confidence, why, self.start, of)


def judge(w: Witnesses, start: int, end: int) -> Finding | None:
    """The finding for the number at text[start:end], its line left to the caller, or None for no code."""
    text = w.text
    written = text[start:end].translate(_MINUS)
    if text[start - 6 : start].lower() == "<code>" and not _ELEMENT.match(text, end):
        return None
    if AFTER_NUMBER.match(text, end) or _URL_BEFORE.search(text[max(0, start - 40) : start]):
        return None
    hexadecimal = written[:2] in ("0x", "0X")
    code = int(written, 16) if hexadecimal else int(written.replace(",", ""))
    if hexadecimal or code >= 0x8000:
        wire = from_number(w, start, end, written)
        if wire or hexadecimal:
            return wire
    known = w.catalog.lookup(code)
    candidates = w.shown(known)
    if known and not candidates:
        return None
    close = w.phrases_near(start, end)
    named = w.named(start)
    if not candidates and not close and not named and not _SDK_SHAPE.search(text[max(0, start - 24) : start]):
        return None
    where, word, parting = place(text[max(0, start - REACH) : start])
    if where is Place.NONE and code <= -1000 and _stands_out(text, start, end):
        where = Place.WEAK
    message = said(text, start, end)
    wordings = beside(w, start, end, code, where, message) if close else []
    n = _Number(w, start, end, written, code, named, where, word, parting, message, wordings)
    own = own_meanings(w, candidates, where, message, wordings)
    own = _of(n.named, own)
    if own and (code not in _HTTP_LIKE or _is_no_http(n, own)):
        return n.found(own, AGREED, "the number and the words agree")
    if not candidates:
        return _unknown(n)
    if named and not any(m.vendor in named for m in candidates):
        return None
    theirs = _of(named, candidates)
    if len({m.vendor for m in theirs}) > 1:
        theirs = _of(w.named_in(_CLAUSE.split(n.before(NEAR))[-1]), theirs)
    if _is_anothers(n) or not _in_place(n, theirs):
        return None
    return _by_words(n, theirs)


def _of(vendors: frozenset[str], meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings that the vendors have, or all if they have none."""
    return tuple(m for m in meanings if m.vendor in vendors) or meanings


def _is_no_http(n: _Number, own: tuple[Meaning, ...]) -> bool:
    """Whether a number that HTTP has too stands with words that HTTP does not have, or as a vendor's code."""
    strong = n.where is Place.STRONG
    if n.named and strong:
        return True
    words, start = (n.message.text, n.message.start) if n.message else ("", n.end)
    literal = any(words in m.messages.values() for m in own)
    around = n.w.text[max(0, n.start - NEAR) : start] + n.w.text[start + len(words) : n.end + NEAR]
    if not n.named and not literal and is_foreign(n.code, around):
        return False
    if _HTTP_REASON.fullmatch(words.strip(" .!")) and not literal:
        return False
    if any(not m.phrase.plain for m in n.wordings):
        return True
    in_place = strong or (literal and n.word == "code")
    return in_place and (not words or any(len(tokens(words)) == len(m.phrase.tokens) for m in n.wordings))


def _is_anothers(n: _Number) -> bool:
    """Whether another system that uses such numbers is named nearer to the number than a vendor."""
    if not n.named:
        return n.w.is_foreign(n.code, n.start)
    if -_SMALL < n.code < 0 and n.message and n.message.binding and is_foreign(n.code, n.message.text):
        return True
    return is_foreign(n.code, n.w.since_named(n.start), small=False)


def _by_words(n: _Number, meanings: tuple[Meaning, ...]) -> Finding | None:
    """Weigh the message that stands with a number in a good place."""
    if n.message and n.message.binding:
        if _SUCCESS.match(n.message.text) and not all(map(is_done, meanings)):
            return None
        others = [m for m in n.wordings if n.message.has(m)]
        if others and (n.named or _is_theirs(n, others[0], meanings)):
            far = others[0].phrase.meanings[0]
            why = f"contradicted: the words beside it are {far.vendor} {far.code}'s"
            both = (*meanings, *(m for m in others[0].phrase.meanings if m not in meanings))
            return n.found(both, 0.55, why, of=meanings)
        if not n.named and not any(n.w.words.related(m, n.message.text) for m in meanings):
            why = "only this vendor has such numbers, though with other words"
            return n.found(meanings, 0.72, why) if n.telling else None
    if n.named:
        return n.found(meanings, 0.88, "an error code's place, and the vendor is named")
    if len({m.vendor for m in meanings}) > 1:
        return n.found(meanings, 0.5, "several vendors have this number")
    sure = 0.6 if -_SMALL < n.code < 0 else 0.82 if n.telling else 0.75
    return n.found(meanings, sure, "an error code's place; only this vendor has the number")


def _is_theirs(n: _Number, match: Match, meanings: tuple[Meaning, ...]) -> bool:
    """Whether a wording tells whose the number is: everyday words do where the number agrees."""
    same = {m.vendor for m in meanings} & {m.vendor for m in match.phrase.meanings}
    return not match.phrase.plain or (bool(same) and (n.code < 0 or len(match.phrase.tokens) > 2))


def _in_place(n: _Number, meanings: tuple[Meaning, ...]) -> bool:
    """Whether a known code without words of its own stands where a code would."""
    strong = n.where is Place.STRONG
    if n.named and n.where is Place.NONE:
        return _after_vendor(n)
    if n.w.verbose and all(map(is_done, meanings)):
        return strong or n.word in ("status", "result", "ret")
    if n.code in _HTTP_LIKE:
        several = len({m.vendor for m in meanings}) > 1
        return strong and (bool(n.named) or (several and bool(_ERROR_CODE.search(n.before(24)))))
    if -_SMALL < n.code < 0 and not n.named:
        if n.word == "errno" and any(_is_theirs(n, m, meanings) for m in n.wordings):
            return True
        return (
            n.code != -1
            and (strong or n.word.endswith(("status", "状态")))
            and bool(re.search(r"[=:：＝]", n.parting))
        )
    if n.where is Place.WEAK:
        return n.telling or (bool(n.named) and not _COUNTED.match(n.w.text, n.end))
    return strong and (n.word != "code" or n.code < 0 or bool(n.named) or _is_answer(n))


def _stands_out(text: str, start: int, end: int) -> bool:
    """`pairing failed (-4012)`, `Failed to send: -4000`: apart from the words, on a line that tells of a failure."""
    line = text[text.rfind("\n", max(0, start - NEAR), start) + 1 : start]
    if _BRACKETED.match(text, start - 1):
        after = text[end : end + 60].partition("\n")[0]
        return bool(_FAILED.search(line[-60:]) or _FAILED.search(after))
    ends = re.match(r"\s*(?:$|[.,;)\]])", text[end : end + 4])
    return bool(ends and line.rstrip().endswith((":", "ERROR")) and _FAILED.search(line[-60:]))


def _is_answer(n: _Number) -> bool:
    """Whether the object that a bare code is in, if any, has an answer's keys and reports no success."""
    text, start, end = n.w.text, n.start, n.end
    low = text.rfind("{", max(0, start - NEAR), start)
    high = text.find("}", end, end + NEAR)
    if low < 0 or "}" in text[low:start]:
        return True
    own = text[low : high if high >= 0 else end + NEAR]
    if _FINE.search(own):
        return False
    others = (key for key in _KEY.finditer(own) if not start - 4 <= low + key.end() <= start)
    return all(key[1].lower() in _ANSWER or _ANSWER_KEY.search(key[1]) for key in others)


def _after_vendor(n: _Number) -> bool:
    """`broadlink -4012`, `tuya:1106`: right after the vendor's id, and nothing that it could be a count of."""
    before = re.search(r"([a-z][\w-]{0,31})(?:[:#=/]|\s)\s?$", n.before(36), re.I)
    if not before or before[1].lower() not in n.named:
        return False
    return not re.match(r"\s{1,3}[a-z0-9]|[-/]", n.w.text[n.end : n.end + 4])


def _unknown(n: _Number) -> Finding | None:
    """A number that no table has, but that stands with a vendor's words or in a vendor's answer."""
    if abs(n.code) < 1000 or n.code > 99_999_999:
        return None
    message = n.message if n.message and n.message.binding else None
    words = [m for m in n.wordings if message and message.has(m)]
    if message and words:
        phrase = words[0].phrase
        alone = (
            3 <= len(n.written.lstrip("-")) <= 8
            and _UNKNOWN_JOINT.match(n.w.text, n.end)
            and (n.where is Place.STRONG or _SEGMENT_START.search(n.before(40)))
            and len(message.text.strip(" .!\"')]")) <= words[0].end - words[0].start + 2
        )
        placed = n.where is not Place.NONE and (
            not phrase.plain or n.named & {m.vendor for m in phrase.meanings}
        )
        if alone or placed:
            likely = _of(n.named, phrase.meanings)
            why = f"{n.code} is not in the tables; the words are those of {likely[0].vendor} {likely[0].code}"
            return n.found(likely, 0.55, why)
        return None
    vendor = next(iter(n.named)) if len(n.named) == 1 else None
    if n.where is Place.NONE or (n.where is Place.WEAK and not n.telling):
        return None
    if _is_anothers(n) or (n.word == "code" and not _is_answer(n)):
        return None
    if vendor and n.w.may_have(vendor, n.code):
        why, sure = f"an error code's place, and {vendor} is named", 0.5
    elif message and _SDK_SHAPE.search(n.before(24)):
        why, sure = "an error code's place, as an SDK writes it", 0.5
    else:
        return None
    form = _form(n.word, n.parting, "")
    return Finding(0, n.start, n.written, n.code, vendor, form, sure, why, (), "UNKNOWN")


def _form(word: str, parting: str, after: str) -> str:
    if word == "errno":
        return "errno"
    if after in ('"', "'", ",", "}") and (":" in parting or "=" in parting):
        return "pair"
    return "pair" if '"' in parting or "'" in parting else "text"
