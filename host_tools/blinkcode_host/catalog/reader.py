"""Read vendor tables: every error in every file at once, or a catalog."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from blinkcode_host.catalog.records import (
    CODE_MAX,
    CODE_MIN,
    KINDS,
    REMEDY_MAX,
    TEXT_MAX,
    TEXT_ZH_MAX,
    Catalog,
    Meaning,
    State,
    Vendor,
)
from blinkcode_host.catalog.stanzas import read_states, read_vendors
from blinkcode_host.catalog.trouble import TableErrors, Trouble

#: The columns that every table has, and those it may have; besides these a column for each source.
COLUMNS = ("code", "state", "text", "advice", "section", "alias", "note")
OPTIONAL = ("text_zh", "advice_zh", "advice_dev", "advice_dev_zh", "remedy", "remedy_zh")
#: Other languages: text_de and advice_de.
_OTHER_LANGUAGE = re.compile(r"(text|advice)_([a-z]{2})")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def built_in_tables() -> Path:
    """The folder of the tables that come with blinkcode: inside the wheel, or of the checkout."""
    packed = Path(__file__).parent.parent / "tables"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "tables"


def load(folders: Sequence[Path] = ()) -> Catalog:
    """The built-in tables and those of the given folders, each with a vendors.toml and one CSV a vendor.

    The vendors stand in the order of KINDS, those of a kind in the order of the folders and files.
    Raises TableErrors with everything that is wrong in any of them.
    """
    troubles: list[Trouble] = []
    vendors: dict[str, Vendor] = {}
    meanings: list[Meaning] = []
    base = built_in_tables()
    states, pattern = read_states(base / "states.toml")
    for folder in (base, *folders):
        stanzas = folder / "vendors.toml"
        try:
            found = read_vendors(stanzas)
        except TableErrors as error:
            troubles += error.troubles
            continue
        for id_, vendor in found.items():
            if id_ in vendors:
                what = "this vendor is already defined by another folder; choose another id"
                troubles.append(Trouble(stanzas, 0, f"vendors.{id_}", what))
            elif id_.upper() in states or id_.upper() in ("AMBIGUOUS", "NOT_FOUND"):
                what = "the id is a state's name, and both are constants on the device; choose another id"
                troubles.append(Trouble(stanzas, 0, f"vendors.{id_}", what))
            else:
                vendors[id_] = vendor
                try:
                    meanings += read_meanings(folder / f"{id_}.csv", vendor, states)
                except TableErrors as error:
                    troubles += error.troubles
    if troubles:
        raise TableErrors(troubles)
    ordered = sorted(vendors, key=lambda id_: KINDS.index(vendors[id_].kind))
    meanings.sort(key=lambda meaning: ordered.index(meaning.vendor))
    return Catalog(states, {id_: vendors[id_] for id_ in ordered}, tuple(meanings), pattern)


def read_meanings(path: Path, vendor: Vendor, states: dict[str, State]) -> list[Meaning]:
    """The rows of one vendor's CSV, checked. Raises TableErrors with everything that is wrong in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror}); each vendor of vendors.toml needs its CSV beside it"
        raise TableErrors([Trouble(path, 0, "", what)]) from None
    check = _Rows(path, vendor, states)
    meanings = check.read(raw)
    if check.troubles:
        raise TableErrors(sorted(check.troubles))
    return meanings


