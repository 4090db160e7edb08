"""`blinkcode decode` between two pipes: what comes slowly, and a reader that leaves."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from targets import ROOT

_PATIENCE = 20.0
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
_COMMAND = (sys.executable, "-m", "blinkcode_host", "decode")

if os.name == "nt":
    pytest.skip("Windows cannot wait for a pipe", allow_module_level=True)


class Pipes:
    """The command with a pipe at either end."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*_COMMAND, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_ENVIRONMENT
        )
        assert self.process.stdin and self.process.stdout
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()

    def send(self, data: bytes) -> None:
        os.write(self._in, data)

    def read(self, lines: int) -> list[bytes]:
        """The next lines, which come although nothing more is sent."""
        data, end = b"", time.monotonic() + _PATIENCE
        while data.count(b"\n") < lines:
            assert select.select([self._out], [], [], max(0, end - time.monotonic()))[0], f"only {data!r}"
            data += os.read(self._out, 1)
        return data.splitlines()

    def finish(self) -> tuple[bytes, int]:
        out, _ = self.process.communicate(timeout=_PATIENCE)
        return out, self.process.returncode


# A line that the next one may go on with: it is not judged before that has come, or nothing comes.
_OPEN = b'tuya: {"code":1010,'


def test_a_line_is_annotated_when_nothing_follows() -> None:
    pipes = Pipes()
    pipes.send(b"broadlink error -4012\n" + _OPEN + b"\n")
    line, below, open_line, open_below = pipes.read(4)
    assert line == b"broadlink error -4012" and below.startswith(b"  ^ broadlink -4012 PAIR")
    assert open_line == _OPEN and open_below.startswith(b"  ^ tuya 1010")
    pipes.send(b"half of a")
    time.sleep(0.3)
    pipes.send(b" line, broadlink error -40")
    time.sleep(0.3)
    pipes.send(b"12\n")
    line, below = pipes.read(2)
    assert line == b"half of a line, broadlink error -4012" and below.startswith(b"  ^ broadlink -4012")
    assert pipes.finish() == (b"", 0)


def test_findings_come_at_once_too() -> None:
    pipes = Pipes("--json")
    pipes.send(b"one\n" + _OPEN + b"\n")
    found = json.loads(pipes.read(1)[0])
    assert (found["line"], found["code"]) == (2, 1010)
    pipes.send(b'"x":1}\ntwo\nbroadlink error -4012\n')
    found = json.loads(pipes.read(1)[0])
    assert (found["line"], found["code"]) == (5, -4012)
    assert pipes.finish() == (b"", 0)


def test_a_follower_that_comes_in_time_bears_witness(tmp_path: Path) -> None:
    log = b'{"success":false,"code":1010,\n"msg":"permission deny"}\nend\n'
    path = tmp_path / "log"
    path.write_bytes(log)
    whole = subprocess.run([*_COMMAND, str(path)], stdout=subprocess.PIPE, env=_ENVIRONMENT).stdout
    assert b"1106" in whole
    pipes = Pipes()
    first, rest = log[:36], log[36:]
    pipes.send(first)
    pipes.send(rest)
    assert pipes.finish() == (whole, 0)


@pytest.mark.parametrize("options", [[], ["--only"], ["--json"], ["--redact"], ["--summary", "--json"]])
def test_a_reader_that_has_enough(tmp_path: Path, options: list[str]) -> None:
    """As with `| head -1`: nothing is said, and it is no failure."""
    path = tmp_path / "log"
    path.write_bytes(b"broadlink error -4012\ntuya error code 1106\n" * 20_000)
    process = subprocess.Popen(
        [*_COMMAND, *options, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_ENVIRONMENT
    )
    assert process.stdout and process.stderr
    if "--summary" not in options:
        assert process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(_PATIENCE) == 0


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("full disk skipped: /dev/full is Linux's")
    with full.open("wb") as out:
        done = subprocess.run(
            _COMMAND, input=b"broadlink error -4012\n", stdout=out, stderr=subprocess.PIPE, env=_ENVIRONMENT
        )
    assert done.returncode == 2
    assert done.stderr == b"blinkcode: standard output cannot be written (No space left on device)\n"
