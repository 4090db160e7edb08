"""Read a TOML file into a pydantic model, every error in it told by its place."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from blinkcode_host.catalog.text import read_text
from blinkcode_host.catalog.trouble import TableErrors, Trouble

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


#: Characters of a line, at most: tomllib takes a time that grows with the square of a key's parts.
_LINE_MAX = 10_000
_HEADER = re.compile(r"\s*\[(?P<many>\[?)(?P<name>[^\[\]]+)\]")
_KEY = re.compile(r"\s*(?P<name>[\w-]+|\"[^\"]*\"|'[^']*')\s*=")


class Stanza(BaseModel):
    """A part of such a file: it has these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Model = TypeVar("_Model", bound=Stanza)


def read_toml(path: Path, model: type[_Model], page: str) -> _Model:
    """The file as the model. Raises TableErrors with every error; `page` is where the keys are described."""
    text = read_text(path, "create it, or name the right folder")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LINE_MAX:
            raise _error(
                path, f"this line has {len(line):,} characters, {_LINE_MAX:,} fit; shorten it", number
            )
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise _error(path, "nests too deeply; a stanza needs three levels") from None
    except ValueError as error:
        if not isinstance(error, tomllib.TOMLDecodeError):
            raise _error(path, "is not valid TOML: a number has thousands of digits") from None
        at = re.search(r"at line (\d+)", str(error))
        raise _error(path, f"is not valid TOML: {error}", int(at[1]) if at else 0) from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        troubles = []
        for one in error.errors():
            keys = one["loc"]
            where = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)
            troubles.append(Trouble(path, _line_of(text, keys), where, f"{_what(one)}; see {page}"))
        raise TableErrors(sorted(troubles)) from None


def _what(error: ErrorDetails) -> str:
    """What is wrong with a value and what to write instead, in our words."""
    kind, limits, value = error["type"], error.get("ctx", {}), error["input"]
    shown = repr(value)[:60]
    sentences = {
        "missing": "is missing; write it",
        "extra_forbidden": "there is no such key; take it out, or correct its name",
        "string_type": f"must be a text in quotes, and is {shown}",
        "int_type": f"must be a whole number, and is {shown}",
        "bool_type": f"must be true or false, and is {shown}",
        "list_type": f"must be a list in brackets, and is {shown}",
        "tuple_type": f"must be a list of two numbers, such as [1, 99], and is {shown}",
        "dict_type": f"must be a table of keys, and is {shown}",
        "model_type": f"must be a table of keys, and is {shown}",
        "literal_error": f"{shown} is wrong; it must be {limits.get('expected')}",
        "string_pattern_mismatch": f"{shown} has characters that are not allowed here",
        "string_too_short": "is empty; write something",
        "string_too_long": f"{shown} is too long; {limits.get('max_length')} characters fit",
        "too_short": "is an empty list; write at least one entry",
        "greater_than_equal": f"{shown} is too small; the least is {limits.get('ge')}",
        "greater_than": f"{shown} is too small; it must be more than {limits.get('gt')}",
        "less_than_equal": f"{shown} is too large; the most is {limits.get('le')}",
        "multiple_of": f"{shown} must be a multiple of {limits.get('multiple_of')}",
        "value_error": str(limits.get("error", error["msg"])),
    }
    if kind in ("date_type", "date_from_datetime_parsing", "date_parsing", "date_from_datetime_inexact"):
        return f"must be a date without quotes, such as 2026-01-31, and is {shown}"
    return sentences.get(kind, error["msg"])


def _line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line where a key of a TOML file stands, or that of the nearest table around it; 0 for none.

    It reads headers and keys as these files have them: a header or a key to a line. Keys in quotes, and inline
    tables, lead to the line that they begin in.
    """
    best, line_of_best = 0, 0
    table: list[str | int] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            names = [name.strip().strip("\"'") for name in header["name"].split(".")]
            table = list(names)
            if header["many"]:
                name = ".".join(names)
                counts[name] = counts.get(name, -1) + 1
                table.append(counts[name])
            here = table
        else:
            key = _KEY.match(line)
            if not key:
                continue
            here = [*table, key["name"].strip("\"'")]
        shared = next((i for i, (a, b) in enumerate(zip(here, keys, strict=False)) if a != b), None)
        depth = len(here) if shared is None and len(here) <= len(keys) else 0
        if depth > best:
            best, line_of_best = depth, number
    return line_of_best


def _error(path: Path, what: str, line: int = 0) -> TableErrors:
    return TableErrors([Trouble(path, line, "", what)])
