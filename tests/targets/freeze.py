"""Freezing without a firmware: what a board's manifest becomes for a chip whose compiler is not here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .build import BuildError, build_unix, empty_library, empty_manifest, mpy_cross
from .debian_source import Tree, source_tree

XTENSA = "xtensawin"
"""The instruction set of ESP32 and ESP32-S3, as mpy-cross names it."""

RISCV = "rv32imc"
"""The instruction set of ESP32-C3 and ESP32-C6."""


def freeze_to_c(
    manifest: Path,
    march: str,
    port: str = "ports/esp32",
    tree: Tree | None = None,
    lib_dir: Path | None = None,
) -> str:
    """Return the C source that MicroPython's makemanifest.py makes of a manifest, native code included.

    Every module goes through the tree's mpy-cross for `march`, and all of them through mpy-tool.py.
    `port` is the port's folder in the tree, `lib_dir` stands for micropython-lib (None: an empty one).
    Raises BuildError with what the tool said, MissingTool without a source or the host's compiler.
    """
    tree = tree or source_tree()
    names = build_unix(empty_manifest(), tree).with_name("qstrdefs.preprocessed.h")
    folder = tree.path / port
    variables = {
        "MPY_DIR": tree.path,
        "PORT_DIR": folder,
        "BOARD_DIR": folder / "boards" / manifest.resolve().parent.name,
        "MPY_LIB_DIR": lib_dir or empty_library(),
    }
    with tempfile.TemporaryDirectory(prefix="freeze-") as work:
        (Path(work) / "genhdr").mkdir()
        shutil.copy2(names, Path(work) / "genhdr")
        result = Path(work) / "frozen_content.c"
        tool = str(tree.path / "tools" / "makemanifest.py")
        command = [sys.executable, tool, "-o", str(result), "-b", work, f"-f=-march={march}"]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        environment = {**os.environ, "MICROPY_MPYCROSS": str(mpy_cross(tree))}
        done = subprocess.run(
            [*command, str(manifest)], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BuildError(f"{manifest}: {(done.stdout + done.stderr).strip()}")
        return result.read_text(encoding="utf-8")
