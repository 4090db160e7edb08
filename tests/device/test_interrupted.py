"""The reporter interrupted: by its own tick, by another report, by Ctrl-C."""

from __future__ import annotations

import pytest
from expected import rows
from lamp_reader import driven
from lamp_reader import rows as counted

from targets.target import Target

INTERRUPTED = """
import sys, io
class Out:
    text = ""
    def write(self, piece):
        self.text += bytes(piece).decode()
def counts():
    lines = []
    class Keep:
        def write(self, line):
            words = line.split()
            lines.append((words[4], words[5], words[7]))
    r.dump(Keep())
    return lines
def interrupted(call, interrupt, at):
    # Runs call(); before its at-th bytecode, wherever that is, interrupt() runs. Whether there was such a one.
    left = [at]
    def trace(frame, event, arg):
        if "blinkcode" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left[0] -= 1
            if left[0] == 0:
                sys.settrace(None)
                interrupt()
                sys.settrace(trace)
        return trace
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return left[0] <= 0
"""


@pytest.fixture
def stoppable(target: Target) -> Target:
    """A target on which a script can stop before each bytecode."""
    if target.name != "cpython":
        pytest.skip("only CPython can stop before each bytecode")
    return target


def test_tick_may_interrupt_anything_anywhere(stoppable: Target) -> None:
    """Before each bytecode of report, clear and spell, a tick: nothing raises, and the lamp comes out right."""
    script = (
        INTERRUPTED
        + """
for call, count in ((lambda: r.report(-4012, 0), 5), (lambda: r.report(4711), 10), (lambda: r.clear(), 0),
                    (lambda: r.spell(-7), 3)):
    at = 0
    more = True
    while more:
        at += 7
        r = Reporter(led=drive, log=Out(), ticks=lambda: NOW[0] & 0x3fffffff, journal=4)
        r.report({busy}, 1)
        run(700)
        NOW[0] += 13
        more = interrupted(call, lambda: r.tick(NOW[0] & 0x3fffffff), at)
        run(2500, 50)
        EVENTS.clear()
        run(15000, 50)
        show()
    print([[-1, count]])
"""
    )
    busy = next(code for (vendor, code), row in rows().items() if vendor == 1 and row.state == "BUSY")
    pending: list[list[tuple[int, int]]] = []
    seen = []
    for events in driven(stoppable, script.replace("{busy}", str(busy)), 300):
        if events and events[0][0] == -1:
            counts = [set(counted(one)[1:-1]) for one in pending]
            assert len(counts) > 10 or events[0][1] == 0
            seen.append((events[0][1], counts))
            pending = []
        else:
            pending.append(events)
    by_call = dict(seen)
    assert all(count == {"5"} for count in by_call[5]), by_call[5]
    assert all(count == {"10"} for count in by_call[10])
    assert all(not count for count in by_call[0])
    assert len(by_call[3]) > 5


def test_report_may_interrupt_report_anywhere(stoppable: Target) -> None:
    """As a soft timer's callback does: both are counted, no line is torn, the journal stays whole."""
    script = (
        INTERRUPTED
        + """
tried = 0
at = 0
more = True
while more:
    at += 1
    out = Out()
    r = Reporter(log=out, ticks=lambda: 5, journal=4, level=40)
    more = interrupted(lambda: r.report(-4012), lambda: r.report(1010, 1), at)
    tried += more
    lines = sorted(out.text.splitlines())
    assert not more or sorted(counts()) == [("broadlink", "-4012", "x1"), ("tuya", "1010", "x1")], (at, counts())
    assert not more or [line.split()[2:5] for line in lines] == [
        ["blinkcode:", "broadlink", "-4012"], ["blinkcode:", "tuya", "1010"]], (at, lines)
    r.report(-7)
    assert ("broadlink", "-7", "x1") in counts(), at
print([[tried, 0]])
"""
    )
    [[(tried, _)]] = driven(stoppable, script, 300)
    assert tried > 500


def test_interrupted_by_control_c_it_reports_again(target: Target) -> None:
    script = """
class Rude:
    rude = False
    text = b""
    def write(self, piece):
        if self.rude:
            raise KeyboardInterrupt
        self.text += bytes(piece)
log = Rude()
r = Reporter(log=log, ticks=lambda: 5)
log.rude = True
try:
    r.report(-4012)
    print([[0, 0]])
except KeyboardInterrupt:
    log.rude = False
    r.report(-7)
    print([[1, int(b"-7 PAIR" in log.text)]])
"""
    assert driven(target, script) == [[(1, 1)]]
