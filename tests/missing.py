"""What a test does where something outside the project is missing: it is skipped with one line, or fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from targets import MissingTool
from targets.target import find_micropython


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the calling test for what is missing; with BLINKCODE_NO_SKIP=1 fail it."""
    if os.environ.get("BLINKCODE_NO_SKIP") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def unless_missing() -> Iterator[None]:
    """Skip or fail the calling test where what is done inside needs something that is not there."""
    try:
        yield
    except MissingTool as missing:
        skip_or_fail(str(missing))


def unix_port() -> str:
    """The path of MicroPython's Unix port; skips or fails the calling test where there is none."""
    with unless_missing():
        return find_micropython()
