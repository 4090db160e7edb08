"""The serial tools that people keep open show the annotations: PlatformIO's, ESP-IDF's and MicroPython's monitors.

Each runs as itself, at a terminal, on a port whose other end the test holds.
"""

from __future__ import annotations

import importlib.util
import os
import pty
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminals import COMMAND, environment, terminal

from missing import skip_or_fail

DECODE = f"{shlex.join(COMMAND)} decode -"
FAILURE = b'I (912) cloud: tuya answered {"success":false,"code":1010,"msg":"tok', b'en is expired"}\r\n>>> '
EXPLAINED = rb"en is expired\"\}(?:\x1b\[0m)?\r*\n  \^ tuya 1010 SIGN_IN "


class Port:
    """A serial port: `name` is what the tool gets, send() and heard are the device's side.

    It is a pseudo terminal or, for tools that insist on modem lines, a port on the network.
    """

    def __init__(self, network: bool) -> None:
        self.heard = b""
        self._listener: socket.socket | None = None
        self._connected = threading.Event()
        if network:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.name = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        else:
            self._fd, self._end = pty.openpty()
            self.name = os.ttyname(self._end)
            subprocess.run(["stty", "-F", self.name, "raw", "-echo"], check=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def send(self, data: bytes) -> None:
        assert self._connected.wait(30)
        os.write(self._fd, data)

    def hears(self, keys: bytes) -> None:
        """Wait until the tool has sent these keys."""
        end = time.monotonic() + 30
        while keys not in self.heard:
            assert time.monotonic() < end, self.heard
            time.sleep(0.02)

    def _listen(self) -> None:
        if self._listener:
            connection, _ = self._listener.accept()
            self._fd = connection.detach()
        self._connected.set()
        try:
            while data := os.read(self._fd, 4096):
                self.heard += data
        except OSError:
            return

    def close(self) -> None:
        if self._listener:
            self._listener.close()
        else:
            os.close(self._end)
        if self._connected.is_set():
            os.close(self._fd)


@pytest.fixture
def port(request: pytest.FixtureRequest) -> Iterator[Port]:
    there = Port(network=request.param)
    yield there
    there.close()


def needs(module: str, package: str) -> None:
    if not importlib.util.find_spec(module):
        skip_or_fail(f"{package} skipped: pip install {package}")


@pytest.mark.parametrize(
    ("module", "package", "command", "port"),
    [
        ("esp_idf_monitor", "esp-idf-monitor", "-m esp_idf_monitor --no-reset --port {port}", True),
        ("mpremote", "mpremote", "-m mpremote connect {port} resume repl", False),
    ],
    indirect=["port"],
)
def test_a_monitor_piped_into_decode(module: str, package: str, command: str, port: Port) -> None:
    needs(module, package)
    words = f"{sys.executable} {command.format(port=port.name)} | {DECODE}"
    with terminal("-c", words, command=("sh",)) as shell:
        shell.wait_for(rb"Quit: Ctrl|Use Ctrl-\]")  # what comes before that is thrown away
        time.sleep(0.5)
        port.send(FAILURE[0])
        time.sleep(0.2)
        port.send(FAILURE[1])
        shell.wait_for(EXPLAINED)
        shell.wait_for(rb">>> ")  # a prompt is shown although its line has not ended
        for key in b"print(7)":
            shell.type(bytes([key]))
        port.hears(b"print(7)")
        port.send(b"print(7)\r\n7\r\nE (1000) wifi: reason:201\r\n")
        shell.wait_for(rb"\n7\r*\n")


def test_platformio_runs_our_filter(tmp_path: Path) -> None:
    needs("platformio", "platformio")
    listener = socket.create_server(("127.0.0.1", 0))
    (tmp_path / "platformio.ini").write_text(
        f"[env:lamp]\nmonitor_filters = blinkcode\nmonitor_port = socket://127.0.0.1:{listener.getsockname()[1]}\n"
    )
    subprocess.run(
        [*COMMAND, "integrate", "platformio", "--vendor", "tuya", "-o", str(tmp_path)],
        check=True,
        env=environment(),
        capture_output=True,
    )
    pio = (sys.executable, "-m", "platformio")
    home = environment(PLATFORMIO_CORE_DIR=str(tmp_path / "core"), PLATFORMIO_SETTING_ENABLE_TELEMETRY="no")
    with terminal("device", "monitor", "-d", str(tmp_path), command=pio, environment=home) as monitor:
        connection, _ = listener.accept()
        with connection:
            monitor.wait_for(rb"Quit: Ctrl")  # what comes before that is thrown away
            time.sleep(0.5)
            connection.sendall(FAILURE[0])
            time.sleep(0.2)
            connection.sendall(FAILURE[1])
            monitor.wait_for(EXPLAINED)
            monitor.wait_for(rb">>> ")
            monitor.type(b"print(7)")
            heard = b""
            while b"print(7)" not in heard:
                heard += connection.recv(100)
    listener.close()


def test_integrate_says_what_it_lacks(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "integrate", "platformio", "-o", str(tmp_path)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{tmp_path}: has no platformio.ini; name the project's folder with -o\n"
