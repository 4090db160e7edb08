"""The word that a number belongs to, and how much it says that the number is an error code."""

from __future__ import annotations

import enum
import re

from blinkcode_host.console.evidence import LEXICON

#: How many characters before a number are looked at.
REACH = 72

_BEFORE = re.compile(
    r"(?P<words>(?:[A-Za-z_]\w{0,40}(?:\.\w{1,40}){0,4}[ \t]{1,2}){0,2}[A-Za-z_]\w{0,40}(?:\.\w{1,40}){0,4}"
    r"|[\u4e00-\u9fff]{1,8})"
    r"(?P<parting>(?:\\?[\"'])?[ \t]{0,4}[\])]?"
    r"(?:=>|->|:=|[=:：|#>]|(?<=[\w)])\s(?:is|was|no\.?|number|nr\.?)\b)?\s{0,12}"
    r"[\[({#]{0,2}[ \t]?(?:\\?[\"'])?)$"
)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CHINESE = re.compile(r"(?:错误|异常|故障|失败)(?:代?码|编?号|码)?$|(?<!邮)(?<!验)(?<!证)代码$|(?<!证)码$")
_CHINESE_WEAK = re.compile(r"(?:返回|状态|响应)码$|返回$|状态$")
_WORDS = {name: frozenset(words.split()) for name, words in LEXICON["place"].items()}


class Place(enum.IntEnum):
    """How much the word before a number says that it is an error code."""

    NONE = 0
    WEAK = 1  # status, ret, failed: many numbers stand there
    STRONG = 2  # error, err, code, errno


def place(before: str) -> tuple[Place, str, str]:
    """(how good the place is, the word that the number belongs to, what parts them), from the text before it."""
    match = _BEFORE.search(before[-REACH:])
    if not match:
        return Place.NONE, "", ""
    words, parting = match["words"], match["parting"]
    if words[0] >= "\u4e00":
        if _CHINESE_WEAK.search(words):
            return Place.WEAK, words, parting
        return (Place.STRONG if _CHINESE.search(words) else Place.NONE), words, parting
    parts = [part.lower() for part in _CAMEL.findall(words)]
    while len(parts) > 1 and parts[-1] in _WORDS["carriers"]:
        parts.pop()
    if not parts:
        return Place.NONE, "", ""
    constant = words.isupper() and "_" in words  # in a program's source: PROTOCOL_ERROR = 1002
    return _rank(parts, parting, constant), parts[-1], parting


def _rank(parts: list[str], parting: str, constant: bool) -> Place:
    last, previous = parts[-1], parts[-2] if len(parts) > 1 else ""
    bare = not parting.strip(" \t\"'\\")
    if last == "code":
        if (
            previous in _WORDS["no_code"]
            or (bare and previous in ("is", "the", "a"))
            or "is" in parting.split()
        ):
            return Place.STRONG if "error" in parts[:-1] else Place.NONE
        if previous in _WORDS["weak_code"]:
            return Place.WEAK
        return Place.STRONG if not previous or previous in _WORDS["code_of"] else Place.WEAK
    if last in _WORDS["strong"]:
        if previous in _WORDS["no_error"] or (bare and previous in ("no", "without", "an")):
            return Place.NONE
        return Place.WEAK if previous and constant else Place.STRONG
    if last in _WORDS["weak"] or (last in _WORDS["after_failing"] and previous in _WORDS["failing"]):
        return Place.WEAK
    return Place.NONE
