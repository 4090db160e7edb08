"""Count findings: by vendor, code and state, with the first and the last time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.shapes import TIME

if TYPE_CHECKING:
    from rich.table import Table

_Key = tuple[str, "int | None", str, str]
_TIME_WITHIN = 64  # characters from a line's start


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


class Summary:
    """A tally of findings, in the order in which a log has them."""

    def __init__(self, language: str = "en") -> None:
        self._chinese = language == "zh"
        self._rows: dict[_Key, Row] = {}
        self._last: dict[_Key, tuple[str, int]] = {}  # lines whose time is not read yet, and their numbers

    def add(self, finding: Finding, line: str, number: int | None = None) -> None:
        """Count a finding; `line` is the one that it stands in, `number` that line's where the finding has it not."""
        number = finding.line if number is None else number
        vendor = finding.vendor or "/".join(dict.fromkeys(m.vendor for m in finding.meanings)) or "?"
        if finding.vendor is None and finding.state == "UNKNOWN":
            vendor = "?"
        text = ""
        if finding.meanings and vendor != "?":
            text = finding.meanings[0].text_zh if self._chinese else finding.meanings[0].text
        key = vendor, finding.code, finding.state, text
        row = self._rows.get(key)
        if row:
            row.count += finding.times
            self._last[key] = line, number
        else:
            when = time_of(line) or number
            self._rows[key] = Row(*key, finding.times, when, when)

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
        return sorted(self._rows.values(), key=lambda r: (-r.count, r.vendor, r.code or 0))

    def as_data(self) -> dict[str, Any]:
        """For --json."""
        return {
            "codes": [vars(row) for row in self.rows()],
            "total": sum(r.count for r in self._rows.values()),
        }

    def table(self, catalog: Catalog) -> Table:
        """For people."""
        from rich.table import Table  # not before it is needed: it takes 50 ms

        table = Table(box=None, pad_edge=False, header_style="")
        for name in ("count", "vendor", "code", "state", "text", "first", "last"):
            table.add_column(name, justify="right" if name in ("count", "code") else "left", overflow="fold")
        for row in self.rows():
            colour = catalog.states[row.state].colour if row.state in catalog.states else "default"
            code = "" if row.code is None else str(row.code)
            state = f"[{colour}]{row.state}[/]"
            table.add_row(
                str(row.count), row.vendor, code, state, row.text, _when(row.first), _when(row.last)
            )
        return table


def _when(when: str | int) -> str:
    return f"line {when}" if isinstance(when, int) else when


def time_of(line: str) -> str:
    """The time that a log line begins with, as written, or nothing."""
    match = TIME.search(line[:_TIME_WITHIN])
    return match[0].strip("[") if match else ""
