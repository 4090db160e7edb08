"""What the tests of the camera reader share: Node, ffmpeg, and what the runtime's lamp does."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from targets import MissingTool
from targets.target import Unix

from .recording import record

NUMBERS = 24


def tool(name: str, package: str) -> str:
    """The path of a system tool; skips the calling test without it, with BLINKCODE_NO_SKIP=1 fails it."""
    found = shutil.which(name)
    if not found:
        missing(f"camera tests skipped: apt-get install {package}")
    assert found
    return found


def missing(reason: str) -> None:
    if os.environ.get("BLINKCODE_NO_SKIP") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with what the runtime's lamp does for each state and for some numbers; see recording.py."""
    try:
        unix = Unix()
    except MissingTool as error:
        missing(str(error))
    file = tmp_path_factory.mktemp("camera") / "recording.json"
    file.write_text(json.dumps(record(unix, NUMBERS)), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def node() -> str:
    return tool("node", "nodejs")


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    return tool("ffmpeg", "ffmpeg")
