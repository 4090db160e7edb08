"""The word that a number belongs to, and how much it says that the number is an error code."""

from __future__ import annotations

import enum
import re

from blinkcode_host.finding.languages import OTHER_LANGUAGES, without_accents, words_for
from blinkcode_host.finding.names import read_data

#: How many characters before a number are looked at.
REACH = 72

_LETTER, _CHARACTER = r"[^\W\d\u4e00-\u9fff]", r"[^\W\u4e00-\u9fff]"
_ONE_WORD = rf"{_LETTER}{_CHARACTER}{{0,40}}(?:\.{_CHARACTER}{{1,40}}){{0,4}}"
_BEFORE = re.compile(
    rf"(?P<words>(?:{_ONE_WORD}[ \t]{{1,2}}){{0,3}}{_ONE_WORD}|[\u4e00-\u9fff]{{1,8}})"
    r"(?P<parting>(?:(?<=n[or]|um)\.)?(?:\\?[\"'`])?[ \t]{0,4}(?:[\])）】][ \t]?)?"
    r"(?:=>|->|:=|[=:：＝|#>,])?[\s\x00\u200b\ufeff\ufffd]{0,12}[\[({（【#]{0,2}[ \t]?(?:\\?[\"'`])?)$"
)
# The level of a log entry, after its time: a process or a thread may follow.
_LEVEL = re.compile(r"\d\d:\d\d(?:[.,]\d{1,9})?[^\s\w]?\S{0,6}\s{1,4}\W?ERR(?:OR)?\W?\s{1,4}$")
_WORD_CHARACTER = re.compile(r"\w")
# What `words` of _BEFORE can be part of, from its end backwards.
_WORDS_BACKWARDS = re.compile(r"[\w.]+(?:[ \t]{1,2}[\w.]+){0,3}")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_A-Za-z]+")
_CHINESE = re.compile(
    r"(?:(?:错误|異常|异常|故障|失败|报错|出错|錯誤|失敗|報錯)(?:[代编編]?[码碼号號])?|^代[码碼])[为為是]?$"
)
_CHINESE_WEAK = re.compile(r"(?:返回|状态|響應|响应|结果|狀態|結果)(?:代?[码碼]|值)?[为為是]?$")
_ASIDE = re.compile(
    r"\s?\((?:u?int(?:16|32)?(?:_t)?|u16|hex|dec|raw)\)(?=[ \t:=]{0,3}$)", re.I
)  # error (uint16) 65529
_WORDS = {name: frozenset(words.split()) for name, words in read_data("places.toml")["place"].items()}
_ENGLISH = {word: english for english in OTHER_LANGUAGES for word in map(without_accents, words_for(english))}


class Place(enum.IntEnum):
    """How much the word before a number says that it is an error code."""

    NONE = 0
    WEAK = 1  # status, ret, failed: many numbers stand there
    STRONG = 2  # error, err, code, errno


def place(before: str) -> tuple[Place, str, str]:
    """(how good the place is, the word that the number belongs to, what parts them), from the text before it."""
    before = before[-REACH:]
    if ")" in before[-5:]:
        before = _ASIDE.sub(" ", before)
    match = _BEFORE.search(before, _first_word(before))
    if not match or ("ERR" in before and _LEVEL.search(before)):
        return Place.NONE, "", ""
    words, parting = match["words"], match["parting"]
    if words[0] >= "\u4e00":
        if _CHINESE_WEAK.search(words):
            return Place.WEAK, words, parting
        return (Place.STRONG if _CHINESE.search(words) else Place.NONE), words, parting
    path, _, key = words.rpartition(" ")[2].rpartition(".")
    if not words.isascii():
        words = without_accents(words)
    parts = [_ENGLISH.get(part, part) for part in map(str.lower, _CAMEL.findall(words))]
    told = False  # the number is what the word is said to be: error is -4012
    while len(parts) > 1 and parts[-1] in _WORDS["carriers"]:
        told |= parts.pop() in ("is", "was")
    if not parts:
        return Place.NONE, "", ""
    constant = words.isupper() and "_" in words  # in a program's source: PROTOCOL_ERROR = 1002
    member = bool(path) and key.lower() == parts[-1]  # of an object: resp.code
    bare = told or not parting.strip(" \t\"'`\\")
    rank = _rank(parts, bare, told, constant, member)
    return (min(rank, Place.WEAK) if "," in parting else rank), parts[-1], parting


def _first_word(before: str) -> int:
    """Where the words that _BEFORE finds begin at the earliest: it is slow where it has to try each character."""
    backwards = before[::-1]
    last = _WORD_CHARACTER.search(backwards)
    words = _WORDS_BACKWARDS.match(backwards, last.start()) if last else None
    return len(before) - words.end() if words else len(before)


def _rank(parts: list[str], bare: bool, told: bool, constant: bool, member: bool) -> Place:
    last, previous = parts[-1], parts[-2] if len(parts) > 1 else ""
    if last == "code":
        if previous in _WORDS["no_code"] or told or (bare and previous in ("the", "a")):
            return Place.STRONG if "error" in parts[:-1] else Place.NONE
        if previous in _WORDS["weak_code"] and not member:
            return Place.WEAK
        return Place.STRONG if not previous or member or previous in _WORDS["code_of"] else Place.WEAK
    if last in _WORDS["strong"]:
        if previous in _WORDS["no_error"] or (bare and previous in ("no", "without", "an")):
            return Place.NONE
        return Place.WEAK if told or (previous and constant) else Place.STRONG
    if last in _WORDS["weak"] or (last in _WORDS["after_failing"] and previous in _WORDS["failing"]):
        return Place.WEAK
    return Place.NONE
