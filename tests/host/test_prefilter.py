"""The prefilter passes every line in which the finder finds something."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from benchmarks.decode_bench import write_log
from blinkcode_host.catalog import Catalog, load
from blinkcode_host.finding.around import Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.reading import prefilter
from blinkcode_host.reading.prefilter import Prefilter
from targets import ROOT

CORPUS = ROOT / "tests" / "corpus"
_SEED = 13


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def texts(catalog: Catalog) -> list[str]:
    """The corpus's lines, as they stand and with other vendors' codes for some of their numbers."""
    chance = random.Random(_SEED)
    codes = [str(code) for code in catalog.codes()]
    lines = [
        line
        for name in ("carrying.tsv", "traps.tsv")
        for entry in (CORPUS / name).read_text("utf-8").splitlines()
        for line in entry.partition("\t")[2].replace("\\n", "\n").replace("\\r", "").split("\n")
    ]
    changed = [
        re.sub(r"-?\d+", lambda m: chance.choice((m[0], chance.choice(codes))), line) for line in lines
    ]
    return lines + changed


@pytest.mark.parametrize(("verbose", "everything"), [(False, False), (True, False), (False, True)])
def test_nothing_is_missed(catalog: Catalog, texts: list[str], verbose: bool, everything: bool) -> None:
    finder = Finder(catalog, verbose=verbose, everything=everything)
    chosen = Prefilter(catalog, finder.words, verbose, everything)
    found = [line for line in texts if finder.find(line, Lines())]
    assert len(found) > 500
    for line in found:
        data = line.encode()
        assert list(chosen.lines(data, 0, len(data))) == [(0, len(data))], line


def test_without_re2(catalog: Catalog, texts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library's expressions pick the same lines."""
    words = Finder(catalog).words
    block = "\n".join(texts).encode()
    fast = list(Prefilter(catalog, words).lines(block, 0, len(block)))
    monkeypatch.setattr(prefilter, "re2", None)
    assert list(Prefilter(catalog, words).lines(block, 0, len(block))) == fast
    assert len(fast) > 500


def test_its_states_fit_into_its_memory(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where they do not, the library begins anew again and again, which takes ten times as long."""
    pytest.importorskip("re2", reason="without RE2 there are no states")
    write_log(tmp_path / "log", 2_000_000, catalog)
    block = (tmp_path / "log").read_bytes()
    words = Finder(catalog).words

    def seconds() -> float:
        chosen = Prefilter(catalog, words)
        times = []
        for _ in range(4):
            start = time.process_time()
            assert sum(1 for _ in chosen.lines(block, 0, len(block))) > 500
            times.append(time.process_time() - start)
        return min(times)

    usual = seconds()
    monkeypatch.setattr(prefilter, "_MEMORY", 4 * prefilter._MEMORY)
    assert usual < 3 * seconds()
