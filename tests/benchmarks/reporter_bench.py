"""What lamp, log, journal and reporter cost on RV32, everything frozen, all in the build with native code.

That of bytecode alone, for ports without a native emitter, takes less flash (flash_bytecode_bytes).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from blinkcode_host.catalog import load
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.compiler.linker import link
from blinkcode_host.shipping.boards import LOOKUP, native_lookup, runtime
from targets import BUILD
from targets.board import Qemu
from targets.build import build_rv32, elf_size
from targets.measure import count_calls, heap_of

PARTS = (
    "reporter.py",
    "codes.py",
    "const.py",
    "dump.py",
    "exceptions.py",
    "journal.py",
    "lamp.py",
    "line.py",
    "ports.py",
    "storages.py",
)
_SETUP = """
class Sink:
    def write(self, piece):
        pass
sink = Sink()
def drive(light):
    pass
now = [0]
def ticks():
    return now[0]
"""
_REPORTER = """
import blinkcode
from blinkcode.reporter import Reporter
r = Reporter(led=drive, log=sink, journal=16, ticks=ticks)
report, tick = r.report, r.tick
def nothing(code, vendor):
    pass
piece = bytearray(40)
def two_pieces(argument):
    sink.write(piece)
    sink.write(piece)
"""
_ALL = """
    import blinkcode
    from blinkcode.reporter import Reporter
    kept[0] = Reporter(led=drive, log=sink, journal=16, ticks=ticks)
"""


def measure() -> dict[str, float]:
    """heap_bytes, flash_bytes, report_instructions, tick_instructions and flash_bytecode_bytes.

    A report is of each code in turn, its vendor named, into a full journal, without what the stream takes; the mean.
    A tick is the worst of those of every state, the first one after the report included. Raises MissingTool.
    """
    table = compile_table(load().only(["broadlink", "tuya", "alibaba"]))
    firmware = _firmware(table, viper=True)
    with Qemu(firmware) as qemu:
        heap = heap_of(qemu, _ALL, f"{_SETUP}\nkept = [0]\n")[0]
    with Qemu(firmware) as qemu:
        report, tick = _report_instructions(qemu), _tick_instructions(qemu)
    return {
        "heap_bytes": heap,
        "flash_bytes": _flash(table, viper=True),
        "report_instructions": report,
        "tick_instructions": tick,
        "flash_bytecode_bytes": _flash(table, viper=False),
    }


def _flash(table: Compiled, *, viper: bool) -> int:
    return elf_size(_firmware(table, viper=viper)) - elf_size(_firmware(table, viper=viper, parts=()))


def _firmware(table: Compiled, *, viper: bool, parts: tuple[str, ...] = PARTS) -> Path:
    name = f"reporter-{'viper' if viper else 'bytecode'}-{len(parts)}"
    package = BUILD / "bench" / name / "blinkcode"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    for file in ("__init__.py", LOOKUP, *parts):
        native = native_lookup() if viper and file == LOOKUP else ""
        (package / file).write_text(link(runtime()[file], table, native=native), encoding="utf-8")
    manifest = package.parent / "manifest.py"
    manifest.write_text('package("blinkcode", base_path=".", opt=3)\n', encoding="utf-8")
    return build_rv32(manifest)


def _report_instructions(qemu: Qemu) -> float:
    catalog = load()
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    codes = [(code, numbers[vendor]) for vendor, code, _ in catalog.slots()]
    setup = _SETUP + _REPORTER
    counts = count_calls(qemu, "lambda a: report(*a)", codes, setup, "lambda a: nothing(*a)", warm_ups=40)
    [stream] = count_calls(qemu, "two_pieces", [0], setup)
    return round(sum(counts) / len(counts) - stream, 1)


def _tick_instructions(qemu: Qemu) -> int:
    catalog = load()
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    one_of_each = {m.state: (m.code, numbers[m.vendor]) for m in catalog.meanings}
    worst = 0
    for code, vendor in one_of_each.values():
        setup = f"{_SETUP}{_REPORTER}report({code}, {vendor})\n"
        worst = max(worst, *count_calls(qemu, "tick", range(0, 12_000, 100), setup, warm_ups=0))
    return worst
