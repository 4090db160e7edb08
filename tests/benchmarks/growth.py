"""What a growing catalogue costs: synthetic codes, dense, sparse and every one alone."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from benchmarks.contenders.by_hand import UNKNOWN
from benchmarks.contenders.ours import find_only
from blinkcode_host.catalog import Catalog, load
from blinkcode_host.catalog.records import CODE_MAX, CODE_MIN, Meaning, Source, Vendor
from blinkcode_host.compiler import compile_table
from targets import BUILD
from targets.board import Qemu
from targets.build import build_rv32, elf_size, empty_manifest
from targets.measure import count_calls

SIZES = (1_000, 5_000, 20_000)
KINDS = ("dense", "sparse", "adversarial")
_ASKED = 100


def codes(kind: str, size: int) -> list[int]:
    """`size` codes in rising order, the same in every run.

    dense: one after the other. sparse: as vendors number, some in a row and then a gap. adversarial: spread
    over all 31 bits, so that every code is a range of its own and most have a page of their own.
    """
    random = Random(size)
    if kind == "dense":
        return list(range(1, size + 1))
    if kind == "adversarial":
        return sorted(random.sample(range(CODE_MIN, CODE_MAX + 1), size))
    found: list[int] = []
    code = 1
    while len(found) < size:
        run = random.randrange(1, 16)
        found += range(code, code + run)
        code += run + random.choice((6, 20, 90))
    return found[:size]


def catalog_of(numbers: list[int]) -> Catalog:
    """A catalog of one vendor with these codes; the states are those of the built-in tables, at random."""
    base = load()
    random = Random(len(numbers))
    source = Source("made-up", "Made up", None)
    vendor = Vendor("madeup", "Made up", None, (source,), ())
    names = list(base.states)
    meanings = tuple(
        Meaning(vendor.id, code, random.choice(names), "", "", "", "", "", (), "", {source.id: "-"})
        for code in numbers
    )
    return Catalog(base.states, {vendor.id: vendor}, meanings, base.pattern)


def growth() -> dict[str, dict[str, Any]]:
    """For each kind and size, flash, and instructions of find and state for an even choice of codes.

    A miss is a neighbour of one of them that is no code. Raises AssertionError where an answer is wrong.
    """
    nothing = elf_size(build_rv32(empty_manifest()))
    found = {}
    for kind in KINDS:
        for size in SIZES:
            catalog = catalog_of(codes(kind, size))
            states = {m.code: catalog.states[m.state].number for m in catalog.meanings}
            hits = list(states)[:: size // _ASKED]
            misses = [code + 1 for code in hits if code + 1 not in states] or [0, size + 1]
            contender = find_only(f"{kind}_{size}", compile_table(catalog, text=False, remedies=False))
            firmware = build_rv32(contender.write(BUILD / "bench" / "growth" / contender.name))
            flash = elf_size(firmware) - nothing
            with Qemu(firmware) as qemu:
                answers = qemu.run(f"{contender.use}print([state(find(c, 0)) for c in {hits + misses}])")
                assert json.loads(answers) == [states.get(code, UNKNOWN) for code in hits + misses]
                counts = [
                    count_calls(qemu, "lambda c: state(find(c, 0))", some, contender.use, "lambda c: None")
                    for some in (hits, misses)
                ]
            found[contender.name] = {
                "codes": size,
                "flash_bytes": flash,
                "flash_per_code": round(flash / size, 3),
                "hit_instructions": round(sum(counts[0]) / len(hits), 1),
                "miss_instructions": round(sum(counts[1]) / len(misses), 1),
            }
    return found
