"""The questions that the table asks of a candidate: is this number this vendor's? Each has its name beside it.

A new question is a function here and its name in a row of table.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.forms import ENVELOPES, Claim
from blinkcode_host.finding.names import is_foreign, read_data
from blinkcode_host.finding.number import Number
from blinkcode_host.finding.place import Place
from blinkcode_host.finding.text import NEAR
from blinkcode_host.finding.words import Match, is_done, tokens

SMALL = 12  # below this a negative number is an everyday one
LARGE = 10_000_000
UNKNOWN_CODES = range(1_000, 100_000_000)  # what may be a code that its table lacks, without the sign
FOUR_DIGITS = range(1_000, 10_000)
HTTP_LIKE = range(100, 600)
_HTTP_REASON = re.compile(
    r"too many requests|bad request|unauthorized|forbidden|not found|internal server error|service unavailable",
    re.I,
)
_ERROR_CODE = re.compile(
    r"err(?:or)?[ _-]?code\W{1,6}$|code(?:\\?[\"'])?\s?[:=]\s?(?:\\?[\"'])?$|错误代?码\W{1,4}$", re.I
)
_SEGMENT_START = re.compile(r"(?:^|[\]>)|]|: |\d\d[:.,]\d{2,6}Z?|ERROR|WARN(?:ING)?|INFO|DEBUG)\s*[\"'(\[]?$")
_KEY = re.compile(r"[\"']?\b([A-Za-z_]\w{0,40})[\"']?\s?[:=]")
_FINE = re.compile(r"[\"']?(?:success[\"']?\s?:\s?true|status[\"']?\s?:\s?[\"']ok)", re.I)
_ANSWER_KEY = re.compile(r"(?:msg|message|code)$", re.I)
_ANSWER = frozenset(read_data("places.toml")["answer"]["keys"].split())
_SUCCESS = re.compile(r"[\u4e00-\u9fff]{0,6}成功|(?:success\w*|ok|done)\b", re.I)
_UNKNOWN_JOINT = re.compile(r"[\"')\]]{0,2}(?:\s[-–—|]\s|[:：]\s)|[\"']?[)\]][\"']?\s")
_COUNTED = re.compile(
    r"\s(?!(?:from|for|on|at|in|after|while|when|by|and|but|or|to|with|is|was|again|retry(?:ing)?|giving)\b)[a-z]{3,}"
)
_VENDOR_BEFORE = re.compile(r"([a-z][\w-]{0,31})(?:[:#=/]|\s)\s?$", re.I)
_GOES_ON = re.compile(r"\s{1,3}[a-z0-9]|[-/]")
_BRACKET = re.compile(r"(?:^|[\s:，。])[(\[（]$")
_QUOTED = re.compile(r"(?:^|[\s(])[`\"'“‘]$")
_WORDS_AFTER = re.compile(r"\s?(?::|[-–—]\s)\s?[A-Za-z\u4e00-\u9fff]{2}")
# A line that says whose it is: a logger of Home Assistant, a plugin of Homebridge, an adapter of ioBroker.
_OF_ITS_OWN = re.compile(
    r"\[(?:custom_components|homeassistant\.components)\.\w|^\[\d{1,2}/\d{1,2}/\d{4}, [^\]\n]{6,12}\] \[\w"
    r"|^[a-z][\w-]{2,24}\.\d\s",
    re.M,
)
_LOG_FIELD = re.compile(r"(?:\bport|\bpid|\bline|\btid|\bthread|\bid)\W{0,3}$", re.I)


@dataclass(frozen=True)
class Candidate:
    """A number and somebody who may have sent it."""

    number: Number
    vendor: str
    claim: Claim | None = None  # the form that it stands in
    name_beside: bool = False  # the name of the same code stands beside it
    answers: dict[Callable[[Candidate], bool], bool] = field(default_factory=dict, compare=False)

    def answer(self, ask: Callable[[Candidate], bool]) -> bool:
        """The answer to a question, which is asked once."""
        answer = self.answers.get(ask)
        if answer is None:
            answer = self.answers[ask] = ask(self)
        return answer


QUESTIONS: dict[str, Callable[[Candidate], bool]] = {}
"""Each question by its name."""

_Question = Callable[[Candidate], bool]


def question(name: str) -> Callable[[_Question], _Question]:
    """Give a question its name in the table."""

    def named(function: _Question) -> _Question:
        QUESTIONS[name] = function
        return function

    return named


@question("its table has it")
def has_it(c: Candidate) -> bool:
    return bool(c.number.of(c.vendor))


@question("its words stand beside it")
def words_agree(c: Candidate) -> bool:
    own = tuple(m for m in c.number.own if m.vendor == c.vendor)
    return bool(own) and (c.number.code not in HTTP_LIKE or _is_no_http(c.number, own))


@question("its name or its form tells, and means that here")
def name_or_form_tells(c: Candidate) -> bool:
    if c.name_beside and name_means_that(c):
        return True
    return in_form(c) and (means_the_same(c) or is_an_esp32s(c))


def name_means_that(c: Candidate) -> bool:
    """Other platforms have the names of an errno for other numbers; all other names are of ESP-IDF and of mbedtls."""
    return c.vendor != "errno" or is_an_esp32s(c)


def means_the_same(c: Candidate) -> bool:
    """Whether a number in this form means the same on every platform."""
    form = c.claim.form if c.claim else None
    return bool(form and (form.anywhere or c.number.t.catalog.vendors[c.vendor].kind != "system"))


def is_an_esp32s(c: Candidate) -> bool:
    """Whether an ESP32 says it, and no other platform; some forms are MicroPython's and need no more to tell."""
    t, at = c.number.t, c.number.start
    needs_esp32 = c.claim is None or c.claim.form is None or c.claim.form.esp32
    return (not needs_esp32 or t.comes_from("esp32", at)) and not t.comes_from("other", at)


