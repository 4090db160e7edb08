"""Numbers in a form that tells whose they are, names of codes, and the objects that clouds answer with: forms.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.finding.languages import in_all_languages
from blinkcode_host.finding.names import read_data
from blinkcode_host.finding.windows import Expression, plain_bytes

_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{2,63}(?:\+[A-Z][A-Z0-9_]{2,63})?(?![A-Za-z0-9_])")
_IS_NAME = re.compile(r"E[A-Z0-9]{2,}|[A-Z][A-Z0-9_]{3,}")
_REASON = re.compile(r"reason[\"']?[\s:=(]{1,4}[\"']?(?P<name>[A-Z0-9][A-Z0-9_]{3,})(?!\w)", re.IGNORECASE)
_REASON_PREFIX = "WIFI_REASON_"
_NAME_AFTER = re.compile(r"[\s:(\[-]{1,4}(?P<first>[A-Za-z0-9][\w-]{3,})(?: [\w-]+){0,5}")
_NO_LETTER = re.compile("[^A-Z0-9]")
_LINE_REACH = 240  # characters of a line, on either side of a number, that a form may ask about
_MOST_KEPT = 1_024
_MBEDTLS_HIGH, _MBEDTLS_LOW = 0xFF80, 0x7F
_HEXADECIMAL_DIGITS = 4


def value_of(written: str) -> int:
    """The number that is written, in decimal or with 0x."""
    return int(written, 16 if "x" in written.lower() else 10)


class Form(NamedTuple):
    """One [[form]] of forms.toml."""

    vendor: str
    what: str
    hint: str  # an expression for what every line with it has
    expression: Expression
    reads: str
    line: re.Pattern[str] | None
    never: re.Pattern[str] | None
    esp32: bool
    anywhere: bool
    unknown: bool
    named: bool


class Claim(NamedTuple):
    """A number, or a name or words that stand for one, at text[start:end]: whose, which code."""

    start: int
    end: int
    vendor: str
    code: int
    form: Form | None  # None for a name or words


def _expression(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def _on_one_line(pattern: str) -> str:
    """The expression with no blank and no other character that could be the end of a line."""
    pattern = re.sub(r"(\[[^\]]*)\\s", r"\1 \\t", pattern)
    return pattern.replace(r"\s", r"[ \t]").replace(r"\W", r"[^\w\n]")


_DATA = read_data("forms.toml")
_NO_ERROR = frozenset(_DATA["names"]["never"].split())
OLDER_NAMES: dict[str, int] = _DATA["names"]["older"]
"""Names that stood for another number in older versions of MicroPython."""


def _form(data: dict[str, Any]) -> Form:
    numbered = _on_one_line(f"{in_all_languages(data['before'])}(?P<number>{data['number']})")
    return Form(
        data["vendor"],
        data["what"],
        _on_one_line(data["hint"]) if "hint" in data else numbered,
        Expression(re.compile(numbered + data.get("after", ""), re.I | re.M)),
        data.get("reads", "as"),
        _expression(data.get("line")),
        _expression(data.get("never")),
        data.get("esp32", False),
        data.get("anywhere", False),
        data.get("unknown", False),
        data.get("named", False),
    )


FORMS = [_form(data) for data in _DATA["form"]]
"""forms.toml's forms."""


class Says(NamedTuple):
    """One [[says]] of forms.toml."""

    vendor: str
    pattern: re.Pattern[str]
    codes: dict[str, int]  # by words in lower case


def _says() -> Iterator[Says]:
    for says in _DATA["says"]:
        words = "|".join(map(re.escape, sorted(says["codes"], key=len, reverse=True)))
        codes = {word.lower(): code for word, code in says["codes"].items()}
        pattern = _on_one_line(rf"{says['before']}(?P<words>{words})(?!\w)")
        yield Says(says["vendor"], re.compile(pattern, re.IGNORECASE), codes)


SAYS = list(_says())
"""forms.toml's words."""


class Envelope(NamedTuple):
    """One [[envelope]] of forms.toml."""

    vendor: str
    code: str
    keys: frozenset[str]
    says: list[re.Pattern[str]]


ENVELOPES = [
    Envelope(
        one["vendor"],
        one["code"],
        frozenset(one["keys"].split()),
        [re.compile(p, re.IGNORECASE) for p in one["says"]],
    )
    for one in _DATA["envelope"]
]
"""forms.toml's envelopes."""


def names_of(catalog: Catalog) -> dict[str, tuple[str, int]]:
    """(vendor, code) for the name of each code of the systems' families, but for names of no error."""
    found: dict[str, tuple[str, int]] = {}
    for meaning in catalog.meanings:
        if catalog.vendors[meaning.vendor].kind == "system":
            for name in meaning.messages.values():
                if _IS_NAME.fullmatch(name) and name not in _NO_ERROR:
                    found.setdefault(name, (meaning.vendor, meaning.code))
    return found


