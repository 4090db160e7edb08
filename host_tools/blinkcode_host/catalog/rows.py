"""The rows of one vendor's CSV: every check of a cell, of a row, and of rows against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from blinkcode_host.catalog.records import (
    CODE_MAX,
    CODE_MIN,
    REMEDY_MAX,
    TEXT_MAX,
    TEXT_ZH_MAX,
    Meaning,
    State,
    Vendor,
)
from blinkcode_host.catalog.sheet import read_sheet
from blinkcode_host.catalog.trouble import Trouble

#: The columns that every table has, and those it may have; besides these a column for each source.
COLUMNS = ("code", "state", "text", "advice", "section", "alias", "note")
OPTIONAL = ("text_zh", "advice_zh", "advice_dev", "advice_dev_zh", "remedy", "remedy_zh")
#: Other languages: text_de and advice_de.
_OTHER_LANGUAGE = re.compile(r"(text|advice)_([a-z]{2})")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class _Row:
    """A row as far as it could be read; `meaning` where nothing is wrong in it."""

    line: int
    code: int | None
    text: str
    aliases: tuple[int, ...]
    messages: dict[str, str]
    meaning: Meaning | None


class Rows:
    """The checks of one CSV; `troubles` fills while it is read."""

    def __init__(self, path: Path, vendor: Vendor, states: dict[str, State]) -> None:
        self.path, self.vendor, self.states = path, vendor, states
        self.columns: list[str] = []
        self.troubles: list[Trouble] = []

    def wrong(self, line: int, column: str, what: str) -> None:
        self.troubles.append(Trouble(self.path, line, column, what))

    def read(self, raw: bytes) -> list[Meaning]:
        """The meanings of the rows that are right. `troubles` then holds everything that is wrong with the others."""
        sheet = read_sheet(raw)
        for line, what in sheet.troubles:
            self.wrong(line, "", what)
        line, header = sheet.rows[0] if sheet.rows else (1, [])
        if not self.header(line, header):
            return []
        rows: list[_Row] = []
        for line, cells in sheet.rows[1:]:
            if len(cells) != len(self.columns):
                what = f"{len(cells)} cells where the header has {len(self.columns)}; correct the commas or the quotes"
                self.wrong(line, "", what)
                continue
            rows.append(
                self.row(line, dict.fromkeys(OPTIONAL, "") | dict(zip(self.columns, cells, strict=True)))
            )
        self.across(rows)
        return [row.meaning for row in rows if row.meaning]

    def header(self, line: int, header: list[str]) -> bool:
        """Whether the header has each column that it must have, and no other than it may have."""
        sources = [source.id for source in self.vendor.sources]
        before = len(self.troubles)
        missing = [column for column in (*COLUMNS, *sources) if column not in header]
        if missing:
            what = f"the header lacks {', '.join(missing)}; add what is missing to it and to each row"
            self.wrong(line, "", what)
        for column in dict.fromkeys(header):
            if column not in (*COLUMNS, *OPTIONAL, *sources) and not _OTHER_LANGUAGE.fullmatch(column):
                what = f"{column[:40]!r} is no column; there are {', '.join((*COLUMNS, *OPTIONAL, *sources))}"
                self.wrong(line, "", what)
            elif header.count(column) > 1:
                self.wrong(line, column, "this column stands more than once; take one of them out")
        self.columns = header
        return len(self.troubles) == before

    def row(self, line: int, row: dict[str, str]) -> _Row:
        """One row with what is wrong in it told, and its meaning where nothing is."""
        before = len(self.troubles)
        code = self.integer(line, "code", row["code"])
        for column, cell in row.items():
            if _CONTROL.search(cell):
                self.wrong(line, column, "holds a control character or a line break; take it out")
            elif cell != cell.strip():
                self.wrong(line, column, "begins or ends with white space; take it away")
        if row["state"] not in self.states:
            self.wrong(line, "state", f"{row['state']!r} is no state; use one of {' '.join(self.states)}")
        self.texts(line, row)
        read_aliases = [self.integer(line, "alias", cell) for cell in row["alias"].split()]
        aliases = tuple(alias for alias in read_aliases if alias is not None)
        messages = {s.id: row[s.id] for s in self.vendor.sources if row[s.id]}
        if not messages:
            columns = ", ".join(s.id for s in self.vendor.sources)
            self.wrong(line, columns, "no source has a message; a code must come from a document")
        sections = {s.id: s for s in self.vendor.sections}
        if row["section"] and row["section"] not in sections:
            self.wrong(line, "section", f"{row['section']!r} is not one of {' '.join(sections)}")
        elif code is not None and not row["note"]:
            section = sections.get(row["section"])
            if section is None or (section.ranges and code not in section):
                name = f"the range of section {row['section']}" if section else "every section"
                self.wrong(line, "section", f"{code} lies outside {name}; correct it, or say why in the note")
        meaning = None
        if len(self.troubles) == before and code is not None:
            meaning = self.meaning(code, row, aliases, messages)
        return _Row(line, code, row["text"], aliases, messages, meaning)

    def meaning(
        self, code: int, row: dict[str, str], aliases: tuple[int, ...], messages: dict[str, str]
    ) -> Meaning:
        """The record of a row that is right."""
        return Meaning(
            self.vendor.id,
            code,
            row["state"],
            row["text"],
            row["text_zh"] or row["text"],
            row["advice"],
            row["advice_zh"] or row["advice"],
            row["section"],
            aliases,
            row["note"],
            messages,
            remedy=row["remedy"],
            remedy_zh=row["remedy_zh"] or row["remedy"],
            advice_dev=row["advice_dev"],
            advice_dev_zh=row["advice_dev_zh"] or row["advice_dev"],
            others=self.other_languages(row),
            untranslated=tuple(column for column in ("text_zh", "advice_zh") if not row[column]),
        )

    def other_languages(self, row: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
        """(language, text, advice) of each language besides English and Chinese that the row has a text in."""
        matches = [_OTHER_LANGUAGE.fullmatch(column) for column in self.columns]
        languages = sorted({match[2] for match in matches if match} - {"zh"})
        return tuple(
            (
                language,
                row.get(f"text_{language}") or row["text"],
                row.get(f"advice_{language}") or row["advice"],
            )
            for language in languages
            if row.get(f"text_{language}") or row.get(f"advice_{language}")
        )

    def integer(self, line: int, column: str, cell: str) -> int | None:
        if not _INTEGER.fullmatch(cell) or cell == "-0":
            self.wrong(line, column, f"{cell!r} is not an integer; write plain decimal digits, such as -4012")
        elif len(cell) > 11 or not CODE_MIN <= int(cell) <= CODE_MAX:
            self.wrong(
                line, column, f"{cell[:24]} does not fit in 31 bits ({CODE_MIN} to {CODE_MAX}); leave it out"
            )
        else:
            return int(cell)
        return None

    def texts(self, line: int, row: dict[str, str]) -> None:
        text = row["text"]
        if not text.isascii():
            self.wrong(line, "text", f"{text!r} is not ASCII; put other scripts into text_zh")
        elif len(text) > TEXT_MAX:
            self.wrong(line, "text", f"{len(text)} characters, {TEXT_MAX} fit; shorten it: {text!r}")
        elif text != text.lower():
            self.wrong(line, "text", f"{text!r} has capitals; device texts are lower case")
        for column, cell in row.items():
            size = len(cell.encode("utf-8", "replace"))
            if column.startswith("text_") and size > TEXT_ZH_MAX:
                self.wrong(line, column, f"{size} bytes of UTF-8, {TEXT_ZH_MAX} fit; shorten it: {cell!r}")
        for column in ("text", "advice"):
            if not row[column]:
                self.wrong(line, column, "is empty; write it")
        remedy = row["remedy"]
        if not remedy.isascii():
            self.wrong(line, "remedy", f"{remedy!r} is not ASCII; put other scripts into remedy_zh")
        elif len(remedy) > REMEDY_MAX:
            what = f"{len(remedy)} characters, {REMEDY_MAX} fit; shorten it: {remedy!r}"
            self.wrong(line, "remedy", what)

    def across(self, rows: list[_Row]) -> None:
        """Checks of rows against each other; rows that are wrong by themselves take part as far as they were read."""
        owners = {row.code: row.line for row in reversed(rows) if row.code is not None}
        greatest: int | None = None
        kept: dict[int, list[_Row]] = {}
        for row in rows:
            if row.code is not None:
                if greatest is not None and row.code < greatest:
                    what = f"{row.code} stands after {greatest}; sort the rows by code: blinkcode check --fix does"
                    self.wrong(row.line, "code", what)
                greatest = max(row.code, greatest) if greatest is not None else row.code
                self.against_equals(row, kept.setdefault(row.code, []))
            for alias in row.aliases:
                if alias == row.code:
                    self.wrong(row.line, "alias", f"{alias} is the row's own code; drop it")
                elif alias in owners and owners[alias] != row.line:
                    what = f"{alias} is taken by line {owners[alias]}; an alias must be free: drop one of the two"
                    self.wrong(row.line, "alias", what)
                owners.setdefault(alias, row.line)

    def against_equals(self, row: _Row, others: list[_Row]) -> None:
        """Tell a meaning that another row of the same code has; then add the row to those others."""
        for other in others:
            same_words = [s for s in row.messages if other.messages.get(s) == row.messages[s]]
            if same_words or (row.text and row.text == other.text):
                what = f"{row.code} has this meaning in line {other.line} already; merge the two rows"
                self.wrong(row.line, "code", what)
        others.append(row)