class _Rows:
    """The checks of one CSV; `troubles` fills while it is read."""

    def __init__(self, path: Path, vendor: Vendor, states: dict[str, State]) -> None:
        self.path, self.vendor, self.states = path, vendor, states
        self.columns: list[str] = []
        self.troubles: list[Trouble] = []

    def wrong(self, line: int, column: str, what: str) -> None:
        self.troubles.append(Trouble(self.path, line, column, what))

    def read(self, raw: bytes) -> list[Meaning]:
        if raw.startswith(codecs.BOM_UTF8):
            self.wrong(1, "", "begins with a byte order mark; save it as UTF-8 without BOM")
            raw = raw[len(codecs.BOM_UTF8) :]
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.wrong(line, "", f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8")
            return []
        meanings: list[tuple[int, Meaning]] = []
        rows = self.records(text)
        line, header = next(rows, (1, []))
        if not self.header(line, header):
            return []
        for line, cells in rows:
            if len(cells) != len(self.columns):
                what = f"{len(cells)} cells where the header has {len(self.columns)}; mend the commas or the quotes"
                self.wrong(line, "", what)
                continue
            meaning = self.meaning(line, dict(zip(self.columns, cells, strict=True)))
            if meaning:
                meanings.append((line, meaning))
        self.across(meanings)
        return [meaning for _, meaning in meanings]

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

    def records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """(first line, cells) of each record; a broken quote ends the reading, since nothing after it is sure."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            self.wrong(
                line, "", f"broken quoting ({error}); quote the whole cell and double the quotes inside"
            )

    def meaning(self, line: int, row: dict[str, str]) -> Meaning | None:
        before = len(self.troubles)
        code = self.integer(line, "code", row["code"])
        for column, cell in row.items():
            if _CONTROL.search(cell):
                self.wrong(line, column, "holds a control character or a line break; take it out")
            elif cell != cell.strip():
                self.wrong(line, column, "begins or ends with white space; take it away")
        if row["state"] not in self.states:
            self.wrong(line, "state", f"{row['state']!r} is no state; use one of {' '.join(self.states)}")
        row = dict.fromkeys(OPTIONAL, "") | row
        self.texts(line, row)
        aliases = [self.integer(line, "alias", cell) for cell in row["alias"].split()]
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
        if len(self.troubles) > before or code is None:
            return None
        return Meaning(
            self.vendor.id,
            code,
            row["state"],
            row["text"],
            row["text_zh"] or row["text"],
            row["advice"],
            row["advice_zh"] or row["advice"],
            row["section"],
            tuple(alias for alias in aliases if alias is not None),
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
        text, size_zh = row["text"], len(row["text_zh"].encode("utf-8", "replace"))
        if not text.isascii():
            self.wrong(line, "text", f"{text!r} is not ASCII; put other scripts into text_zh")
        elif len(text) > TEXT_MAX:
            self.wrong(line, "text", f"{len(text)} characters, {TEXT_MAX} fit; shorten it: {text!r}")
        elif text != text.lower():
            self.wrong(line, "text", f"{text!r} has capitals; device texts are lower case")
        if size_zh > TEXT_ZH_MAX:
            self.wrong(
                line,
                "text_zh",
                f"{size_zh} bytes of UTF-8, {TEXT_ZH_MAX} fit; shorten it: {row['text_zh']!r}",
            )
        for column in ("text", "advice"):
            if not row[column]:
                self.wrong(line, column, "is empty; write it")
        remedy = row["remedy"]
        if not remedy.isascii():
            self.wrong(line, "remedy", f"{remedy!r} is not ASCII; put other scripts into remedy_zh")
        elif len(remedy) > REMEDY_MAX:
            what = f"{len(remedy)} characters, {REMEDY_MAX} fit; shorten it: {remedy!r}"
            self.wrong(line, "remedy", what)

    def across(self, meanings: list[tuple[int, Meaning]]) -> None:
        """Checks of rows against each other."""
        owners = {m.code: line for line, m in reversed(meanings)}
        for (_, before), (line, m) in zip(meanings, meanings[1:], strict=False):
            if m.code < before.code:
                self.wrong(line, "code", f"{m.code} stands after {before.code}; sort the rows by code")
        kept: dict[int, list[tuple[int, Meaning]]] = {}
        for line, m in meanings:
            for other_line, other in kept.setdefault(m.code, []):
                same = [s for s in m.messages if other.messages.get(s) == m.messages[s]]
                if same or m.text == other.text:
                    what = f"{m.code} has this meaning in line {other_line} already; merge the two rows"
                    self.wrong(line, "code", what)
            kept[m.code].append((line, m))
            for alias in m.aliases:
                if alias in owners and owners[alias] != line:
                    what = f"{alias} is taken by line {owners[alias]}; an alias must be free: drop one of the two"
                    self.wrong(line, "alias", what)
                elif alias == m.code:
                    self.wrong(line, "alias", f"{alias} is the row's own code; drop it")
                owners.setdefault(alias, line)
