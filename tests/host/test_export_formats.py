"""`blinkcode export`: every format holds the same."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from blinkcode_host.cli import main


def _export(form: str, folder: Path) -> Path:
    path = folder / f"codes.{form}"
    assert main(["export", "--format", form, "-o", str(path)]) == 0
    return path


def test_sqlite_holds_what_json_does(tmp_path: Path) -> None:
    entries = json.loads(_export("json", tmp_path).read_text("utf-8"))["codes"]
    database = sqlite3.connect(_export("sqlite", tmp_path))
    found = database.execute("SELECT vendor, code, state, advice_zh FROM codes ORDER BY rowid").fetchall()
    assert found == [(e["vendor"], e["code"], e["state"], e["advice_zh"]) for e in entries]
    words = database.execute("SELECT message FROM messages WHERE vendor = 'tuya' AND code = 1010").fetchall()
    assert words == [("token is expired",)] * 2


def test_parquet_holds_what_json_does(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet skipped: pip install pyarrow")
    entries = json.loads(_export("json", tmp_path).read_text("utf-8"))["codes"]
    found = parquet.read_table(_export("parquet", tmp_path)).to_pylist()
    assert [dict(row["messages"]) for row in found] == [e["messages"] for e in entries]
    assert [(row["vendor"], row["code"], row["text_zh"]) for row in found] == [
        (e["vendor"], e["code"], e["text_zh"]) for e in entries
    ]


def test_csv_has_a_row_for_each_meaning(tmp_path: Path) -> None:
    rows = list(csv.DictReader(_export("csv", tmp_path).read_text("utf-8").splitlines()))
    entries = json.loads(_export("json", tmp_path).read_text("utf-8"))["codes"]
    assert [int(row["code"]) for row in rows] == [e["code"] for e in entries]


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["export", "-o", str(tmp_path / "file" / "x")]) == 2
    assert "cannot be written" in capsys.readouterr().err
