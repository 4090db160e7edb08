"""docs/fleets.md: DuckDB and Spark find in a batch of lines what `decode` finds in a file."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from blinkcode_host.cli import main
from blinkcode_host.console.batch import Annotator, annotate
from targets import ROOT

pa = pytest.importorskip("pyarrow", reason="fleet skipped: pip install 'blinkcode[fleet]'")

LINES = [
    '{"code":1010,"msg":"token is expired","success":false,"t":1639929045868}',
    "I (4512) wifi: connected, RSSI: -67",
    "[Errno -4000] Network timeout",
    "error code 2062",
    "E (5) blinkcode: broadlink -4012 PAIR control id mismatch; pair again (x8)",
    "GET /v1.0/devices 200 1010",
    "broadlink: error 1; error -4012; error 65529",
]
Found = list[tuple[str, int, int | None, str | None]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "device7.log"
    path.write_text("\n".join(LINES) + "\n")
    return path


@pytest.fixture
def decoded(log: Path, capsys: pytest.CaptureFixture[str]) -> Found:
    """What decode finds, as (line, column, code, vendor)."""
    assert main(["decode", "--json", str(log)]) == 0
    found = map(json.loads, capsys.readouterr().out.splitlines())
    return sorted((LINES[f["line"] - 1], f["column"], f["code"], f["vendor"]) for f in found)


def _sorted(rows: Iterable[dict[str, Any]]) -> Found:
    return sorted((r["line"], r["log_column"], r["code"], r["vendor"]) for r in rows)


def test_an_arrow_table(decoded: Found) -> None:
    table = pa.table({"device": ["d7"] * len(LINES), "line": LINES})
    found = annotate(table)
    assert _sorted(found.to_pylist()) == decoded
    assert set(found.column("device").to_pylist()) == {"d7"}
    assert found.column("candidates").to_pylist()[2] == ["tuya:2062", "alibaba:2062"]


def test_a_row_with_several_lines_is_one_entry() -> None:
    table = pa.table({"line": ['{\n  "code": 1106,\n  "msg": "permission deny"\n}', None, "nothing"]})
    (found,) = annotate(table).to_pylist()
    assert (found["log_line"], found["code"], found["confidence"]) == (2, 1106, 0.97)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="no column 'line'; there are text"):
        annotate(pa.table({"text": ["x"]}))


def test_duckdb(log: Path, decoded: Found) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB skipped: pip install 'blinkcode[fleet]'")
    database = duckdb.connect()
    reader = (
        database.cursor()
        .sql(
            f"SELECT filename, unnest(string_split(content, chr(10))) AS line FROM read_text('{log.parent}/*.log')"
        )
        .to_arrow_reader(1000)
    )
    annotator = Annotator()
    found = pa.RecordBatchReader.from_batches(annotator.schema(reader.schema), annotator.batches(reader))
    rows = database.from_arrow(found).select("line", "log_column", "code", "vendor").fetchall()
    assert sorted(rows) == decoded


def test_spark(log: Path, decoded: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        reason = "Spark skipped: apt-get install openjdk-17-jre-headless"
        if os.environ.get("BLINKCODE_NO_SKIP") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    sql = pytest.importorskip("pyspark.sql", reason="Spark skipped: pip install 'blinkcode[spark]'")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "host_tools"))

    def codes(batches: Iterable[Any]) -> Iterator[Any]:
        from blinkcode_host.console.batch import Annotator

        yield from Annotator().batches(batches)

    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        lines = session.read.text(str(log)).withColumnRenamed("value", "line")
        schema = (
            "line string, log_line long, log_column long, matched string, vendor string, code long, state string,"
            "text string, advice string, form string, confidence double, times long, why string,"
            "candidates array<string>"
        )
        rows = [row.asDict() for row in lines.mapInArrow(codes, schema).collect()]
    finally:
        session.stop()
    assert _sorted(rows) == decoded


def test_decode_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    class Input:
        buffer = io.BytesIO(b"error -4012\n")

    monkeypatch.setattr(sys, "stdin", Input())
    assert main(["decode"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"error -4012\n  ^ broadlink -4012 PAIR")
