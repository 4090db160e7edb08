"""What a user expects of a reporter: codes and vendors as people have them, what is no code, the lamp's first light."""

from __future__ import annotations

import pytest
from expected import rows
from lamp_reader import driven
from lamp_reader import rows as counted

from targets.target import Target

SETUP = """
import blinkcode
from blinkcode.reporter import Reporter
class Stream:
    def write(self, piece):
        print(str(bytes(piece), "utf-8"), end="")
class Lines:
    def write(self, line):
        print(line, end="")
r = Reporter(log=Stream(), ticks=lambda: 5, level=21, journal=16)
"""


def ran(target: Target, script: str) -> list[str]:
    return target.run(SETUP + script, 120).splitlines()


def said(lines: list[str]) -> list[str]:
    """What follows "blinkcode: "."""
    return [line.split("blinkcode: ", 1)[1] for line in lines]


def test_numbers_as_people_have_them(target: Target) -> None:
    script = """
for code, vendor in (("1010", "tuya"), (1010.0, blinkcode.TUYA), ("-4012", "BroadLink"), (b"\\xf9\\xff", 0),
                     (bytearray(b"\\x54\\xf0"), 0), (65529, blinkcode.BROADLINK), (61524, 0)):
    Reporter(log=Stream(), ticks=lambda: 5, level=21).report(code, vendor)
"""
    wanted = [(1, 1010), (1, 1010), (0, -4012), (0, -7), (0, -4012), (0, -7), (0, -4012)]
    names = ("broadlink", "tuya")
    assert said(ran(target, script)) == [
        f"{names[who]} {code} {rows()[who, code].state} {rows()[who, code].text}" for who, code in wanted
    ]


def test_an_unsigned_form_is_not_guessed(target: Target) -> None:
    """Not without a vendor, and not for one whose codes are none of these."""
    script = "for vendor in (None, 1, 2):\n    r.report(65529, vendor)\nr.report(2**16 + 5, 0)\n"
    assert said(ran(target, script)) == [
        "? 65529 UNKNOWN",
        "tuya 65529 UNKNOWN",
        "alibaba 65529 UNKNOWN",
        "broadlink 65541 UNKNOWN",
    ]


def test_what_cannot_be_read_is_printed_cut(target: Target) -> None:
    script = """
for code in (None, True, 1.5, "no number", 2**40, b"xyz", "x" * 99, "a\\nb\\x1b[31m", [1], ""):
    r.report(code)
r.report("token expired", "tuya")
r.dump(Lines())
"""
    lines = ran(target, script)
    said_of = [
        "None",
        "True",
        "1.5",
        "no number",
        "1099511627776",
        "b'xyz'",
        "x" * 48,
        "a b [31m",
        "list",
        "?",
    ]
    assert said(lines[:10]) == [f"? UNKNOWN {one}" for one in said_of]
    assert said(lines[10:11]) == ["tuya UNKNOWN token expired"]
    assert {line.split(" UNKNOWN ")[1].split()[0] for line in lines[11:]} == {
        "None", "True", "1.5", "no", "109951162777", "b'xyz'", "x" * 12, "a", "list", "?", "token",
    }  # fmt: skip


def test_an_exception_without_a_number_keeps_what_it_is(target: Target) -> None:
    script = """
class CloudError(Exception):
    pass
for error in (ValueError("syntax error in JSON"), KeyError("result"), ValueError(),
              CloudError(1010, "token is expired"), ValueError("another")):
    r.catch(error)
r.catch(IndexError("bytes index out of range"), "tuya")
r.dump(Lines())
"""
    lines = ran(target, script)
    assert said(lines[:5]) == [
        "? UNKNOWN ValueError: syntax error in JSON",
        "? UNKNOWN KeyError: result",
        "? UNKNOWN ValueError (x2)",
        "? UNKNOWN CloudError: 1010 token is expired",
        "? UNKNOWN IndexError: bytes index out of range [tuya]",
    ]
    journal = sorted(
        line.split("blinkcode: ")[1].split(" first")[0] for line in lines if line.startswith("J ")
    )
    assert journal == [
        "? UNKNOWN CloudError x1",
        "? UNKNOWN IndexError [tuya] x1",
        "? UNKNOWN KeyError x1",
        "? UNKNOWN ValueError x3",
    ]


def test_a_long_class_and_a_long_message_are_cut_each(target: Target) -> None:
    script = "r.catch(type('E' * 60, (Exception,), {})('m' * 60))\n"
    assert said(ran(target, script)) == ["? UNKNOWN " + "E" * 48 + ": " + "m" * 48]


@pytest.mark.micropython
def test_with_a_full_heap_catch_neither_raises_nor_loses_the_state(target: Target) -> None:
    script = """
import gc
light = [0]
def drive(value):
    light[0] = value
now = [0]
r = Reporter(led=drive, log=Stream(), ticks=lambda: now[0], level=60, journal=8)
errors = (ValueError("no heap for this " * 9), OSError(-99999), KeyError("x"))
kept = []
def fill():
    size = 4096
    while size >= 16:
        try:
            kept.append(bytearray(size))
        except MemoryError:
            size //= 2
for error in errors:
    r.clear()
    for i in range(100):
        now[0] += 20
        r.tick(now[0])
    try:
        fill()
    except MemoryError:
        pass
    r.catch(error, 1)
    for i in range(50):
        now[0] += 20
        r.tick(now[0])
    kept.clear()
    gc.collect()
    print(light[0] & 255, r.lamp.live[1] & 31)
"""
    if target.name in ("unix", "frozen-unix"):
        script = "import micropython\n" + script.replace(
            "        fill()", "        micropython.heap_lock()"
        ).replace("    kept.clear()\n", "    micropython.heap_unlock()\n")
    lines = ran(target, script)
    assert len(lines) == 3
    assert {line.split()[1] for line in lines} == {"17"}


