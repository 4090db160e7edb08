"""Measure blinkcode against what people write by hand, on RV32 in QEMU; the same digits in every run.

python tests/benchmarks/bench.py                        print the tables, write build/bench.json
python tests/benchmarks/bench.py --rewrite-baseline     and make it the baseline that CI compares with
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks import reporter_bench
from benchmarks.catalogs import clouds, device_catalog, family
from benchmarks.contenders import Contender, Row
from benchmarks.contenders.by_hand import UNKNOWN, by_hand
from benchmarks.contenders.ours import Tables, ours
from benchmarks.growth import growth
from blinkcode_host.catalog import Catalog
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.shipping.whole import write_whole
from targets import BUILD, ROOT, MissingTool
from targets.board import Qemu
from targets.build import build_rv32, elf_size, empty_manifest, symbol_sizes, toolchain
from targets.measure import count_calls, heap_of

RESULT = BUILD / "bench.json"
BASELINE = Path(__file__).parent / "baseline.json"
TITLES = {
    "dict": "dict of strings (a)",
    "if_chain": "if-chain (b)",
    "json": "JSON on the filesystem (c)",
    "tuple": "sorted tuple, bisect (d)",
    "bytecode": "blinkcode, bytecode (e)",
    "viper": "blinkcode, viper (f)",
    "no_text": "blinkcode, no text (g)",
    "bytecode_full": "bytecode, whole API",
    "viper_full": "viper, whole API",
    "dict_all": "all nine: dict of strings",
    "bytecode_all": "all nine: bytecode",
    "viper_all": "all nine: viper",
    "bytecode_full_all": "all nine: whole API",
    "bytecode_mbedtls": "mbedtls alone: bytecode",
}
OURS = (
    *("bytecode", "viper", "no_text", "bytecode_full", "viper_full"),
    *("bytecode_all", "viper_all", "bytecode_full_all", "bytecode_mbedtls"),
)
TOLERANCE = 1.02
_COLUMNS = {
    "flash_bytes": "flash",
    "heap_import_bytes": "heap, import",
    "heap_call_bytes": "heap, call",
    "find_instructions": "find",
    "find_any_instructions": "any vendor",
    "hit_instructions": "find, state",
    "miss_instructions": "a miss",
    "text_instructions": "text",
}
_HEAP_CODES = ((-4012, 0), (1010, 1), (6205, 2), (999999, 1))

Numbers = dict[str, Any]


def rows_of(catalog: Catalog) -> list[Row]:
    """Every (vendor, code), aliases included, with the state and the text that the device shows."""
    numbers = {name: number for number, name in enumerate(catalog.vendors)}
    shown = {(vendor, code): meaning for vendor, code, meaning in catalog.slots()}
    shown |= {(m.vendor, alias): m for m in catalog.meanings for alias in m.aliases}
    return [
        Row(numbers[vendor], code, catalog.states[m.state].number, m.text)
        for (vendor, code), m in shown.items()
    ]


def misses_of(rows: list[Row]) -> list[tuple[int, int]]:
    """(code, vendor) just outside each unbroken range of a vendor's codes."""
    have = {(row.vendor, row.code) for row in rows}
    beside = {(vendor, code + step) for vendor, code in have for step in (-1, 1)} - have
    return [(code, vendor) for vendor, code in sorted(beside)]


def mean(counts: list[int]) -> float:
    return round(sum(counts) / len(counts), 1)


def measure_contender(contender: Contender, rows: list[Row]) -> Numbers:
    """Build, run and count one contender; its answers are compared with the rows first."""
    firmware = build_rv32(contender.write(BUILD / "bench" / contender.name))
    hits = [(row.code, row.vendor) for row in rows]
    with Qemu(firmware) as qemu:
        _check_answers(qemu, contender, rows)
        setup = contender.before + contender.use
        handle = contender.handle.replace("code", "a[0]").replace("vendor", "a[1]")
        lookup = contender.state.replace("handle", handle)

        def count(expression: str, arguments: list[tuple[int, int]]) -> float:
            return mean(count_calls(qemu, f"lambda a: {expression}", arguments, setup, "lambda a: None"))

        text: float | None = None
        if contender.text:
            handles = f"handles = [{handle} for a in {hits!r}]\n"
            function = "lambda i: " + contender.text.replace("handle", "handles[i]")
            counts = count_calls(qemu, function, range(len(hits)), setup + handles, "lambda i: handles[i]")
            text = mean(counts)
        return {
            "flash_bytes": elf_size(firmware) - elf_size(build_rv32(empty_manifest())),
            "heap_import_bytes": heap_of(qemu, f"import {contender.module}", contender.before)[0],
            "heap_call_bytes": _heap_of_calls(qemu, contender, setup),
            "find_instructions": count(handle, hits),
            "find_any_instructions": count(contender.anyone.replace("code", "a[0]"), hits)
            if contender.anyone
            else None,
            "hit_instructions": count(lookup, hits),
            "miss_instructions": count(lookup, misses_of(rows)),
            "text_instructions": text,
        }


