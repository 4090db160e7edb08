"""What README.md prints is what its reader gets."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from blinkcode_host.catalog.reader import load
from blinkcode_host.explaining.explain import explain
from missing import unix_port
from targets import ROOT
from targets.target import FIRMWARE

README = ROOT / "README.md"
MADE = re.compile(r"(?<=<!-- from `make` -->\n).*?(?=<!-- end -->)", re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VALUE = re.compile(r"(True|-?\d+(?=[,;])|\"[^\"]*\"|\([^()]*\))")
LOGGED = re.compile(r"[DIWEC] \(\d+\) blinkcode: .*")
TIME = re.compile(r"\(\d+\)")
UNITS = dict.fromkeys(("hit", "miss", "text"), "instructions")
# An ESP32, as far as the README needs it. A timer fires once.
BOARD = """
import sys
class Module: pass
class Pin:
    OUT = 1
    def __init__(self, *_): pass
    def __call__(self, *_): pass
class Timer:
    def __init__(self, _, period, callback): callback(self)
class WLAN:
    def __init__(self, _): pass
    def status(self): return 1010
for name, names in (("machine", {"Pin": Pin, "Timer": Timer}), ("network", {"WLAN": WLAN, "STA_IF": 0})):
    sys.modules[name] = Module()
    for key in names: setattr(sys.modules[name], key, names[key])
import blinkcode.exceptions
blinkcode.exceptions.PLATFORM = "esp32"
del blinkcode, sys
"""


def text() -> str:
    return README.read_text(encoding="utf-8")


def unix(script: Path | str) -> str:
    """What a script prints on the Unix port, with the firmware's sources."""
    program = unix_port()
    command = [program, str(script)] if isinstance(script, Path) else [program, "-c", script]
    environment = {**os.environ, "MICROPYPATH": f".frozen:{FIRMWARE}"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


def test_make_prints_what_it_shows() -> None:
    """A selection of its parts, which begin with a title. BLINKCODE_UPDATE=1 writes them anew."""
    printed = {
        part.split("\n")[0]: part.strip("\n") for part in unix(ROOT / "demo" / "codes.py").split("\n\n")
    }
    (made,) = MADE.findall(text())
    titles = [part.split("\n")[0].strip() for part in made.split("\n\n")]
    assert len(titles) > 3
    happens = "\n\n".join(re.sub("(?m)^", "    ", printed[title]) for title in titles) + "\n"
    if os.environ.get("BLINKCODE_UPDATE") == "1":
        README.write_text(MADE.sub(lambda _: happens, text()), encoding="utf-8")
    assert happens == MADE.findall(text())[0]


def test_the_code_runs_line_by_line_on_micropython() -> None:
    """All names are defined by it or by a board; a comment that begins with a value or a log line is true."""
    lines = [line for block in PYTHON.findall(text()) for line in block.splitlines() if line]
    script, expected = BOARD, []
    for line in lines:
        code, _, comment = (part.strip() for part in line.partition("  #"))
        value, logged = VALUE.match(comment), LOGGED.match(comment)
        script += "print('---')\n"
        if logged:
            script += code + "\n"
            expected.append(TIME.sub("(0)", logged[0]) + "\n")
        elif value:
            script += f"print(({code}) == {value[0]} or ({code}))\n"
            expected.append("True\n")
        else:
            script += code + "\n"
            expected.append("")
    said = [TIME.sub("(0)", part) for part in unix(script).split("---\n")[1:]]
    assert len(said) == len(lines)
    assert sum(map(bool, expected)) >= 10
    for line, is_said, is_expected in zip(lines, said, expected, strict=True):
        if is_expected:
            assert is_said == is_expected, line


def test_the_states_are_those_of_the_tables() -> None:
    catalog = load()
    rows = re.findall(r"^\| ([A-Z_]+) \| ([^|]+) \| ([^|]+) \| ([A-Z]+) \| ([^|]+) \|$", text(), re.MULTILINE)
    assert [row[0] for row in rows] == list(catalog.states)
    for name, _, flashes, level, remedy in rows:
        state = catalog.states[name]
        assert (flashes, level, remedy) == (state.count, state.level, state.remedy), name


def test_the_counts_are_those_of_the_tables() -> None:
    """The README's is the next full fifty; the changelog's are exact."""
    catalog = load()
    (nearly,) = re.findall(r"nearly (\d+) meanings", text())
    assert int(nearly) - 50 < len(catalog.meanings) <= int(nearly)
    clouds = catalog.only(catalog.vendors_of("cloud"))
    said = " ".join((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split())
    codes = {(meaning.vendor, meaning.code) for meaning in clouds.meanings}
    assert f"{len(clouds.meanings)} meanings of {len(codes)} codes" in said


def test_the_notations_are_understood() -> None:
    catalog = load()
    rows = re.findall(r"^    blinkcode explain (\S+) +(.*)$", text(), re.MULTILINE)
    written = [row[0] for row in rows]
    for _, others in rows:
        written += re.findall(r'"[^"]*"|-?(?:0x)?[0-9A-F][0-9A-Fa-f,]{2,}(?= |,|$)|\w+:\d+', others)
    assert len(written) >= 10, written
    for one in written:
        assert explain(catalog, one.strip('",')).found, one


def test_nobody_is_sent_to_a_package_that_is_not_there() -> None:
    """No package index has blinkcode."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.md", "*.py", "*.toml", "Makefile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split() or [str(p.relative_to(ROOT)) for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]]
    for file in tracked:
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            assert not re.search(r"pip3? install +['\"]?blinkcode\b", line), f"{file}: {line}"


def test_the_heap_of_each_way_is_that_of_the_measured_table() -> None:
    shipping = (ROOT / "docs" / "shipping.md").read_text(encoding="utf-8")
    measured = {
        way: int(n.replace(",", "")) for way, n in re.findall(r"^\| ([^|]+) \| ([\d,]+) \|$", shipping, re.M)
    }
    sources, bytecode = (f"{measured[way] / 1000:.1f} kB" for way in ("mip, sources", "mip, bytecode"))
    for said in (
        f"| {sources}, or {bytecode} |",
        f"| {measured['ROMFS']:,} bytes |",
        f"| {measured['frozen']:,} bytes |",
    ):
        assert said in text()


def test_what_it_costs_is_what_was_measured() -> None:
    """The rows of look-ups have the figures of the baseline, which `make bench` measures."""
    baseline = json.loads((ROOT / "tests" / "benchmarks" / "baseline.json").read_text(encoding="utf-8"))
    columns = ("flash", "heap_import", "heap_call", "hit", "miss", "text")
    short, full = {}, {}
    for name, row in baseline["contenders"].items():
        figures = [row[f"{column}_{UNITS.get(column, 'bytes')}"] for column in columns]
        full[name] = " | ".join("-" if figure is None else f"{figure:,.0f}" for figure in figures)
        short[name] = f"{row['flash_bytes']:,}"
    said = text()
    for name in ("dict", "if_chain", "json", "tuple", "bytecode", "viper", "no_text"):
        assert f" | {full[name]} |" in said, name
    for name in ("dict_all", "bytecode_all", "viper_all", "bytecode_mbedtls"):
        assert f" | {short[name]} |\n" in said, name
