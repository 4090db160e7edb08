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
    rows, text = found["contenders"], found["text"]
    by_hand, bytecode, viper = rows["dict"], rows["bytecode"], rows["viper"]
    heap = min(512, 0.20 * by_hand["heap_import_bytes"])
    return {
        "flash, bytecode": (bytecode["flash_bytes"], min(4_608, 0.25 * by_hand["flash_bytes"])),
        "flash, viper": (viper["flash_bytes"], min(5_632, 0.30 * by_hand["flash_bytes"])),
        "packed texts": (text["packed_bytes"], 1.15 * text["zlib9_bytes"]),
        "heap after import, bytecode": (rows["bytecode_full"]["heap_import_bytes"], heap),
        "heap after import, viper": (rows["viper_full"]["heap_import_bytes"], heap),
        **{f"heap per call, {name}": (rows[name]["heap_call_bytes"], 0) for name in bench.OURS},
        "a hit, viper": (viper["hit_instructions"], 0.70 * by_hand["hit_instructions"]),
        "a miss, viper": (viper["miss_instructions"], 0.30 * by_hand["miss_instructions"]),
        "find, bytecode": (bytecode["find_instructions"], 16_000),
        "find, no vendor named, bytecode": (bytecode["find_any_instructions"], 16_000),
        "find, no vendor named, viper": (viper["find_any_instructions"], viper["find_instructions"]),
        "text_into, viper": (viper["text_instructions"], 4_000),
        "text_into, bytecode": (bytecode["text_instructions"], 80_000),
        "compile, megabytes": (found["compile"]["megabytes"], 300),
    }


REPORTER_LIMITS = {
    "heap_bytes": 1_536,
    "flash_bytes": 8_192,
    "report_instructions": 30_000,
    "tick_instructions": 3_000,
    "flash_bytecode_bytes": 8_192,
}


@pytest.fixture(scope="session")
def measured(rv32: Qemu) -> Numbers:
    """Everything that `make bench` measures."""
    return bench.measure()


def test_every_limit_is_kept(measured: Numbers) -> None:
    over = [
        f"{name}: {value:g}, at most {most:g}"
        for name, (value, most) in limits(measured).items()
        if value > most
    ]
    assert not over, "\n".join(over)


@pytest.mark.parametrize("name", REPORTER_LIMITS)
def test_limit_of_the_reporter(measured: Numbers, name: str) -> None:
    assert measured["reporter"][name] <= REPORTER_LIMITS[name]


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
