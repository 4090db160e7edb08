"""The lamp on every target, judged by what its driver was called with."""

from __future__ import annotations

import random

import pytest
from expected import CLOUDS, VENDORS, count, rows, stanzas
from lamp_reader import driven, most_in_a_second, pattern, spelled
from lamp_reader import rows as counted

from targets.target import Target

STATES = list(stanzas())
#: A code of each state, with its vendor's number. UNKNOWN is what no table has.
CODE_OF = {
    row.state: (row.code, vendor)
    for (vendor, code), row in rows().items()
    if row.code == code and vendor < len(CLOUDS)
}
CODE_OF["UNKNOWN"] = (987654, 0)
SEVERITY = {"INFO": 0, "WARNING": 1, "ERROR": 2, "CRITICAL": 3}


def steps(state: str) -> list[tuple[bool, int]]:
    """(lit, ms) of one cycle, by what states.toml says in its first lines."""
    times = pattern()
    found: list[tuple[bool, int]] = []
    for flashes in map(int, count(state).split("-")):
        if found:
            found[-1] = (False, times["group_ms"])
        longs, shorts = (
            divmod(flashes, times["long_worth"]) if flashes > times["long_worth"] else (0, flashes)
        )
        for ms in [times["long_ms"]] * longs + [times["short_ms"]] * shorts:
            found += [(True, ms), (False, times["gap_ms"])]
    return [*found[:-1], (False, times["pause_ms"])]


def colour(state: str) -> int:
    return int(stanzas()[state]["colour"][1:], 16)


def pixel(state: str, brightness: int) -> tuple[int, int, int]:
    """Green, red and blue of a NeoPixel."""
    rgb = colour(state)
    green, red, blue = (part * (brightness + 1) >> 6 for part in (rgb >> 8 & 255, rgb >> 16, rgb & 255))
    return green, red, blue


def test_every_state_blinks_as_the_tables_say(target: Target) -> None:
    states = [state for state in STATES if state in CODE_OF]
    assert len(states) > 15
    script = "".join(
        f"r.clear()\nrun(4000)\nEVENTS.clear()\nr.report{CODE_OF[s]}\nrun(20000)\nshow()\n" for s in states
    )
    for state, events in zip(states, driven(target, script), strict=True):
        light = 63 << 8 | STATES.index(state)
        if stanzas()[state]["flashes"] == "0":
            assert [light_now for _, light_now in events] == [light], state
            continue
        cycle, at, expected = steps(state), events[0][0], []
        while at <= events[-1][0]:
            for lit, ms in cycle:
                expected.append((at, light if lit else 0))
                at += ms
        assert events == expected[: len(events)], state
        assert len(events) > 6
        assert most_in_a_second(events) <= 3


def test_first_flash_comes_after_two_gaps(target: Target) -> None:
    script = "run(5000)\nr.report(-4012)\nrun(1000)\nshow()\n"
    [events] = driven(target, script)
    assert 0 <= events[0][0] - 5000 - 2 * pattern()["gap_ms"] <= 10


def test_most_severe_holds_the_lamp_and_the_next_returns(target: Target) -> None:
    script = """
def count():
    run(1500)
    EVENTS.clear()
    run(30000)
    show()
r.report(-4012, 0)
count()
r.report({service}, 1)
count()
r.report({offline}, 2)
count()
r.clear(1)
count()
r.clear(0)
count()
r.clear()
count()
"""
    service = next(c for (v, c), row in rows().items() if v == 1 and row.state == "SERVICE")
    offline = next(c for (v, c), row in rows().items() if v == 2 and row.state == "OFFLINE")
    shown = [counted(events) for events in driven(target, script.format(service=service, offline=offline))]
    assert [set(counts[1:-1]) for counts in shown[:-1]] == [{"5"}, {"9-1"}, {"9-1"}, {"5"}, {"3"}]
    assert shown[-1] == []