def test_clear_of_what_is_no_vendor_says_so_once(target: Target) -> None:
    lines = ran(
        target, "r.clear('tuja')\nr.clear('tuja')\nr.clear(77)\nr.clear('tuya')\nr.clear(0)\nr.clear()\n"
    )
    assert said(lines) == ["clear: no vendor tuja"]
    assert lines[0].startswith("W (5) ")


def test_clear_by_name_ends_the_state(target: Target) -> None:
    script = """
r.report(-4012, 0)
r.report(1010, "tuya")
run(2000)
r.clear("broadlink")
run(2000)
EVENTS.clear()
run(12000)
show()
r.clear("Tuya")
run(2000)
EVENTS.clear()
run(9000)
show()
"""
    live, dark = driven(target, script)
    assert set(counted(live)[1:-1]) == {"4"}
    assert dark == []


def test_the_lamp_is_driven_to_its_first_value(target: Target) -> None:
    """Also by a second reporter on the same driver, which a first one has left lit."""
    script = """
EVENTS.clear()
first = Reporter(led=drive, ticks=lambda: NOW[0])
show()
first.report(200, 2)
while not (EVENTS and EVENTS[-1][1]):
    NOW[0] += 20
    first.tick(NOW[0])
EVENTS.clear()
second = Reporter(led=drive, ticks=lambda: NOW[0])
show()
"""
    assert [[light for _, light in events] for events in driven(target, script)] == [[0], [0]]


def test_two_reporters_live_side_by_side(target: Target) -> None:
    script = """
other = []
q = Reporter(led=lambda light: other.append(light), ticks=lambda: NOW[0], journal=4)
EVENTS.clear()
r.report(-4012)
for i in range(200):
    NOW[0] += 20
    r.tick(NOW[0])
    q.tick(NOW[0])
print([[len(EVENTS), len(other)]])
q.report(1010, 1)
r.clear()
r.dump(type("S", (), {"write": lambda self, line: print([[0, int("-4012" in line)]])})())
q.dump(type("S", (), {"write": lambda self, line: print([[1, int("1010" in line)]])})())
"""
    [(events, others)], *dumped = driven(target, script)
    assert events > 5 and others == 1
    assert dumped == [[(0, 1)], [(1, 1)]]


def test_a_driver_that_raises_is_printed_once_and_left_alone(target: Target) -> None:
    script = """
calls = [0]
def broken(light):
    calls[0] += 1
    raise ValueError("no lamp")
q = Reporter(led=broken, log=Stream(), ticks=lambda: 5, level=30)
q.report(-4012)
for i in range(500):
    q.tick(i * 20)
print(calls[0])
def fails_later(light):
    calls[0] += 1
    if calls[0] > 3:
        raise OSError(5)
calls[0] = 0
q = Reporter(led=fails_later, log=Stream(), ticks=lambda: 5, level=41)
q.report(-4012)
for i in range(500):
    q.tick(i * 20)
print(calls[0] < 6)
q = Reporter(led=fails_later, log=Stream(), ticks=lambda: 5, level=30)
"""
    lines = ran(target, script)
    assert said([lines[0]]) == ["the lamp is left alone: ValueError: no lamp"]
    assert [line.split("blinkcode: ")[1].split()[0] for line in lines[1:2]] == ["broadlink"]
    assert lines[2:4] == ["1", "True"]
    assert said(lines[4:]) == ["the lamp is left alone: OSError: 5"]


def test_test_shows_all_there_is(target: Target) -> None:
    script = """
class Keep:
    def write(self, line):
        line = line if isinstance(line, str) else str(bytes(line), "utf-8")
        print('[["%s", 0]]' % line.strip())
r = Reporter(led=drive, log=Keep(), level=60, ticks=lambda: NOW[0], journal=4)
r.report(-4012)
r.clear()
run(1000)
EVENTS.clear()
r.test()
run(9000)
show()
"""
    *lines, events = driven(target, script)
    words = [str(line[0][0]) for line in lines]
    assert words[0].startswith("blinkcode: table ")
    assert words[1].startswith("J (boot 1) blinkcode: broadlink -4012 PAIR x1")
    assert len(words) == 2
    [(start, light), (end, dark)] = events
    assert light and not dark
    assert end - start == 1000


def test_a_heartbeat_is_an_option(target: Target) -> None:
    script = """
run(60000, 20)
show()
r.lamp.heartbeat = True
run(60000, 20)
show()
r.report(-4012)
run(3000)
EVENTS.clear()
run(12000)
show()
r.clear()
r.lamp.heartbeat = False
run(3000)
EVENTS.clear()
run(30000, 20)
show()
"""
    off, on, live, off_again = driven(target, script)
    assert off == off_again == []
    assert 5 <= sum(light > 0 for _, light in on) <= 7
    assert {light >> 8 for _, light in on if light} == {4}
    assert set(counted(live)[1:-1]) == {"5"}


def test_a_package_without_wiring_says_what_to_write(target: Target) -> None:
    if target.name in ("frozen-unix", "rv32"):
        pytest.skip("what is frozen may have a wiring")
    script = """
import blinkcode.drivers
try:
    blinkcode.drivers.lamp()
except ValueError as error:
    print(error)
"""
    assert "led=Pin(" in target.run(script)