@question("it stands in a form of its own")
def in_form(c: Candidate) -> bool:
    return c.claim is not None


@question("it is the code of the vendor's own answer")
def in_envelope(c: Candidate) -> bool:
    return c.vendor in answering(c.number)


@question("another system is named")
def another_is_named(c: Candidate) -> bool:
    n = c.number
    if not n.named:
        return n.t.is_foreign(n.code, n.start)
    if -SMALL < n.code < 0 and n.message and n.message.binding and is_foreign(n.code, n.message.text):
        return True
    return n.t.is_foreign_since_named(n.code, n.start)


@question("success is reported")
def says_success(c: Candidate) -> bool:
    message = c.number.message
    if not message or not message.binding or not _SUCCESS.match(message.text):
        return False
    return not all(map(is_done, c.number.of(c.vendor)))


@question("success, which was asked for")
def success_asked_for(c: Candidate) -> bool:
    meanings = c.number.of(c.vendor)
    return c.number.t.verbose and bool(meanings) and all(map(is_done, meanings))


@question("another code's words stand beside it")
def words_of_another(c: Candidate) -> bool:
    n = c.number
    others = words_in_message(n)
    if not others:
        return False
    return bool(n.named) or _tell_whose(n, others[0], n.of(c.vendor))


@question("another code's words are all that is said")
def another_says_it_all(c: Candidate) -> bool:
    n = c.number
    words = words_in_message(n)
    if n.meanings or abs(n.code) not in UNKNOWN_CODES or not words or not n.message:
        return False
    phrase = words[0].phrase
    if c.vendor not in {m.vendor for m in phrase.meanings}:
        return False
    whole = len(n.message.text.strip(" .!\"')]")) <= words[0].end - words[0].start + 2
    alone = (
        whole
        and 3 <= len(n.written.lstrip("-")) <= 8
        and _UNKNOWN_JOINT.match(n.t.text, n.end)
        and (n.where is Place.STRONG or _SEGMENT_START.search(n.before(40)))
    )
    placed = whole and n.where is not Place.NONE and (not phrase.plain or c.vendor in n.named)
    return bool(alone or placed)


@question("the vendor is named")
def is_named(c: Candidate) -> bool:
    return c.vendor in c.number.named


@question("the vendor is named on a line around")
def is_named_around(c: Candidate) -> bool:
    n = c.number
    if n.named or _OF_ITS_OWN.search(n.t.text, max(0, n.start - NEAR), n.start):
        return False
    return c.vendor in (n.t.named_before or n.t.named_after)


def is_telling(c: Candidate) -> bool:
    """Whether hardly anything else has such numbers."""
    return c.number.code <= -1000 or c.number.code >= LARGE


@question("an error code's place")
def in_strong_place(c: Candidate) -> bool:
    n = c.number
    if n.where is not Place.STRONG:
        return False
    if n.code in HTTP_LIKE:
        several = len({m.vendor for m in n.meanings}) > 1
        return bool(n.named) or (several and bool(_ERROR_CODE.search(n.before(24))))
    if -SMALL < n.code < 0 and not n.named:
        return n.code != -1 and re.search(r"[=:：＝]", n.parting) is not None
    return n.word != "code" or n.code < 0 or (bool(n.named) and not _reports_success(n)) or is_answer(n)


def in_weak_place(c: Candidate) -> bool:
    """Whether codes stand in such a place, and other numbers too."""
    n = c.number
    if n.code in HTTP_LIKE:
        return False
    if n.where is Place.NONE:
        return _right_after_vendor(n)
    return n.where is Place.WEAK and not _COUNTED.match(n.t.text, n.end)


@question("an error code's place, or a weaker one for a telling number")
def in_place_for_unknown(c: Candidate) -> bool:
    return in_strong_place(c) or (is_telling(c) and in_weak_place(c))


@question("a place where codes stand")
def in_any_place(c: Candidate) -> bool:
    return c.number.where is not Place.NONE


@question("its table has it, or it has a code's size")
def may_have_it(c: Candidate) -> bool:
    return has_it(c) or abs(c.number.code) in UNKNOWN_CODES


