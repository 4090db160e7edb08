"""Rows that are right in form but help little: what a reader of the tables should look at again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from blinkcode_host.catalog.records import Catalog, Meaning

#: Words that say only that something is wrong, which the lamp says already.
EMPTY = frozenset("a an the error fault failed failure unknown unspecified general other some code".split())
#: An advice shorter than this, in characters, names no place to look at.
ADVICE_LEAST = 20
#: Sentences of an advice: more are not read by who stands before the device.
SENTENCES_MOST = 2
_SENTENCE_END = re.compile(r"[.?](?:\s|$)")
_LINK = re.compile(r"https?:|www\.")


def thin(catalog: Catalog) -> Iterator[tuple[Meaning, str]]:
    """(meaning, what is thin about it and how to mend it), in the tables' order."""
    for meaning in catalog.meanings:
        for what in _faults(meaning):
            yield meaning, what


def _faults(meaning: Meaning) -> Iterator[str]:
    words = re.findall(r"[a-z]+", meaning.text.lower())
    if set(words) <= EMPTY:
        yield f"text {meaning.text!r} says no more than the code; name the thing that failed"
    if len(meaning.advice) < ADVICE_LEAST:
        yield f"advice {meaning.advice!r} is short; say what to look at, and what ends the error"
    if meaning.advice.rstrip(".").lower() == meaning.text:
        yield "advice repeats the text; say what ends the error"
    for column in ("advice", "advice_dev"):
        advice: str = getattr(meaning, column)
        sentences = len(_SENTENCE_END.findall(advice))
        if sentences > SENTENCES_MOST:
            yield f"{column} has {sentences} sentences, {SENTENCES_MOST} are read; shorten it"
        if _LINK.search(advice):
            yield f"{column} has a link, which ages; say in the vendor's words where to click"
    if meaning.advice_dev and meaning.advice_dev == meaning.advice:
        yield "advice_dev repeats the advice; leave it empty where it says nothing else"
