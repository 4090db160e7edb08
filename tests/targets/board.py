"""Targets on a serial device, driven through mpremote as a user's board is.

FrozenUnix: the Unix port behind a pseudo terminal. Qemu: bare-metal RV32 behind QEMU's one.
Device: a real board. Nothing is on their path but what is frozen (or installed on the board).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pty
import re
import selectors
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import tty
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from . import MissingTool
from .build import missing_rv32_packages
from .target import Listener, Target, TargetError, plain_text

_QEMU = "qemu-system-riscv32"
_MACHINE = "-machine virt -cpu rv32 -bios none -nographic -monitor null -semihosting -serial pty"
_ENABLE_FIFO = "import machine\nmachine.mem8[0x10000002] = 0xC1"
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_REPLY_SECONDS = 10.0
_END = 4
_LOST = (TransportError, serial.SerialException, OSError, struct.error)


def _end_with_parent() -> None:
    """Let the kernel kill the calling process when its parent ends, however it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Serial(Target):
    """A MicroPython REPL on a serial device. Each script starts from a soft reboot."""

    def __init__(self) -> None:
        self._transport: SerialTransport | None = None

    @abstractmethod
    def _start(self) -> str:
        """Start what the target needs and return its serial device."""

    def _stop(self) -> None:
        """End what _start started, if it runs."""
        return

    def _prepare(self, transport: SerialTransport) -> None:
        """Do what must be done once after a start."""
        return

    @contextlib.contextmanager
    def _awake(self) -> Iterator[None]:
        """Let the target run meanwhile."""
        yield

    def run(self, script: str, timeout: float = 60.0, listener: Listener | None = None) -> str:
        """See Target.run. Sending the script is not part of `timeout`."""
        with self._awake():
            try:
                try:
                    port = self._send(script)
                except _LOST:
                    self._disconnect()  # the last script may have left it unusable: start it anew
                    port = self._send(script)
                output, traceback = self._follow(port, timeout, listener)
            except _LOST as error:
                self._disconnect()
                raise TargetError(f"{self.name}: {error}") from error
        if traceback:
            raise TargetError(traceback, output)
        return output

    def _send(self, script: str) -> serial.Serial:
        """Start the target if need be, and a script on it; return the port that its output comes from."""
        if self._transport is None:
            self._transport = SerialTransport(self._start(), timeout=_REPLY_SECONDS)
            self._prepare(self._transport)
        self._transport.enter_raw_repl(soft_reset=True)
        self._transport.exec_raw_no_follow(script)
        return self._transport.serial

    def _follow(self, port: serial.Serial, timeout: float, listener: Listener | None) -> tuple[str, str]:
        """Return a script's (output, traceback). Raises TargetError when time is up, and breaks it off."""
        end = time.monotonic() + timeout
        pending = bytearray()
        try:
            output = _field(port, pending, end, listener)
            return plain_text(output), plain_text(_field(port, pending, end, None))
        except TimeoutError:
            self._break_off(port)
            complaint = f"{self.name}: not done after {timeout:g} s"
            raise TargetError(complaint, plain_text(bytes(pending))) from None

    def _break_off(self, port: serial.Serial) -> None:
        """End a script that does not end. A target that reads no interrupt meanwhile is started anew."""
        self._disconnect()

    def _disconnect(self) -> None:
        """Close the line and end what runs behind it; the next run starts it again."""
        transport, self._transport = self._transport, None
        if transport is not None:
            with contextlib.suppress(OSError):
                transport.close()
        self._stop()

    def close(self) -> None:
        """See Target.close."""
        self._disconnect()


def _field(port: serial.Serial, pending: bytearray, end: float, listener: Listener | None) -> bytes:
    """Take what comes before the next byte 4 out of `pending`, reading on until the monotonic time `end`.

    Raises TimeoutError, with what came so far left in `pending`.
    """
    seen = 0
    while True:
        stop = pending.find(_END, seen)
        until = len(pending) if stop < 0 else stop
        if listener and until > seen:
            listener(bytes(pending[seen:until]))
        seen = until
        if stop >= 0:
            field = bytes(pending[:stop])
            del pending[: stop + 1]
            return field
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        with selectors.DefaultSelector() as selector:
            selector.register(port.fileno(), selectors.EVENT_READ)
            selector.select(min(left, 1.0))
        pending += port.read(port.in_waiting)


class FrozenUnix(Serial):
    """The Unix port that build_unix made, at the other end of a pseudo terminal."""

    name = "frozen-unix"

    def __init__(self, executable: Path) -> None:
        super().__init__()
        self._executable = executable
        self._folder = tempfile.TemporaryDirectory(prefix="target-frozen-unix-")
        self._process: subprocess.Popen[bytes] | None = None
        self._terminal = -1

    def _start(self) -> str:
        board, self._terminal = pty.openpty()
        tty.setraw(self._terminal)
        self._process = subprocess.Popen(
            [str(self._executable), "-c", "import serial_repl; serial_repl.serve()"],
            cwd=self._folder.name,
            env={"MICROPYPATH": ".frozen", "PATH": os.defpath},
            stdin=board,
            stdout=board,
            stderr=board,
            preexec_fn=_end_with_parent,
        )
        os.close(board)
        return os.ttyname(self._terminal)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            os.close(self._terminal)

    def close(self) -> None:
        """See Target.close."""
        super().close()
        self._folder.cleanup()


class Qemu(Serial):
    """Bare-metal RV32, the ESP32-C3's and C6's instruction set, under QEMU counting instructions.

    Raises MissingTool without QEMU. The machine stands still between scripts (its REPL would poll).
    """

    name = "rv32"

    def __init__(self, firmware: Path) -> None:
        super().__init__()
        check_qemu()
        self._firmware = firmware
        self._process: subprocess.Popen[bytes] | None = None

    def _start(self) -> str:
        self._process = subprocess.Popen(
            [_QEMU, *_MACHINE.split(), "-icount", "shift=0", "-kernel", str(self._firmware)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode("utf-8", "replace")
        device = re.search(r"/dev/\S+", line)
        if not device:
            raise OSError(f"{_QEMU} did not start: {line.strip()}")
        return device[0]

    def _prepare(self, transport: SerialTransport) -> None:
        """Switch the emulated UART's 16-byte buffer on, which makes it take scripts faster."""
        transport.enter_raw_repl(soft_reset=True)
        transport.exec(_ENABLE_FIFO)

    @contextlib.contextmanager
    def _awake(self) -> Iterator[None]:
        """Let the machine run; it polls for input, and would hold one of the host's cores at rest."""
        self._signal(signal.SIGCONT)
        try:
            yield
        finally:
            self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def check_qemu() -> None:
    """Raise MissingTool, naming every package to install, unless RV32 can be built and run."""
    if not shutil.which(_QEMU):
        packages = [*missing_rv32_packages(), "qemu-system-misc"]
        raise MissingTool(f"RISC-V run skipped: apt-get install {' '.join(packages)}")


class Device(Serial):
    """A board on a real serial device, such as /dev/ttyUSB0, with blinkcode frozen or installed on it."""

    name = "device"

    def __init__(self, device: str) -> None:
        super().__init__()
        self._device = device

    def _start(self) -> str:
        if not Path(self._device).exists():
            raise OSError(f"{self._device} is not there")
        return self._device

    def _break_off(self, port: serial.Serial) -> None:
        port.write(b"\r\x03\x03")
