"""The `target` fixture: one test, run on each target there is.

`pytest --target rv32` (or BLINKCODE_TARGETS=cpython,unix) chooses; the default is all of them, and a
board when DEVICE names its serial port. A target that needs something not installed is skipped with
one line that says what to install; BLINKCODE_NO_SKIP=1 makes that a failure.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from missing import unless_missing
from targets.board import Qemu
from targets.session import NAMES, Session, chosen
from targets.target import Target


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--target", action="append", default=[], help=f"one of {', '.join(NAMES)}; repeatable")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "target" in metafunc.fixturenames:
        try:
            names = chosen(metafunc.config.getoption("--target"))
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None
        if metafunc.definition.get_closest_marker("micropython"):
            names = [name for name in names if name != "cpython"]
        if metafunc.definition.get_closest_marker("files"):
            names = [name for name in names if name in ("cpython", "unix")]
        metafunc.parametrize("target", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def target_session() -> Iterator[Session]:
    """All targets of the session."""
    session = Session()
    yield session
    session.close()


def opened(session: Session, name: str) -> Target:
    """Return a target; skip the calling test when it lacks something, with BLINKCODE_NO_SKIP=1 fail it."""
    with unless_missing():
        return session.get(name)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest, target_session: Session) -> Target:
    """Each target in turn."""
    return opened(target_session, request.param)


@pytest.fixture(scope="session")
def rv32(target_session: Session) -> Qemu:
    """The RV32 target, for a test that is about nothing else."""
    found = opened(target_session, "rv32")
    assert isinstance(found, Qemu)
    return found
