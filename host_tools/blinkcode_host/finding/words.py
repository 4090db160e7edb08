"""The vendors' literal words, found in running text: case, punctuation and damaged letters do not matter."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.finding.names import read_data

_TOKEN = re.compile(r"\\u[0-9A-Fa-f]{4}|([A-Za-z0-9]+)")
_CJK = re.compile(r"[\u4e00-\u9fff]+")
_SENTENCE = re.compile(r"[.。]\s+")
ASIDE = re.compile(r"\([0-9.,:x*]{2,40}\)")  # an address that was put into a message
_FARTHEST = 44  # characters that may lie between two words of a message
_FARTHEST_BACK = 120  # characters at a text's end in which a wording that is cut off begins
_BOUND = re.compile(r"(?:[:=,(\[\"')\]}]|\d|\s[-–—])\s?[\"'(]?$")
_CUT_WORDS = 2  # whole words of a message that is cut off at the end of the text, at the least
# A message made of these alone is what any program may say, so it counts only beside other evidence.
_EVERYDAY = frozenset(read_data("words.toml")["words"]["everyday"].split())
_EVERYDAY_MOST = 5
_FUNCTION = frozenset("a an are be been has have is it please that the this was were your".split())
_DONE = frozenset(["success", "successful", "successfully", "ok", "done"])


@dataclass(frozen=True)
class Phrase:
    """One wording of a vendor, and every meaning that it is printed for."""

    tokens: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    plain: bool  # everyday words
    whole: bool = True  # a message, not one sentence of several


@dataclass(frozen=True)
class Match:
    """A phrase found in a text from `start` to `end`; `cut` where the text ends before the phrase does."""

    start: int
    end: int
    phrase: Phrase
    cut: bool = False


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in lower case; letters outside ASCII only part them."""
    return [m[1].lower() for m in _TOKEN.finditer(text) if m[1]]


def ideas(text: str) -> set[str]:
    """What a text is about: its words that are not everyday ones, and its Chinese characters by twos."""
    found = {_stem(t) for t in tokens(text) if t not in _EVERYDAY and len(t) > 2 and not t.isdigit()}
    for run in _CJK.findall(text):
        found |= {run[i : i + 2] for i in range(len(run) - 1)}
    return found


def is_done(meaning: Meaning) -> bool:
    """Whether the meaning is a plain success, which is not worth a word on every line."""
    return meaning.state == "OK" and all(set(tokens(t)) <= _DONE for t in meaning.messages.values())


