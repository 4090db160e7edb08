"""`blinkcode firmware BOARD`: real builds, the exact command for ESP32, and each way to stop before one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from missing import unless_missing
from targets import ROOT
from targets.board import Qemu
from targets.build import build_unix, check_rv32_compiler, empty_manifest, mpy_cross
from targets.debian_source import Tree, source_tree

QUESTION = "import blinkcode as b\nprint(b.text(b.find(-4012)), b.find(1010, b.TUYA) >= 0, b.find(500))"
ANSWER = "control id mismatch; pair again True -2\n"
TINY = 'port = "{port}"\n{board}emitter = "bytecode"\nvendors = ["tuya"]\ntext = false\nbudget = {budget}\n'


@pytest.fixture(scope="module")
def tree() -> Tree:
    with unless_missing():
        found = source_tree()
        build_unix(empty_manifest(), found)
    return found


def firmware(
    *words: str, folder: Path = ROOT, cross: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command with an environment that has no IDF_PATH and no MICROPYTHON_DIR but those given."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("IDF_PATH", "MICROPYTHON_DIR")}
    if cross:
        inherited["MICROPY_MPYCROSS"] = str(cross)
    return subprocess.run(
        [sys.executable, "-m", "blinkcode_host", "firmware", *words],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT / "host_tools"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_unix_is_built_and_answers(tree: Tree) -> None:
    done = firmware("UNIX", "--micropython", str(tree.path), cross=mpy_cross(tree))
    assert done.returncode == 0, done.stderr
    command, result = done.stdout.splitlines()
    assert command.startswith(f"make -C {tree.path}/ports/unix ")
    assert f"FROZEN_MANIFEST={ROOT}/boards/UNIX/manifest.py" in command
    run = [result, "-c", QUESTION]
    assert subprocess.run(run, capture_output=True, text=True, check=True, cwd="/").stdout == ANSWER


def test_rv32_is_built_and_answers(tree: Tree) -> None:
    with unless_missing():
        check_rv32_compiler()
        done = firmware("VIRT_RV32", cross=mpy_cross(tree), MICROPYTHON_DIR=str(tree.path))
        assert done.returncode == 0, done.stderr
        with Qemu(Path(done.stdout.splitlines()[-1])) as qemu:
            assert qemu.run(QUESTION) == ANSWER


def test_esp32_without_idf_stops_before_anything_is_built(tree: Tree) -> None:
    done = firmware("ESP32_GENERIC", "--micropython", str(tree.path), MICROPY_MPYCROSS="/absent")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "IDF_PATH" in done.stderr


def test_esp32_runs_the_exact_command(tree: Tree, tmp_path: Path) -> None:
    """A make that only notes its arguments stands for ESP-IDF's, which is not here."""
    fake = tmp_path / "make"
    fake.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/arguments\n')
    fake.chmod(0o755)
    done = firmware(
        "ESP32_GENERIC_C3",
        "--micropython",
        str(tree.path),
        cross=mpy_cross(tree),
        IDF_PATH=str(tmp_path),
        PATH=f"{tmp_path}:{os.environ['PATH']}",
    )
    assert done.returncode == 0, done.stderr
    port = f"{tree.path}/ports/esp32"
    manifest = f"{ROOT}/boards/ESP32_GENERIC_C3/manifest.py"
    command = ["-C", port, "BOARD=ESP32_GENERIC_C3", f"FROZEN_MANIFEST={manifest}"]
    assert (tmp_path / "arguments").read_text().splitlines() == command
    expected = [f"make {' '.join(command)}", f"{port}/build-ESP32_GENERIC_C3/firmware.bin"]
    assert done.stdout.splitlines() == expected


def test_over_the_budget_names_the_bytes_over(tree: Tree, tmp_path: Path) -> None:
    board = tmp_path / "TIGHT"
    board.mkdir()
    shutil.copy(ROOT / "boards" / "UNIX" / "manifest.py", board)
    (board / "blinkcode.toml").write_text(TINY.format(port="unix", board="", budget=1000))
    words = ("./TIGHT", "--micropython", str(tree.path))
    done = firmware(*words, folder=tmp_path, cross=mpy_cross(tree))
    assert (done.returncode, done.stdout) == (2, "")
    size = int(done.stderr.split(" bytes of flash")[0].rpartition(" ")[2])
    assert f"{size - 1000} over the 1000 allowed" in done.stderr
    (board / "blinkcode.toml").write_text(TINY.format(port="unix", board="", budget=size - 1))
    done = firmware(*words, folder=tmp_path, cross=mpy_cross(tree))
    assert f" 1 over the {size - 1} allowed" in done.stderr


def test_space_in_a_path_is_refused(tree: Tree, tmp_path: Path) -> None:
    board = tmp_path / "my board"
    board.mkdir()
    (board / "blinkcode.toml").write_text(TINY.format(port="unix", board="", budget=9000))
    (board / "manifest.py").write_text('package("blinkcode", base_path=options.prepared)\n')
    done = firmware("my board", "--micropython", str(tree.path), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "the path has a space" in done.stderr


def test_failing_build_is_a_failure(tree: Tree, tmp_path: Path) -> None:
    board = tmp_path / "BROKEN"
    board.mkdir()
    (board / "manifest.py").write_text(
        'module("absent.py")\npackage("blinkcode", base_path=options.prepared)\n'
    )
    (board / "blinkcode.toml").write_text(TINY.format(port="qemu", board='board = "NONE"\n', budget=20000))
    done = firmware("BROKEN", "--micropython", str(tree.path), folder=tmp_path, cross=mpy_cross(tree))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("make failed")


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("NONE", "--micropython", "."), 2, "NONE: no such board; there are ESP32_GENERIC"),
        (("UNIX",), 2, "no MicroPython source; give its folder with --micropython"),
        (("UNIX", "--micropython", "."), 2, "is no MicroPython source"),
    ],
)
def test_what_is_missing_is_named(words: tuple[str, ...], status: int, complaint: str) -> None:
    done = firmware(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