class Forms:
    """Finds a catalog's codes by the forms of their numbers and by their names."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names = names_of(catalog)
        self._short = {
            _bare(name.removeprefix(_REASON_PREFIX)): code
            for name, (_, code) in self._names.items()
            if name.startswith(_REASON_PREFIX)
        }
        self.meanings = lru_cache(_MOST_KEPT)(self._meanings)
        self._forms = [form for form in FORMS if form.vendor in catalog.vendors]
        self._says = [says for says in SAYS if says.vendor in catalog.vendors]

    def claims(self, text: str) -> list[Claim]:
        """The numbers in a form of their own, each with the first form that claims it, by place."""
        found: dict[int, Claim] = {}
        plain = plain_bytes(text)
        for form in self._forms:
            if plain is not None and not form.expression.may_be_in(plain):
                continue
            for match in form.expression.exact.finditer(text):
                start, end = match.span("number")
                code = self._read(form, match["number"])
                if code is None or not _allows(form, text, start, end):
                    continue
                claim = Claim(start, end, form.vendor, code, form)
                if form.named and not self.is_named_after(text, claim):
                    continue
                if start not in found or (found[start].code and not self._has(found[start])):
                    found[start] = claim
        return [found[at] for at in sorted(found)]

    def names(self, text: str) -> list[Claim]:
        """The names of the systems' codes, and words that stand for one."""
        found = []
        for match in _NAME.finditer(text):
            one, _, other = match[0].partition("+")
            known = self._names.get(one)
            if known:
                vendor, code = known
                if other in self._names:
                    code += self._names[other][1]
                found.append(Claim(match.start(), match.end(), vendor, code, None))
        for match in _REASON.finditer(text):
            name = _bare(match["name"])
            if match["name"].isupper() and name in self._short:
                found.append(Claim(*match.span("name"), "wifi", self._short[name], None))
        for vendor, pattern, codes in self._says:
            for match in pattern.finditer(text):
                start, end = match.span("words")
                found.append(Claim(start, end, vendor, codes[match["words"].lower()], None))
        return sorted(found)

    def is_named_after(self, text: str, claim: Claim) -> bool:
        """Whether the name of the reason for a disconnection stands behind its number: 15 (4-way handshake timeout)."""
        match = _NAME_AFTER.match(text, claim.end) if claim.vendor == "wifi" else None
        if not match:
            return False
        words = match[0].split()
        runs = (_bare(" ".join(words[:length])) for length in range(1, len(words) + 1))
        return any(self._short.get(run) == claim.code for run in runs)

    def _meanings(self, vendor: str, code: int) -> tuple[Meaning, ...]:
        """What a vendor's table has for a code; for a sum of two of mbedtls's codes, both."""
        return self._catalog.lookup(code, vendor) or (self._parts(code) if vendor == "mbedtls" else ())

    def _parts(self, code: int) -> tuple[Meaning, ...]:
        """The meanings of the two codes that mbedtls has added; one that tells of lacking memory comes first."""
        high, low = -(-code & _MBEDTLS_HIGH), -(-code & _MBEDTLS_LOW)
        one = self._catalog.lookup(high, "mbedtls")[:1] if high else ()
        other = self._catalog.lookup(low, "mbedtls")[:1] if low else ()
        if not one or not other:
            return ()
        lacking = any("ALLOC_FAILED" in name for name in other[0].messages.values())
        return (*other, *one) if lacking else (*one, *other)

    def _has(self, claim: Claim) -> bool:
        return bool(self.meanings(claim.vendor, claim.code))

    def _read(self, form: Form, written: str) -> int | None:
        """The code that a number of a form stands for; None where its table does not have it, but for open forms."""
        code = _READINGS[form.reads](self, written.lower())
        return code if form.unknown or (code and self.meanings(form.vendor, code)) else None

    def mbedtls(self, written: str) -> int:
        """A code of mbedtls: negative; four hexadecimal digits are printed without 0x too."""
        code, digits = -abs(value_of(written)), written.lstrip("-")
        if self._catalog.lookup(code, "mbedtls") or len(digits) != _HEXADECIMAL_DIGITS:
            return code
        by_digits = -int(digits, 16)
        return by_digits if self.meanings("mbedtls", by_digits) else code


def _bare(name: str) -> str:
    """The letters and digits of a name, however it is spelled."""
    return _NO_LETTER.sub("", name.upper())


_READINGS: dict[str, Callable[[Forms, str], int]] = {
    "as": lambda forms, written: value_of(written),
    "positive": lambda forms, written: abs(value_of(written)),
    "negative": lambda forms, written: -abs(value_of(written)),
    "mbedtls": Forms.mbedtls,
}


def _allows(form: Form, text: str, start: int, end: int) -> bool:
    """Whether the line says what a form asks for, and nothing that it cannot have."""
    if not form.line and not form.never:
        return True
    low = max(text.rfind("\n", 0, start) + 1, start - _LINE_REACH)
    high = text.find("\n", end, end + _LINE_REACH)
    line = text[low : high if high >= 0 else end + _LINE_REACH]
    if form.line and not form.line.search(line):
        return False
    return not (form.never and form.never.search(line))
