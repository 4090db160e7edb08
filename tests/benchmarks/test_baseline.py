"""What is measured keeps every limit, and is no worse than the committed baseline."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from benchmarks import bench
from targets.board import Qemu

Numbers = dict[str, Any]


def limits(found: Numbers) -> dict[str, tuple[float, float]]:
    """What must hold: (measured, at most)."""
    rows, text, every = found["contenders"], found["text"], found["text_all"]
    by_hand, bytecode, viper = rows["dict"], rows["bytecode"], rows["viper"]
    return {
        "flash, bytecode": (bytecode["flash_bytes"], min(4_608, 0.25 * by_hand["flash_bytes"])),
        "flash, viper": (viper["flash_bytes"], min(6_144, 0.30 * by_hand["flash_bytes"])),
        "flash, all nine, bytecode": (
            rows["bytecode_all"]["flash_bytes"],
            0.25 * rows["dict_all"]["flash_bytes"],
        ),
        "packed texts": (text["packed_bytes"], 1.15 * text["zlib9_bytes"]),
        "packed texts, all nine": (every["packed_bytes"], 1.25 * every["zlib9_bytes"]),
        **{
            f"heap after import, {name}": (rows[name]["heap_import_bytes"], 768)
            for name in ("bytecode_full", "viper_full", "bytecode_full_all")
        },
        **{f"heap per call, {name}": (rows[name]["heap_call_bytes"], 0) for name in bench.OURS},
        "a hit, viper": (viper["hit_instructions"], 0.75 * by_hand["hit_instructions"]),
        "a miss, viper": (viper["miss_instructions"], 0.30 * by_hand["miss_instructions"]),
        "find, bytecode": (bytecode["find_instructions"], 16_000),
        "find, no vendor named, bytecode": (bytecode["find_any_instructions"], 16_000),
        "find, no vendor named, viper": (viper["find_any_instructions"], viper["find_instructions"]),
        "text_into, bytecode": (bytecode["text_instructions"], 80_000),
        "text_into, viper": (viper["text_instructions"], 0.08 * bytecode["text_instructions"]),
        "compile, megabytes": (found["compile"]["megabytes"], 300),
    }


REPORTER_LIMITS = {
    "heap_bytes": 3_072,
    "flash_bytes": 9_216,
    "report_instructions": 400_000,
    "tick_instructions": 12_000,
}

#: Limits that are not met yet. They stay limits: one that is met leaves this list, and no other may be missed. How far
#: they are missed is in the baseline, which does not let it grow. Why:
#: Heap: modules, classes, public functions and 17 records with empty bodies take 3,200 bytes by themselves, 752 of them
#: the look-ups. Each private function adds 24, and they are many, as a frame of over 11 words would be on the heap.
#: Flash: lamp, journal, line, report and reporter are 9.6 kB; exceptions, codes, ports, dump, storages, drivers and
#: checkup the other 8.2 kB; of all a third is names.
NOT_MET = {
    "reporter, heap_bytes",
    "reporter, flash_bytes",
}


@pytest.fixture(scope="session")
def measured(rv32: Qemu) -> Numbers:
    """Everything that `make bench` measures."""
    return bench.measure()


def test_every_limit_is_kept_but_for_those_not_met_yet(measured: Numbers) -> None:
    every = limits(measured) | {
        f"reporter, {name}": (measured["reporter"][name], most) for name, most in REPORTER_LIMITS.items()
    }
    over = {
        name: f"{name}: {value:g}, at most {most:g}" for name, (value, most) in every.items() if value > most
    }
    assert over.keys() == NOT_MET, "\n".join(
        [
            *(line for name, line in over.items() if name not in NOT_MET),
            *(f"{name}: is met now; take it out of NOT_MET" for name in sorted(NOT_MET - over.keys())),
        ]
    )


def test_no_worse_than_the_baseline(measured: Numbers) -> None:
    complaints = bench.worse(measured, json.loads(bench.BASELINE.read_text(encoding="utf-8")))
    assert not complaints, "\n".join(
        [*complaints, "meant so? bench.py --rewrite-baseline, in the same commit"]
    )


def test_growth_is_logarithmic(measured: Numbers) -> None:
    for kind in ("dense", "sparse", "adversarial"):
        small, large = (measured["growth"][f"{kind}_{size}"] for size in (1_000, 20_000))
        for what in ("hit_instructions", "miss_instructions"):
            assert large[what] <= 2 * small[what]
        assert large["flash_per_code"] <= small["flash_per_code"]


def test_comparison_finds_what_got_worse() -> None:
    row = {"flash_bytes": 1000, "hit_instructions": 100.0, "text_instructions": None}
    old: Numbers = {
        "contenders": {name: dict(row) for name in bench.OURS},
        "growth": {"dense_1000": {"codes": 1000, "flash_bytes": 10}},
        "text": {"raw_bytes": 1, "packed_bytes": 100, "decoder_bytes": 100},
        "text_all": {"packed_bytes": 300},
        "reporter": {"heap_bytes": 2000},
        "toolchain": {"gcc": "1"},
    }
    assert bench.worse(old, old) == []
    new = copy.deepcopy(old)
    new["contenders"]["viper"] |= {"flash_bytes": 1021, "hit_instructions": 103.0}
    new["text"]["packed_bytes"] = 102
    assert bench.worse(new, old) == [
        "contenders.viper.flash_bytes: 1021, was 1000",
        "contenders.viper.hit_instructions: 103, was 100",
    ]
    new["toolchain"] = {"gcc": "2"}
    assert bench.worse(new, old) == ["contenders.viper.flash_bytes: 1021, was 1000"]
    del new["growth"]["dense_1000"]["flash_bytes"]
    assert "growth.dense_1000.flash_bytes: in the baseline, and no longer measured" in bench.worse(new, old)