@question("like the vendor's codes")
def is_like_its_codes(c: Candidate) -> bool:
    """No port, no line and no id, but a number of four digits, a negative one, or one as long as some that it has."""
    n = c.number
    if _LOG_FIELD.search(n.before(16)) or n.t.is_foreign(n.code, n.start):
        return False
    if n.code in HTTP_LIKE:
        return n.word == "code" and n.t.has_such(c.vendor, n.code)
    if abs(n.code) not in UNKNOWN_CODES:
        return False
    return n.code < 0 or n.code in FOUR_DIGITS or n.t.has_such(c.vendor, n.code)


@question("a weaker sign of a code")
def has_weaker_sign(c: Candidate) -> bool:
    return is_telling(c) or in_weak_place(c) or (stands_apart(c) and not words_of_another(c))


@question("eight digits")
def has_eight_digits(c: Candidate) -> bool:
    n = c.number
    placed = in_strong_place(c) or stands_apart(c)
    return n.code >= LARGE and placed and not n.t.is_foreign(n.code, n.start)


def stands_apart(c: Candidate) -> bool:
    """In brackets, or where a quotation begins that goes on with words: `2008: Instruction not supported`."""
    n = c.number
    if _BRACKET.search(n.before(2)):
        return n.after(1) in (")", "]", "）")
    return _QUOTED.search(n.before(2)) is not None and _WORDS_AFTER.match(n.t.text, n.end) is not None


def answering(n: Number) -> frozenset[str]:
    """The vendors whose own answer the object is that a number is the code of."""
    own = own_object(n) if n.where is Place.STRONG else None
    if own is None:
        return frozenset()
    keys = {key[1].lower() for key in _KEY.finditer(own)}
    return frozenset(
        e.vendor
        for e in ENVELOPES
        if n.word == e.code and keys <= e.keys and all(pattern.search(own) for pattern in e.says)
    )


def own_object(n: Number) -> str | None:
    """The inside of the braces that a number stands in, without the objects in it; None where it stands in none."""
    text = n.t.text
    low = text.rfind("{", max(0, n.start - NEAR), n.start)
    if low < 0 or "}" in text[low : n.start].replace("{}", ""):
        return None
    high, depth = n.end, 0
    for brace in re.finditer(r"[{}]", text[n.end : n.end + NEAR]):
        depth += 1 if brace[0] == "{" else -1
        high = n.end + brace.start()
        if depth < 0:
            break
    return text[low + 1 : high if depth < 0 else n.end + NEAR]


def is_answer(n: Number) -> bool:
    """Whether the object that a bare code is in, if any, has an answer's keys and reports no success."""
    text, start, end = n.t.text, n.start, n.end
    low = text.rfind("{", max(0, start - NEAR), start)
    high = text.find("}", end, end + NEAR)
    if low < 0 or "}" in text[low:start]:
        return True
    own = text[low : high if high >= 0 else end + NEAR]
    if _FINE.search(own):
        return False
    others = (key for key in _KEY.finditer(own) if not start - 4 <= low + key.end() <= start)
    return all(key[1].lower() in _ANSWER or _ANSWER_KEY.search(key[1]) for key in others)


def _reports_success(n: Number) -> bool:
    own = own_object(n)
    return own is not None and _FINE.search(own) is not None


def words_in_message(n: Number) -> list[Match]:
    """The wordings in the message that is plainly the number's own."""
    message = n.message
    return [m for m in n.wordings if message.has(m)] if message and message.binding else []


def _tell_whose(n: Number, match: Match, meanings: tuple[Meaning, ...]) -> bool:
    """Whether a wording tells whose the number is: everyday words do where the number agrees."""
    same = {m.vendor for m in meanings} & {m.vendor for m in match.phrase.meanings}
    return not match.phrase.plain or (bool(same) and (n.code < 0 or len(match.phrase.tokens) > 2))


def _right_after_vendor(n: Number) -> bool:
    """`broadlink -4012`, `tuya:1106`: right after the vendor's id, and nothing that it could be a count of."""
    before = _VENDOR_BEFORE.search(n.before(36))
    if not before or before[1].lower() not in n.named:
        return False
    return not _GOES_ON.match(n.after(4))


def _is_no_http(n: Number, own: tuple[Meaning, ...]) -> bool:
    """Whether a number that HTTP has too stands with words that HTTP does not have, or as a vendor's code."""
    strong = n.where is Place.STRONG
    if n.named and strong:
        return True
    words, start = (n.message.text, n.message.start) if n.message else ("", n.end)
    literal = any(words in m.messages.values() for m in own)
    around = n.t.text[max(0, n.start - NEAR) : start] + n.t.text[start + len(words) : n.end + NEAR]
    if not n.named and not literal and is_foreign(n.code, around):
        return False
    if _HTTP_REASON.fullmatch(words.strip(" .!")) and not literal:
        return False
    if any(not m.phrase.plain for m in n.wordings):
        return True
    in_place = strong or (literal and n.word == "code")
    return in_place and (not words or any(len(tokens(words)) == len(m.phrase.tokens) for m in n.wordings))
