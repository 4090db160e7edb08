"""Random tables: compile, link, look up, and get what went in."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkcode_host.catalog import load
from blinkcode_host.catalog.records import CODE_MAX, CODE_MIN
from blinkcode_host.cli import main
from blinkcode_host.compiler import compile_table, index, module
from blinkcode_host.compiler.module import table_id
from blinkcode_host.compiler.packing import Grammar
from targets.linked import catalog_of, run

STATES = list(load().states)
ROOT = Path(__file__).parents[2]

codes = st.one_of(
    st.integers(-40, 40),
    st.integers(-70_000, 70_000),
    st.sampled_from([-32769, -32768, 32767, 32768, 65535, 65536, CODE_MIN, CODE_MAX]),
    st.integers(CODE_MIN, CODE_MAX),
)
pairs = st.tuples(st.sampled_from(["one", "two", "three"]), codes)
texts = st.text("abcdefghij ;", min_size=1, max_size=32) | st.text(
    st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=32
)


@settings(max_examples=40, deadline=None)
@given(
    entries=st.dictionaries(pairs, st.tuples(st.sampled_from(STATES), texts), min_size=1, max_size=60),
    data=st.data(),
)
def test_what_goes_in_comes_out(entries: dict[tuple[str, int], tuple[str, str]], data: st.DataObject) -> None:
    free = st.tuples(st.sampled_from(sorted(entries)), codes)
    aliases: dict[tuple[str, int], int] = {}
    for (vendor, code), alias in data.draw(st.lists(free, max_size=5)):
        if (vendor, alias) not in entries and alias not in aliases.values():
            aliases[vendor, code] = alias
    catalog = catalog_of(entries, aliases)
    blinkcode = run(compile_table(catalog))
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    held = dict(entries) | {
        (vendor, alias): entries[vendor, code] for (vendor, code), alias in aliases.items()
    }
    canonical = {(vendor, alias): code for (vendor, code), alias in aliases.items()}
    for (vendor, code), (state, text) in held.items():
        slot = blinkcode.find(code, numbers[vendor])
        assert slot >= 0
        assert (STATES[blinkcode.state(slot)], blinkcode.text(slot)) == (state, text)
        assert (blinkcode.vendor(slot), blinkcode.code(slot)) == (
            numbers[vendor],
            canonical.get((vendor, code), code),
        )
        assert blinkcode.text(blinkcode.remedy(slot)) == catalog.states[state].remedy
    known = {code for _, code in held}
    for code in {c + step for c in known for step in (-65536, -2, -1, 0, 1, 2, 65536)}:
        owners = [vendor for vendor in numbers if (vendor, code) in held]
        slot = blinkcode.find(code)
        assert slot == (blinkcode.AMBIGUOUS if len(owners) > 1 else blinkcode.NOT_FOUND) or owners
        for vendor, number in numbers.items():
            assert (blinkcode.find(code, number) >= 0) == (vendor in owners)


@settings(max_examples=25, deadline=None)
@given(entries=st.dictionaries(pairs, st.tuples(st.sampled_from(STATES), texts), min_size=1, max_size=60))
def test_without_texts(entries: dict[tuple[str, int], tuple[str, str]]) -> None:
    catalog = catalog_of(entries)
    blinkcode = run(compile_table(catalog, text=False))
    for (vendor, code), (state, _) in entries.items():
        slot = blinkcode.find(code, list(catalog.vendors).index(vendor))
        assert STATES[blinkcode.state(slot)] == state
        assert blinkcode.text(slot) == "" and blinkcode.text_into(slot, bytearray(48)) == 0


def test_chinese_texts_all_fit_the_buffer() -> None:
    catalog = load()
    table = compile_table(catalog, language="zh")
    blinkcode = run(table)
    longest = table.constants["TEXT_MAX"]
    assert isinstance(longest, int)
    assert longest <= 48
    buf = bytearray(longest)
    for number, vendor in enumerate(catalog.vendors):
        for _, code, meaning in catalog.only([vendor]).slots():
            slot = blinkcode.find(code, number)
            assert buf[: blinkcode.text_into(slot, buf)].decode() == blinkcode.text(slot) == meaning.text_zh


@pytest.mark.parametrize("vendors", [["tuya"], ["broadlink"], ["tuya", "alibaba"]])
def test_a_subset_of_vendors(vendors: list[str]) -> None:
    catalog = load().only(vendors)
    blinkcode = run(compile_table(catalog, text=False))
    assert [getattr(blinkcode, vendor.upper()) for vendor in vendors] == list(range(len(vendors)))
    assert not hasattr(blinkcode, "ALIBABA") or "alibaba" in vendors
    for vendor, code, meaning in catalog.slots():
        assert blinkcode.state(blinkcode.find(code, vendors.index(vendor))) == STATES.index(meaning.state)


def test_too_many_codes_are_refused_with_the_limit_named() -> None:
    with pytest.raises(index.TooLarge, match=r"70000 slots .* the format holds 65534 slots"):
        index.build([(0, 2 * code) for code in range(35_000)] + [(0, 2 * code + 1) for code in range(35_000)])
    with pytest.raises(index.TooLarge, match=r"entries|ranges"):
        index.build([(0, 7 * code) for code in range(66_000)])


def unpacked(texts: Sequence[bytes]) -> Grammar:
    """The texts without phrases."""
    literals = bytes(sorted(set(b"".join(texts))))
    return Grammar(literals, (), tuple(bytes(map(literals.index, text)) for text in texts))


def test_more_text_than_the_format_holds_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,400 texts of 32 characters that stay unpacked, and the states."""
    monkeypatch.setattr(module, "pack", unpacked)
    folder, out = tmp_path / "tables", tmp_path / "table.py"
    assert main(["new-vendor", "acme", "--tables", str(folder)]) == 0
    (folder / "vendors.toml").write_text(
        (folder / "vendors.toml").read_text("utf-8").replace("[[1, 99]]", "[]"), "utf-8"
    )
    with (folder / "acme.csv").open(encoding="utf-8", newline="") as file:
        heading, first, *_ = csv.reader(file)
    with (folder / "acme.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(heading)
        for code in range(1, 2401):
            rows.writerow([code, first[1], f"{code:032}", *first[3:]])
    capsys.readouterr()
    command = ["compile", "--tables", str(folder), "--vendor", "acme", "-o", str(out)]
    assert main(command) == 2
    said = re.fullmatch(
        r"the texts of the first (\d+) of 2418 slots end at byte (\d+); the format holds 65535: "
        r"compile fewer vendors with --vendor, or use --no-text\n",
        capsys.readouterr().err,
    )
    assert said
    assert 65535 < int(said[2]) < 65535 + 20 * 33  # so near as the marks stand
    assert int(said[1]) * 32 < int(said[2])
    assert not out.exists()
    assert main([*command, "--no-text"]) == 0


def test_more_vendors_than_a_journal_can_tell_apart_are_refused() -> None:
    index.build([(vendor, vendor) for vendor in range(63)])
    with pytest.raises(index.TooLarge, match=r"of 64 vendors .* 63 vendors"):
        index.build([(vendor, vendor) for vendor in range(64)])


def test_the_id_is_over_the_content() -> None:
    catalog = load()
    ids = {
        table_id(catalog),
        table_id(catalog, language="zh"),
        table_id(catalog, text=False),
        table_id(catalog.only(["tuya"])),
    }
    assert len(ids) == 4
    assert compile_table(catalog, text=False).id == table_id(catalog, text=False)
    changed = catalog_of({("one", 1): ("PAIR", "x")}), catalog_of({("one", 1): ("OK", "x")})
    assert table_id(changed[0]) != table_id(changed[1])


def compiled(folder: Path, *options: str, seed: str = "0") -> bytes:
    out = folder / "table.py"
    command = [sys.executable, "-m", "blinkcode_host", "compile", *options, "-o", str(out)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, cwd=folder)
    return out.read_bytes()


def test_the_committed_table_is_what_the_tables_compile_to(tmp_path: Path) -> None:
    """Also that the output is the same for another hash seed, folder and environment."""
    committed = (ROOT / "firmware" / "blinkcode" / "table.py").read_bytes()
    assert compiled(tmp_path, seed="1") == committed, "run: blinkcode compile -o firmware/blinkcode/table.py"


def test_output_is_whole_or_untouched(tmp_path: Path) -> None:
    out = tmp_path / "table.py"
    out.write_text("before")
    bad = tmp_path / "tables"
    bad.mkdir()
    command = [sys.executable, "-m", "blinkcode_host", "compile", "--tables", str(bad), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("vendors.toml: no such file; create it, or name the right folder\n")
    assert out.read_text() == "before" and sorted(p.name for p in tmp_path.iterdir()) == [
        "table.py",
        "tables",
    ]
    done = subprocess.run(
        [*command[:4], "--no-text", "-o", str(out / "x.py")], capture_output=True, text=True
    )
    assert done.returncode == 2 and "cannot be written (Not a directory)" in done.stderr
