"""Bytecode and native code, on 32 and 64 bits, give the same answers as CPython does from the sources."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.catalog.records import CODE_MAX, CODE_MIN
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.shipping.boards import Board, prepare, read_board
from missing import unless_missing
from targets.board import FrozenUnix, Qemu, check_qemu
from targets.build import build_rv32, build_unix
from targets.linked import catalog_of
from targets.session import compiled
from targets.target import CPython, Target, TargetError

CODES = sorted({near for code in load().codes() for near in (code - 1, code, code + 1)})
OTHERS = ["True", "None", "1.0", '"7"', 'b""', "()", "-4012 + (1 << 32)", "1010 - (1 << 32)"]
EDGES = [
    f"{sign}{number}{step}"
    for sign in ("", "-")
    for number in (
        "0x7fff",
        "0x8000",
        "0xffff",
        "0x10000",
        "(1<<30)",
        "(1<<31)",
        "(1<<32)",
        "(1<<62)",
        "(1<<64)",
    )
    for step in ("-1", "", "+1")
]
NO_VENDORS = "-1, 63, 64, 127, 128, 2**40, -2**40, True, 1.0, 1.5, 'tuya', b'', ()"
NO_SLOTS = "-1, -2, 65535, 2**40, -2**40, 2**64 + 1, None, True, 1.0, 1.5, 'x', b'x', (), [], {}, object, b"
ASK = f"""
import blinkcode as b
from binascii import crc32
buf = bytearray(64)
answers = 0
for code in {CODES} + [{", ".join(EDGES + OTHERS)}]:
    for vendor in [None] + list(range(10)):
        slot = b.find(code, vendor)
        n = b.text_into(slot, buf)
        facts = (slot, b.state(slot), b.level(slot), b.vendor(slot), b.code(slot), bytes(buf[:n]))
        answers = crc32(repr((facts, b.text(b.remedy(slot)))).encode(), answers)
for vendor in [{NO_VENDORS}]:
    assert [b.find(code, vendor) for code in (-4012, 1010, 500, 2062, 0)] == [-1] * 5, vendor
for slot in list(range(-3, 1200)) + [{", ".join(EDGES)}, {NO_SLOTS}]:
    n = b.text_into(slot, buf)
    answers = crc32(repr((b.state(slot), bytes(buf[:n]), b.code(slot), b.vendor(slot))).encode(), answers)
print(answers)
"""


def with_emitter(name: str, emitter: str, arch: str | None) -> Board:
    board = read_board(name)
    return replace(board, settings=board.settings.model_copy(update={"emitter": emitter, "arch": arch}))


@contextmanager
def firmware(port: str, emitter: str, table: Compiled, folder: Path) -> Iterator[Target]:
    """A build of the port with this table. Skips, or fails where nothing may be skipped, for want of a tool."""
    if port == "unix" and emitter == "viper" and platform.machine().lower() not in ("x86_64", "amd64"):
        pytest.skip("the Unix port's native emitter is tried on x86-64")
    with unless_missing():
        if port == "unix":
            board = with_emitter("UNIX", emitter, "x64")
            found: Target = FrozenUnix(build_unix(prepare(board, table, folder)))
        else:
            check_qemu()
            board = with_emitter("VIRT_RV32", emitter, "rv32imc")
            found = Qemu(build_rv32(prepare(board, table, folder)))
    with found:
        yield found


@pytest.mark.parametrize("emitter", ["bytecode", "viper"])
@pytest.mark.parametrize("port", ["unix", "rv32"])
def test_same_answers(port: str, emitter: str, tmp_path: Path) -> None:
    with CPython() as cpython:
        expected = cpython.run(ASK)
    table = compiled((), "en", True)
    with firmware(port, emitter, table, tmp_path) as found:
        assert found.run(ASK, timeout=300) == expected


# Each call with the bytes of heap that it took, given back or not.
COUNT = f"""
import blinkcode as b
from micropython import mem_total
buf = bytearray(48)
codes = (-4012, 1010, 500, 2062, 77, -49010, 60009001, 2**29)
no_codes = (2**40, -2**40, 2**32 + 1010, True, None, "x", b"x", 1010.0, (), [], b)
vendors = (None, 0, 1, 2, 3, 8, {NO_VENDORS})
slots = (0, 47, 300, {NO_SLOTS})
def cost(function, one, other):
    before = mem_total()
    function(one, other)
    return mem_total() - before
def nothing(one, other):
    pass
