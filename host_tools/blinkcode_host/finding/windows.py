"""Large expressions that are asked about many windows of one text: one quick pass tells where to look at all."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

try:
    import re2
except ImportError:  # no wheel for this machine: each window is searched then, which is slower, not different
    re2 = None

_MEMORY = 1 << 20  # bytes, at most, for the states of one expression; there are about seventy
# Of an expression: where it begins to look around, a character that is escaped, a class of characters, any other one.
_PIECE = re.compile(r"\(\?<?[=!]|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_ANCHORS = frozenset([r"\b", "^", "$"])
# Characters that both libraries know alike.
_PLAIN = re.compile(r"[\x20-\x7e\t\n\r]*")


def _pieces(pattern: str) -> Iterator[str]:
    """The pieces of an expression that do not look around."""
    depth = 0
    for piece in _PIECE.findall(pattern):
        if depth or piece.startswith("(?"):
            depth += piece.startswith("(") - (piece == ")")
        else:
            yield piece


def without_lookaround(pattern: str) -> str:
    """An expression that matches wherever the given one does, and does not look around."""
    return "".join(_pieces(pattern))


def loosened(pattern: str) -> str:
    """An expression that matches wherever the given one does, also where the text is cut right there."""
    return "".join(piece for piece in _pieces(pattern) if piece not in _ANCHORS)


class Expression:
    """An expression and its loosened form, which takes time in proportion to the text, and little of it."""

    def __init__(self, exact: re.Pattern[str]) -> None:
        self.exact = exact

    @cached_property
    def _loose(self) -> Any:
        options = re2.Options()
        options.max_mem = _MEMORY
        options.case_sensitive = not self.exact.flags & re.IGNORECASE
        options.never_capture = True
        options.log_errors = False
        return re2.compile(loosened(self.exact.pattern).encode(), options=options)

    def may_be_in(self, plain: bytes) -> bool:
        """Whether it may be found in a text."""
        return self._loose.search(plain) is not None

    def spans(self, plain: bytes) -> list[tuple[int, int]]:
        """Where it may be found: each match has a character in common with one of these."""
        return [match.span() for match in self._loose.finditer(plain)]


def plain_bytes(text: str) -> bytes | None:
    """The text for may_be_in() and spans(); None where they cannot be asked, so that it may be anywhere."""
    return text.encode("ascii") if re2 is not None and _PLAIN.fullmatch(text) else None


class Windows:
    """A text, and for each expression where in the text it may be found. A window is a part that is taken alone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = plain_bytes(text)
        self._found: dict[Expression, tuple[list[int], list[int]]] = {}

    def may_be_in(self, expression: Expression, low: int, high: int) -> bool:
        """Whether an expression may be found in text[low:high]; where not, it is not."""
        if self._plain is None:
            return True
        found = self._found.get(expression)
        if found is None:
            spans = expression.spans(self._plain)
            found = self._found[expression] = [start for start, _ in spans], [end for _, end in spans]
        starts, ends = found
        first = bisect_right(ends, low)
        return first < len(starts) and starts[first] < high

    def is_in(self, expression: Expression, low: int, high: int) -> bool:
        """Whether an expression is found in text[low:high]."""
        if not self.may_be_in(expression, low, high):
            return False
        return expression.exact.search(self.text[low:high]) is not None
