"""Records how the runtime drives its lamp, for the clips that the camera reader is tried on.

    PYTHONPATH=tests python -m camera.recording FILE [how many numbers]

runs the real Reporter on MicroPython's Unix port, with ticks that come every 10 to 30 ms, and writes FILE, JSON:
`states`, by count, `numbers` and `unknown` ones (in no table), by vendor:code. Each has `events`, [[ms, lit], ...] as
the driver was called.
"""

from __future__ import annotations

import json
import random
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from blinkcode_host.catalog import Catalog, load
from targets.target import Target, Unix

STATE_MS = 60_000
SPELLING = 18  # the state in a light while the lamp spells
AFTER_MS = 12_000  # of the state, after a number
QUIET_MS = 2_500  # of the lamp, after a number, that a clip needs to see
DARK_MS = 4_000  # the same, where no state comes back
COUNT_OF_ZERO = 10
NUMBERS_AT_ONCE = 60  # in one run of the Unix port
UNKNOWN_NUMBERS = 20

SETUP = """
from blinkcode.reporter import Reporter
now = 0
events = []
chance = 1
def drive(light):
    events.append((now, light))
r = Reporter(led=drive, ticks=lambda: now)
def run(ms):
    global now, chance
    end = now + ms
    while now < end:
        chance = chance * 75 % 65537
        now += 10 + chance % 21
        r.tick(now)
def begin(code, vendor):
    r.clear()
    run(4000)
    events.clear()
    if code is not None:
        r.report(code, vendor)
def show():
    print(repr([list(e) for e in events]))
"""


def run(target: Target, script: str) -> list[list[list[int]]]:
    return [json.loads(line) for line in target.run(SETUP + script, timeout=600).splitlines()]


def pattern_of(catalog: Catalog) -> dict[str, int]:
    pattern = catalog.pattern
    names = ("short_ms", "long_ms", "gap_ms", "group_ms", "pause_ms", "long_worth")
    return {name: getattr(pattern, name) for name in names}


def recorded_states(target: Target, catalog: Catalog) -> dict[str, Any]:
    """What each state's lamp does for a minute, by the state's count."""
    numbers = {id_: number for number, id_ in enumerate(catalog.vendors_of("cloud", "system"))}
    wanted = {state.count: name for name, state in catalog.states.items() if state.flashes}
    codes = {
        meaning.state: (code, numbers[vendor])
        for vendor, code, meaning in catalog.slots()
        if vendor in numbers
    }
    script = "".join(
        f"begin{codes.get(name, (987654, 0))}\nrun({STATE_MS})\nshow()\n" for name in wanted.values()
    )
    recorded = run(target, script)
    return {
        count: {
            "state": name,
            "cycle": sum(ms for _, ms in catalog.pattern.steps(state.flashes, state.second)),
            "events": lit(events),
        }
        for (count, name), events in zip(wanted.items(), recorded, strict=True)
        for state in [catalog.states[name]]
    }


def recorded_numbers(target: Target, catalog: Catalog, most: int | None = None) -> dict[str, Any]:
    """What the lamp does as it spells a code, with the state before and after; by vendor:code, a sample or all."""
    vendors = catalog.vendors_of("cloud", "system")
    counts = {(v, code): catalog.states[meaning.state].count for v, code, meaning in catalog.slots()}
    slots = [(vendor, code) for vendor, code, _ in catalog.slots() if vendor in vendors]
    chance = random.Random(15)
    if most is not None:
        slots = chance.sample(slots, most)
    found = {}
    for first in range(0, len(slots), NUMBERS_AT_ONCE):
        some = slots[first : first + NUMBERS_AT_ONCE]
        script = ""
        for vendor, code in some:
            number = vendors.index(vendor)
            script += (
                f"begin({code}, {number})\nrun({chance.randint(1000, 9000)})\nr.spell({code}, {number})\n"
            )
            script += f"run({longest_ms(catalog, code)})\nshow()\n"
        for (vendor, code), events in zip(some, run(target, script), strict=True):
            spelled = [ms for ms, light in events if light and light & 0xFF == SPELLING]
            last = next(ms for ms, light in events if ms > spelled[-1] and not light)
            found[f"{vendor}:{code}"] = {
                "begin": spelled[0] - events[0][0],
                "end": last + (QUIET_MS if events[-1][0] > last else DARK_MS) - events[0][0],
                "groups": groups(vendors.index(vendor) + 1, code),
                "state": counts[vendor, code],
                "events": lit(events),
            }
    return found


