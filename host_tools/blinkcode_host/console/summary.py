"""Count findings: by vendor, code and state, with the first and the last time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rich.table import Table

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.console.finding import Finding
from blinkcode_host.console.shapes import TIME

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
        self._rows: dict[tuple[str, int | None, str], Row] = {}

    def add(self, finding: Finding, line: str) -> None:
        """Count a finding; `line` is the one that it stands in."""
        when = time_of(line) or finding.line
        vendor = finding.vendor or "/".join(dict.fromkeys(m.vendor for m in finding.meanings)) or "?"
        if finding.vendor is None and finding.state == "UNKNOWN":
            vendor = "?"
        first = next(iter(finding.meanings), None)
        text = "" if not first or vendor == "?" else first.text_zh if self._chinese else first.text
        row = Row(vendor, finding.code, finding.state, text, finding.times, when, when)
        self._merge(row)

    def merge(self, other: Summary, lines: int = 0) -> None:
        """Add the tally of a later part of the log, which begins after so many lines."""
        for row in other._rows.values():
            first, last = (when + lines if isinstance(when, int) else when for when in (row.first, row.last))
            self._merge(replace(row, first=first, last=last))

    def _merge(self, row: Row) -> None:
        known = self._rows.get(key := (row.vendor, row.code, row.state + row.text))
        if known:
            known.count += row.count
            known.last = row.last
        else:
            self._rows[key] = row

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> list[Row]:
        """The most frequent first."""
        return sorted(self._rows.values(), key=lambda r: (-r.count, r.vendor, r.code or 0))

    def as_data(self) -> dict[str, Any]:
        """For --json."""
        return {
            "codes": [vars(row) for row in self.rows()],
            "total": sum(r.count for r in self._rows.values()),
        }

    def table(self, catalog: Catalog) -> Table:
        """For people."""
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
