"""The two ends that tests of `monitor` hold: the command's own terminal, and the port that it watches."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import serial
from serial.rfc2217 import PortManager

from targets import ROOT

PATIENCE = 40.0  # seconds; emulated firmware shares the machine with other tests
COMMAND = (sys.executable, "-m", "blinkcode_host")


def environment(**more: str) -> dict[str, str]:
    """The environment in which the checkout's command runs, the same at every terminal."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "host_tools"),
        "NO_COLOR": "1",
        "COLUMNS": "200",
        **more,
    }


_default_environment = environment


class Terminal:
    """A command at a terminal of its own: what it shows, and a keyboard."""

    def __init__(
        self,
        *arguments: str,
        command: Sequence[str] = COMMAND,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.shown = b""
        self._fd, end = pty.openpty()
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=end,
            stdout=end,
            stderr=end,
            env=environment or _default_environment(),
            start_new_session=True,
        )
        os.close(end)

    def type(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def wait_for(self, pattern: bytes) -> bytes:
        """Read until something new matches, and forget all up to there."""
        end = time.monotonic() + PATIENCE
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
        """End the command and, where it is a shell, what that has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._fd)


class Line:
    """The far end of a pseudo terminal that a monitor watches without a keyboard."""

    def __init__(self, *options: str) -> None:
        self._fd, end = pty.openpty()
        subprocess.run(["stty", "-F", os.ttyname(end), "raw", "-echo"], check=True)
        self.process = subprocess.Popen(
            [*COMMAND, "monitor", os.ttyname(end), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert self.process.stderr is not None
        self.process.stderr.readline()
        self._end = end

    def send(self, data: bytes) -> None:
        os.write(self._fd, data)

    def finish(self) -> tuple[bytes, bytes]:
        time.sleep(0.6)
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=PATIENCE)
        os.close(self._fd)
        os.close(self._end)
        return out, err


class _Behind(serial.Serial):  # type: ignore[misc]
    """A pseudo terminal as a gateway's port: it has no modem lines to ask for or to set."""

    cts = dsr = ri = cd = True

    def _update_dtr_state(self) -> None:
        pass

    def _update_rts_state(self) -> None:
        pass


class Gateway:
    """A serial port on the network, as ser2net or esp_rfc2217_server put one there.

    `rfc2217` speaks Telnet with RFC 2217's port control, through pyserial's own server side; else the bytes go
    through as they are. One client at a time, as with such gateways.
    """

    def __init__(self, device: str, rfc2217: bool) -> None:
        self._device, self._rfc2217 = device, rfc2217
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "rfc2217" if rfc2217 else "socket"
        self._address = self._listener.getsockname()
        self.url = f"{scheme}://127.0.0.1:{self._address[1]}"
        self._connection: socket.socket | None = None
        self._port: serial.Serial | None = None
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def unplug(self) -> None:
        """Drop the client, and take no other."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._connection:
            self._connection.shutdown(socket.SHUT_RDWR)

    def plug_in(self, device: str) -> None:
        """Serve again, at the same address, with a board that may be at another port."""
        self._device = device
        self._listener = socket.create_server(self._address)
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def baud(self) -> int:
        """The speed that the last client gave the port."""
        return int(self._port.baudrate) if self._port else 0

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._connection, _ = listener.accept()
                with self._connection, _Behind(self._device, 115200, timeout=0) as self._port:
                    self._bridge(self._connection, self._port)

    def _bridge(self, connection: socket.socket, port: serial.Serial) -> None:
        lock = threading.Lock()

        class Network:
            def write(self, data: bytes) -> None:
                with lock:
                    connection.sendall(data)

        manager = PortManager(port, Network()) if self._rfc2217 else None
        while True:
            for ready in select.select([connection, port.fileno()], [], [], 1.0)[0]:
                if ready is connection:
                    if not (data := connection.recv(4096)):
                        return
                    port.write(b"".join(manager.filter(data)) if manager else data)
                else:
                    data = port.read(4096)
                    Network().write(b"".join(manager.escape(data)) if manager else data)


@contextlib.contextmanager
def gateway(device: str, rfc2217: bool) -> Iterator[Gateway]:
    """A Gateway that is gone afterwards."""
    there = Gateway(device, rfc2217)
    try:
        yield there
    finally:
        with contextlib.suppress(OSError):
            there.unplug()


@contextlib.contextmanager
def terminal(
    *arguments: str, command: Sequence[str] = COMMAND, environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """A Terminal that is gone afterwards; `environment` is environment() by default."""
    there = Terminal(*arguments, command=command, environment=environment)
    try:
        yield there
    finally:
        there.close()
