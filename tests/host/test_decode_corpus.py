"""Precision and recall over the labelled lines of tests/corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.console.around import Lines
from blinkcode_host.console.finder import Finder
from blinkcode_host.console.finding import Finding

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SHOWN = 0.5  # decode's own default for --min-confidence


@dataclass
class Case:
    """A labelled text: for each code the pairs (vendor, code) that are right; `?` is a vendor left open."""

    place: str
    wanted: list[set[tuple[str, int]]]
    text: str


def cases(name: str) -> list[Case]:
    """The labelled lines of a file."""
    found = []
    for number, line in enumerate((CORPUS / name).read_text("utf-8").splitlines(), 1):
        label, tab, raw = line.partition("\t")
        if not tab:
            assert line.startswith("#"), f"{name}:{number}: neither a comment nor a label, a tab and a text"
            continue
        wanted = [{_pair(p) for p in one.split("|")} for one in label.split() if one != "-"]
        found.append(Case(f"{name}:{number}", wanted, _unescape(raw)))
    return found


def _pair(written: str) -> tuple[str, int]:
    vendor, code = written.split(":")
    return vendor, int(code)


def _unescape(raw: str) -> str:
    data = raw.encode("utf-8").decode("latin-1").encode("latin-1")
    for written, byte in (
        (b"\\\\", b"\0"),
        (b"\\n", b"\n"),
        (b"\\r", b"\r"),
        (b"\\t", b"\t"),
        (b"\\x1b", b"\x1b"),
    ):
        data = data.replace(written, byte)
    pieces = data.split(b"\\x")
    data = pieces[0] + b"".join(bytes([int(p[:2], 16)]) + p[2:] for p in pieces[1:])
    return data.replace(b"\0", b"\\").decode("utf-8", "replace")


def found_in(finder: Finder, text: str) -> list[Finding]:
    """The findings that decode shows for a text of one or more lines."""
    lines = text.split("\n")
    plain = [line.rstrip("\r") for line in lines]
    found = [f for i, line in enumerate(lines) for f in finder.find(line, Lines(plain[:i], plain[i + 1 :]))]
    return [f for f in found if f.confidence >= SHOWN]


def is_right(finding: Finding, wanted: set[tuple[str, int]]) -> bool:
    if finding.vendor is not None:
        return any(finding.code == code and vendor in (finding.vendor, "?") for vendor, code in wanted)
    if ("?", finding.code) in wanted:
        return True
    return wanted <= {(m.vendor, m.code) for m in finding.meanings}


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(load())


def test_precision_and_recall(finder: Finder, capsys: pytest.CaptureFixture[str]) -> None:
    right = wrong = missed = 0
    complaints = []
    all_cases = [*cases("carrying.tsv"), *cases("traps.tsv")]
    assert sum(bool(c.wanted) for c in all_cases) >= 150
    assert sum(not c.wanted for c in all_cases) >= 150
    for case in all_cases:
        left = list(case.wanted)
        for finding in found_in(finder, case.text):
            match = next((w for w in left if is_right(finding, w)), None)
            if match:
                left.remove(match)
                right += 1
            else:
                wrong += 1
                complaints.append(f"{case.place}: {finding.vendor} {finding.code} is wrong in {case.text!r}")
        missed += len(left)
        complaints += [f"{case.place}: {sorted(w)} is missed in {case.text!r}" for w in left]
    precision, recall = right / (right + wrong), right / (right + missed)
    with capsys.disabled():
        print(f"\nlabelled lines: {len(all_cases)}, precision {precision:.4f}, recall {recall:.4f}")
    assert precision >= 0.99, "\n".join(complaints)
    assert recall >= 0.97, "\n".join(complaints)
    assert not complaints, "\n".join(complaints)
