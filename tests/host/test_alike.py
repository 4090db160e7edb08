"""Lines alike are judged once: that must never show in what is found."""

from __future__ import annotations

import random
import re

import pytest

from blinkcode_host.catalog import Catalog, load
from blinkcode_host.finding.alike import Alike
from blinkcode_host.finding.around import Lines
from blinkcode_host.finding.finder import Finder
from targets import ROOT

CORPUS = ROOT / "tests" / "corpus"
_SEED = 11


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def alike(catalog: Catalog) -> Alike:
    return Alike(catalog, numbers=True)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("E (12345) blinkcode: tuya 1106 DENIED", "E (00000) blinkcode: tuya 1106 DENIED"),
        ("2024-07-22 10:01:02.345 error 1106", "0000-00-00 00:00:00.000 error 1106"),
        ("error 1106 after 5317 ms, 5317ms, 5317x", "error 1106 after 9999 ms, 9999ms, 5317x"),
        ("device bf0a1b2c3d4e5f67 of 192.168.1.77", "device a000000000000000 of 000.000.0.00"),
        ("a6:b5:c4:d3:e2:f1", "a6:b5:c4:d3:e2:f1"),  # at its beginning, a line's shape counts
        ("to a6:b5:c4:d3:e2:f1", "to a0:a0:a0:a0:a0:a0"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-0000-0000-0000-000000000000"),
        ("error 1,106 or 0,531", "error 1,106 or 0,531"),
        ("status 65529, -4012, 0xF054 and f9 ff", "status 65529, -4012, 0xF054 and f9 ff"),
        ("bytes 62 ff and 0x22=62", "bytes 62 ff and 0x22=62"),
        ("ошибка 5317", "ошибка 9999"),
    ],
)
def test_what_stands_for_a_line(alike: Alike, text: str, like: str) -> None:
    assert alike(text) == alike(like) == like


def test_findings_are_those_of_the_line_itself(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """The corpus with its numbers changed at random: the same with numbers masked, and with nothing masked or kept."""
    chance = random.Random(_SEED)
    codes = [str(abs(code)) for code in catalog.codes()]

    def changed(match: re.Match[str]) -> str:
        way = chance.random()
        if way < 0.3:
            return match[0]
        return chance.choice(codes) if way < 0.5 else "".join(chance.choice("0123456789") for _ in match[0])

    texts = [
        re.sub("[0-9]+", changed, line.partition("\t")[2])
        for name in ("carrying.tsv", "traps.tsv")
        for line in (CORPUS / name).read_text("utf-8").splitlines()
    ]
    finder, plain = Finder(catalog), Finder(catalog)
    found = [finder.find(text, Lines()) for text in texts]
    assert sum(map(bool, found)) > 200
    monkeypatch.setattr(plain, "_alike", Alike(catalog, numbers=False))
    for text, findings in zip(texts, found, strict=True):
        assert plain.find(text, Lines()) == findings, text
        assert finder.find(text, Lines()) == findings, text


@pytest.mark.parametrize("line", ["error code 1106", "error code 1106; " * 300])
def test_what_lines_around_say_is_asked_each_time(catalog: Catalog, line: str) -> None:
    finder = Finder(catalog)
    for _ in range(2):
        for around, row in (
            (Lines(), "nobody named"),
            (Lines(after=["ok", "[custom_components.tuya] no devices"]), "named around, in place"),
            (Lines(before=["tuya, the log of Monday"]), "named around, in place"),
            (Lines(after=["mysql"]), "nobody named"),
        ):
            assert {f.row for f in finder.find(line, around)} == {row}
