"""The labelled texts: written lines (carrying.tsv, traps.tsv) and the field's pastes (field/), and how findings score.

A label is what is right: for each place that wants an annotation the pairs (vendor, code) that would do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from blinkcode_host.finding.around import Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding

CORPUS = Path(__file__).resolve().parent
WRITTEN = "carrying.tsv", "traps.tsv"
FIELD = "cloud", "esp32"
SHOWN = 0.5  # decode's own default for --min-confidence

Wanted = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Case:
    """A labelled text; `?` is a vendor left open. What is optional may be found or not."""

    place: str
    kind: str
    wanted: tuple[Wanted, ...]
    optional: tuple[Wanted, ...]
    text: str


def written(name: str) -> list[Case]:
    """The labelled lines of one of WRITTEN; their kind is the comment above them."""
    cases = []
    kind = ""
    for number, line in enumerate((CORPUS / name).read_text("utf-8").splitlines(), 1):
        label, tab, raw = line.partition("\t")
        if not tab:
            assert line.startswith("#"), f"{name}:{number}: neither a comment nor a label, a tab and a text"
            kind = line.removeprefix("#").strip()
            continue
        items = [one for one in label.split() if one != "-"]
        wanted = tuple(_pairs(one) for one in items if not one.startswith("("))
        optional = tuple(_pairs(one.strip("()")) for one in items if one.startswith("("))
        cases.append(Case(f"{name}:{number}", kind, wanted, optional, _unescape(raw)))
    return cases


def from_the_field(name: str) -> list[Case]:
    """The pastes of one of FIELD."""
    cases = []
    for line in (CORPUS / "field" / f"{name}.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        text = (CORPUS / "field" / f"{label['id']}.log").read_text("utf-8")
        sides: dict[bool, list[Wanted]] = {False: [], True: []}
        for one in label["expected"]:
            sides[one.get("optional", False)].append(frozenset([(one["vendor"], one["code"])]))
        kind = label["kind"]
        cases.append(Case(f"field/{label['id']}.log", kind, tuple(sides[False]), tuple(sides[True]), text))
    return cases


def _pairs(label: str) -> Wanted:
    pairs = (pair.split(":") for pair in label.split("|"))
    return frozenset((vendor, int(code)) for vendor, code in pairs)


_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|(.))", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}


def _unescape(raw: str) -> str:
    def byte(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 16)]) if match[1] else _ESCAPES.get(match[2], match[0])

    return _ESCAPE.sub(byte, raw.encode("utf-8")).decode("utf-8", "replace")


def found_in(finder: Finder, text: str, least: float = SHOWN) -> list[Finding]:
    """The findings for a text of one or more lines, of at least a confidence."""
    lines = text.split("\n")
    plain = [line.rstrip("\r") for line in lines]
    found = [f for i, line in enumerate(lines) for f in finder.find(line, Lines(plain[:i], plain[i + 1 :]))]
    return [f for f in found if f.confidence >= least]


def is_right(finding: Finding, wanted: Wanted) -> bool:
    """Whether a finding is one that a label wants."""
    if finding.vendor is not None:
        return any(finding.code == code and vendor in (finding.vendor, "?") for vendor, code in wanted)
    if ("?", finding.code) in wanted:
        return True
    return wanted <= {(m.vendor, m.code) for m in finding.meanings}


@dataclass
class Score:
    """Right, wrong and missed ones; right ones that were optional are apart."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    optional: int = 0

    @property
    def precision(self) -> float:
        """The share of right ones among what was found and not optional."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what was wanted that was found."""
        return self.right / max(1, self.right + self.missed)


@dataclass
class Tally:
    """The scores of many texts."""

    total: Score = field(default_factory=Score)
    families: dict[str, Score] = field(default_factory=dict)
    kinds: dict[str, Score] = field(default_factory=dict)
    rows: dict[str, Score] = field(default_factory=dict)
    texts: int = 0
    whole: int = 0  # texts without a wrong and a missed one
    complaints: list[str] = field(default_factory=list)

    def add(self, case: Case, findings: list[Finding]) -> None:
        """Score the findings in a text."""
        complaints = len(self.complaints)
        wanted, optional = list(case.wanted), list(case.optional)
        for finding in findings:
            match = next((w for w in wanted if is_right(finding, w)), None)
            if match:
                wanted.remove(match)
                self._count("right", case, finding.vendor, finding.row)
                continue
            match = next((w for w in optional if is_right(finding, w)), None)
            if match:
                optional.remove(match)
                self._count("optional", case, finding.vendor, finding.row)
                continue
            self._count("wrong", case, finding.vendor, finding.row)
            self.complaints.append(
                f"{case.place}: {finding.matched!r} is not {finding.vendor} {finding.code} [{finding.row}]"
            )
        for one in wanted:
            self._count("missed", case, min(one)[0], "")
            self.complaints.append(f"{case.place}: {sorted(one)} is missed")
        self.texts += 1
        self.whole += len(self.complaints) == complaints

    def _count(self, what: str, case: Case, vendor: str | None, row: str) -> None:
        of_row = [self.rows.setdefault(row, Score())] if row else []
        family = self.families.setdefault(vendor or "several", Score())
        for score in (self.total, family, self.kinds.setdefault(case.kind, Score()), *of_row):
            setattr(score, what, getattr(score, what) + 1)


def tally(finder: Finder, cases: Iterator[Case] | list[Case], least: float = SHOWN) -> Tally:
    """The scores of a finder on labelled texts."""
    result = Tally()
    for case in cases:
        result.add(case, found_in(finder, case.text, least))
    return result