def _heap_of_calls(qemu: Qemu, contender: Contender, setup: str) -> int:
    """The most bytes that any call takes from the heap, given back or not."""
    calls = list(contender.calls)
    for code, vendor in _HEAP_CODES:
        handle = contender.handle.replace("code", str(code)).replace("vendor", str(vendor))
        calls.append(contender.state.replace("handle", handle))
        if contender.text:
            calls.append(contender.text.replace("handle", handle))
    return max(max(heap_of(qemu, call, setup)) for call in calls)


def _check_answers(qemu: Qemu, contender: Contender, rows: list[Row]) -> None:
    """Raise AssertionError where a contender gives another state or text than the rows say."""
    expected = [[row.state, row.text if contender.text else ""] for row in rows]
    expected += [[UNKNOWN, ""] for _ in misses_of(rows)]
    asked = [(row.code, row.vendor) for row in rows] + misses_of(rows)
    text = contender.text if "buf" not in contender.text else f"str(buf[:{contender.text}], 'utf-8')"
    script = f"""\
{contender.before}{contender.use}
import json
for code, vendor in {asked!r}:
    handle = {contender.handle}
    print(json.dumps([{contender.state}, {text or "''"}]))
"""
    answers = [json.loads(line) for line in qemu.run(script).splitlines()]
    answers[len(rows) :] = [[state, ""] for state, _ in answers[len(rows) :]]
    assert answers == expected, f"{contender.name} answers wrong"


def measure_text(table: Compiled, catalog: Catalog, decoder_bytes: int) -> Numbers:
    """How small the texts are: as they stand, as zlib -9 makes them in one block, as blinkcode packs them.

    The packed bytes are all that reaching any one of them takes: phrases, marks and tokens (TEXTS), and of each
    head byte the part that counts tokens. A head holds a state too, which alone would take five bits of the
    eight; the texts are charged with the other three.
    """
    raw = "\n".join(m.text for _, _, m in catalog.slots()).encode()
    return {
        "raw_bytes": len(raw),
        "zlib9_bytes": len(zlib.compress(raw, 9)),
        "packed_bytes": table.sizes["TEXTS"] + math.ceil(table.sizes["HEADS"] * 3 / 8),
        "decoder_bytes": decoder_bytes,
    }


