"""Lines that differ only in what cannot matter are alike: one text stands for all of them, and is examined once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.names import NAMES
from blinkcode_host.finding.reports import REPORT
from blinkcode_host.finding.shapes import AFTER_NUMBER, IRRELEVANT, TICKS, WIRE_SLICE

_MOST_PLANS, _LONGEST_PLANNED = 8_192, 1_024
_MOST_DIGITS = 10
_DIGITS = {
    3: "54321"
}  # to fill in, where not any will do: of three digits some are HTTP's, and may be an answer's code
_SUMS = 4, 5  # digits of a negative number that may be the sum of two codes, which no table has
_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_RUN = re.compile("[0-9]+")
_ALPHANUMERIC = re.compile("[0-9A-Za-z]")
# Hardware addresses, UUIDs, and long words with a digit in them, as keys, tokens and names of devices are.
_ID = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-Za-z]{8}|[0-9A-Fa-f]{2}:)(?:(?<=[^0-9A-Za-z])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|(?=[A-Za-z]{0,40}[0-9])(?:[0-9A-Fa-f]{11,}|[0-9A-Za-z]{16,}))(?![0-9A-Za-z])"
)
# The next three are for texts whose digits are all zeros. A number of its own, or with a unit right behind it:
_NUMBER = re.compile(
    rf"(?<![A-Za-z0])(?<!0,)0{{2,{_MOST_DIGITS}}}(?:(?=(?:ms|us|s|h|kB|KB|MB|GB|B|V|W|C)\b)|(?![A-Za-z_0]|,000))"
)
# where two digits could be one of two bytes, as in `F9 62` and `0x22=62`:
_BYTE_BEFORE = re.compile(r"[0-9A-Fa-f]{2}\s?[=:, ]\s?$")
_BYTE_AFTER = re.compile(r"[ ,]\s?(?:0x)?[0-9A-Fa-f]{2}(?!\w)")

# A run of digits that is not all zeros: the fixed text before it, where it begins and ends, its nines, if it may get
# them, and the numbers that get none. The last one of a plan is empty.
_Run = tuple[str, int, int, "str | None", frozenset[str]]
_Plan = tuple[_Run, ...]


class Alike:
    """Gives the text that stands for all like a given one, of the same length.

    Times, addresses and IDs have zeros for their digits. A number that is nobody's code, in no form, and in nobody's
    words, has nines, one of three digits fives, where `numbers` allows it.
    """

    def __init__(self, catalog: Catalog, numbers: bool) -> None:
        self._numbers = numbers
        self._said = frozenset(_said(catalog))
        self._telling = self._said.union(_codes(catalog))
        self._fills = [
            next(
                (d * length for d in _DIGITS.get(length, "987654321") if d * length not in self._telling),
                None,
            )
            for length in range(_MOST_DIGITS + 1)
        ]
        self._plans: dict[bytes, _Plan] = {}
        self._long_plan: tuple[bytes, _Plan] = b"", ()  # the last one of a long shape: it is asked for thrice

    def __call__(self, text: str) -> str:
        """The text that stands for this one."""
        text, plan = self._planned(text)
        pieces = []
        for fixed, start, end, fill, telling in plan:
            pieces.append(fixed)
            number = text[start:end]
            pieces.append(number if fill is None or number in telling or number[0] == "0" else fill)
        return "".join(pieces)

    def with_numbers(self, text: str) -> str:
        """The text that stands for this one, but with all numbers as they are."""
        text, plan = self._planned(text)
        return "".join(fixed + text[start:end] for fixed, start, end, _, _ in plan)

    def _planned(self, text: str) -> tuple[str, _Plan]:
        """The text without IDs, and the plan for texts of its shape."""
        shape = text.encode("utf-8", "surrogatepass").translate(_TO_ZERO)
        plan = self._plans.get(shape)
        if plan is None:
            text = _ID.sub(_anonymous, text)
            shape = text.encode("utf-8", "surrogatepass").translate(_TO_ZERO)
            plan = self._long_plan[1] if shape == self._long_plan[0] else self._plans.get(shape)
        if plan is None:
            plan = tuple(self._plan(shape.decode("utf-8", "surrogatepass")))
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            if len(shape) <= _LONGEST_PLANNED:
                self._plans[shape] = plan
            else:
                self._long_plan = shape, plan
        return text, plan

    def _plan(self, shape: str) -> Iterator[_Run]:
        """See _Plan; `shape` has zeros for all digits."""
        fills = dict(self._numbers_in(shape)) if self._numbers and REPORT not in shape else {}
        irrelevant = [*IRRELEVANT.finditer(shape), *_ID.finditer(shape)]
        if ticks := TICKS.match(shape):
            irrelevant.append(ticks)
        zeros = iter(sorted(match.span() for match in irrelevant))
        at = low = high = 0
        for run in _RUN.finditer(shape):
            start, end = run.span()
            while high < end and (span := next(zeros, None)):
                low, high = span[0] if span[0] >= high else low, max(high, span[1])
            if not low <= start < high:
                counted = AFTER_NUMBER.match(shape, end)
                telling = self._said if counted else self._telling
                yield shape[at:start], start, end, fills.get(run.span()), telling
                at = end
        yield shape[at:], 0, 0, None, self._said

    def _numbers_in(self, shape: str) -> Iterator[tuple[tuple[int, int], str]]:
        """(span, nines) of the numbers that count only where they tell something."""
        for match in _NUMBER.finditer(shape):
            start, end = match.span()
            byte = end - start == 2 and (
                _BYTE_BEFORE.search(shape, max(0, start - 5), start) or _BYTE_AFTER.match(shape, end)
            )
            negative = shape[start - 1 : start] == "-" and end - start in _SUMS
            fill = self._fills[end - start]
            if fill and not byte and not negative:
                yield (start, end), fill


def _codes(catalog: Catalog) -> Iterator[str]:
    """The numbers of codes, as they are and as they travel."""
    for code in catalog.codes():
        yield str(abs(code))
        if code < 0:
            yield from (str(code + (1 << bits)) for bits in (16, 32))


def _said(catalog: Catalog) -> Iterator[str]:
    """The numbers in names, words and patterns."""
    for vendor in catalog.vendors.values():
        yield from _RUN.findall(f"{vendor.id} {vendor.name}")
    for m in catalog.meanings:
        yield from _RUN.findall(" ".join((*m.messages.values(), m.text, m.text_zh, m.advice_zh)))
    yield from _RUN.findall(f"{NAMES} {WIRE_SLICE.pattern}")


def _anonymous(match: re.Match[str]) -> str:
    """An ID without its own letters and digits, which begins with a letter if it did, and keeps its joints."""
    found = match[0]
    if ":" in found:
        return ":".join(["a0" if found[0].isalpha() else "0a"] * 6)
    return ("a" if found[0].isalpha() else "0") + _ALPHANUMERIC.sub("0", found[1:])