def recorded_unknown(target: Target, catalog: Catalog) -> dict[str, Any]:
    """What the lamp does as it spells a code that is in no table, twice; `again` is when the second time ends."""
    vendors = catalog.vendors_of("cloud", "system")
    known = {(vendor, code) for vendor, code, _ in catalog.slots()}
    chance = random.Random(16)
    codes: list[tuple[str, int]] = []
    while len(codes) < UNKNOWN_NUMBERS:
        one = (chance.choice(vendors), chance.choice((-1, 1)) * chance.randint(1, 20_000))
        if one not in known:
            codes.append(one)
    script = ""
    for vendor, code in codes:
        spell = f"r.spell({code}, {vendors.index(vendor)})\nrun({longest_ms(catalog, code)})\n"
        script += f"begin({code}, {vendors.index(vendor)})\nrun(3000)\n{spell}{spell}show()\n"
    found = {}
    for (vendor, code), events in zip(codes, run(target, script), strict=True):
        spelled = [i for i, (_, light) in enumerate(events) if light and light & 0xFF == SPELLING]
        between = next(i for i, after in pairwise(spelled) if after - i > 2)
        first = events[0][0]
        found[f"{vendor}:{code}"] = {
            "begin": events[spelled[0]][0] - first,
            "end": events[between + 1][0] + QUIET_MS - first,
            "again": events[spelled[-1] + 1][0] + QUIET_MS - first,
            "groups": groups(vendors.index(vendor) + 1, code),
            "state": catalog.states["UNKNOWN"].count,
            "events": lit(events),
        }
    return found


def longest_ms(catalog: Catalog, code: int) -> int:
    pattern = catalog.pattern
    group_ms = 2 * pattern.long_ms + 4 * (pattern.short_ms + pattern.gap_ms) + pattern.group_ms
    return group_ms * (len(str(code)) + 2) + pattern.pause_ms + AFTER_MS


def groups(vendor: int, code: int) -> list[str | int]:
    """The groups that spell a code: "-" for a dash."""
    digits = [int(digit) or COUNT_OF_ZERO for digit in str(abs(code))]
    return ["-", vendor, *(["-"] if code < 0 else []), *digits]


def known_codes(catalog: Catalog) -> list[str]:
    """The groups of every code that a lamp can spell, joined by commas."""
    vendors = catalog.vendors_of("cloud", "system")
    return [
        ",".join(map(str, groups(vendors.index(vendor) + 1, code)))
        for vendor, code, _ in catalog.slots()
        if vendor in vendors
    ]


def lit(events: list[list[int]]) -> list[list[int]]:
    """The events from the first one on, each [ms, 0 or 1]."""
    return [[ms - events[0][0], int(light > 0)] for ms, light in events]


def record(target: Target, most: int | None = None) -> dict[str, Any]:
    catalog = load()
    lamps = {state.count: state for state in catalog.states.values() if state.flashes}
    return {
        "pattern": pattern_of(catalog),
        "lamps": [{"flashes": state.flashes, "second": state.second} for state in lamps.values()],
        "codes": known_codes(catalog),
        "states": recorded_states(target, catalog),
        "numbers": recorded_numbers(target, catalog, most),
        "unknown": recorded_unknown(target, catalog),
    }


if __name__ == "__main__":
    most_numbers = int(sys.argv[2]) if len(sys.argv) > 2 else None
    Path(sys.argv[1]).write_text(json.dumps(record(Unix(), most_numbers)), encoding="utf-8")
