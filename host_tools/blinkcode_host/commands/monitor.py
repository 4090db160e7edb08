"""`blinkcode monitor PORT`: what decode does, on a live serial port."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

from blinkcode_host.commands import Failure
from blinkcode_host.commands.decode import add_options, settings_of
from blinkcode_host.live.keyboard import Keyboard
from blinkcode_host.live.log_filter import LogFilter
from blinkcode_host.live.monitor import Monitor, Options, say_on_stderr, watch
from blinkcode_host.live.port import Port, PortError, only_port
from blinkcode_host.reading.terminal import console, wants_colour

HELP = "show a serial port and explain the codes on it; Ctrl-] leaves, other keys reach the board"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_port(parser)
    parser.add_argument("--baud", type=int, default=115200, metavar="N", help="default: 115200")
    add_options(parser)
    parser.add_argument(
        "--timestamps",
        action="store_true",
        help="begin each line with the time of day; with --json, give each finding its time",
    )
    parser.add_argument(
        "--filter",
        "--print-filter",
        metavar="'TAG:LEVEL ...'",
        type=_log_filter,
        help="show only lines of these tags and levels (N E W I D V), as idf.py monitor does: 'wifi:W *:E'; "
        "--log has all of them",
    )
    parser.add_argument(
        "--log",
        metavar="FILE",
        type=Path,
        help="append what the board sends to a file, as it is but for --redact",
    )
    parser.add_argument(
        "--redact",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="blank tokens, keys, passwords, e-mail and MAC addresses, names of users and networks in what is shown "
        "and logged, and never a code; a line is then shown when it is complete (default with --json --log)",
    )


def add_port(parser: argparse.ArgumentParser) -> None:
    """The port to open, which may be left out where there is one."""
    parser.add_argument(
        "port",
        metavar="PORT",
        nargs="?",
        help="/dev/ttyUSB0, COM3, socket://HOST:PORT, rfc2217://HOST:PORT; none: the only serial port there is",
    )


def _log_filter(text: str) -> LogFilter:
    try:
        return LogFilter(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    try:
        port = Port(arguments.port or only_port(), arguments.baud)
        port.open()
    except PortError as error:
        raise Failure(str(error)) from None
    with contextlib.ExitStack() as stack:
        stack.callback(port.close)
        log = stack.enter_context(contextlib.closing(_Log(arguments.log))) if arguments.log else None
        redact = arguments.redact if arguments.redact is not None else bool(arguments.json and arguments.log)
        colour = wants_colour(sys.stdout, os.environ)
        options = Options(
            arguments.raw, arguments.json, arguments.timestamps, redact, colour, log, arguments.filter
        )
        keyboard = stack.enter_context(Keyboard()) if sys.stdin and sys.stdin.isatty() else None
        monitor = Monitor(settings, options, sys.stdout.buffer, say_on_stderr)
        with contextlib.suppress(KeyboardInterrupt):
            watch(monitor, port, keyboard)
        monitor.end()
    if len(monitor.summary):
        out = console(sys.stderr)
        out.print(monitor.summary.table(settings.catalog, out.width))
    return 0


class _Log:
    """The file of --log. Each write is whole or not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise self._failure(error) from None

    def write(self, data: bytes) -> None:
        """Append. Raises Failure."""
        before = os.fstat(self._file.fileno()).st_size
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            with contextlib.suppress(OSError):  # a FIFO, or a device
                os.ftruncate(self._file.fileno(), before)
            raise self._failure(error) from None

    def close(self) -> None:
        """Close it."""
        self._file.close()

    def _failure(self, error: OSError) -> Failure:
        return Failure(f"{self._path}: cannot be written ({error.strerror}); choose another --log")
