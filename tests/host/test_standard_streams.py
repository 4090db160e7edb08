"""No traceback, whatever the standard streams are: of any encoding, closed, full, or cut off by an interrupt."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from targets import ROOT

_COMMAND = (sys.executable, "-m", "blinkcode_host")
_LOG = '{"code":1010,"msg":"token is expired"} 涂鸦错误码：1106\n'.encode()
_COMMANDS = (
    ["decode", "--lang", "zh", "--only"],
    ["decode", "--lang", "zh", "--json"],
    ["decode", "--lang", "zh", "--summary"],
    ["decode", "--lang", "zh"],
    ["explain", "1010"],
    ["explain", "1010", "--json"],
    ["diff", "tuya", "2021-12-21", "2024-07-22"],
)


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "host_tools"), **more}


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*_COMMAND, *arguments], input=_LOG, capture_output=True, env=environment(**more), check=False
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "gbk", "utf-8"])
@pytest.mark.parametrize("arguments", _COMMANDS, ids=" ".join)
def test_any_encoding(arguments: list[str], encoding: str) -> None:
    done = run(*arguments, PYTHONIOENCODING=encoding)
    assert done.returncode == 0 and b"Traceback" not in done.stderr and done.stdout
    if "--json" in arguments:
        in_utf_8 = run(*arguments, PYTHONIOENCODING="utf-8").stdout
        text, expected = done.stdout.decode(encoding), in_utf_8.decode()
        decoder = json.JSONDecoder()
        assert decoder.raw_decode(text)[0] == decoder.raw_decode(expected)[0]


def test_the_c_locale() -> None:
    done = run(
        "decode",
        "--lang",
        "zh",
        "--only",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
        PYTHONIOENCODING="",
    )
    assert done.returncode == 0 and b"tuya 1010" in done.stdout and not done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closed streams skipped: they are POSIX shells'")
@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("decode <&-", 2, b"-: standard input is closed; name a file, or give it a log\n"),
        ("explain 1010 >&-", 2, b"blinkcode: standard output cannot be written (it is closed)\n"),
        ("decode --only >&-", 2, b"blinkcode: standard output cannot be written (it is closed)\n"),
        ("decode --redact >&-", 2, b"blinkcode: standard output cannot be written (it is closed)\n"),
        ("explain 1010 2>&- >/dev/null", 0, b""),
        ("explain nonsense-7 2>&- >&- <&-", None, b""),
    ],
)
def test_closed(command: str, status: int | None, said: bytes) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m blinkcode_host {command}', sys.executable],
        input=_LOG,
        capture_output=True,
        env=environment(),
    )
    assert done.stderr == said
    assert done.returncode == status if status is not None else done.returncode in (1, 2)


@pytest.mark.skipif(os.name == "nt", reason="closed streams skipped: they are POSIX shells'")
def test_an_output_file_does_not_become_standard_output(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    command = f'exec "$0" -m blinkcode_host export -o {path} >&- <&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, env=environment())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(path.read_text("utf-8"))


@pytest.mark.skipif(os.name == "nt", reason="such names skipped: Windows has none")
def test_names_do_not_steer_the_terminal(tmp_path: Path) -> None:
    name = str(tmp_path / "no\x1b]0;x\x07\u202esuch[b].log")
    for arguments in (
        ["decode", name],
        ["explain", "--no\x1bsuch", "1"],
        ["check", name],
        ["decode", "--vendor", "\x1b"],
    ):
        done = run(*arguments)
        assert done.returncode == 2
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae", done.stderr + done.stdout), arguments
    Path(name).write_bytes(_LOG)
    for options in ([], ["--only"], ["--json"], ["--summary"]):
        done = run("decode", name, *options)
        assert done.returncode == 0 and b"1010" in done.stdout
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae", done.stderr + done.stdout), options


@pytest.mark.skipif(os.name == "nt", reason="interrupts skipped: Windows sends them to the whole console")
def test_an_interrupt_at_any_time(tmp_path: Path) -> None:
    """While modules load, while it works, with several processes, at the end: no word but what was found."""
    path = tmp_path / "log"
    path.write_bytes((_LOG + b"x" * 900 + b"\n") * 20_000)  # enough for several processes
    begin = time.monotonic()
    subprocess.run([*_COMMAND, "explain", "1010"], env=environment(), stdout=subprocess.DEVNULL)
    whole = time.monotonic() - begin
    for step in range(16):
        process = subprocess.Popen(
            [*_COMMAND, "decode", "--summary", str(path)],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(whole * (0.1 + step / 8))
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate()[1]
        # Before our first line Python itself is loading, which says a word of its own.
        assert b"blinkcode_host/" not in said and process.returncode in (0, 1, 130, -signal.SIGINT), said
