"""Names and words instead of numbers: ECONNRESET, `Wifi Internal Error`, sums of mbedTLS names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from blinkcode_host.catalog.numbers import Reading
from blinkcode_host.catalog.records import Catalog, Meaning

#: What people leave out of a name: Arduino prints NO_AP_FOUND for WIFI_REASON_NO_AP_FOUND.
PREFIXES = ("WIFI_REASON_", "MBEDTLS_ERR_", "ESP_ERR_", "STAT_", "LFS2_ERR_", "ERR_")
#: How a name ends that means no memory, which then is what counts in a sum of two.
NO_MEMORY = "_ALLOC_FAILED"
#: How alike a misspelled name has to be, 0 to 1, and the shortest name that is compared.
ALIKE, SHORTEST = 0.8, 4
#: The fewest characters of words that are looked for inside messages; a Chinese word often has two.
SHORTEST_WORDS, SHORTEST_CHINESE = 3, 2
_SMALL = frozenset("a an are be been has have is it that the this was were your".split())
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+")

Found = list[tuple[Reading, Meaning]]


class Names:
    """The messages of a catalog: each by itself, and names without their usual prefix."""

    def __init__(self, catalog: Catalog, vendors: Iterable[str]) -> None:
        wanted = frozenset(vendors)
        self._meanings = [meaning for meaning in catalog.meanings if meaning.vendor in wanted]
        self._whole: dict[
            str, dict[Meaning, str]
        ] = {}  # folded words -> meanings, and the words as they stand
        self._short: dict[str, dict[Meaning, str]] = {}
        for meaning in self._meanings:
            for message in meaning.messages.values():
                self._whole.setdefault(_folded(message), {})[meaning] = message
                for prefix in PREFIXES:
                    if message.startswith(prefix):
                        self._short.setdefault(_folded(message[len(prefix) :]), {})[meaning] = message

    def find(self, words: str) -> Found:
        """The meanings that have these words, or this name, as their message.

        Names joined by "+", as MicroPython writes mbedTLS's sums, give the meaning of each, lack of memory first;
        none where one of them is not known.
        """
        parts = [part.strip() for part in words.split("+")]
        found = [self._one(part) for part in parts]
        if len(parts) == 1:
            return found[0]
        if not all(found):
            return []
        joined = [(way, m) for part in found for way, m in part if m.vendor == "mbedtls"]
        return sorted(joined, key=lambda pair: not is_no_memory(pair[1]))

    def _one(self, words: str) -> Found:
        folded = _folded(words)
        if whole := self._whole.get(folded):
            return [(Reading(m.code, m.vendor, ""), m) for m in whole]
        short = self._short.get(folded, {})
        return [(Reading(m.code, m.vendor, f"{words} stands for {full}"), m) for m, full in short.items()]

    def saying(self, words: str) -> list[Meaning]:
        """The meanings with these words in a message; else with all of them in any order; else so in our own texts."""
        wanted = _folded_words(words)
        if len(wanted) < (SHORTEST_WORDS if wanted.isascii() else SHORTEST_CHINESE) or not _LETTER.search(
            wanted
        ):
            return []
        messages = {m: [_folded_words(message) for message in m.messages.values()] for m in self._meanings}
        texts = {
            m: [*map(_folded_words, (m.text, m.text_zh, *(text for _, text, _ in m.others)))]
            for m in self._meanings
        }
        for said in (messages, texts):
            found = [m for m, all_ in said.items() if any(_within(wanted, words) for words in all_)]
            if not found and " " in wanted:
                each = wanted.split()
                found = [m for m, all_ in said.items() if any(all(_within(w, s) for w in each) for s in all_)]
            if found:
                return found
        return []

    def near(self, words: str, most: int) -> list[Meaning]:
        """The meanings of the names that are most like a misspelled one."""
        folded = _folded(words)
        if len(folded) < SHORTEST:
            return []
        alike = difflib.get_close_matches(folded, [*self._whole, *self._short], most, ALIKE)
        found = [m for name in alike for m in self._whole.get(name) or self._short[name]]
        return list(dict.fromkeys(found))[:most]


def is_no_memory(meaning: Meaning) -> bool:
    """Whether a meaning of mbedTLS says that memory ran out."""
    return any(message.endswith(NO_MEMORY) for message in meaning.messages.values())


def _folded_words(words: str) -> str:
    """The words in lower case with single spaces between them, without punctuation and small words."""
    return " ".join(word for word in _WORD.findall(words.casefold()) if word not in _SMALL)


def _within(wanted: str, words: str) -> bool:
    """Whether folded words stand in others, as whole words; Chinese ones have no spaces between them."""
    return wanted in words if not wanted.isascii() else f" {wanted} " in f" {words} "


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
