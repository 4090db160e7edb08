"""The documents' code and commands are run as they are printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from missing import unix_port
from targets import ROOT

NEEDED = {"python.md": ["broadlink", "tinytuya"]}  # packages that only these documents' programs import
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str) -> list[tuple[str, str, str]]:
    """(language, file name or "", content) of each block of code."""
    return BLOCK.findall((ROOT / "docs" / document).read_text(encoding="utf-8"))


def tools(folder: Path) -> dict[str, str]:
    """An environment in which `blinkcode`, `micropython` and `python` are those under test."""
    folder.mkdir()
    blinkcode = [sys.executable, "-m", "blinkcode_host"]
    for name, command in (
        ("blinkcode", blinkcode),
        ("python", [sys.executable]),
        ("micropython", [unix_port()]),
    ):
        (folder / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        (folder / name).chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    source = os.pathsep.join(
        [*(str(ROOT / part) for part in ("host_tools", "firmware")), str(entry_points(folder))]
    )
    return {**os.environ, "PATH": path, "PYTHONPATH": source, "NO_COLOR": "1"}


def entry_points(folder: Path) -> Path:
    """A folder that has pyproject.toml's entry points for pytest as an installed package has them."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = project.split("[project.entry-points.pytest11]\n")[1].split("\n[")[0]
    information = folder / "blinkcode-0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: blinkcode\nVersion: 0\n")
    (information / "entry_points.txt").write_text("[pytest11]\n" + section.replace('"', ""))
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return tools(tmp_path / "tools")


def as_it_happens(document: str, work: Path, environment: dict[str, str]) -> str:
    """The document with what its commands print now.

    `sh` blocks are run in turn in one folder, `text` is what the last one prints, others are files.
    """
    said = ""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    parts, end = [], 0
    for block in BLOCK.finditer(text):
        language, file, content = block.groups()
        if file:
            (work / file).parent.mkdir(parents=True, exist_ok=True)
            with (work / file).open("a", encoding="utf-8") as out:
                out.write(content)
        elif language == "sh":
            done = subprocess.run(
                ["sh", "-e", "-c", content],
                cwd=work,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            said = done.stdout
            assert done.returncode == 0, content + said
        elif language == "text":
            parts += [text[end : block.start(3)], said]
            end = block.end(3)
    return "".join([*parts, text[end:]])


@pytest.mark.parametrize("document", ["python.md", "testing.md", "tutorial.md"])
def test_what_is_printed_is_what_happens(document: str, tmp_path: Path, environment: dict[str, str]) -> None:
    """BLINKCODE_UPDATE=1 writes it anew."""
    for package in NEEDED.get(document, []):
        pytest.importorskip(package, reason=f"{document} skipped: pip install {package}")
    work = tmp_path / "work"
    work.mkdir()
    happens = as_it_happens(document, work, environment)
    if os.environ.get("BLINKCODE_UPDATE") == "1":
        (ROOT / "docs" / document).write_text(happens, encoding="utf-8")
    assert happens == (ROOT / "docs" / document).read_text(encoding="utf-8")
    if document == "testing.md":
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(work)]
        done = subprocess.run(command, env=environment, cwd=work, capture_output=True, text=True, check=False)
        assert "6 passed" in done.stdout, done.stdout
        tests = [content for _, file, content in blocks(document) if file.startswith("test_")]
        assert len(tests) == 2
        assert all(test.count("\n") <= 15 for test in tests)
