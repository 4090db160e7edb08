"""What lamp, log, journal and reporter cost on RV32, everything frozen as bytecode, with all nine vendors."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.catalogs import device_catalog
from blinkcode_host.compiler import Compiled
from blinkcode_host.compiler.linker import link
from blinkcode_host.shipping.boards import LOOKUP, runtime
from targets import BUILD
from targets.board import Qemu
from targets.build import build_rv32, elf_size
from targets.measure import count_calls, heap_of

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


def measure(table: Compiled) -> dict[str, float]:
    """heap_bytes, flash_bytes, report_instructions and tick_instructions with a table of all vendors.

    The heap is that of `import blinkcode` and a Reporter with lamp, log and a journal of 16 records, the flash that of
    all modules but the look-ups. A report is of each code in turn, its vendor named, into a full journal, without what
    the stream takes; the mean. A tick is the worst of those of every state, the first one after the report included.
    Raises MissingTool.
    """
    look_ups = ("__init__.py", LOOKUP)
    firmware = _firmware(table, tuple(runtime()))
    with Qemu(firmware) as qemu:
        heap = heap_of(qemu, _ALL, f"{_SETUP}\nkept = [0]\n")[0]
    with Qemu(firmware) as qemu:
        report, tick = _report_instructions(qemu), _tick_instructions(qemu)
    return {
        "heap_bytes": heap,
        "flash_bytes": elf_size(firmware) - elf_size(_firmware(table, look_ups)),
        "report_instructions": report,
        "tick_instructions": tick,
    }


def _firmware(table: Compiled, modules: tuple[str, ...]) -> Path:
    package = BUILD / "bench" / f"reporter-{len(modules)}" / "blinkcode"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    for file in modules:
        (package / file).write_text(link(runtime()[file], table), encoding="utf-8")
    manifest = package.parent / "manifest.py"
    manifest.write_text('package("blinkcode", base_path=".", opt=3)\n', encoding="utf-8")
    return build_rv32(manifest)


def _report_instructions(qemu: Qemu) -> float:
    catalog = device_catalog()
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    codes = [(code, numbers[vendor]) for vendor, code, _ in catalog.slots()]
    setup = _SETUP + _REPORTER
    counts = count_calls(qemu, "lambda a: report(*a)", codes, setup, "lambda a: nothing(*a)", warm_ups=40)
    [stream] = count_calls(qemu, "two_pieces", [0], setup)
    return round(sum(counts) / len(counts) - stream, 1)


def _tick_instructions(qemu: Qemu) -> int:
    catalog = device_catalog()
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    one_of_each = {m.state: (m.code, numbers[m.vendor]) for m in catalog.meanings}
    worst = 0
    for code, vendor in one_of_each.values():
        setup = f"{_SETUP}{_REPORTER}report({code}, {vendor})\n"
        worst = max(worst, *count_calls(qemu, "tick", range(0, 12_000, 100), setup, warm_ups=0))
    return worst
