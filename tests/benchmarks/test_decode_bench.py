"""What the decode benchmark measures is true on a smaller log too: the rival's findings, in little memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks.decode_bench import ours, peak_memory, rival, write_log
from blinkcode_host.catalog import load

_SIZE = 24_000_000  # enough for several workers
_MOST_MEMORY = 150_000_000


def test_findings_and_memory(tmp_path: Path) -> None:
    log, catalog = tmp_path / "log", load()
    write_log(log, _SIZE, catalog)
    assert ours(log) == rival(log, catalog) > 5_000
    assert (peak_memory(log) or 0) < _MOST_MEMORY