def measure_compiler() -> Numbers:
    """What `blinkcode compile` takes: seconds of processor time (not the same in every run) and megabytes."""
    output = BUILD / "bench" / "table.py"
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "blinkcode_host", "compile", "-o", str(output)]
    process = subprocess.Popen(command, cwd=ROOT / "host_tools", stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("blinkcode compile failed; run it by hand to see why")
    return {"seconds": round(used.ru_utime + used.ru_stime, 1), "megabytes": round(used.ru_maxrss / 1024)}


def worse(found: Numbers, baseline: Numbers) -> list[str]:
    """Say what got worse by more than TOLERANCE against the baseline, or is not in it.

    Instructions are compared only where the same compiler made the interpreter from the same source.
    """
    same = found["toolchain"] == baseline["toolchain"]
    complaints = []
    old = _figures(baseline)
    for name, value in _figures(found).items():
        if name not in old:
            complaints.append(f"{name}: not in the baseline; run bench.py --rewrite-baseline")
        elif value > old[name] * TOLERANCE and (same or not name.endswith("instructions")):
            complaints.append(f"{name}: {value:g}, was {old[name]:g}")
    missing = sorted(set(old) - set(_figures(found)))
    return complaints + [f"{name}: in the baseline, and no longer measured" for name in missing]


def _figures(found: Numbers) -> dict[str, float]:
    """The figures that are guarded, by their path."""
    sections = {f"contenders.{name}": found["contenders"][name] for name in OURS}
    sections |= {f"growth.{name}": row for name, row in found["growth"].items()}
    sections["text"] = {name: found["text"][name] for name in ("packed_bytes", "decoder_bytes")}
    sections["text_all"] = {"packed_bytes": found["text_all"]["packed_bytes"]}
    sections["reporter"] = found["reporter"]
    return {
        f"{section}.{name}": value
        for section, row in sections.items()
        for name, value in row.items()
        if value is not None and name != "codes"
    }


def measure(say: Callable[[str], None] = lambda line: None) -> Numbers:
    """Everything, as it goes into build/bench.json; `say` hears what is being measured."""
    few, every = clouds(), device_catalog()
    say("compiling")
    compiler = measure_compiler()
    tables = tables_of(few)
    every_tables = tables_of(every)
    contenders: Numbers = {}
    for contender in [*by_hand(rows_of(few), list(few.vendors)), *ours(tables)]:
        say(TITLES[contender.name])
        contenders[contender.name] = measure_contender(contender, rows_of(few))
    for name in ("bytecode", "viper"):  # the heap is that of the whole API, constants included
        contenders[name]["heap_import_bytes"] = contenders[f"{name}_full"]["heap_import_bytes"]
    firmware = build_rv32(BUILD / "bench" / "bytecode" / "manifest.py")
    decoder = sum(symbol_sizes(firmware, r"fun_data_blinkcode_(text_into|_write)$").values())
    found: Numbers = {"contenders": contenders, "text": measure_text(tables.texts, few, decoder)}
    more = [
        c
        for c in [*by_hand(rows_of(every), list(every.vendors)), *ours(every_tables)]
        if f"{c.name}_all" in TITLES
    ]
    for contender in more:
        name = f"{contender.name}_all"
        say(TITLES[name])
        contenders[name] = measure_contender(replace(contender, name=name), rows_of(every))
    found["text_all"] = measure_text(every_tables.texts, every, decoder)
    say(TITLES["bytecode_mbedtls"])
    alone = family("mbedtls")
    contender = replace(ours(tables_of(alone))[0], name="bytecode_mbedtls", calls=())
    contenders["bytecode_mbedtls"] = measure_contender(contender, rows_of(alone))
    found["compile"] = compiler
    say("reporter")
    found["reporter"] = reporter_bench.measure(every_tables.whole)
    say("growth")
    found["growth"] = growth()
    found["toolchain"] = toolchain()
    return found


def tables_of(catalog: Catalog) -> Tables:
    """The compiled tables of a catalog that the rows need."""
    return Tables(
        compile_table(catalog),
        compile_table(catalog, remedies=False),
        compile_table(catalog, text=False, remedies=False),
    )


def show(found: Numbers) -> None:
    """Print the contenders, the packing, and the growth; as Markdown, so that the README can carry it."""
    console = Console(width=132)
    table = Table("bytes and instructions on RV32", *_COLUMNS.values(), box=box.MARKDOWN)
    for name, row in found["contenders"].items():
        figures = ("-" if row[column] is None else f"{row[column]:,.0f}" for column in _COLUMNS)
        table.add_row(TITLES[name], *figures)
    console.print(table)
    for name, text in (("the clouds'", found["text"]), ("all nine's", found["text_all"])):
        ratio = text["packed_bytes"] / text["zlib9_bytes"]
        console.print(
            f"{name} texts: {text['raw_bytes']} bytes, zlib -9 {text['zlib9_bytes']}, packed "
            f"{text['packed_bytes']} ({ratio:.3f} x zlib), decoder {text['decoder_bytes']}"
        )
    console.print(f"compile: {found['compile']['seconds']} s, {found['compile']['megabytes']} MB")
    console.print("reporter: " + ", ".join(f"{name} {value}" for name, value in found["reporter"].items()))
    heads = ("viper, no texts", "codes", "flash", "flash a code", "hit", "miss")
    table = Table(*heads, box=box.MARKDOWN)
    for name, row in found["growth"].items():
        sizes = (f"{row['codes']:,}", f"{row['flash_bytes']:,}", f"{row['flash_per_code']:.2f}")
        table.add_row(name, *sizes, f"{row['hit_instructions']:,.0f}", f"{row['miss_instructions']:,.0f}")
    console.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rewrite-baseline", action="store_true", help="make what is measured the baseline")
    arguments = parser.parse_args()
    try:
        found = measure(lambda line: print(f"... {line}", file=sys.stderr))
    except MissingTool as missing:
        print(missing, file=sys.stderr)
        return 1
    text = json.dumps(found, indent=1) + "\n"
    RESULT.parent.mkdir(exist_ok=True)
    write_whole(RESULT, text)
    show(found)
    if arguments.rewrite_baseline:
        write_whole(BASELINE, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