def test_a_vendors_last_report_counts_and_success_ends_an_error(target: Target) -> None:
    script = """
r.report(-4012)
run(2000)
r.report(200, 2)
run(9000)
r.clear(0)
run(3000)
EVENTS.clear()
run(9000)
show()
r.report(2401, 1)
run(5000)
r.report(1004, 1)
run(3000)
EVENTS.clear()
run(20000)
show()
"""
    steady, latest = driven(target, script)
    assert steady == []  # the driver has nothing to do
    assert set(counted(latest)[1:-1]) == {count(rows()[1, 1004].state)}


@pytest.mark.parametrize("start", [0, (1 << 30) - 3000, (1 << 29) - 3000])
def test_late_and_irregular_ticks_and_the_clocks_wrap(target: Target, start: int) -> None:
    rng = random.Random(start)
    delays = [rng.choice((1, 7, 20, 150, 333, 4999, 61_003)) for _ in range(400)]
    script = f"""
NOW[0] = {start}
r = Reporter(led=drive, ticks=lambda: NOW[0] & 0x3fffffff)
EVENTS.clear()
r.report({CODE_OF["LIMIT"][0]}, {CODE_OF["LIMIT"][1]})
run(10)
run(600)
light = 1
for delay in {delays}:
    NOW[0] += delay
    r.tick(NOW[0] & 0x3fffffff)
    if EVENTS:
        light = EVENTS[-1][1]
    print([[NOW[0], light]])
    EVENTS.clear()
"""
    cycle = steps("LIMIT")
    size = sum(ms for _, ms in cycle)
    printed = [events[0] for events in driven(target, script)]
    origin = start + 10 + 2 * pattern()["gap_ms"]

    def lit_at(ms: int) -> bool:
        ms %= size
        for lit, length in cycle:
            if ms < length:
                return lit
            ms -= length
        raise AssertionError

    assert [bool(light) for _, light in printed] == [lit_at(ms - origin) for ms, _ in printed]


def test_after_a_tick_that_is_an_hour_late_the_next_part_begins(target: Target) -> None:
    """It would be lit still if the time were caught up with."""
    cycle = steps("LIMIT")
    late = 3_600_000 // sum(ms for _, ms in cycle) * sum(ms for _, ms in cycle)
    script = f"""
r.report({CODE_OF["LIMIT"][0]}, {CODE_OF["LIMIT"][1]})
run(10)
run(2 * {pattern()["gap_ms"]})
EVENTS.clear()
NOW[0] += {late}
r.tick(NOW[0])
r.tick(NOW[0] + {cycle[1][1]} - 10)
show()
r.tick(NOW[0] + {cycle[1][1]})
show()
"""
    assert [[light > 0 for _, light in events] for events in driven(target, script)] == [[False], [True]]


def test_flapping_states_never_flash_more_than_three_times_a_second(target: Target) -> None:
    rng = random.Random(1)
    codes = list(CODE_OF.values())
    script = ""
    for _ in range(150):
        code, vendor = rng.choice(codes)
        call = f"r.report({code}, {vendor})" if rng.random() < 0.6 else "r.clear()"
        script += f"{call}\nrun({rng.choice((10, 50, 90, 210, 610, 1300))})\n"
    [events] = driven(target, script + "run(8000)\nshow()\n")
    assert len(events) > 50
    assert most_in_a_second(events) <= 3


def test_every_code_is_spelled_so_that_it_can_be_read_back(target: Target) -> None:
    numbers = sorted((VENDORS[vendor], code) for vendor, code in rows())
    if target.name == "rv32":
        numbers = numbers[::9]
    numbers += [("tuya", code) for code in (0, 100, -100, 5555, -66000)]
    script = ""
    for vendor, code in numbers:
        script += f"r.spell({code}, {VENDORS.index(vendor)})\nrun(70000, 50)\nshow()\n"
    read = []
    for events in driven(target, script, 300):
        assert most_in_a_second(events) <= 3
        assert {light for _, light in events} == {0, 63 << 8 | 18}
        read.append(spelled(events))
    assert read == numbers


