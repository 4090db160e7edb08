"""What a log may have without end is bounded, and what is left out is said."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from blinkcode_host.catalog import load
from blinkcode_host.finding.finder import MOST_FINDINGS, Finder
from blinkcode_host.reading.display import FULL
from blinkcode_host.reading.stream import Decoder, Stream
from blinkcode_host.reading.summary import MOST_UNKNOWN, Summary
from targets import ROOT

_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
_MOST_MEMORY = 150 * 1024  # kB
_MEASURED = (
    "import re, sys; from blinkcode_host.cli import main; main(['decode', *sys.argv[1:]]);"
    "print(re.search('VmHWM: *(.*) kB', open('/proc/self/status').read())[1], file=sys.stderr)"
)


def unknown(numbers: Iterator[int]) -> Iterator[bytes]:
    """Lines with numbers that no table has."""
    for number in numbers:
        yield f"tuya error code: {30_000_000 + number}\n".encode()


def summary_of(log: bytes) -> Summary:
    stream, summary = Stream(Decoder(Finder(load()))), Summary()
    for _, found in [*stream.feed(log), *stream.flush()]:
        for finding in found:
            summary.add(finding, "")
    return summary


def test_a_summary_keeps_the_most_frequent_of_what_is_in_no_table() -> None:
    often = [number * 50 for number in range(100)]
    log = b""
    for start in range(0, 9_000, 100):
        log += b"".join(unknown(iter(range(start, start + 100)))) + b"".join(unknown(iter(often)))
        log += b"tuya error code 1106\n"
    summary = summary_of(log)
    rows, data = summary.rows(), summary.as_data()
    unknown_rows = [row for row in rows if row.state == "UNKNOWN"]
    assert len(unknown_rows) == MOST_UNKNOWN
    assert {row.code for row in unknown_rows} >= {30_000_000 + number for number in often}
    assert [row.count for row in rows if row.code == 1106] == [90]
    assert data["total"] == log.count(b"\n") == sum(row.count for row in rows) + data["others"]
    assert data["others"] > 6_000
    table = summary.table(load())
    assert list(table.columns[2].cells)[-1] == "others"


def test_summaries_that_are_merged_stay_bounded_and_lose_nothing() -> None:
    whole = Summary()
    for part in range(8):
        log = b"".join(unknown(iter(range(part * 1_500, part * 1_500 + 1_500)))) + b"broadlink error -4012\n"
        whole.merge(summary_of(log), part * 1_501)
    assert len(whole) <= 4 * MOST_UNKNOWN + 1
    assert whole.as_data()["total"] == 8 * 1_501
    assert [row.count for row in whole.rows() if row.code == -4012] == [8]


def test_a_state_that_a_device_makes_up_is_bounded_too() -> None:
    states = (
        f"{a}{b}{c}" for a in "ABCDEFGHIJKLMNOPQ" for b in "ABCDEFGHIJKLMNOPQ" for c in "ABCDEFGHIJKLMNOPQ"
    )
    log = "".join(f"E (5) blinkcode: tuya 1010 {state} text\n" for state in states)
    assert len(summary_of(log.encode())) <= 4 * MOST_UNKNOWN


@pytest.mark.parametrize("options", [["--summary", "--json"], ["--only"]])
def test_memory_whatever_comes(tmp_path: Path, options: list[str]) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory skipped: /proc is Linux's")
    logs = {
        "unknown": b"".join(unknown(iter(range(80_000)))),
        "dense": b"".join(b"broadlink error -4012, %d; " % number * 60 + b"\n" for number in range(200)),
        "returns": b"broadlink error -4012\r" * 20_000,
    }
    if "--summary" not in options:
        del logs["unknown"]
    for name, log in logs.items():
        path = tmp_path / name
        path.write_bytes(log)
        command = [sys.executable, "-c", _MEASURED, *options, str(path)]
        done = subprocess.run(command, capture_output=True, env=_ENVIRONMENT)
        assert done.stdout.count(b"\n") > 4, name
        assert int(done.stderr.split()[-1]) < _MOST_MEMORY, name


def decode(log: bytes, *options: str) -> tuple[str, str]:
    command = [sys.executable, "-m", "blinkcode_host", "decode", *options]
    done = subprocess.run(command, input=log, capture_output=True, env=_ENVIRONMENT)
    return done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("gap", [b"", b"." * 1_000], ids=["in pieces of one block", "over many blocks"])
def test_a_line_with_more_findings_than_are_given_says_so(gap: bytes) -> None:
    line = (b"broadlink error -4012;" + gap) * (MOST_FINDINGS + 300) + b"\n"
    out, err = decode(line)
    assert out.count("  ^ broadlink -4012") == MOST_FINDINGS and out.endswith(f"  ^ {FULL}\n") and not err
    out, err = decode(line, "--json")
    assert out.count("\n") == MOST_FINDINGS and err == f"blinkcode decode: -:1: {FULL}\n"
    out, err = decode(line * 2, "--summary", "--json")
    assert json.loads(out)["total"] == 2 * MOST_FINDINGS and f"on 2 of the lines, {FULL}" in err
    assert FULL not in "".join(decode(b"broadlink error -4012;" * 20 + b"\n"))


def test_a_mark_of_utf_16_that_comes_byte_by_byte() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        data = ("\ufeff" + "涂鸦错误码：1106\nbroadlink error -4012\U0001f600").encode(encoding)
        command = [sys.executable, "-m", "blinkcode_host", "decode"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_ENVIRONMENT, bufsize=0
        ) as process:
            assert process.stdin and process.stdout
            for at in range(len(data)):
                process.stdin.write(data[at : at + 1])
            process.stdin.close()
            out = process.stdout.read().decode()
        assert (
            out.startswith("涂鸦错误码：1106\n  ^ tuya 1106")
            and "broadlink error -4012\U0001f600\n  ^ broadlink -4012" in out
        )


def test_a_text_with_markup_is_shown_as_it_is() -> None:
    summary = summary_of(b"tuya error code 1106\n")
    (row,) = summary.rows()
    row.text = "bad [/x] [red]y\x1b[2J"
    console = Console(width=120, file=io.StringIO())
    with console.capture() as capture:
        console.print(summary.table(load()))
    assert "bad [/x] [red]y\\x1b[2J" in capture.get()
