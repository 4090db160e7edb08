"""blinkcode.selftest(): what it prints on every target, that it finds damage, and what it costs."""

from __future__ import annotations

import re

import pytest
from expected import VENDORS, rows

from targets.board import Qemu
from targets.measure import count_calls
from targets.target import Target

#: A second of an ESP32-C3 at 160 MHz, an instruction a cycle: all nine vendors, everything as bytecode.
MOST_INSTRUCTIONS = 160_000_000

DAMAGE = """
import blinkcode
from blinkcode import table

def tried(name, at):
    whole = getattr(table, name)
    damaged = bytearray(whole)
    damaged[at] ^= 1
    setattr(table, name, bytes(damaged))
    good = blinkcode.selftest()
    setattr(table, name, whole)
    return good

for name in ("DATA", "INDEX", "LEVELS"):
    size = len(getattr(table, name))
    print(name, [tried(name, at) for at in range(0, size, max(1, size // 12))].count(False))
print(blinkcode.selftest())
"""


def test_says_what_is_there(target: Target) -> None:
    said = target.run("import blinkcode\nprint(blinkcode.selftest())").splitlines()
    codes = len({(owner, row.code) for (owner, _), row in rows().items()})
    wanted = rf"blinkcode: table [0-9a-f]{{8}} {codes} codes {' '.join(VENDORS)}"
    assert re.fullmatch(wanted, said[0])
    frozen = target.name in ("frozen-unix", "rv32")
    assert re.fullmatch("blinkcode: loaded from " + ("frozen" if frozen else "file .*blinkcode"), said[1])
    assert re.fullmatch(r"blinkcode: heap (not measured|\d+ bytes for importing it; free \d+)", said[2])
    assert said[3:] == ["blinkcode: check passed", "True"]


def test_can_be_asked_again_and_leaves_everything_as_it_was(target: Target) -> None:
    said = target.run(
        "import blinkcode, sys\nfirst = blinkcode\n"
        "print(blinkcode.selftest(), blinkcode.selftest(), sys.modules['blinkcode'] is first)\n"
        "print(blinkcode.state(blinkcode.find(-4012)) == blinkcode.PAIR)"
    )
    assert said.splitlines()[-2:] == ["True True True", "True"]


@pytest.mark.files
def test_finds_damage(target: Target) -> None:
    said = target.run(DAMAGE, timeout=120)
    assert "check FAILED" in said
    found = dict(re.findall(r"^(DATA|INDEX|LEVELS) (\d+)$", said, re.MULTILINE))
    assert all(int(count) >= 6 for count in found.values()), found
    assert len(found) == 3
    assert said.endswith("True\n")


def test_a_build_without_a_function_says_so(target: Target) -> None:
    said = target.run("import blinkcode\ndel blinkcode.level\nprint(blinkcode.selftest())")
    assert "blinkcode: check not possible" in said
    assert said.endswith("False\n")


# The heap in use after each of six calls. An old pointer that the collector meets on the stack may hold on to what one
# call left, but not to what every call left.
HELD = """
import blinkcode, gc
held = [0] * 6
for i in range(6):
    blinkcode.selftest()
    gc.collect()
    held[i] = gc.mem_alloc()
for n in held:
    print("held", n)
"""


def test_is_quick_and_takes_no_memory_until_used(rv32: Qemu) -> None:
    setup = "import blinkcode\nselftest = blinkcode.selftest\ndef run(_):\n    selftest()\n"
    (instructions,) = count_calls(rv32, "run", [0], setup, warm_ups=0)
    assert instructions <= MOST_INSTRUCTIONS
    said = rv32.run("import blinkcode, sys\nprint('blinkcode.checkup' in sys.modules)")
    assert said == "False\n"
    printed = rv32.run(HELD)
    first, *later = map(int, re.findall(r"^held (\d+)$", printed, re.MULTILINE))
    assert len(later) == 5
    assert min(later) <= first, "every call keeps some heap"
