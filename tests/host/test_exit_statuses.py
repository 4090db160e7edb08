"""What goes wrong ends each command the same way: exit status 2, one message, nothing on standard output."""

from __future__ import annotations

import contextlib
import io
import os
import socketserver
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from blinkcode_host.cli import COMMANDS, main
from targets import ROOT

#: Of each command, a run that ends with status 0, or 2 where there is no board; a "+" word is a file it writes.
RUNS = {
    "compile": ["compile", "-o", "+table.py"],
    "firmware": ["firmware", "UNIX", "--check"],
    "explain": ["explain", "tuya:1010"],
    "export": ["export", "-o", "+codes.json"],
    "diff": ["diff", "tuya", "2021-12-21", "2024-07-22"],
    "check": ["check"],
    "size": ["size"],
    "book": ["book", "-o", "+book"],
    "romfs": ["romfs", "-o", "+blinkcode.romfs"],
    "mip": ["mip", "-o", "+mip"],
    "new-vendor": ["new-vendor", "acme", "--tables", "+own"],
    "integrate": ["integrate", "platformio", "-o", "+project"],
    "decode": ["decode", "device.log"],
    "monitor": ["monitor", "nosuchport"],
    "journal": ["journal", "nosuchport"],
}
#: The option of each that names what is written.
WRITING = {
    name: "--tables" if name == "new-vendor" else "-o" for name, run in RUNS.items() if "+" in "".join(run)
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with what the runs need."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MICROPYTHON_DIR", raising=False)
    (tmp_path / "device.log").write_text("tuya error code: 1010\n", encoding="utf-8")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "platformio.ini").touch()
    (tmp_path / "file").touch()
    return tmp_path


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


def run(words: list[str]) -> Done:
    """Run a command in this process."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as stop:
            status = int(stop.code or 0)
    out.seek(0)
    return Done(status, out.read(), err.getvalue())


def complained(done: Done, said: str) -> None:
    """Assert that a command ended with one message, which holds these words."""
    assert (done.status, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1, done.err


def test_every_command_is_tried() -> None:
    assert set(RUNS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_options_and_tables(name: str, folder: Path) -> None:
    words = [word.removeprefix("+") for word in RUNS[name]]
    done = run([*words, "--nosuch"])
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"usage: blinkcode {name} ")
    assert done.err.endswith(f"blinkcode {name}: error: unrecognized arguments: --nosuch\n")
    if name == "new-vendor":
        return  # its --tables is what it writes
    complained(run([*words, "--tables", "nosuch"]), "nosuch/vendors.toml: no such file; create it")
    complained(run([*words, "--tables", "file"]), "file/vendors.toml: cannot be read (Not a directory)")
    (folder / "vendors.toml").write_bytes(b'[vendors.a]\nname = "\xe9"\n')
    complained(run([*words, "--tables", "."]), "vendors.toml:2: byte 0xe9 is not UTF-8; save the file")


@pytest.mark.parametrize("name", WRITING)
def test_outputs_that_cannot_be_written(name: str, folder: Path) -> None:
    """A file stands where a folder should be, or the other way round."""
    at = next(i for i, word in enumerate(RUNS[name]) if word.startswith("+"))
    for wrong in (
        ("file/deep/x.romfs", "file/x.romfs") if name in ("export", "new-vendor") else ("file/x.romfs",)
    ):
        words = [*RUNS[name][:at], wrong, *RUNS[name][at + 1 :]]
        expected = (
            "has no platformio.ini" if name == "integrate" else "cannot be written (Not a directory); choose"
        )
        complained(run(words), expected)
    if name in ("compile", "export"):
        complained(run([*RUNS[name][:at], "project"]), "project: cannot be written (Is a directory); choose")
    elif name in ("book", "mip"):
        complained(run([*RUNS[name][:at], "file"]), "file: cannot be written (Not a directory); choose")


@pytest.mark.skipif(os.name == "nt", reason="closed streams skipped: they are POSIX shells'")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["explain", "--help"]], ids=" ".join)
@pytest.mark.parametrize(
    ("redirected", "why"), [(">&-", "it is closed"), (">/dev/full", "No space left on device")]
)
def test_help_that_cannot_be_written(words: list[str], redirected: str, why: str) -> None:
    """Each command's parser is of the same class."""
    if redirected == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("full disk skipped: /dev/full is Linux's")
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m blinkcode_host "$@" {redirected}', sys.executable, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "host_tools")},
        capture_output=True,
        text=True,
    )
    complained(
        Done(done.returncode, done.stdout, done.stderr),
        f"blinkcode: standard output cannot be written ({why})",
    )


def test_files_that_cannot_be_read(folder: Path) -> None:
    complained(run(["decode", ""]), "blinkcode decode: '': cannot be read (No such file or directory)")
    complained(run(["decode", "project"]), "project: cannot be read (Is a directory)")
    complained(run(["firmware", "no\x1bsuch"]), "no\\x1bsuch: no such board; there are")
    complained(run(["firmware", "UNIX"]), "no MicroPython source; give its folder")


def test_a_journal_of_what_is_no_board(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something answers that is no REPL: what it says is not printed."""
    monkeypatch.setattr("blinkcode_host.commands.journal._SECONDS", 0.5)
    with socketserver.TCPServer(("127.0.0.1", 0), _Chatter) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            done = run(["journal", f"socket://127.0.0.1:{server.server_address[1]}"])
        finally:
            server.shutdown()
    complained(done, "its REPL does not answer (could not enter raw repl); is another program reading it?")


class _Chatter(socketserver.BaseRequestHandler):
    """Says a few words to whoever connects, until that one leaves."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.sendall(b"login: ")
            while self.request.recv(1_024):
                self.request.sendall(b"login: ")


def test_an_empty_language_is_none() -> None:
    complained(
        run(["explain", "tuya:1010", "--lang", ""]), "'': no text is in this language; there are en, zh"
    )


def test_nothing_found_is_one(folder: Path) -> None:
    (folder / "quiet.log").write_text("all is well\n", encoding="utf-8")
    for words in (["decode", "quiet.log"], ["decode", "--summary", "quiet.log"], ["explain", "tuya:999"]):
        done = run(words)
        assert (done.status, done.err) == (1, "")
