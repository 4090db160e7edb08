"""A table's CSV file as rows of cells, as spreadsheets save it, and back.

A byte order mark, `;` or tabs as separators, CRLF and blank lines are taken. Each line is read by itself, so a broken
quote or a wrong byte in one line hides nothing in the others. A quoted cell with line breaks, which no text may have,
is read over several lines, so that it is told as such.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: Characters of a cell, at most; what is longer is no text of a table.
CELL_MAX = 10_000
#: Lines that a cell with line breaks may go over; a quote that is open for longer was never meant to be.
_LINES_MAX = 20
_LINE_END = re.compile(rb"\r\n|\n|\r")
_SEPARATORS = (",", ";", "\t")
#: A line of these alone is blank: a spreadsheet saves an empty row as separators.
BLANK = " \t,;"


@dataclass
class Sheet:
    """What a CSV file holds: `rows` are (line, cells), the header among them; `troubles` are (line, what)."""

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    troubles: list[tuple[int, str]] = field(default_factory=list)


def read_sheet(raw: bytes) -> Sheet:
    """The rows of a CSV file. Lines that cannot be read are left out and told in `troubles`."""
    sheet = Sheet()
    lines = _LINE_END.split(raw.removeprefix(codecs.BOM_UTF8))
    separator = _separator(next((line for line in lines if line.strip()), b""))
    at = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip(BLANK.encode()):
            continue
        try:
            cells, more = _record(lines[number - 1 : number - 1 + _LINES_MAX], separator)
            sheet.rows.append((number, cells))
            at += more
        except UnicodeDecodeError as error:
            what = f"byte 0x{line[error.start]:02x} is not UTF-8; save the file as UTF-8"
            sheet.troubles.append((number, what))
        except csv.Error as error:
            sheet.troubles.append((number, f"broken quoting ({error}); {_QUOTING}"))
        except ValueError as error:
            sheet.troubles.append((number, str(error)))
    return sheet


def _record(lines: Sequence[bytes], separator: str) -> tuple[list[str], int]:
    """The cells of the record that begins in the first line, and how many more lines it takes.

    Raises what is wrong with the first line where no record of these lines is right.
    """
    first = lines[0].decode("utf-8")
    try:
        return _cells(first, separator), 0
    except csv.Error:
        for more in range(1, len(lines)):
            try:
                return _cells(b"\n".join(lines[: more + 1]).decode("utf-8"), separator), more
            except (csv.Error, UnicodeDecodeError):
                continue
        raise


def write_sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of cells as UTF-8, with commas and LF, quoted where needed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


_QUOTING = "quote the whole cell in one line and double the quotes inside"


def _separator(header: bytes) -> str:
    """The separator that stands most often in the header."""
    return max(_SEPARATORS, key=lambda separator: header.count(separator.encode()))


def _cells(line: str, separator: str) -> list[str]:
    """The cells of one record. Raises csv.Error for a broken quote, ValueError for a cell that is too long."""
    csv.field_size_limit(max(csv.field_size_limit(), len(line) + 1))
    [cells] = csv.reader(io.StringIO(line, newline=""), delimiter=separator, strict=True)
    longest = max(map(len, cells))
    if longest > CELL_MAX:
        raise ValueError(f"a cell of {longest:,} characters, {CELL_MAX:,} fit; shorten it")
    return cells
