"""A vendor's own description and solution of a code, read from the user's copy of the vendor's document.

The tables hold a vendor's literal messages, and no more of its words: a document's sentences are the vendor's. Who has
the document keeps it in a folder, in a file with the name of its source: `tuya-2024-07-22.html` as a browser saves the
page, or `tuya-2024-07-22.txt` with what was copied from it. A row begins with a code and the vendor's message; what is
behind them are the words wanted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.finding.finding import visible

#: The endings of the files that are read.
TEXTS, PAGES = (".txt", ".md"), (".html", ".htm")
_ROW = re.compile(r"\s*\|?\s*([-\u2212]?\d[\d,]{0,15})(?=[\s|])[ \t|]*(.*)")
_LIST_ITEM = re.compile(r"\s*\d{1,2}[.、)]\s*\S")
_CELLS = re.compile(r"\s*[|\t]\s*")
_NOTHING = ("", "-", "N/A", "n/a", "/")
_BLANK_TAGS = ("br", "p", "li", "div")


class Documents:
    """The documents of a folder, each read when its first code is asked for."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        """Raises OSError where there is no such folder, ValueError where it has no document of any source."""
        sources = {source.id for vendor in catalog.vendors.values() for source in vendor.sources}
        self._files = {
            path.stem: path
            for path in sorted(folder.iterdir())
            if path.stem in sources and path.suffix.lower() in TEXTS + PAGES
        }
        self._read: dict[str, dict[int, list[list[str]]]] = {}
        if not self._files:
            raise ValueError(
                f"{folder}: has no document of a source; save one under its id, such as tuya-2024-07-22.html or .txt"
            )

    def words(self, meaning: Meaning, source: str) -> list[str]:
        """What a source's document says of a meaning besides its message, a cell each; [] where there is nothing.

        Raises OSError where the document cannot be read.
        """
        if source not in self._files or source not in meaning.messages:
            return []
        if source not in self._read:
            self._read[source] = _by_code(self._files[source])
        for code in (meaning.code, *meaning.aliases):
            for cells in self._read[source].get(code, ()):
                said = _behind(cells, meaning.messages[source])
                if said:
                    return said
        return []


def _by_code(path: Path) -> dict[int, list[list[str]]]:
    raw = path.read_bytes()
    is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = raw.decode("utf-16" if is_wide else "utf-8-sig", "replace")
    rows = _rows_of_page(text) if path.suffix.lower() in PAGES else _rows_of_text(text)
    found: dict[int, list[list[str]]] = {}
    for code, cells in rows:
        found.setdefault(code, []).append(cells)
    return found


def _rows_of_text(text: str) -> Iterator[tuple[int, list[str]]]:
    """(code, cells behind it) of each row; cells are parted by tabs or bars, or they are one cell.

    A row goes on in a line that is an item of a list, or that ends with a bar and begins with none.
    """
    rows: list[tuple[int, str]] = []
    for line in text.splitlines():
        stripped = line.strip()
        goes_on = _LIST_ITEM.match(line) or (stripped.endswith("|") and not stripped.startswith("|"))
        match = _ROW.fullmatch(line)
        if match and not _LIST_ITEM.match(line):
            rows.append((_number(match[1]), match[2]))
        elif rows and goes_on:
            code, before = rows[-1]
            rows[-1] = code, f"{before} {stripped}"
    for code, rest in rows:
        yield code, [cell for cell in _CELLS.split(rest) if cell]


def _rows_of_page(text: str) -> Iterator[tuple[int, list[str]]]:
    """(code, cells behind it) of each row of a page's tables whose first cell is a number."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    for first, *cells in filter(None, parser.rows):
        if re.fullmatch(r"[-\u2212]?\d[\d,]{0,15}", first):
            yield _number(first), cells


class _Tables(HTMLParser):
    """The rows of all tables of a page, as cells of plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._parts: list[str] | None = None  # of the cell that is open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("tr", "td", "th"):
            self._end_cell()
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._parts = []
        elif tag in _BLANK_TAGS:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._parts is not None:
            self._parts.append(data)

    def _end_cell(self) -> None:
        if self._parts is not None:
            self.rows[-1].append(" ".join("".join(self._parts).split()))
            self._parts = None


def _number(written: str) -> int:
    return int(written.replace(",", "").replace("\u2212", "-"))


def _behind(cells: Sequence[str], message: str) -> list[str]:
    """What stands in a row behind its message; [] where the row has another message."""
    words, wanted = " ".join(cells).split(), message.split()
    if [_folded(word) for word in words[: len(wanted)]] != [_folded(word) for word in wanted]:
        return []
    said, to_skip = [], len(wanted)
    for cell in cells:
        parts = cell.split()
        rest = " ".join(parts[to_skip:])
        to_skip = max(0, to_skip - len(parts))
        if rest not in _NOTHING:
            said.append(visible(rest))
    return said


def _folded(word: str) -> str:
    return word.casefold().replace("\u2019", "'").rstrip(".")
