"""table.toml: what stands around a number picks a row, and the row says how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blinkcode_host.finding.names import read_data
from blinkcode_host.finding.questions import QUESTIONS, Candidate

_NOT = "not "


@dataclass(frozen=True)
class Row:
    """One row: its name, what it tells people, how sure it is, and what it asks."""

    number: int
    name: str
    why: str
    confidence: float
    never: bool
    when: tuple[tuple[Callable[[Candidate], bool], bool], ...]  # (question, the answer that is wanted)


def _row(number: int, row: dict[str, Any]) -> Row:
    when = tuple(
        (QUESTIONS[asked.removeprefix(_NOT)], not asked.startswith(_NOT)) for asked in row.get("when", ())
    )
    return Row(number, row["name"], row["why"], row.get("confidence", 0.0), row.get("never", False), when)


_DATA = read_data("table.toml")
ROWS = [_row(i, row) for i, row in enumerate(_DATA["row"])]
"""The rows for numbers, in order."""

OTHER_ROWS = {row["name"]: _row(i, row) for i, row in enumerate(_DATA["other"])}
"""The rows for what is no plain number, by name."""


def row_of(candidate: Candidate) -> Row | None:
    """The first row whose questions are all answered as wanted for a candidate."""
    for row in ROWS:
        for ask, wanted in row.when:
            if candidate.answer(ask) is not wanted:
                break
        else:
            return row
    return None
