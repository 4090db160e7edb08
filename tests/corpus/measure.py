"""`make bench-finding`: precision, recall and whole texts right; `--write` puts the rows' figures into table.toml.

The figures of the field's pastes and of the written lines stand apart: the first say what to expect, the second hold
what was promised once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "host_tools"), str(ROOT / "tests")]

from blinkcode_host.catalog import load  # noqa: E402
from blinkcode_host.finding.finder import Finder  # noqa: E402
from corpus.labelled import FIELD, WRITTEN, Score, Tally, from_the_field, tally, written  # noqa: E402

TABLE = ROOT / "host_tools" / "blinkcode_host" / "finding" / "table.toml"
_FIGURES = re.compile(r"^(?:right = \d+\nwrong = \d+\n)?confidence = [\d.]+$", re.M)
_NAME = re.compile(r'^name = "(.+)"$', re.M)


def measured() -> dict[str, tuple[int, int]]:
    """(right, wrong) for each row, on the field's pastes."""
    rows = tally(Finder(load()), [c for name in FIELD for c in from_the_field(name)], least=0).rows
    return {name: (score.right + score.optional, score.wrong) for name, score in rows.items()}


def with_figures(text: str, rows: Mapping[str, tuple[int, int]]) -> str:
    """table.toml with the rows' figures in it."""
    pieces = []
    for stanza in re.split(r"(?=^\[\[)", text, flags=re.M):
        name = _NAME.search(stanza)
        right, wrong = rows.get(name[1] if name else "", (0, 0))
        confidence = round((right + 1) / (right + wrong + 2), 2)
        figures = f"right = {right}\nwrong = {wrong}\nconfidence = {confidence}"
        pieces.append(_FIGURES.sub(figures, stanza))
    return "".join(pieces)


def report(title: str, result: Tally) -> str:
    """The figures for people."""
    share = result.whole / max(1, result.texts)
    lines = [
        f"{title}: {result.texts} texts, {share:.3f} of them right as a whole",
        _line("all", result.total),
    ]
    for what, scores in (("family", result.families), ("kind", result.kinds), ("row", result.rows)):
        lines.append(f"  by {what}")
        lines += [_line(f"  {name}", score) for name, score in sorted(scores.items())]
    return "\n".join(lines)


def _line(name: str, score: Score) -> str:
    counts = (
        f"right {score.right:4}  wrong {score.wrong:3}  missed {score.missed:3}  optional {score.optional:3}"
    )
    return f"  {name:34.34} {counts}  precision {score.precision:.3f}  recall {score.recall:.3f}"


def main() -> None:
    if "--write" in sys.argv:
        TABLE.write_text(with_figures(TABLE.read_text("utf-8"), measured()), "utf-8")
    finder = Finder(load())
    for name in FIELD:
        result = tally(finder, from_the_field(name))
        print(report(f"field, {name}", result), *(f"  {c}" for c in result.complaints), "", sep="\n")
    result = tally(finder, [case for name in WRITTEN for case in written(name)])
    result.kinds = {}  # there are some hundred, of a few lines each
    print(report("written", result), *(f"  {c}" for c in result.complaints), sep="\n")


if __name__ == "__main__":
    main()
