"""`blinkcode monitor` at a terminal, on the REPL of real firmware that is unplugged and comes back."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from targets import ROOT, MissingTool
from targets.board import FrozenUnix, Qemu, Serial
from targets.build import build_rv32, build_unix, empty_manifest

_PATIENCE = 40.0  # seconds; emulated firmware shares the machine with other tests


class Terminal:
    """A command at a terminal of its own: what it shows, and a keyboard."""

    def __init__(self, *arguments: str) -> None:
        self.shown = b""
        self._fd, end = pty.openpty()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "host_tools"),
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "blinkcode_host", *arguments],
            stdin=end,
            stdout=end,
            stderr=end,
            env=environment,
            start_new_session=True,
        )
        os.close(end)

    def type(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def wait_for(self, pattern: bytes) -> bytes:
        """Read until something new matches, and forget all up to there."""
        end = time.monotonic() + _PATIENCE
        while not (match := re.search(pattern, self.shown)):
            left = end - time.monotonic()
            assert left > 0, f"{pattern!r} is not in {self.shown!r}"
            if select.select([self._fd], [], [], left)[0]:
                try:
                    self.shown += os.read(self._fd, 65536)
                except OSError:
                    left = end = 0
        self.shown = self.shown[match.end() :]
        return match[0]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._fd)


FIRMWARE: dict[str, Callable[[], Serial]] = {
    "frozen-unix": lambda: FrozenUnix(build_unix(empty_manifest())),
    "rv32": lambda: Qemu(build_rv32(empty_manifest())),
}


@pytest.fixture(params=FIRMWARE)
def board(request: pytest.FixtureRequest) -> Iterator[Serial]:
    try:
        opened = FIRMWARE[request.param]()
    except MissingTool as missing:
        if os.environ.get("BLINKCODE_NO_SKIP") == "1":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
    yield opened
    opened.close()


def test_a_board_that_is_unplugged_and_comes_back(board: Serial, tmp_path: Path) -> None:
    port, log = tmp_path / "port", tmp_path / "log"
    port.symlink_to(board._start())
    terminal = Terminal("monitor", str(port), "--log", str(log))
    try:
        terminal.wait_for(rb"leaves")
        terminal.type(b"\r")
        terminal.wait_for(rb">>> ")
        terminal.type(b"x = 'status=-40'; print('ctrl ' + x + '12')\r")
        terminal.wait_for(rb"ctrl status=-4012\r?\n  \^ broadlink -4012 PAIR")
        terminal.type(b"print('boot: blink' + 'code: table 00000000 9 codes tuya')\r")
        terminal.wait_for(rb"-- the board has table 00000000")
        terminal.type(b"while True:\r")
        terminal.wait_for(rb"\.\.\. ")
        terminal.type(b"\x03")
        terminal.wait_for(rb">>> ")

        board._stop()
        terminal.wait_for(rb"-- \S+ has gone")
        port.unlink()
        port.symlink_to(board._start())
        terminal.wait_for(rb"-- \S+ is back")
        terminal.type(b"\r")
        terminal.wait_for(rb">>> ")
        terminal.type(b"print('err' + 'or code 1106')\r")
        terminal.wait_for(rb"error code 1106\r?\n  \^ tuya 1106 DENIED")
        terminal.type(b"\x1d")
        terminal.wait_for(rb"count +vendor +code")
        assert terminal.process.wait(_PATIENCE) == 0
        assert b"ctrl status=-4012" in log.read_bytes()
    finally:
        terminal.close()


class Line:
    """The far end of a pseudo terminal that a monitor watches without a keyboard."""

    def __init__(self, *options: str) -> None:
        self._fd, end = pty.openpty()
        subprocess.run(["stty", "-F", os.ttyname(end), "raw", "-echo"], check=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "blinkcode_host", "monitor", os.ttyname(end), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        assert self.process.stderr is not None
        self.process.stderr.readline()
        self._end = end

    def send(self, data: bytes) -> None:
        os.write(self._fd, data)

    def finish(self) -> tuple[bytes, bytes]:
        time.sleep(0.6)
        self.process.send_signal(2)
        out, err = self.process.communicate(timeout=_PATIENCE)
        os.close(self._fd)
        os.close(self._end)
        return out, err


def test_hostile_bytes_do_not_reach_the_terminal() -> None:
    line = Line()
    line.send(b"\x1b]0;owned\x07\x1b[2J\x9b31m error -4012\r\n\x1b[Kok\x08!\r\n")
    out, err = line.finish()
    assert b"\\x1b]0;owned\\x07\\x1b[2J" in out
    assert b"\x1b]" not in out and b"\x07" not in out and b"\x9b" not in out
    assert b"\x1b[Kok\x08!\r\n" in out
    assert b"broadlink" in err


def test_raw_lets_everything_through() -> None:
    line = Line("--raw")
    line.send(b"\x1b[31merror -4012\x1b[0m\r\n")
    out, _ = line.finish()
    assert b"\x1b[31merror -4012\x1b[0m\r\n  ^ broadlink -4012" in out


def test_a_part_of_a_line_is_shown_after_a_silence() -> None:
    line = Line()
    line.send(b">>> ")
    assert line.process.stdout is not None
    assert select.select([line.process.stdout], [], [], _PATIENCE)[0]
    assert os.read(line.process.stdout.fileno(), 100) == b">>> "
    line.send(b"error ")
    time.sleep(0.3)
    line.send(b"-4012\r\n")
    out, _ = line.finish()
    assert out.startswith(b"error -4012\r\n  ^ broadlink -4012 PAIR")


def test_json_findings_and_a_redacted_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    line = Line("--json", "--log", str(log))
    line.send(b'{"code":1010,"msg":"token is expired","access_token":"s3cr3t-1010"}\r\n')
    out, _ = line.finish()
    found = json.loads(out)
    assert (found["vendor"], found["code"], found["line"]) == ("tuya", 1010, 1)
    assert b"s3cr3t" not in log.read_bytes()
    assert b'"code":1010' in log.read_bytes()


def test_timestamps() -> None:
    line = Line("--timestamps")
    line.send(b"one\r\ntwo\r\n")
    out, _ = line.finish()
    assert re.fullmatch(rb"(\d\d:\d\d:\d\d\.\d{3} (one|two)\r\n){2}", out)


def test_a_port_that_is_not_there_names_those_that_are() -> None:
    command = [sys.executable, "-m", "blinkcode_host", "monitor", "/dev/ttyNone"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
    done = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert b"/dev/ttyNone: no such port; there " in done.stderr


def test_a_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                time.sleep(0.5)  # pyserial drops what comes while it connects
                connection.sendall(b"error -4012\r\n")
                time.sleep(1.0)

        threading.Thread(target=serve, daemon=True).start()
        command = [sys.executable, "-m", "blinkcode_host", "monitor"]
        process = subprocess.Popen(
            [*command, f"socket://127.0.0.1:{server.getsockname()[1]}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "host_tools")},
        )
        assert process.stderr is not None
        seen = b""
        while b"has gone" not in seen:
            seen += os.read(process.stderr.fileno(), 4096) or pytest.fail(f"it ended: {seen!r}")
        process.send_signal(2)
        out, _ = process.communicate(timeout=_PATIENCE)
    assert b"error -4012\r\n  ^ broadlink -4012 PAIR" in out