def run():
    counting = cost(nothing, 0, 0)
    if cost(lambda slot, _: b.text(slot), 47, 0) == counting:
        print("text takes none")
    for code in codes + no_codes:
        for vendor in vendors:
            if cost(b.find, code, vendor) != counting:
                print("find", code, vendor)
    for slot in slots:
        for function in (b.state, b.level, b.remedy, b.vendor, b.code):
            if cost(lambda slot, _: function(slot), slot, 0) != counting:
                print(function, slot)
        if cost(b.text_into, slot, buf) != counting:
            print("text_into", slot)
    return "done"
cost(nothing, 0, 0)
print(run())
"""


@pytest.mark.parametrize("emitter", ["bytecode", "viper"])
@pytest.mark.parametrize("port", ["unix", "rv32"])
def test_odd_arguments_take_no_heap(port: str, emitter: str, tmp_path: Path) -> None:
    with firmware(port, emitter, compiled((), "en", True), tmp_path) as found:
        assert found.run(COUNT) == "done\n"


def test_native_code_refuses_a_port_with_other_small_ints(tmp_path: Path) -> None:
    """As far as can be tried here: a code that the table lacks stands for one that the port's words do not lead to."""
    table = compiled((), "en", True)
    wrong = replace(table, constants={**table.constants, "PROBE_CODE": 123456789})
    with firmware("unix", "viper", wrong, tmp_path) as found, pytest.raises(TargetError, match="ImportError"):
        found.run("import blinkcode")


def made_up(seed: int) -> tuple[dict[tuple[str, int], tuple[str, str]], dict[tuple[str, int], int]]:
    """Codes of three vendors, near and far, many shared, and aliases: as catalog_of takes them."""
    random = Random(seed)
    edges = (-32769, -32768, 32767, 32768, 65535, 65536, CODE_MIN, CODE_MAX)
    draws = [
        lambda: random.randint(-25, 25),
        lambda: random.randint(-70_000, 70_000),
        lambda: random.choice(edges),
        lambda: random.randint(CODE_MIN, CODE_MAX),
    ]
    states = list(load().states)
    entries = {
        (random.choice(("one", "two", "three")), random.choice(draws)()): (random.choice(states), "text")
        for _ in range(150)
    }
    aliases: dict[tuple[str, int], int] = {}
    for vendor, code in random.sample(sorted(entries), 12):
        alias = random.choice(draws)()
        if (vendor, alias) not in entries and alias not in aliases.values():
            aliases[vendor, code] = alias
    return entries, aliases


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("port", ["unix", "rv32"])
def test_native_code_with_made_up_tables(port: str, seed: int, tmp_path: Path) -> None:
    entries, aliases = made_up(seed)
    catalog = catalog_of(entries, aliases)
    owned: dict[int, dict[int, int]] = {}  # code -> vendor's number -> the code it stands for
    for number, vendor in enumerate(catalog.vendors):
        stands_for = {code: code for name, code in entries if name == vendor}
        stands_for |= {alias: code for (name, code), alias in aliases.items() if name == vendor}
        for code, canonical in stands_for.items():
            owned.setdefault(code, {})[number] = canonical
    near = {code + step for code in owned for step in (-65536, -2, -1, 0, 1, 2, 65536)}
    asked = sorted(code for code in near if CODE_MIN <= code <= CODE_MAX)
    # On 32 bits the least code is no small int where it is written as a literal.
    written = str(asked).replace(str(CODE_MIN), f"{CODE_MIN + 1} - 1")
    script = f"""
import blinkcode as b
for code in {written}:
    slots = [b.find(code, vendor) for vendor in (0, 1, 2)]
    print([b.find(code), slots, [[b.code(s), b.vendor(s), b.state(s)] for s in slots if s >= 0]])
"""
    names, states = list(catalog.vendors), list(catalog.states)
    with firmware(port, "viper", compile_table(catalog), tmp_path) as found:
        lines = found.run(script, timeout=300).splitlines()
    for code, line in zip(asked, lines, strict=True):
        any_vendor, slots, answers = json.loads(line)
        owners = owned.get(code, {})
        assert [number for number, slot in enumerate(slots) if slot >= 0] == sorted(owners), code
        assert any_vendor == (-2 if len(owners) > 1 else max(slots)), code
        expected = [
            [canonical, number, states.index(entries[names[number], canonical][0])]
            for number, canonical in sorted(owners.items())
        ]
        assert answers == expected, code
