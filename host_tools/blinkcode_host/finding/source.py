"""Whether a place in a text is in a program's source, where codes are written down and not reported."""

from __future__ import annotations

import re

_LINE_REACH = 240  # characters of a line, on either side of a place, that are looked at
# A value that a name is given: `#define MY_ERROR 1001`, `static const int kError = 1001;`, `case 1001:`.
_GIVEN_BEFORE = re.compile(
    r"(?:#\s?define\s+\w+|\b(?:String|int|long|short|char|byte|uint\w*|u?int\d+_t|let|var|const|constexpr|static|final|enum"
    r"|public|private|val|auto|bool)\b[^\n;{}()]{0,60}=|\bcase|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s?=)\s*[\"']?$"
)
_GIVEN_AFTER = re.compile(r"[\"']?\s?(?:[;:]|$|,?\s*(?://|/\*))", re.M)
# A line that only a program's source has: a call that logs, a condition, a statement with its semicolon.
_STATEMENT = re.compile(
    r"\b(?:ESP_(?:EARLY_)?LOG[EWIDV]|log_[ewidv]|s?n?printf|Serial\.print(?:ln|f)?|MP_ERROR_TEXT)\s?\("
    r"|^\s*[-+]?\s*(?:(?:\}\s?)?(?:else )?if ?\(|while ?\(|switch ?\(|case \w+:|#\s?(?:define|if|ifdef)\b)"
    r"|^\s*[-+]?\s*return\b[^\n]*;"
    r"|^\s*[-+]?\s*(?:el)?if [^\n]*:\s*$|[=!]=\s?(?:\w+\.)?[A-Z][A-Z0-9_]{3,}|^\s*[-+]?\s*[\w.>:-]+\([^\n]*\);\s*$"
)


def is_given(text: str, start: int, end: int) -> bool:
    """Whether the number at text[start:end] is the value that a source gives to a name."""
    before = _line_before(text, start)[-120:]
    return _GIVEN_AFTER.match(text, end) is not None and _GIVEN_BEFORE.search(before) is not None


def is_in_statement(text: str, start: int, end: int) -> bool:
    """Whether the line of text[start:end] is a statement of a program."""
    stop = text.find("\n", end, end + _LINE_REACH)
    line = _line_before(text, start) + text[start : stop if stop >= 0 else end + _LINE_REACH]
    return _STATEMENT.search(line) is not None


def _line_before(text: str, start: int) -> str:
    low = max(0, start - _LINE_REACH)
    return text[text.rfind("\n", low, start) + 1 or low : start]
