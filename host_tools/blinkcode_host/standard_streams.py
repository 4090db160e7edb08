"""The standard streams, such that no character and no closed descriptor ends in a traceback, and no name steers."""

from __future__ import annotations

import argparse
import codecs
import errno
import io
import os
import sys
from typing import Any, TextIO

from blinkcode_host.finding.finding import visible

_ESCAPED = "blinkcode-escaped"


class _Closed(io.RawIOBase):
    """Standard output that was closed before we began: it takes nothing."""

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def fileno(self) -> int:
        """The descriptor, which prepare() has pointed at nothing."""
        return 1

    def write(self, data: object) -> int:
        """Raises OSError."""
        raise OSError(errno.EBADF, "it is closed")


def prepare() -> None:
    """Make the standard streams ready: call it once, before anything is printed.

    A character that an encoding lacks is written as JSON and Python write it: \\u4ee4. What is closed stays so, but no
    file that is opened later gets its number.
    """
    codecs.register_error(_ESCAPED, _escaped)
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed()), "utf-8")
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPED)


def discard_output() -> None:
    """Let what is still to be written to standard output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(getattr(getattr(sys.stdout, "buffer", None), "raw", None), _Closed):
        sys.stdout = _nowhere()


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def complain(text: str) -> None:
    """Print a message on standard error; whatever names are in it, they do not steer the terminal."""
    print("\n".join(visible(line) for line in text.split("\n")), file=sys.stderr)


def unwritten(error: OSError) -> int:
    """Say that standard output cannot be written, and let what is left of it go nowhere. Return the exit status."""
    discard_output()  # for the flush at exit
    if isinstance(error, BrokenPipeError):
        return 0  # whoever reads our output has enough, as `head` does
    complain(f"blinkcode: standard output cannot be written ({error.strerror})")
    return 2


class Parser(argparse.ArgumentParser):
    """argparse's, whose messages do not steer the terminal either, and which says when they cannot be written."""

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print what argparse has to say."""
        text = "\n".join(visible(line) for line in message.split("\n"))
        if file is not sys.stdout:
            super()._print_message(text, file)
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as error:
            raise SystemExit(unwritten(error)) from None


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: characters as \\uXXXX, two of them for those beyond the first 65,536."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)
    ), error.end
