"""Words for an error, a code, a status in the languages that logs come in: places.toml, [languages]."""

from __future__ import annotations

import re
import unicodedata

from blinkcode_host.finding.names import read_data

OTHER_LANGUAGES: dict[str, str] = read_data("places.toml")["languages"]
"""Words of other languages, between blanks, by the English one."""

_PLACEHOLDER = re.compile("%([a-z]+)")


def without_accents(text: str) -> str:
    """The text with its letters as they are without marks: código is codigo. A letter that is not just marked stays."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_for(english: str) -> list[str]:
    """The words of other languages for an English one, with their accents."""
    return OTHER_LANGUAGES[english].split()


def spellings(english: str) -> list[str]:
    """The words for an English one as logs spell them; the case of a letter of ASCII is left to the search."""
    found: dict[str, None] = {}
    for word in words_for(english):
        found.update(dict.fromkeys([word, without_accents(word)]))
        if not word.isascii():
            found.update(dict.fromkeys([word.capitalize(), word.upper()]))
    return list(found)


def in_all_languages(pattern: str) -> str:
    """A regular expression with the words of all languages, the English one too, for each "%error" in it."""
    return _PLACEHOLDER.sub(lambda m: f"(?:{'|'.join([m[1], *spellings(m[1])])})", pattern)
