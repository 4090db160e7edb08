"""A serial port that may go away and come back: a device, socket://host:port or rfc2217://host:port."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import serial
from serial.tools import list_ports

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

_POLL = 0.05  # seconds between looks at a port that cannot be waited for
_RESET = 0.1  # seconds
_MOST = 65_536
_BUSY = (errno.EBUSY, errno.EWOULDBLOCK, errno.EACCES, errno.EPERM)


class PortError(Exception):
    """The port cannot be opened; the text says why, and what else there is."""


def only_port() -> str:
    """The name of the one serial port that there is. Raises PortError where there is none, or more than one."""
    ports = list_ports.comports()
    names = sorted(port.device for port in ports if port.vid is not None) or sorted(p.device for p in ports)
    if len(names) == 1:
        return str(names[0])
    if names:
        raise PortError(f"there are several serial ports; name one of {', '.join(names)}")
    raise PortError("there is no serial port; plug the board in, or name socket://HOST:PORT")


class Port:
    """An open port, or one that is waited for. Its DTR and RTS, which reset many boards, are left alone."""

    def __init__(self, name: str, baud: int = 115_200) -> None:
        self.name, self._baud = name, baud
        self._serial: Any = None

    def open(self) -> None:
        """Open it for the first time. Raises PortError."""
        try:
            self._open()
        except (serial.SerialException, OSError, ValueError) as error:
            raise PortError(_complaint(self.name, error)) from None

    def reopen(self) -> bool:
        """Try to open it again, once."""
        try:
            self._open()
        except (serial.SerialException, OSError, ValueError):
            return False
        return True

    def _open(self) -> None:
        self._serial = serial.serial_for_url(self.name, baudrate=self._baud, timeout=_POLL, exclusive=True)
        fd = self._fd()
        if termios and fd is not None and os.isatty(fd):
            with contextlib.suppress(termios.error):
                attributes = termios.tcgetattr(fd)
                attributes[2] &= ~termios.HUPCL  # closing the port does not lower the lines either
                termios.tcsetattr(fd, termios.TCSANOW, attributes)

    def _fd(self) -> int | None:
        """What select() takes, where there is such a thing."""
        if os.name == "nt" or self._serial is None or self.name.startswith("rfc2217:"):
            return None
        try:
            return int(self._serial.fileno())
        except (AttributeError, OSError, serial.SerialException):
            return None

    def read(self, seconds: float, others: Sequence[int] = ()) -> bytes | None:
        """What has come, waiting at most so long or until one of the `others` can be read; None: it has gone."""
        fd = self._fd()
        try:
            if fd is None:
                return bytes(self._serial.read(max(1, self._serial.in_waiting)))
            ready, _, _ = select.select([fd, *others], [], [], seconds)
            if fd not in ready:
                return b""
            return os.read(fd, _MOST) or None
        except (OSError, serial.SerialException, TypeError, ValueError):
            return None

    def write(self, data: bytes) -> bool:
        """Send; False: it has gone."""
        try:
            self._serial.write(data)
        except (OSError, serial.SerialException):
            return False
        return True

    def reset(self) -> bool:
        """Reset the board by a pulse on RTS, as the usual circuits have it; False: this port has no such line."""
        if self._serial is None or self.name.startswith("socket:"):
            return False
        try:
            self._serial.dtr = False  # high at the boot pin: it starts its program
            self._serial.rts = True
            time.sleep(_RESET)
            self._serial.rts = False
        except (OSError, serial.SerialException):
            return False
        return True

    def close(self) -> None:
        """Close it, however far gone it is."""
        if self._serial is not None:
            with contextlib.suppress(OSError, serial.SerialException):
                self._serial.close()
        self._serial = None


def _complaint(name: str, error: Exception) -> str:
    """Why a port cannot be opened, and what to do about it."""
    if "://" in name:
        return f"{name}: {_network_complaint(name, error)}"
    number = getattr(error, "errno", None)
    if number in _BUSY or "xclusively lock" in str(error):
        return f"{name}: it is in use by another program, or you may not open it (your user must be in its group)"
    there = ", ".join(sorted(port.device for port in list_ports.comports()))
    listing = f"there are {there}" if there else "there is no serial port at all; plug the board in"
    what = {errno.ENOENT: "no such port", errno.EIO: "it does not answer"}.get(
        number or 0, "is no serial port"
    )
    return f"{name}: {what}; {listing}"


def _network_complaint(name: str, error: Exception) -> str:
    try:
        parts = urlsplit(name)
        known = parts.scheme in ("socket", "rfc2217") and parts.hostname and parts.port
    except ValueError:  # a port's number that is none
        known = False
    if not known:
        return "no such port; on the network it is socket://HOST:PORT or rfc2217://HOST:PORT"
    if "RFC2217" in str(error):
        return "it does not speak RFC 2217; try socket://, or check the port's number"
    cause = error.__context__
    why = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause or error)
    return f"cannot be reached ({why}); is the gateway running, and its port's number right?"