class Words:
    """All wordings of a catalog. Finding takes time in proportion to the text."""

    def __init__(self, catalog: Catalog) -> None:
        printed: dict[tuple[str, ...], list[Meaning]] = {}
        wholes = set()
        for meaning in catalog.meanings:
            if catalog.vendors[meaning.vendor].kind == "system":
                continue  # names of codes, and words that every system has: see forms.py
            for text in meaning.messages.values():
                whole = tuple(tokens(text))
                wholes.add(whole)
                sentences = [tuple(tokens(s)) for s in _SENTENCE.split(text)]
                for wording in {whole, *(s for s in sentences if len(s) >= 2)}:
                    claimed = printed.setdefault(wording, [])
                    if wording and meaning not in claimed:
                        claimed.append(meaning)
        self._own: dict[Meaning, list[Phrase]] = {}
        self.phrases: list[Phrase] = []
        for words, meanings in printed.items():
            if len(words) > 1:
                telling = _without_shadowed(catalog, meanings)
                phrase = Phrase(words, telling, _is_plain(words), words in wholes)
                self.phrases.append(phrase)
                for meaning in meanings:
                    self._own.setdefault(meaning, []).append(phrase)
        self._essences = {m: [_essence(p.tokens) for p in own] for m, own in self._own.items()}
        self._roots: dict[str, Any] = {}
        for phrase in self.phrases:
            node = self._roots
            for word in phrase.tokens:
                node = node.setdefault(word, {})
            node[""] = phrase
        self._firsts = sorted(self._roots)
        self._ideas = {
            m: set().union(*(ideas(t) for t in (*m.messages.values(), m.text, m.text_zh, m.advice_zh)))
            for m in catalog.meanings
        }

    def find(self, text: str) -> list[Match]:
        """The longest wordings in a text, in order, none inside another."""
        text = ASIDE.sub(lambda m: " " * len(m[0]), text)
        spans = [(m[1].lower(), m.start(), m.end()) for m in _TOKEN.finditer(text) if m[1]]
        found: list[Match] = []
        i = 0
        while i < len(spans):
            match, length = self._match_at(spans, i) if spans[i][0] in self._roots else (None, 1)
            if match:
                found.append(match)
            i += length
        return found

    def _match_at(self, spans: list[tuple[str, int, int]], i: int) -> tuple[Match | None, int]:
        node, best, length, j = self._roots, None, 1, i
        while j < len(spans):
            word, start, end = spans[j]
            if j > i and start - spans[j - 1][2] > _FARTHEST:
                return best, length
            if word not in node:
                if j == len(spans) - 1 and j - i >= _CUT_WORDS and not best:
                    return self._cut(node, spans, i, j, word)
                return best, length
            node = node[word]
            j += 1
            if "" in node:
                best, length = Match(spans[i][1], end, node[""]), j - i
        if not best and j - i >= _CUT_WORDS:
            return self._cut(node, spans, i, j - 1, "")
        return best, length

    def _cut(
        self, node: dict[str, Any], spans: list[tuple[str, int, int]], i: int, last: int, partial: str
    ) -> tuple[Match | None, int]:
        """The one phrase that the text's end cuts off, if all the ways to go on lead to the same."""
        ways = [node[word] for word in node if word and word.startswith(partial)]
        while len(ways) == 1 and "" not in ways[0]:
            ways = list(ways[0].values())
        if len(ways) != 1:
            return None, 1
        return Match(spans[i][1], spans[last][2], ways[0][""], cut=True), last - i + 1

    def begin_at_end(self, text: str) -> bool:
        """Whether a text ends with the first words of a wording, the last one perhaps cut off."""
        text = text[-_FARTHEST_BACK:]
        spans = [(m[1].lower(), m.start()) for m in _TOKEN.finditer(text) if m[1]]
        last = spans[-1][0] if spans else ""
        for i in range(len(spans) - 1, -1, -1):
            node: dict[str, Any] | None = self._roots
            for word, _ in spans[i:-1]:
                node = node.get(word) if node else None
                if not node:
                    break
            if node and self._goes_on_with(node, last) and _BOUND.search(text[: spans[i][1]]):
                return True
        return False

    def _goes_on_with(self, node: dict[str, Any], partial: str) -> bool:
        """Whether a word after `node` begins so."""
        if node is self._roots:
            i = bisect_left(self._firsts, partial)
            return i < len(self._firsts) and self._firsts[i].startswith(partial)
        return any(word.startswith(partial) for word in node)

    def agrees(self, meaning: Meaning, text: str) -> bool:
        """Whether a text says one of the meaning's wordings, give or take words put in between or moved."""
        said = tokens(text)
        if not said:
            return False
        there = set(said)
        for phrase in self._own.get(meaning, ()):
            wanted = set(phrase.tokens)
            if (
                wanted <= there
                and (len(wanted) > 1 or len(said) < 4)
                and len(said) <= 3 * len(phrase.tokens) + 6
            ):
                return True
            shared = len(wanted & there)
            if shared >= 3 and shared / len(wanted | there) >= 0.6:
                return True
            if len(said) >= _CUT_WORDS and (_is_cut(said, phrase.tokens) or _is_damaged(said, phrase.tokens)):
                return True
        return False

    def paraphrases(self, meaning: Meaning, text: str) -> bool:
        """Whether a text is one of the meaning's wordings but for small words, endings and order."""
        said = _essence(tokens(text))
        return len(said) > 1 and said in self._essences.get(meaning, ())

    def related(self, meaning: Meaning, text: str) -> bool:
        """Whether a text is about the same thing as the meaning, in other words."""
        return bool(ideas(text) & self._ideas[meaning])


def _without_shadowed(catalog: Catalog, meanings: list[Meaning]) -> tuple[Meaning, ...]:
    """The meanings that words alone may stand for: a document's go before the same vendor's from the field."""
    printed = {m.vendor for m in meanings if not catalog.field_only(m)}
    return tuple(m for m in meanings if m.vendor not in printed or not catalog.field_only(m))


def first_words(phrases: Iterable[Phrase], most: int) -> list[tuple[str, ...]]:
    """The distinct beginnings of the phrases, of at most so many words, in order."""
    return sorted({phrase.tokens[:most] for phrase in phrases})


def _is_plain(words: tuple[str, ...]) -> bool:
    """Whether any program may say this; a foreigner's grammar ("token invalid") is a vendor's."""
    if len(words) > _EVERYDAY_MOST:
        return False
    for i, word in enumerate(words):
        known = word in _EVERYDAY
        if word == "exist":
            known = "does" in words
        elif word == "invalid":
            known = i == 0 or words[i - 1] == "is"
        elif word == "wrong":
            known = i < len(words) - 1
        elif word == "support":
            known = i > 0 and words[i - 1] != "not"
        if not known:
            return False
    return True


def _is_cut(said: list[str], words: tuple[str, ...]) -> bool:
    """Whether the words said are where the phrase begins, the last one perhaps cut off."""
    n = len(said)
    return n < len(words) and tuple(said[:-1]) == words[: n - 1] and words[n - 1].startswith(said[-1])


def _is_damaged(said: list[str], words: tuple[str, ...]) -> bool:
    """Whether the words said are the phrase with the end of a word lost or torn off."""
    if not 2 < len(words) <= len(said) <= len(words) + 2:
        return False
    return all(w == s or (len(s) > 2 and w.startswith(s)) for w, s in zip(words, said, strict=False))


def _essence(words: Iterable[str]) -> set[str]:
    return {_stem(word) for word in words if word not in _FUNCTION}


def _stem(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "i"
    for ending in ("ing", "ed", "es", "s", "d", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
