"""Reads a lamp as a person does, from when it went on and off; shares no code with the device or the compiler."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from expected import TABLES, VENDORS

from targets.target import Target

SETUP = """
import blinkcode
from blinkcode.reporter import Reporter
NOW = [0]
EVENTS = []
def drive(light):
    EVENTS.append((NOW[0], light))
def run(ms, step=10):
    end = NOW[0] + ms
    while NOW[0] < end:
        NOW[0] += step
        r.tick(NOW[0] & 0x3fffffff)
def show():
    print([list(e) for e in EVENTS])
    EVENTS.clear()
r = Reporter(led=drive, ticks=lambda: NOW[0] & 0x3fffffff)
EVENTS.clear()
"""
"""Script text: `r` is a reporter whose clock is NOW[0]; run(ms) ticks it, show() prints what the driver got."""


class Flash(NamedTuple):
    """One time that the lamp was lit; milliseconds, the dark after it included. Light as the driver gets it."""

    start: int
    lit: int
    dark: int
    light: int


def pattern() -> dict[str, int]:
    """[pattern] of states.toml: short_ms, long_ms, gap_ms, group_ms, pause_ms, long_worth."""
    text = (TABLES / "states.toml").read_text(encoding="utf-8")
    part = text.split("[pattern]")[1].split("[states.")[0]
    return {key: int(value) for key, value in re.findall(r"^(\w+) = (\d+)", part, re.MULTILINE)}


def driven(target: Target, script: str, timeout: float = 120) -> list[list[tuple[int, int]]]:
    """Run a script after SETUP; return what each show() printed as (ms, light)."""
    return [
        [(ms, light) for ms, light in json.loads(line)]
        for line in target.run(SETUP + script, timeout).splitlines()
    ]


def flashes(events: list[tuple[int, int]]) -> list[Flash]:
    """Return the flashes that are over, with the dark time up to the next one (0 after the last)."""
    found: list[Flash] = []
    lit_since = light = 0
    for ms, now in events:
        if now and not light:
            if found:
                found[-1] = found[-1]._replace(dark=ms - found[-1].start - found[-1].lit)
            lit_since = ms
        if light and not now:
            found.append(Flash(lit_since, ms - lit_since, 0, light))
        light = now
    return found


def most_in_a_second(events: list[tuple[int, int]]) -> int:
    """Return the greatest number of flashes that begin within any one second."""
    starts = [flash.start for flash in flashes(events)]
    return max((sum(start <= other < start + 1000 for other in starts) for start in starts), default=0)


def rows(events: list[tuple[int, int]]) -> list[str]:
    """Return what stands between pauses as a person counts it: "5", "8-2"; a dash is "d": "d-1-d-7"."""
    times = pattern()
    found: list[str] = []
    row: list[str] = []
    count = 0
    for flash in flashes(events):
        dash = flash.lit == 2 * times["long_ms"]
        if not dash:
            count += {times["short_ms"]: 1, times["long_ms"]: times["long_worth"]}[flash.lit]
        if flash.dark >= times["group_ms"] or flash.dark == 0:
            row.append("d" if dash else str(count))
            count = 0
        if flash.dark >= times["pause_ms"] or flash.dark == 0:
            found.append("-".join(row))
            row = []
    return found


def spelled(events: list[tuple[int, int]]) -> tuple[str, int]:
    """Return (vendor, code) of one spelled number. Raises ValueError where it is none."""
    found = rows(events)
    counts = [-1 if count == "d" else int(count) for count in found[0].split("-")]
    if len(found) != 1 or len(counts) < 3 or counts[0] != -1:
        raise ValueError(f"not spelled: {found}")
    vendor = "?" if counts[1] == 10 else VENDORS[counts[1] - 1]
    sign, digits = (-1, counts[3:]) if counts[2] == -1 else (1, counts[2:])
    if not digits or not all(1 <= digit <= 10 for digit in digits):
        raise ValueError(f"no digits: {counts}")
    return vendor, sign * int("".join(str(digit % 10) for digit in digits))
