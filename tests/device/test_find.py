"""find and what takes its slot, against the tables, on every target."""

from __future__ import annotations

import json

import pytest
from expected import CLOUDS, VENDORS, claimants, neighbours, rows, stanzas

from targets.target import Target

# Prints, for each code asked for and each vendor named (None first), what the device says of it.
ASK = """
import blinkcode as b
for code in {codes}:
    for vendor in {vendors}:
        s = b.find(code, vendor)
        if s != -1:
            print(code, -1 if vendor is None else vendor, s, b.state(s), b.vendor(s), b.code(s), b.level(s))
"""

# Walks numbers without sending them: a linear congruential generator of 31 bits, or a range.
WALK = """
import blinkcode as b
find = b.find
def walk(n, seed):
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        code = seed - 0x40000000
        s = find(code)
        if s != -1:
            print(code, s)
def through(first, last):
    for code in range(first, last + 1):
        s = find(code)
        if s != -1:
            print(code, s)
{call}
"""


def generated(n: int, seed: int) -> list[int]:
    codes = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        codes.append(seed - 0x40000000)
    return codes


def test_every_code_and_its_neighbours(target: Target) -> None:
    states, asked = list(stanzas()), neighbours()
    levels = {"INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
    answers = {}
    for line in target.run(
        ASK.format(codes=asked, vendors=(None, *range(len(VENDORS)))), timeout=120
    ).splitlines():
        code, named, *rest = map(int, (line.replace("None", "-99")).split())
        answers[code, named] = rest
    slots: dict[tuple[int, int], int] = {}
    for code in asked:
        clouds = claimants(code)
        for named in range(-1, len(VENDORS)):
            answer = answers.pop((code, named), None)
            owner = named if (named, code) in rows() else clouds[0] if named == -1 and clouds else None
            if owner is None:
                assert answer is None, (code, named)
            elif named == -1 and len(clouds) > 1:
                assert answer == [-2, len(states) - 1, -99, -99, 40], code
            else:
                row = rows()[owner, code]
                assert answer is not None, (code, named)
                slot, state, vendor, canonical, level = answer
                assert (states[state], vendor, canonical) == (row.state, owner, row.code), (code, named)
                assert level == levels[stanzas()[row.state]["level"]]
                assert slots.setdefault((owner, row.code), slot) == slot
    assert not answers
    wanted = {(owner, row.code) for (owner, _), row in rows().items()}
    assert len(set(slots.values())) == len(slots) == len(wanted)


def hits(target: Target, call: str) -> dict[int, bool]:
    """code -> whether it is ambiguous, for those that the walk finds."""
    lines = target.run(WALK.format(call=call), timeout=600).splitlines()
    return {int(code): slot == "-2" for code, slot in map(str.split, lines)}


def expected_hits(codes: list[int]) -> dict[int, bool]:
    known = {code for vendor, code in rows() if vendor < len(CLOUDS)}
    return {code: len(claimants(code)) > 1 for code in codes if code in known}


def test_every_16_bit_value(target: Target) -> None:
    assert hits(target, "through(-0x8000, 0xffff)") == expected_hits(list(range(-0x8000, 0x10000)))


def test_random_31_bit_values(target: Target) -> None:
    n = 1_000_000 if target.name in ("unix", "cpython", "frozen-unix") else 20_000
    assert hits(target, f"walk({n}, 2026)") == expected_hits(generated(n, 2026))


def test_far_pages_around_every_code(target: Target) -> None:
    """The same low 16 bits on other pages: nothing may answer but the code itself."""
    far = sorted({code + page * 65536 for _, code in rows() for page in (-600, -8, -1, 1, 8, 440, 610)})
    far = [code for code in far if -0x40000000 <= code <= 0x3FFFFFFF]
    printed = target.run(
        f"import blinkcode\nfor c in {far}:\n    if blinkcode.find(c) != -1: print(c)\n", timeout=120
    )
    known = {code for vendor, code in rows() if vendor < len(CLOUDS)}
    assert [int(line) for line in printed.split()] == [code for code in far if code in known]


@pytest.mark.parametrize(
    "value",
    [
        "True",
        "False",
        "None",
        "1010.0",
        "'1010'",
        "b'1010'",
        "[]",
        "{}",
        "object()",
        "int",
        "1j",
        "float('nan')",
    ]
    + [
        "1010 + 2**32",
        "1010 - 2**32",
        "-4012 + 2**64",
        "2**30",
        "-2**30 - 1",
        "2**31",
        "2**1000",
        "-2**1000",
    ],
)
def test_what_is_no_code_is_not_found(target: Target, value: str) -> None:
    script = (
        f"import blinkcode\ntry:\n    v = {value}\nexcept NameError:\n    v = None\nprint(blinkcode.find(v))"
    )
    assert target.run(script).strip() == "-1"


def test_what_is_no_vendor_finds_nothing(target: Target) -> None:
    values = f"{len(VENDORS)}, 63, 64, 127, 128, -1, -2, 99, 2**40, -2**40, 'tuya', 1.0, 1.5, True, b'', []"
    script = "import blinkcode\nfor v in ({}): print([blinkcode.find(c, v) for c in (-4012, 500, 1010)])"
    assert set(target.run(script.format(values)).splitlines()) == {"[-1, -1, -1]"}


def test_what_is_no_slot_is_answered_as_an_unknown_code(target: Target) -> None:
    script = """
import blinkcode as b
buf = bytearray(64)
no_slots = [-1, -2, -99, 10**6, 2**30 - 1, -2**30, 2**31, 2**32, 2**40, -2**40, 2**64 + 1, -2**64]
no_slots += [None, True, "x", b"x", 1.5, 1.0, [], (), {}, object(), int, b]
for s in no_slots:
    assert (b.state(s), b.level(s)) == (b.UNKNOWN, 40), s
    assert (b.vendor(s), b.code(s), b.text(s), b.text_into(s, buf)) == (None, None, "", 0), s
    assert b.text(b.remedy(s)) == "read code on console", s
for s in range(1500):
    assert 0 <= b.state(s) <= 17
    assert b.level(s) in (20, 30, 40, 50)
    assert 0 <= b.text_into(s, buf) <= 32
    assert b.text(b.remedy(s))
    b.vendor(s)
    b.code(s)
print("safe")
"""
    assert target.run(script).strip() == "safe"


def test_an_object_that_says_that_it_is_a_number_is_none(target: Target) -> None:
    """As a mock does on CPython; and one that cannot be compared."""
    script = """
import blinkcode as b
from blinkcode.reporter import Reporter
class Liar:
    __class__ = int
class Touchy:
    def __eq__(self, other):
        raise ValueError
    __ne__ = __lt__ = __gt__ = __hash__ = __eq__
buf = bytearray(64)
for x in (Liar(), Touchy()):
    print(b.find(x), b.find(1010, x), b.state(x) == b.UNKNOWN, b.level(x), b.vendor(x), b.code(x), b.int16(x))
    print(repr(b.text(x)), b.text_into(x, buf), b.text(b.remedy(x)))
    r = Reporter(ticks=lambda: 5)
    r.report(x, x)
    r.catch(x, x)
    r.clear(x)
    r.spell(x, x)
"""
    assert (
        target.run(script).splitlines()
        == [
            "-1 -1 True 40 None None None",
            "'' 0 read code on console",
        ]
        * 2
    )


def test_wire_forms(target: Target) -> None:
    script = """
import blinkcode as b
print([b.int16(v) for v in (65529, 0xfff9, -7, 7, 0xF054, 0, 0xFFFF, 0x8000, 0x7FFF, 4294967289)])
print([b.int16(v) for v in (None, 'x', True, 1.5)])
print([b.from_bytes(v) for v in (b'\\xf9\\xff', bytearray(b'\\xf9\\xff'), memoryview(b'\\x54\\xf0'))])
print([b.from_bytes(b'\\x00\\x00\\xf9\\xff', at) for at in (0, 1, 2, 3, 4, -1)])
print([b.from_bytes(v) for v in (b'', b'\\xf9', None, 7, 'xy')])
print(b.state(b.find(b.int16(65529))) == b.PAIR, b.find(b.int16(None)))
"""
    assert target.run(script).splitlines() == [
        "[-7, -7, -7, 7, -4012, 0, -1, -32768, 32767, -7]",
        "[None, None, None, None]",
        "[-7, -7, -4012]",
        "[0, -1792, -7, None, None, None]",
        "[None, None, None, None, None]",
        "True -1",
    ]


def test_constants(target: Target) -> None:
    names = ["AMBIGUOUS", "NOT_FOUND", *stanzas(), *(v.upper() for v in VENDORS)]
    script = f"""
import blinkcode
print([getattr(blinkcode, name) for name in {names!r}])
for name in ("OKAY", "K", "O", "", "pair", "TUY", "UYA", "__path", "NOT", "SIGN"):
    assert not hasattr(blinkcode, name), name
from blinkcode import PAIR, TUYA
print(PAIR, TUYA)
"""
    printed = target.run(script).splitlines()
    assert json.loads(printed[0]) == [-2, -1, *range(18), *range(len(VENDORS))]
    assert printed[1] == "6 1"
