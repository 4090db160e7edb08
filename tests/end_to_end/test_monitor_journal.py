"""`blinkcode journal` fetches what firmware with blinkcode frozen into it has noted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from mpremote.transport_serial import SerialTransport

from blinkcode_host.cli import main
from missing import unless_missing
from targets.board import FrozenUnix, Qemu, Serial
from targets.session import open_target

_REPORTS = """
from blinkcode.reporter import Reporter
import blinkcode
reporter = Reporter(ticks=lambda: 0)
for code in (-4012, -4012, -4012, 4711, 2062):
    reporter.report(code)
reporter.report(1010, blinkcode.TUYA)
"""


@pytest.fixture(params=["frozen-unix", "rv32"])
def board(request: pytest.FixtureRequest) -> Iterator[Serial]:
    with unless_missing():
        opened = open_target(request.param)
    assert isinstance(opened, (FrozenUnix, Qemu))
    yield opened
    opened.close()


def test_the_journal_is_explained(board: Serial, capsys: pytest.CaptureFixture[str]) -> None:
    port = board._start()
    transport = SerialTransport(port, timeout=30)
    transport.enter_raw_repl(soft_reset=True)
    transport.exec(_REPORTS)
    transport.exit_raw_repl()
    transport.close()

    assert main(["journal", port, "--json", "--no-restart"]) == 0
    found = {f["code"]: f for f in map(json.loads, capsys.readouterr().out.splitlines())}
    assert set(found) == {-4012, 4711, 2062, 1010}
    assert (found[-4012]["vendor"], found[-4012]["count"], found[-4012]["form"]) == (
        "broadlink",
        3,
        "journal",
    )
    assert (found[1010]["vendor"], found[1010]["state"]) == ("tuya", "SIGN_IN")
    assert (found[4711]["vendor"], found[4711]["state"]) == (None, "UNKNOWN")
    assert found[-4012]["first_seconds"] >= 0

    assert main(["journal", port]) == 0
    out = capsys.readouterr().out
    assert "  ^ broadlink -4012 PAIR (x3)  control id mismatch; pair again. " in out
    assert "after that start)" in out


def test_a_board_without_a_reporter_says_so(board: Serial, capsys: pytest.CaptureFixture[str]) -> None:
    port = board._start()
    assert main(["journal", port]) == 2
    assert "has not called Reporter()" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "restarted"), [([], True), (["--restart"], True), (["--no-restart"], False)]
)
def test_the_program_is_started_again(board: Serial, options: list[str], restarted: bool) -> None:
    """What the program had is gone, as after Ctrl-D, unless it is left interrupted; also where there is no journal."""
    port = board._start()
    transport = SerialTransport(port, timeout=30)
    transport.enter_raw_repl(soft_reset=True)
    transport.exec("mark = 1")
    transport.exit_raw_repl()
    transport.close()
    assert main(["journal", port, *options]) == 2

    transport = SerialTransport(port, timeout=30)
    transport.enter_raw_repl(soft_reset=False)
    assert transport.eval("'mark' in globals()") is not restarted
    transport.exit_raw_repl()
    transport.close()
