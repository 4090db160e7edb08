"""Bytecode and native code, on 32 and 64 bits, give the same answers as CPython does from the sources."""

from __future__ import annotations

import os
import platform
from dataclasses import replace
from pathlib import Path

import pytest

from blinkcode_host.boards import Board, prepare, read_board
from blinkcode_host.catalog import load
from targets import MissingTool
from targets.board import FrozenUnix, Qemu, check_qemu
from targets.build import build_rv32, build_unix
from targets.session import compiled
from targets.target import CPython, Target

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
ASK = f"""
import blinkcode as b
from binascii import crc32
buf = bytearray(64)
answers = 0
for code in {CODES} + [{", ".join(EDGES + OTHERS)}]:
    for vendor in (None, 0, 1, 2, 3):
        slot = b.find(code, vendor)
        n = b.text_into(slot, buf)
        facts = (slot, b.state(slot), b.level(slot), b.vendor(slot), b.code(slot), bytes(buf[:n]))
        answers = crc32(repr((facts, b.text(b.remedy(slot)))).encode(), answers)
for slot in list(range(-3, 500)) + [-(1 << 30), 65535, 65536, (1 << 30) - 1]:
    n = b.text_into(slot, buf)
    answers = crc32(repr((slot, b.state(slot), bytes(buf[:n]))).encode(), answers)
print(answers)
"""


def with_emitter(name: str, emitter: str, arch: str | None) -> Board:
    board = read_board(name)
    return replace(board, settings=board.settings.model_copy(update={"emitter": emitter, "arch": arch}))


def target(port: str, emitter: str, folder: Path) -> Target:
    table = compiled(("broadlink", "tuya", "alibaba"), "en", True)
    if port == "unix":
        board = with_emitter("UNIX", emitter, "x64")
        return FrozenUnix(build_unix(prepare(board, table, folder)))
    check_qemu()
    return Qemu(build_rv32(prepare(with_emitter("VIRT_RV32", emitter, "rv32imc"), table, folder)))


@pytest.mark.parametrize("emitter", ["bytecode", "viper"])
@pytest.mark.parametrize("port", ["unix", "rv32"])
def test_same_answers(port: str, emitter: str, tmp_path: Path) -> None:
    if port == "unix" and emitter == "viper" and platform.machine().lower() not in ("x86_64", "amd64"):
        pytest.skip("the Unix port's native emitter is tried on x86-64")
    with CPython() as cpython:
        expected = cpython.run(ASK)
    try:
        found = target(port, emitter, tmp_path)
    except MissingTool as missing:
        if os.environ.get("BLINKCODE_NO_SKIP") == "1":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
    with found:
        assert found.run(ASK, timeout=300) == expected
