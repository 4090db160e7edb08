"""Count findings: by vendor, code and state, with the first and the last time, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.finder import MOST_FINDINGS
from blinkcode_host.finding.finding import Finding, visible
from blinkcode_host.finding.shapes import TIME

if TYPE_CHECKING:
    from rich.table import Table

_Key = tuple[str, "int | None", str, str]
_RARE = "less frequent, in no table"
#: Columns below which a table of seven columns would break names.
NARROW = 100
_TIME_WITHIN = 64  # characters from a line's start
#: Rows of what the tables do not have that are kept: the most frequent. What a log makes up may have no end.
MOST_UNKNOWN = 1_000
_CROWDED = 4 * MOST_UNKNOWN  # rows at which the least frequent go


@dataclass
class Row:
    """How often one code was found, and when."""

    vendor: str
    code: int | None
    state: str
    text: str
    count: int
    first: str | int  # the log's own words for the time, or the line
    last: str | int


class LineCounter:
    """Counts the findings of one line after the other."""

    def __init__(self) -> None:
        self._line = self._count = 0

    def is_full(self, line: int) -> bool:
        """Whether a finding on the line is the last that is given of it; call it once for each finding, in order."""
        self._count = self._count + 1 if line == self._line else 1
        self._line = line
        return self._count == MOST_FINDINGS


class Summary:
    """A tally of findings, in the order in which a log has them.

    Each code that the tables have is counted exactly, and so is the total. Of what they do not have, the most frequent
    are kept. Where that is more than MOST_UNKNOWN, a row may have gone and come again, so that it counts too little;
    what is in no row is in `others`.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._rows: dict[_Key, Row] = {}
        self._unknown: set[_Key] = set()  # the rows that a log can have without end
        self.others = 0  # findings that are counted in no row
        self._full = LineCounter()
        self.full_lines = 0  # lines that have at least as many findings as are given of one
        self._last: dict[_Key, tuple[str, int]] = {}  # lines whose time is not read yet, and their numbers

    def add(self, finding: Finding, line: str, number: int | None = None) -> None:
        """Count a finding; `line` is the one that it stands in, `number` that line's where the finding has it not."""
        number = finding.line if number is None else number
        self.full_lines += self._full.is_full(number)
        vendor = finding.vendor or "/".join(dict.fromkeys(m.vendor for m in finding.meanings)) or "?"
        if finding.vendor is None and finding.state == "UNKNOWN":
            vendor = "?"
        text = ""
        if finding.meanings and vendor != "?":
            text = finding.meanings[0].text_in(self._language)
        key = vendor, finding.code, finding.state, text
        row = self._rows.get(key)
        if row:
            row.count += finding.times
            self._last[key] = line[:_TIME_WITHIN], number
        else:
            when = time_of(line) or number
            self._rows[key] = Row(*key, finding.times, when, when)
            if not _is_in_tables(finding):
                self._unknown.add(key)
                self._make_room(_CROWDED)

    def _make_room(self, most: int) -> None:
        """Where there are more rows than that of what the tables do not have, leave the most frequent of them."""
        if len(self._unknown) <= most:
            return
        for key in sorted(self._unknown, key=lambda k: -self._rows[k].count)[MOST_UNKNOWN:]:
            self.others += self._rows.pop(key).count
            self._last.pop(key, None)
            self._unknown.discard(key)

    def merge(self, other: Summary, lines: int = 0) -> None:
        """Add the tally of a later part of the log, which begins after so many lines."""
        self._settle()
        other._settle()
        for row in other._rows.values():
            first, last = (when + lines if isinstance(when, int) else when for when in (row.first, row.last))
            key = row.vendor, row.code, row.state, row.text
            known = self._rows.get(key)
            if known:
                known.count += row.count
                known.last = last
            else:
                self._rows[key] = replace(row, first=first, last=last)
        self._unknown |= other._unknown
        self._make_room(_CROWDED)
        self.others += other.others
        self.full_lines += other.full_lines

    def _settle(self) -> None:
        """Read the times of the last lines."""
        for key, (line, number) in self._last.items():
            self._rows[key].last = time_of(line) or number
        self._last.clear()

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> list[Row]:
        """The most frequent first."""
        self._settle()
        self._make_room(MOST_UNKNOWN)
        return sorted(self._rows.values(), key=lambda r: (-r.count, r.vendor, r.code or 0))

    def as_data(self) -> dict[str, Any]:
        """For --json."""
        rows = self.rows()
        return {
            "codes": [vars(row) for row in rows],
            "others": self.others,
            "total": sum(row.count for row in rows) + self.others,
        }

    def table(self, catalog: Catalog, width: int = NARROW) -> Table:
        """For people; on fewer than NARROW columns, text and times stand below the state."""
        from rich.table import Table  # not before it is needed: it takes 50 ms
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="")
        narrow = width < NARROW
        for name in ("count", "vendor", "code"):
            table.add_column(name, justify="left" if name == "vendor" else "right", no_wrap=True)
        for name in ("state, text, times",) if narrow else ("state", "text", "first", "last"):
            table.add_column(name, no_wrap=name == "state", overflow="fold")
        for row in self.rows():
            colour = catalog.states[row.state].colour if row.state in catalog.states else "default"
            code = "" if row.code is None else str(row.code)
            state = Text(row.state, style=colour)
            when = _when(row.first), _when(row.last)
            cells = [state, *(Text(visible(cell)) for cell in (row.text, *when))]
            if narrow:
                cells = [Text("\n").join(cell for cell in cells if cell)]
            table.add_row(*(Text(cell) for cell in (str(row.count), row.vendor, code)), *cells)
        if self.others:
            table.add_row(str(self.others), "?", "others", "UNKNOWN", *([] if narrow else [_RARE, "", ""]))
        return table


def _is_in_tables(finding: Finding) -> bool:
    """Whether it is of a code, or words, that the tables have, with a state that they have for it."""
    meanings = [m for m in finding.meanings if finding.code in (None, m.code, *m.aliases)]
    return any(finding.state in (m.state, "AMBIGUOUS") for m in meanings)


def _when(when: str | int) -> str:
    return f"line {when}" if isinstance(when, int) else when


def time_of(line: str) -> str:
    """The time that a log line begins with, as written, or nothing."""
    match = TIME.search(line[:_TIME_WITHIN])
    return match[0].strip("[") if match else ""