def test_spelling_of_what_no_table_has_and_then_back_to_the_state(target: Target) -> None:
    script = """
r.report(-4012)
run(3000)
r.spell(-40770)
run(1500)
EVENTS.clear()
run(33000)
show()
run(20000)
show()
r.spell("x")
r.spell(-4012)
run(35000)
EVENTS.clear()
run(20000)
show()
"""
    unknown, back, again = driven(target, script)
    assert spelled([event for event in unknown if event[1] in (0, 63 << 8 | 18)]) == ("?", -40770)
    assert set(counted(back)[1:-1]) == {"5"}
    assert set(counted(again)[1:-1]) == {"5"}


def test_dimmed_off_and_quiet(target: Target) -> None:
    script = """
def light():
    run(3000)
    EVENTS.clear()
    run(9000)
    print([[0, max([e[1] >> 8 for e in EVENTS] + [0])]])
    EVENTS.clear()
r.report(-4012)
light()
r.lamp.brightness = 5
light()
r.lamp.brightness = 63
r.lamp.quiet = lambda: 2
light()
r.lamp.quiet = None
light()
r.lamp.brightness = 0
light()
r.lamp.brightness = 1000
light()
"""
    assert [events[0][1] for events in driven(target, script)] == [63, 5, 2, 63, 0, 63]


def test_a_limit_that_raises_is_left_alone(target: Target) -> None:
    script = """
def broken():
    raise ValueError("no clock yet")
r.lamp.quiet = broken
r.report(-4012)
run(20000)
show()
print([[0, int(r.lamp.quiet is None)]])
"""
    shown, left_alone = driven(target, script)
    assert set(counted(shown)[1:-1]) == {"5"}
    assert left_alone == [(0, 1)]


def test_a_broken_driver_harms_nothing(target: Target) -> None:
    script = """
def broken(light):
    raise ValueError("no lamp")
q = Reporter(led=broken, ticks=lambda: NOW[0])
q.report(-4012)
for i in range(500):
    q.tick(i * 20)
q.tick(None)
q.tick("x")
print([[0, 1]])
"""
    assert driven(target, script) == [[(0, 1)]]


def test_colours_are_those_of_the_tables(target: Target) -> None:
    printed = target.run(
        "import blinkcode.drivers as h\nprint([h.colour(63 << 8 | i) for i in list(range(18)) + [31]])\n"
    )
    assert printed == f"{[*map(colour, STATES), 0xFFFFFF]}\n"


@pytest.mark.parametrize(
    ("make", "lights", "wanted"),
    [
        ("h.active_low(out.append)", [5 << 8 | 1, 0], [False, True]),
        ("h.pwm(Output())", [63 << 8, 1 << 8 | 17, 0], [65535, 16, 0]),
        ("h.pwm(Output(), True)", [63 << 8, 0], [0, 65535]),
        (
            "h.neopixel(Pixels(), 1)",
            [63 << 8 | STATES.index("PAIR"), 31 << 8 | STATES.index("PAIR"), 31 << 8 | 18, 0],
            [list(pixel("PAIR", 63)), list(pixel("PAIR", 31)), [127, 127, 127], [0, 0, 0]],
        ),
    ],
)
def test_drivers(target: Target, make: str, lights: list[int], wanted: list[object]) -> None:
    script = f"""
import blinkcode.drivers as h
out = []
class Output:
    def duty_u16(self, duty):
        out.append(duty)
class Pixels:
    bpp = 3
    ORDER = (1, 0, 2, 3)
    buf = bytearray(6)
    def write(self):
        out.append(list(self.buf[3:]))
drive = {make}
for light in {lights}:
    drive(light)
print(out)
"""
    assert target.run(script) == f"{wanted}\n"
