"""`blinkcode decode`: streams in any pieces, hostile input, what is printed, and files over several processes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from blinkcode_host.finding.finder import MOST_FINDINGS, Finder
from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.table import ROWS
from blinkcode_host.reading.stream import PIECE, Decoder, Stream, with_line_feeds
from targets import ROOT

CORPUS = ROOT / "tests" / "corpus"
_SEED = 7


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(Finder(load()))


@pytest.fixture(scope="module")
def log() -> bytes:
    """Lines of the corpus as they stand, ANSI sequences and line ends among them put in."""
    texts = []
    for name in ("carrying.tsv", "traps.tsv"):
        texts += [line.partition("\t")[2] for line in (CORPUS / name).read_text("utf-8").splitlines()]
    random.Random(_SEED).shuffle(texts)
    return "\n".join(texts).replace("\\n", "\n").replace("\\r", "\r").replace("\\x1b", "\x1b").encode()


def replay(decoder: Decoder, pieces: list[bytes]) -> list[Finding]:
    """The findings of a stream that comes in pieces; what it gives out must be what was put in."""
    stream, out, found = Stream(decoder), [], []
    for piece in pieces:
        for part, findings in stream.feed(piece):
            out.append(part)
            found += findings
    for part, findings in stream.flush():
        out.append(part)
        found += findings
    assert b"".join(out) == b"".join(pieces)
    return found


def test_byte_by_byte(decoder: Decoder, log: bytes) -> None:
    whole = replay(decoder, [log])
    assert len(whole) > 150
    assert replay(decoder, [log[i : i + 1] for i in range(len(log))]) == whole


def test_random_pieces(decoder: Decoder, log: bytes) -> None:
    whole = replay(decoder, [log])
    chance = random.Random(_SEED)
    for _ in range(20):
        pieces, at = [], 0
        while at < len(log):
            size = chance.choice((1, 3, 17, 90, 700, 9_000))
            pieces.append(log[at : at + size])
            at += size
        assert replay(decoder, pieces) == whole


def test_cut_at_every_byte(decoder: Decoder) -> None:
    text = (
        b'resp {\r\n  "code": 1106,\r\n  "msg": "permission deny"\r\n}\r\n\x1b[31merror \x1b[1m-4012\x1b[0m\r\n'
        b'a request to the cloud came back: {"success":false,"code":10\n10,"msg":"token is expired"}\n'
        b"E (5) blinkcode: tuya 2001 OFFLINE device offline\nyour ip don\xe2\x80\x99t have access to this API"
    )
    whole = replay(decoder, [text])
    assert [f.code for f in whole] == [1106, -4012, 1010, 2001, 1114]
    assert [f.line for f in whole] == [2, 5, 6, 8, 9]
    for cut in range(len(text)):
        assert replay(decoder, [text[:cut], text[cut:]]) == whole


def test_a_very_long_line(decoder: Decoder) -> None:
    code = b" broadlink error -4012;"
    line = b"".join(b"." * (n * 977 % 3000) + code for n in range(300))
    whole = replay(decoder, [line + b"\ntuya error code 1106\n"])
    assert [f.code for f in whole] == [-4012] * 300 + [1106]
    assert all(line[f.column - 1 : f.column + 4] == b"-4012" for f in whole[:-1])
    assert whole[-1].line == 2
    for size in (1_000, PIECE, PIECE + 1):
        pieces = [line[i : i + size] for i in range(0, len(line), size)]
        assert replay(decoder, [*pieces, b"\ntuya error code 1106\n"]) == whole


@pytest.mark.parametrize(
    "unit",
    [
        *(
            b"{",
            b'{"code":',
            b'"',
            b"\\",
            b"(",
            b"error ",
            b"token is ",
            b"\x1b[",
            b"\x1b]",
            b"0x22=",
            b"-",
            b"1,000,",
        ),
        *(
            b'{"code":1010,',
            b"\n{",
            b'"code":\n',
            b"broadlink ff ff ",
            b" ",
            b"\xff",
            "错误".encode(),
            b"a@a.",
            b"code=1106&",
        ),
    ],
)
def test_time_grows_in_proportion(decoder: Decoder, unit: bytes) -> None:
    """Four times as much takes about four times as long, not sixteen: measured in the process's own time."""

    def seconds(size: int) -> float:
        data = unit * (size // len(unit))
        begin = time.process_time()
        replay(decoder, [data[i : i + 65_536] for i in range(0, len(data), 65_536)])
        return time.process_time() - begin

    seconds(50_000)
    assert seconds(800_000) < 10 * seconds(200_000) + 0.25


def test_findings_in_one_line_are_limited(decoder: Decoder) -> None:
    assert len(replay(decoder, [b"broadlink error -4012;" * 5_000])) == MOST_FINDINGS


def decode(data: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command on some bytes."""
    command = [sys.executable, "-m", "blinkcode_host", "decode", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
    return subprocess.run(command, input=data, capture_output=True, env=environment)


def test_lines_are_untouched_and_annotated_below() -> None:
    log = b"one\r\nbroadlink error -4012\r\n\xff\xfe broken \xc3\nlast"
    out = decode(log).stdout
    assert b"".join(line for line in out.splitlines(True) if not line.startswith(b"  ^ ")) == log
    assert b"broadlink error -4012\r\n  ^ broadlink -4012 PAIR  control id mismatch; pair again. " in out


def test_control_characters_only_with_raw() -> None:
    log = b"\x1b]0;owned\x07 broadlink error -4012 \x1b[2J\x9b1m\xc2\x9b\n"
    out = decode(log).stdout
    assert not any(byte in out for byte in (b"\x1b", b"\x07", b"\x9b"))
    assert out.startswith(b"\\x1b]0;owned\\x07 broadlink error -4012 \\x1b[2J")
    assert decode(log, "--raw").stdout.startswith(log)
    found = json.loads(decode(b'{"code":"\x1b[31m1010\x1b[0m","msg":"token\x07is expired"}', "--json").stdout)
    assert found["matched"] == "1010"


def test_json_has_every_field() -> None:
    (found,) = map(
        json.loads, decode(b'x\n{"code":1010,"msg":"permission deny"}\n', "--json").stdout.splitlines()
    )
    assert (found["file"], found["line"], found["column"], found["matched"]) == ("-", 2, 9, "1010")
    assert (found["vendor"], found["code"], found["form"]) == ("tuya", 1010, "pair")
    shares = {row.name: row.confidence for row in ROWS}
    assert found["confidence"] == shares["other words"] < shares["words agree"]
    assert "1106" in found["why"]
    assert [m["code"] for m in found["meanings"]] == [1010, 1106]


def test_options() -> None:
    assert "令牌已过期" in decode(b"code=1010 msg=token is expired", "--lang", "zh").stdout.decode()
    assert decode(b"error code 2062", "--vendor", "alibaba", "--only").stdout.startswith(
        b"-:1:12:  ^ alibaba 2062"
    )
    assert decode(b"error code 2062", "--min-confidence", "0.9").returncode == 1
    assert decode(b"status: -7", "--vendor", "tuya").returncode == 1
    assert decode(b'{"code":200,"message":"success"}').returncode == 1
    assert b"alibaba 200 OK" in decode(b'{"code":200,"message":"success"}', "--verbose").stdout
    assert decode(b"x", "--min-confidence", "7").returncode == 2
    assert b"no such vendor" in decode(b"x", "--vendor", "acme").stderr
    assert decode(b"nothing here").returncode == 1


def test_utf_16_with_a_mark() -> None:
    out = decode("broadlink error -4012\r\n涂鸦错误码：1106\n".encode("utf-16")).stdout.decode()
    assert out.startswith("broadlink error -4012\r\n  ^ broadlink -4012")
    assert "  ^ tuya 1106" in out


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", str(tmp_path / "none.log")]) == 2
    assert "none.log: cannot be read (No such file or directory)" in capsys.readouterr().err


def test_several_processes_find_what_one_does(tmp_path: Path, log: bytes) -> None:
    path = tmp_path / "large.log"
    block = log + b"\n" + b"x" * 70_000 + b" broadlink error -4012\n"
    times = (20 << 20) // len(block) + 1
    path.write_bytes(block * times)
    once = decode(block, "--json").stdout.splitlines()
    found = [json.loads(line) for line in decode(b"", "--json", str(path)).stdout.splitlines()]
    assert len(found) == len(once) * times
    first = [json.loads(line) for line in once]
    lines = with_line_feeds(block).count(b"\n")
    for i, one in enumerate(found):
        assert (one["line"], one["code"]) == (
            first[i % len(once)]["line"] + i // len(once) * lines,
            first[i % len(once)]["code"],
        )
    summary = json.loads(decode(b"", "--summary", "--json", str(path)).stdout)
    assert summary["total"] == sum(f["count"] for f in found)


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A line of 60 MB and no end to it, in less than 150 MB."""
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory skipped: /proc is Linux's")
    script = (
        "import re, sys; from blinkcode_host.cli import main; main(['decode', *sys.argv[1:]]);"
        "print(re.search('VmHWM: *(.*) kB', open('/proc/self/status').read())[1], file=sys.stderr)"
    )
    path = tmp_path / "long"
    with path.open("wb") as file:
        for _ in range(60):
            file.write(b'{"a":' * 200_000)
        file.write(b" broadlink error -4012")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
    for options in (["--summary"], ["--only"], []):
        command = [sys.executable, "-c", script, *options, str(path)]
        done = subprocess.run(command, capture_output=True, env=environment)
        assert b"broadlink" in done.stdout
        assert int(done.stderr.split()[-1]) < 150 * 1024


def test_what_the_runtime_says_of_itself_is_no_report() -> None:
    notes = b"E (5) blinkcode: the lamp is left alone: OSError: 5\nW (5) blinkcode: clear: no vendor 1010\n"
    assert decode(notes, "--json").stdout == b""
    found = decode(notes + b"E (7) blinkcode: tuya 1010 SIGN_IN token expired\n", "--json").stdout
    assert [json.loads(line)["line"] for line in found.splitlines()] == [3]
