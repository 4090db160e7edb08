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
from blinkcode_host.reading.batch import Annotator, annotate
from missing import skip_or_fail
from targets import ROOT

pa = pytest.importorskip("pyarrow", reason="fleet skipped: pip install pyarrow")

LINES = [
    '{"code":1010,"msg":"token is expired","success":false,"t":1639929045868}',
    "I (4512) wifi: connected, RSSI: -67",
    "[Errno -4000] Network timeout",
    "tuya or alibaba: error code 2062",
    "E (5) blinkcode: broadlink -4012 PAIR control id mismatch; pair again (x8)",
    "GET /v1.0/devices 200 1010",
    "broadlink: error 1; error -4012; error 65529",
    "answer {",
    '  "success": false,',
    '  "code": 2062,',
    '  "msg": "data already exists"',
    "}",
    "pairing the plug in the kitchen did not work (error -40",
    "12, try again)",
    "",
    "failed with tuya error code 1106",
    "\x1b[31merror \x1b[1m-4012\x1b[0m",
]
Found = list[tuple[str, int, int | None, str | None, str]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "device7.log"
    path.write_text("\n".join(LINES) + "\n")
    return path


@pytest.fixture
def decoded(log: Path, capsys: pytest.CaptureFixture[str]) -> Found:
    """What decode finds, as (line, column, code, vendor, why)."""
    assert main(["decode", "--json", str(log)]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [f["why"] for f in found if f["line"] == 10] == ["the number and the words agree"]
    assert [f["matched"] for f in found if f["line"] == 13] == ["-4012"]
    return sorted((LINES[f["line"] - 1], f["column"], f["code"], f["vendor"], f["why"]) for f in found)


def _sorted(rows: Iterable[dict[str, Any]]) -> Found:
    return sorted((r["line"], r["log_column"], r["code"], r["vendor"], r["why"]) for r in rows)


def test_an_arrow_table(decoded: Found) -> None:
    table = pa.table({"device": ["d7"] * len(LINES), "line": LINES})
    found = annotate(table)
    assert _sorted(found.to_pylist()) == decoded
    assert set(found.column("device").to_pylist()) == {"d7"}
    assert found.column("candidates").to_pylist()[2] == ["tuya:2062", "alibaba:2062"]
    assert set(found.column("log_line").to_pylist()) == {1}


def test_batches_cut_anywhere(decoded: Found) -> None:
    (whole,) = pa.table({"line": LINES}).to_batches()
    annotator = Annotator()
    for cut in range(len(LINES) + 1):
        parts = [whole.slice(0, cut), whole.slice(cut)]
        assert _sorted(r for b in annotator.batches(parts) for r in b.to_pylist()) == decoded
    parts = [whole.slice(at, 2) for at in range(0, len(LINES), 2)]
    assert _sorted(r for b in annotator.batches(parts) for r in b.to_pylist()) == decoded


def test_rows_of_several_logs(decoded: Found) -> None:
    """Row by row in turn, and the findings are those of each log alone."""
    logs = ["a", "b", "c"]
    rows = [(log, line) for line in LINES for log in logs]
    table = pa.table({"log": [log for log, _ in rows], "line": [line for _, line in rows]})
    batches = table.to_batches(max_chunksize=10 * len(logs))
    found = [r for b in Annotator(log="log").batches(batches) for r in b.to_pylist()]
    for log in logs:
        assert _sorted(r for r in found if r["log"] == log) == decoded
    order = {row: i for i, row in enumerate(rows)}
    places = [order[r["log"], r["line"]] for r in found]
    assert places == sorted(places)


def test_rows_in_no_order_stand_alone(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch = pa.record_batch({"line": LINES})
    found = _sorted(Annotator(in_order=False).annotate(batch).to_pylist())
    alone: Found = []
    for line in LINES:
        log.write_text(line)
        main(["decode", "--json", str(log)])
        data = map(json.loads, capsys.readouterr().out.splitlines())
        alone += [(line, f["column"], f["code"], f["vendor"], f["why"]) for f in data]
    assert found == sorted(alone)


def test_a_row_with_several_lines_is_one_entry() -> None:
    rows = [
        "before",
        '{\n  "code": 1106,\n  "msg": "permission deny"\n}',
        None,
        "nothing",
        "x\r\nbroadlink error -4012",
    ]
    first, second = annotate(pa.table({"line": rows})).to_pylist()
    assert (first["log_line"], first["code"]) == (2, 1106)
    assert first["confidence"] > 0.9  # words agree
    assert (second["log_line"], second["code"], second["line"]) == (2, -4012, rows[-1])


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="no column 'line'; there are text"):
        annotate(pa.table({"text": ["x"]}))
    with pytest.raises(ValueError, match="no column 'file'; there are line"):
        annotate(pa.table({"line": ["x"]}), log="file")


def test_duckdb(log: Path, decoded: Found) -> None:
    """Two files, in batches that hold a part of one, or of both."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB skipped: pip install duckdb pyarrow")
    (log.parent / "device8.log").write_bytes(log.read_bytes())
    database = duckdb.connect()
    reader = (
        database.cursor()
        .sql(
            f"SELECT filename, unnest(string_split(content, chr(10))) AS line FROM read_text('{log.parent}/*.log')"
        )
        .to_arrow_reader(7)
    )
    annotator = Annotator(log="filename")
    found = pa.RecordBatchReader.from_batches(annotator.schema(reader.schema), annotator.batches(reader))
    rows = database.from_arrow(found).select("line", "log_column", "code", "vendor", "why").fetchall()
    assert sorted(rows) == sorted(2 * decoded)


def test_spark(log: Path, decoded: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        skip_or_fail("Spark skipped: apt-get install openjdk-17-jre-headless")
    sql = pytest.importorskip(
        "pyspark.sql", reason="Spark skipped: pip install 'pyspark>=3.5' pyarrow 'pandas<3'"
    )
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "host_tools"))
    (log.parent / "device8.log").write_bytes(log.read_bytes())

    def codes(batches: Iterable[Any]) -> Iterator[Any]:
        from blinkcode_host.reading.batch import Annotator

        yield from Annotator(log="log").batches(batches)

    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "7").getOrCreate()
    try:
        lines = session.read.text(str(log.parent)).withColumnRenamed("value", "line")
        lines = lines.withColumn("log", sql.functions.input_file_name())
        schema = (
            "line string, log string, log_line long, log_column long, matched string, vendor string, code long,"
            "state string, text string, advice string, form string, confidence double, times long, why string,"
            "candidates array<string>"
        )
        rows = [row.asDict() for row in lines.mapInArrow(codes, schema).collect()]
    finally:
        session.stop()
    assert _sorted(rows) == sorted(2 * decoded)


def test_decode_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    class Input:
        buffer = io.BytesIO(b"broadlink error -4012\n")

    monkeypatch.setattr(sys, "stdin", Input())
    assert main(["decode"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"broadlink error -4012\n  ^ broadlink -4012 PAIR")
