"""`blinkcode monitor` and `journal` on a port that a gateway puts on the network: socket:// and rfc2217://."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator

import pytest
from mpremote.transport_serial import SerialTransport
from terminals import COMMAND, PATIENCE, environment, gateway, terminal

from blinkcode_host.cli import main
from missing import unless_missing
from targets.board import FrozenUnix
from targets.session import open_target

SCHEMES = ("socket", "rfc2217")

pytestmark = pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning:serial")


@pytest.fixture(scope="module")
def board() -> Iterator[FrozenUnix]:
    with unless_missing():
        opened = open_target("frozen-unix")
    assert isinstance(opened, FrozenUnix)
    yield opened
    opened.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_monitor(board: FrozenUnix, scheme: str) -> None:
    with (
        gateway(board._start(), rfc2217=scheme == "rfc2217") as there,
        terminal("monitor", there.url, "--baud", "9600") as monitor,
    ):
        monitor.wait_for(rb"-- \S+, Ctrl-] leaves")
        monitor.type(b"\r")
        monitor.wait_for(rb">>> ")
        monitor.type(b"print('tuya error ' + 'code 1106')\r")
        monitor.wait_for(rb"\ntuya error code 1106\r*\n  \^ tuya 1106 SETUP")
        monitor.type(b"import sys; n = sys.stdout.buffer.write(b'[' + bytes((255, 255, 240, 255)) + b']')\r")
        monitor.wait_for(rb"\n\[\xff\xff\xf0\xff\]")  # 255 and 240 mean something in Telnet
        monitor.type(b"while True:\r")
        monitor.wait_for(rb"\.\.\. ")
        monitor.type(b"\x03")
        monitor.wait_for(rb">>> ")

        there.unplug()
        monitor.wait_for(rb"-- \S+ has gone")
        board._stop()
        there.plug_in(board._start())
        monitor.wait_for(rb"-- \S+ is back")
        monitor.type(b"\r")
        monitor.wait_for(rb">>> ")
        monitor.type(b"print('tuya error ' + 'code 1106')\r")
        monitor.wait_for(rb"\ntuya error code 1106\r*\n  \^ tuya 1106 SETUP")
        monitor.type(b"\x1d")
        monitor.wait_for(rb"count +vendor +code")
        assert monitor.process.wait(PATIENCE) == 0
        assert there.baud() == (9600 if scheme == "rfc2217" else 115200)
    board._stop()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_journal(board: FrozenUnix, scheme: str, capsys: pytest.CaptureFixture[str]) -> None:
    port = board._start()
    transport = SerialTransport(port, timeout=30)
    transport.enter_raw_repl(soft_reset=True)
    transport.exec("from blinkcode.reporter import Reporter\nr = Reporter(ticks=lambda: 0)\nr.report(-4012)")
    transport.exit_raw_repl()
    transport.close()
    with gateway(port, rfc2217=scheme == "rfc2217") as there:
        assert main(["journal", there.url]) == 0
    assert "  ^ broadlink -4012 PAIR  control id mismatch; pair again. " in capsys.readouterr().out
    board._stop()


@pytest.mark.parametrize("command", ["monitor", "journal"])
@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("socket://127.0.0.1:{closed}", "cannot be reached (Connection refused); is the gateway running"),
        ("rfc2217://127.0.0.1:{closed}", "cannot be reached (Connection refused); is the gateway running"),
        ("rfc2217://127.0.0.1:{mute}", "it does not speak RFC 2217; try socket://"),
        (
            "rfc2217://127.0.0.1",
            "no such port; on the network it is socket://HOST:PORT or rfc2217://HOST:PORT",
        ),
        ("socket://127.0.0.1:99999", "no such port; on the network it is "),
        ("telnet://127.0.0.1:23", "no such port; on the network it is "),
    ],
)
def test_what_cannot_be_reached(command: str, url: str, complaint: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, socket.create_server(("127.0.0.1", 0)) as closed:
        name = url.format(mute=mute.getsockname()[1], closed=closed.getsockname()[1])
        closed.close()
        done = subprocess.run(
            [*COMMAND, command, name],
            capture_output=True,
            env=environment(),
            stdin=subprocess.DEVNULL,
            text=True,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}: {complaint}")
