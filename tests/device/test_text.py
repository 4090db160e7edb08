"""The texts, on every target, and that the calls that must not allocate do not."""

from __future__ import annotations

import pytest
from expected import rows, stanzas

from targets.board import Qemu
from targets.measure import heap_of
from targets.target import Target

ASK = """
import blinkcode as b
buf = bytearray(48)
for vendor, code in {pairs}:
    s = b.find(code, vendor)
    n = b.text_into(s, buf)
    assert buf[:n].decode() == b.text(s)
    print(b.text(s) + "|" + b.text(b.remedy(s)))
"""


def test_every_text_and_remedy(target: Target) -> None:
    pairs = list(rows())
    printed = target.run(ASK.format(pairs=pairs), timeout=120).splitlines()
    assert printed == [
        f"{row.text}|{row.remedy or stanzas()[row.state]['remedy']}" for row in rows().values()
    ]


def test_buffers(target: Target) -> None:
    script = """
import blinkcode as b
s = b.find(-4012)
for size in (0, 1, 31):
    assert b.text_into(s, bytearray(size)) == 0
big = bytearray(b"#" * 100)
n = b.text_into(s, memoryview(big)[10:42])
print(n, bytes(big[10:10 + n]), bytes(big[:10]), bytes(big[42:]) == b"#" * 58)
for wrong in (b"x" * 32, "x" * 32, None, 7):
    try:
        b.text_into(s, wrong)
        print("written")
    except TypeError:
        pass
"""
    assert target.run(script).strip() == "31 b'control id mismatch; pair again' b'##########' True"


# Calls every function with the heap locked: an allocation raises MemoryError.
LOCKED = """
import blinkcode as b
from micropython import heap_lock, heap_unlock
def run():
    buf, wire = bytearray(48), b"\\xf9\\xff"
    slots = (-1, -2, 0, 47, 229, 360, 10**6, 2**40, -2**40, None, True, "x", b"x", 1.5, [], b)
    codes = (-4012, 1010, 28504, 500, -490010, -49010, 60009001, 77, 2**29, True, None, "x", 1.5)
    heap_lock()
    try:
        for code in codes:
            for vendor in (None, 0, 1, 2, 3, 63, 2**40, True, 1.5, "tuya"):
                b.find(code, vendor)
            b.int16(code)
        for slot in slots:
            b.state(slot)
            b.level(slot)
            b.remedy(slot)
            b.vendor(slot)
            b.code(slot)
            b.text_into(slot, buf)
        b.from_bytes(wire)
        b.PAIR
        b.AMBIGUOUS
        b.TUYA
    finally:
        heap_unlock()
    return "locked"
print(run())
"""


@pytest.mark.micropython
def test_nothing_allocates(target: Target) -> None:
    assert target.run(LOCKED).strip() == "locked"


@pytest.mark.parametrize(
    "call",
    [
        "find(-4012)",
        "find(1010, 1)",
        "find(500)",
        "find(99)",
        "find(-49010)",
        "find(60009001)",
        "find(28841003)",
    ]
    + ["state(47)", "state(-1)", "text_into(47, BUF)", "text_into(2, BUF)", "vendor(47)", "level(47)"]
    + [
        f"{name}({slot})"
        for name in ("state", "level", "remedy", "vendor", "code")
        for slot in ("None", "'x'", "WIDE")
    ]
    + [
        "text_into(None, BUF)",
        "text_into(WIDE, BUF)",
        "find(None)",
        "find('1010')",
        "find(WIDE)",
        "find(1, WIDE)",
    ]
    + ["remedy(47)", "code(47)", "code(300)", "int16(65529)", "from_bytes(BYTES)", "PAIR"],
)
def test_no_temporary_block_either(rv32: Qemu, call: str) -> None:
    """heap_lock hides frames of more than 11 words, which fall back to the stack; the allocation count does not."""
    setup = "import blinkcode\nBUF = bytearray(48)\nBYTES = b'\\xf9\\xff'\nWIDE = 2**40\n"
    assert heap_of(rv32, f"blinkcode.{call}", setup) == (0, 0)


def test_import_takes_at_most_768_bytes(rv32: Qemu) -> None:
    kept, _ = heap_of(rv32, "import blinkcode")
    assert kept <= 768
