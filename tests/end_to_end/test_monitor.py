"""`blinkcode monitor` at a terminal, on the REPL of real firmware that is unplugged and comes back."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import time
import tty
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from terminals import COMMAND, PATIENCE, Line, environment, terminal

from blinkcode_host.catalog import load
from blinkcode_host.compiler.module import table_id
from missing import skip_or_fail, unless_missing
from targets.board import FrozenUnix, Qemu, Serial
from targets.build import build_rv32, build_unix, empty_manifest

FIRMWARE: dict[str, Callable[[], Serial]] = {
    "frozen-unix": lambda: FrozenUnix(build_unix(empty_manifest())),
    "rv32": lambda: Qemu(build_rv32(empty_manifest())),
}


@pytest.fixture(params=FIRMWARE)
def board(request: pytest.FixtureRequest) -> Iterator[Serial]:
    with unless_missing():
        opened = FIRMWARE[request.param]()
    yield opened
    opened.close()


def test_a_board_that_is_unplugged_and_comes_back(board: Serial, tmp_path: Path) -> None:
    port, log = tmp_path / "port", tmp_path / "log"
    port.symlink_to(board._start())
    with terminal("monitor", str(port), "--log", str(log)) as monitor:
        monitor.wait_for(rb"-- \S+, Ctrl-] leaves")
        monitor.type(b"\r")
        monitor.wait_for(rb">>> ")
        monitor.type(b"x = 'status=-40'; print('broadlink ctrl ' + x + '12')\r")
        monitor.wait_for(rb"broadlink ctrl status=-4012\r*\n  \^ broadlink -4012 PAIR")
        monitor.type(b"print('boot: blink' + 'code: table 00000000 9 codes tuya')\r")
        monitor.wait_for(rb"-- the board has table 00000000")
        monitor.type(b"while True:\r")
        monitor.wait_for(rb"\.\.\. ")
        monitor.type(b"\x03")
        monitor.wait_for(rb">>> ")
        monitor.type(b"half a line, co")
        monitor.wait_for(rb"half a line, co")

        board._stop()
        monitor.wait_for(rb"^\r*\n-- \S+ has gone")
        port.unlink()
        port.symlink_to(board._start())
        monitor.wait_for(rb"-- \S+ is back")
        monitor.type(b"\r")
        monitor.wait_for(rb">>> ")
        monitor.type(b"print('tuya err' + 'or code 1106')\r")
        monitor.wait_for(rb"tuya error code 1106\r*\n  \^ tuya 1106 SETUP")
        monitor.type(b"\x1d")
        monitor.wait_for(rb"count +vendor +code")
        assert monitor.process.wait(PATIENCE) == 0
        assert b"broadlink ctrl status=-4012" in log.read_bytes()


@pytest.fixture(scope="module")
def firmware() -> Iterator[FrozenUnix]:
    board = FIRMWARE["frozen-unix"]()
    assert isinstance(board, FrozenUnix)
    yield board
    board.close()


def test_control_d_restarts_the_board(firmware: FrozenUnix) -> None:
    with terminal("monitor", firmware._start()) as monitor:
        monitor.wait_for(rb"leaves")
        monitor.type(b"\r")
        monitor.wait_for(rb">>> ")
        monitor.type(b"\x04")
        monitor.wait_for(rb"soft reboot")
        monitor.type(b"\x1d")
        assert monitor.process.wait(PATIENCE) == 0
    firmware._stop()


def test_line_feeds_alone_end_lines_at_a_terminal() -> None:
    """A board that ends its lines so does not walk off to the right."""
    far, near = pty.openpty()
    tty.setraw(near)
    with terminal("monitor", os.ttyname(near)) as monitor:
        monitor.wait_for(rb"other keys\r\n")
        os.write(far, b"one\ntwo\n")
        monitor.wait_for(rb"^one\r\ntwo\r\n")
        monitor.type(b"\x1d")
        assert monitor.process.wait(PATIENCE) == 0
    os.close(far)
    os.close(near)


def test_hostile_bytes_do_not_reach_the_terminal() -> None:
    line = Line()
    line.send(b"\x1b]0;owned\x07\x1b[2J\x9b31m broadlink error -4012\r\n\x1b[Kok\x08!\r\n")
    out, err = line.finish()
    assert b"\\x1b]0;owned\\x07\\x1b[2J" in out
    assert b"\x1b]" not in out and b"\x07" not in out and b"\x9b" not in out
    assert b"\x1b[Kok\x08!\r\n" in out
    assert b"broadlink" in err


def test_raw_lets_everything_through() -> None:
    line = Line("--raw")
    line.send(b"\x1b[31mbroadlink error -4012\x1b[0m\r\n")
    out, _ = line.finish()
    assert b"\x1b[31mbroadlink error -4012\x1b[0m\r\n  ^ broadlink -4012" in out


def test_a_part_of_a_line_is_shown_after_a_silence() -> None:
    line = Line()
    line.send(b">>> ")
    assert line.process.stdout is not None
    assert select.select([line.process.stdout], [], [], PATIENCE)[0]
    assert os.read(line.process.stdout.fileno(), 100) == b">>> "
    line.send(b"broadlink error ")
    time.sleep(0.3)
    line.send(b"-4012\r\n")
    out, _ = line.finish()
    assert out.startswith(b"broadlink error -4012\r\n  ^ broadlink -4012 PAIR")


def test_a_character_is_not_cut_by_a_silence() -> None:
    line = Line()
    for byte in "涂鸦错误码：1106".encode():
        line.send(bytes([byte]))
        time.sleep(0.15)
    line.send(b"\r\n")
    out, _ = line.finish()
    assert out.startswith("涂鸦错误码：1106\r\n  ^ tuya 1106 SETUP".encode())


def test_json_findings_and_a_redacted_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    line = Line("--json", "--log", str(log), "--timestamps")
    line.send(b'{"code":1010,"msg":"token is expired","access_token":"s3cr3t-1010"}\r\n')
    out, _ = line.finish()
    found = json.loads(out)
    assert (found["vendor"], found["code"], found["line"]) == ("tuya", 1010, 1)
    assert abs(datetime.fromisoformat(found["time"]).timestamp() - time.time()) < 600
    assert b"s3cr3t" not in log.read_bytes() + out
    assert b'"code":1010' in log.read_bytes()


@pytest.mark.parametrize(
    ("options", "shown", "logged"),
    [
        ([], b"s3cr3t", b"s3cr3t"),
        (["--redact"], b"***", b"***"),
        (["--json", "--no-redact"], b"", b"s3cr3t"),
    ],
)
def test_what_redact_changes(tmp_path: Path, options: list[str], shown: bytes, logged: bytes) -> None:
    log = tmp_path / "log"
    line = Line("--log", str(log), *options)
    for part in (b">>> ", b"token = 's3c", b"r3t'", b"\r\n"):
        line.send(part)
        time.sleep(0.3)
    out, _ = line.finish()
    assert out == (b">>> token = '" + shown + b"'\r\n" if shown else b"")
    assert log.read_bytes() == b">>> token = '" + logged + b"'\r\n"


def test_timestamps() -> None:
    line = Line("--timestamps")
    line.send(b"one\r\ntwo\r\n")
    out, _ = line.finish()
    assert re.fullmatch(rb"(\d\d:\d\d:\d\d\.\d{3} (one|two)\r\n){2}", out)


def test_the_table_of_the_boot_banner() -> None:
    banner = b"I (321) blinkcode: table %s 392 codes broadlink tuya alibaba\r\n"
    ours = table_id(load().only(["broadlink", "tuya", "alibaba"])).encode()
    line = Line()
    line.send(banner % ours + banner % b"0badc0de" * 2 + b"I (9) blinkcode: table 0badf00d 3 codes acme\r\n")
    _, err = line.finish()
    assert err.count(b"the board has table") == 2
    assert b"table 0badc0de, these tables compile to " + ours in err and b"0badf00d" in err


def test_a_port_that_is_not_there_names_those_that_are() -> None:
    done = subprocess.run(
        [*COMMAND, "monitor", "/dev/ttyNone"],
        capture_output=True,
        env=environment(),
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2
    assert b"/dev/ttyNone: no such port; there " in done.stderr


def test_a_log_on_a_full_disk_is_told() -> None:
    if not Path("/dev/full").exists():
        skip_or_fail("full disk skipped: /dev/full is Linux's")
    line = Line("--log", "/dev/full")
    line.send(b"one\r\n")
    _, err = line.finish()
    assert err.endswith(b"/dev/full: cannot be written (No space left on device); choose another --log\n")
    assert b"Traceback" not in err and line.process.returncode == 2


def test_what_is_typed_is_not_counted(firmware: FrozenUnix) -> None:
    with terminal("monitor", firmware._start()) as monitor:
        monitor.wait_for(rb"leaves")
        monitor.type(b"\r")
        monitor.wait_for(rb">>> ")
        monitor.type(b"x = 'broadlink error -4012'\r")
        echoed = monitor.wait_for(rb"x = 'broadlink error -4012'(?s:.)*?>>> ")
        assert b"  ^ " not in echoed
        monitor.type(b"print(x)\r")
        monitor.wait_for(rb"broadlink error -4012\r*\n  \^ broadlink -4012")
        monitor.type(b"\x14\x12")
        monitor.wait_for(rb"has no line that resets the board")
        monitor.type(b"\x14h")
        monitor.wait_for(rb"Ctrl-T Ctrl-R resets the board")
        monitor.type(b"\x1d")
        monitor.wait_for(rb"count +vendor(?s:.)* 1 +broadlink +-4012")
        assert monitor.process.wait(PATIENCE) == 0
    firmware._stop()


def test_a_filter_shows_less_and_logs_all(tmp_path: Path) -> None:
    log = tmp_path / "log"
    line = Line("--filter", "wifi:W *:E", "--log", str(log))
    sent = b"I (5) wifi: broadlink error -2018\r\nW (6) wifi: weak\r\nE (7) app: broadlink error -4012\r\n"
    line.send(sent)
    out, err = line.finish()
    assert (
        out.startswith(b"W (6) wifi: weak\r\nE (7) app: broadlink error -4012\r\n  ^ broadlink -4012")
        and b"2018" not in out
    )
    assert log.read_bytes() == sent and b"2018" not in err
