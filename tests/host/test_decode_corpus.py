"""What decode finds in the labelled texts of tests/corpus: the field's pastes, and the written lines."""

from __future__ import annotations

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.finding.around import Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.reading.stream import Decoder
from corpus.labelled import FIELD, SHOWN, WRITTEN, found_in, from_the_field, is_right, tally, written
from corpus.measure import TABLE, measured, report, with_figures

_WITH_VENDOR = 0.9  # of the lines that name nobody, found where the user names the vendor


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(load())


@pytest.mark.parametrize(
    ("name", "recall", "precision", "whole"), [("cloud", 0.93, 0.95, 0.92), ("esp32", 0.93, 0.96, 0.92)]
)
def test_the_fields_pastes(
    finder: Finder,
    name: str,
    recall: float,
    precision: float,
    whole: float,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = tally(finder, from_the_field(name))
    with capsys.disabled():
        print("\n" + report(f"field, {name}", result).split("\n  by ")[0])
    complaints = "\n".join(result.complaints)
    assert result.texts >= 200
    assert result.total.recall >= recall, complaints
    assert result.total.precision >= precision, complaints
    assert result.whole / result.texts >= whole, complaints


def test_the_written_lines(finder: Finder, capsys: pytest.CaptureFixture[str]) -> None:
    result = tally(finder, [case for name in WRITTEN for case in written(name)])
    with capsys.disabled():
        print("\n" + report("written lines", result).split("\n  by ")[0])
    complaints = "\n".join(result.complaints)
    assert result.texts >= 2_500
    assert result.total.recall >= 0.95, complaints
    assert result.total.precision >= 0.99, complaints


def test_the_tables_figures_are_measured() -> None:
    """Else run `python tests/corpus/measure.py --write`."""
    text = TABLE.read_text("utf-8")
    assert with_figures(text, measured()) == text


def test_lines_that_name_nobody_are_found_where_the_user_names_the_vendor() -> None:
    found = missed = 0
    for vendor in ("broadlink", "tuya", "alibaba"):
        finder = Finder(load(), (vendor,))
        for case in written("carrying.tsv"):
            for wanted in case.optional:
                if {v for v, _ in wanted} == {vendor}:
                    right = any(is_right(f, wanted) for f in found_in(finder, case.text))
                    found, missed = found + right, missed + (not right)
    assert found >= 100
    assert found / (found + missed) >= _WITH_VENDOR


def test_they_are_found_where_everything_is_asked_for(finder: Finder) -> None:
    lines = [case for case in written("carrying.tsv") if case.optional]
    assert sum(bool(found_in(finder, case.text, least=0)) for case in lines) >= 0.9 * len(lines)
    assert all(f.confidence < SHOWN for f in found_in(finder, "error: -4012", least=0))


@pytest.mark.parametrize(("verbose", "everything"), [(False, False), (True, False), (False, True)])
def test_the_prefilter_loses_no_finding(verbose: bool, everything: bool) -> None:
    finder = Finder(load(), (), verbose, everything)
    decoder = Decoder(finder)
    texts = [case.text for name in WRITTEN for case in written(name)]
    pastes = [case.text for name in FIELD for case in from_the_field(name)]
    for text in [*texts, *pastes, *(f"{text}, and so on" for text in texts)]:
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
