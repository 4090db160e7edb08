"""Precision and recall over the labelled lines of tests/corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.finding.around import Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding
from blinkcode_host.reading.stream import Decoder

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


@pytest.mark.parametrize(("verbose", "everything"), [(False, False), (True, False), (False, True)])
def test_the_prefilter_loses_no_finding(verbose: bool, everything: bool) -> None:
    finder = Finder(load(), (), verbose, everything)
    decoder = Decoder(finder)
    texts = [case.text for name in ("carrying.tsv", "traps.tsv") for case in cases(name)]
    for text in [*texts, *(f"{text}, and so on" for text in texts)]:
        block = text.encode()
        found = {
            (block.count(b"\n", 0, start), f.column, f.vendor, f.code)
            for start, _, findings in decoder.examine(block, 0, len(block))
            for f in findings or ()
        }
        lines = [line.rstrip("\r") for line in text.split("\n")]
        assert found == {
            (i, f.column, f.vendor, f.code)
            for i, line in enumerate(text.split("\n"))
            for f in finder.find(line, Lines(lines[:i], lines[i + 1 :]))
        }, text


@pytest.mark.parametrize(
    ("vendor", "code", "line"),
    [
        ("tuya", 1010, '10:00:00 cloud: request failed, got {"code":1010,"msg":"token is expired","t":17}'),
        (
            "tuya",
            28841002,
            "E (881230) cloud: polling has stopped: Code 28841002: Cloud development plan expired",
        ),
        ("tuya", 1106, "12:44:10 INFO poll of all devices failed, code = 1106, msg = permission deny"),
        ("broadlink", -4012, "pairing did not work on device 3: [Errno -4012] Device control ID error"),
        ("broadlink", -4012, "E (12345) blinkcode: broadlink -4012 PAIR control id mismatch; pair again"),
        ("alibaba", 28504, "the lamp did not answer: {'code': 28504, 'message': 'device is offline.'}"),
    ],
)
def test_a_hard_wrap_anywhere(finder: Finder, vendor: str, code: int, line: str) -> None:
    for cut in range(20, len(line)):
        found = found_in(finder, f"{line[:cut]}\n{line[cut:]}\nI (99) wifi: ok")
        assert [(f.vendor, f.code) for f in found] == [(vendor, code)], line[:cut]
