"""Reports as a whole: against a model, under heap_lock, over an hour."""

from __future__ import annotations

import random

import pytest
from expected import VENDORS, claimants, count, rows, stanzas
from lamp_reader import driven
from lamp_reader import rows as counted

from targets.board import Qemu
from targets.measure import heap_of
from targets.target import Target

LEVEL = {"INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
STATES = list(stanzas())


class Model:
    """What a reporter does, written as plainly as can be."""

    def __init__(self) -> None:
        self.live: dict[int | None, str] = {}
        self.counts: dict[tuple[int | None, object], int] = {}

    def report(self, code: object, vendor: object) -> None:
        number = code if type(code) is int and -(2**30) < code < 2**30 else None
        if code == "1010":
            number = 1010
        named = who_is(vendor)
        if number is None:
            found = []
        elif vendor is None:
            found = claimants(number)
        else:
            found = [named] if named is not None and (named, number) in rows() else []
        states = {rows()[who, number].state for who in found if number is not None}
        state = states.pop() if len(states) == 1 else "UNKNOWN"
        who = found[0] if len(found) == 1 else named
        self.live[who] = state
        key = number if number is not None else "tuple" if isinstance(code, tuple) else str(code)[:12]
        self.counts[who, key] = self.counts.get((who, key), 0) + 1

    def clear(self, vendor: object) -> None:
        if vendor is None:
            self.live.clear()
        elif who_is(vendor) is not None:
            self.live.pop(who_is(vendor), None)

    def shown(self) -> str | None:
        def rank(state: str) -> tuple[int, int]:
            return LEVEL[stanzas()[state]["level"]], STATES.index(state)

        return max(self.live.values(), key=rank, default=None)


def who_is(vendor: object) -> int | None:
    """The number of the vendor that a number or a name names, if one does."""
    if isinstance(vendor, str) and vendor.lower() in VENDORS:
        return VENDORS.index(vendor.lower())
    return vendor if type(vendor) is int and 0 <= vendor < len(VENDORS) else None


def random_calls(seed: int, size: int) -> list[tuple[str, tuple[object, ...]]]:
    rng = random.Random(seed)
    codes = [code for _, code in rng.sample(sorted(rows()), 9)] + [2062, 500, 4711, -(2**30) + 1]
    odd = [None, "x", "1010", 1.5, 2**40, -(2**30), True, b"-4012", (1, 2)]
    calls: list[tuple[str, tuple[object, ...]]] = []
    for _ in range(size):
        vendor = rng.choice([None, None, None, 0, 1, 2, 99, -1, "tuya", "Alibaba", "tuyaa", True])
        if rng.random() < 0.25:
            calls.append(("clear", (vendor,)))
        else:
            calls.append(("report", (rng.choice(codes if rng.random() < 0.8 else odd), vendor)))
    return calls


@pytest.mark.parametrize("seed", range(3))
def test_random_calls_against_the_model(target: Target, seed: int) -> None:
    size = 12 if target.name == "rv32" else 60
    calls = random_calls(seed, size)
    model, shown = Model(), []
    script = "r = Reporter(led=drive, ticks=lambda: NOW[0] & 0x3fffffff, journal=40)\n"
    for name, arguments in calls:
        getattr(model, name)(*arguments)
        shown.append(model.shown())
        script += f"r.{name}{arguments if len(arguments) > 1 else f'({arguments[0]!r})'}\n"
        script += "run(1500, 50)\nEVENTS.clear()\nrun(20000, 50)\nshow()\n"
    script += """
class Keep:
    def write(self, line):
        words = line.split()
        what = words[6] if words[5] == "UNKNOWN" else words[5]
        print('[["%s", "%s"], [%s, 0]]' % (words[4], what, words[7][1:]))
r.dump(Keep())
"""
    found = driven(target, script, 300)
    for call, state, events in zip(calls, shown, found, strict=False):
        flashes = count(state) if state else "0"
        if flashes != "0":
            assert set(counted(events)[1:-1]) == {flashes}, (call, state)
        else:
            assert events == [], (call, state)
    counted_there = {record[0]: record[1][0] for record in found[len(calls) :]}
    names = [*VENDORS, "?"]
    wanted = {
        (names[-1 if who is None else who], str(what)): times for (who, what), times in model.counts.items()
    }
    assert {(str(who), str(what)): times for (who, what), times in counted_there.items()} == wanted


def test_nothing_raises_whatever_is_passed(target: Target) -> None:
    script = """
class Nasty:
    @property
    def args(self):
        raise KeyError("args")
    def __eq__(self, other):
        raise TypeError
    def __lt__(self, other):
        raise TypeError
    def __hash__(self):
        raise TypeError
class Plain:
    args = (-4012,)
things = [None, True, 0, -1, 1.5, "x", b"x", [], {}, (), object(), Nasty(), Plain(), 1 << 62, -(1 << 62), 1 << 200]
things += [float("nan"), float("inf"), OSError(5), OSError(), ValueError("no"), ValueError(None), Reporter, r, print]
for code in things:
    for vendor in things:
        r.report(code, vendor)
        r.catch(code, vendor)
        r.clear(vendor)
        r.tick(code)
    r.report(code)
    r.clear(code)
print([[1, 1]])
"""
    assert driven(target, script) == [[(1, 1)]]


LOCKED = """
import micropython
class Sink:
    def write(self, piece):
        pass
class Storage:
    size = 544
    def load(self):
        return b""
    def store(self, at, buffer, start):
        pass
light = [0]
def drive(value):
    light[0] = value
now = [0]
def ticks():
    return now[0]
calls = {calls}
def use(r):
    for i in range(200):
        now[0] += 977
        r.report(calls[i % len(calls)])
        r.report(-4012, 0)
        r.tick(now[0])
        if i % 9 == 0:
            r.clear(0)
            r.clear()
for log, journal in ((Sink(), 16), (None, Storage()), (Sink(), Storage())):
    r = Reporter(led=drive, log=log, journal=journal, ticks=ticks)
    use(r)
    micropython.heap_lock()
    use(r)
    micropython.heap_unlock()
print([[1, 1]])
"""


def test_no_heap_is_needed(target: Target) -> None:
    if target.name == "cpython":
        pytest.skip("CPython has no heap lock")
    calls = [code for _, code in sorted(rows())[::13]] + [2062, 4711, 7, -1, None]
    assert driven(target, LOCKED.replace("{calls}", repr(calls))) == [[(1, 1)]]


@pytest.mark.parametrize(
    "call",
    [
        "r.report(-4012)",
        "r.report(1010, 1)",
        "r.report(65529, 0)",
        "r.report(500)",
        "r.report(4711)",
        "r.tick(9)",
        "r.tick(90000)",
        "r.clear(0)",
        "r.clear()",
    ],
)
def test_no_block_of_heap_is_taken_even_for_a_moment(rv32: Qemu, call: str) -> None:
    setup = """
import blinkcode.reporter
class Sink:
    def write(self, piece):
        pass
now = [0]
r = blinkcode.reporter.Reporter(led=bool, log=Sink(), journal=16, ticks=lambda: now[0])
r.report(-4012)
"""
    assert heap_of(rv32, call, setup) == (0, 0)


def test_runs_by_itself_as_a_task(target: Target) -> None:
    script = """
try:
    import asyncio
except ImportError:
    asyncio = None
async def main():
    task = asyncio.create_task(r.run(1))
    for i in range(60):
        NOW[0] += 100
        await asyncio.sleep(0.003)
    task.cancel()
r.report(-4012)
if asyncio:
    asyncio.run(main())
else:
    run(6000)
r.beat(None)
print([[len(EVENTS), 0]])
"""
    [[(events, _)]] = driven(target, script)
    assert events >= 8


HOUR = """
import gc
import blinkcode.storages
class Sink:
    lines = 0
    def write(self, piece):
        if piece[-1] == 10:
            self.lines += 1
memory = blinkcode.storages.Buffer(bytearray(544))
sink = Sink()
seed = [7]
def roll(n):
    seed[0] = (seed[0] * 1103515245 + 12345) & 0x3fffffff
    return (seed[0] >> 8) % n
codes = ((-4000, 0), (-7, 0), (1010, 1), (1004, 1), (200, 2), (500, None), (4711, None))
counts = [0] * 700
def live(ms, boot):
    end = NOW[0] + ms
    while NOW[0] < end:
        NOW[0] += STEP
        r.tick(NOW[0] & 0x3fffffff)
        if roll(50) == 0:
            which = roll(len(codes))
            r.report(*codes[which])
            counts[boot * 100 + which] += 1
            if roll(3) == 0:
                r.clear(codes[which][1])
used = [0] * 13
for boot in range(1, 7):
    r = Reporter(led=drive, log=sink, journal=memory, ticks=ticks)
    for part in range(2):
        live(300_000, boot)
        EVENTS.clear()
        gc.collect()
        used[boot * 2 + part - 2] = gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0
"""


def test_an_hour_with_flapping_links_and_reboots(target: Target) -> None:
    script = (
        f"def ticks():\n    return NOW[0] & 0x3fffffff\nSTEP = {100 if target.name == 'rv32' else 20}\n{HOUR}"
        + """
class Keep:
    def write(self, line):
        words = line.split()
        boot = int(words[2][:-1])
        for which in range(len(codes)):
            if str(codes[which][0]) == words[5]:
                count = int(words[7][1:])
                print([[boot, counts[boot * 100 + which]], [count, boot]])
r.dump(Keep())
print([[used[0], used[1]]])
print([[min(used[6:12:2]), used[11]]])
print([[sink.lines, 0]])
"""
    )
    *records, [(early, late)], [(first, last)], [(lines, _)] = driven(target, script, 600)
    assert early == late  # within a boot
    assert first == last  # from one boot to the next, once the first reporters are gone
    assert len(records) == 16
    latest = max(boot for (boot, _), _ in records)
    assert latest == 6
    for (boot, reported), (noted, _) in records:
        if boot == latest:
            assert noted == reported
        else:  # what was stored when that boot ended: at least the last power of two
            assert reported // 2 < noted <= reported
    assert 100 < lines < 1000
