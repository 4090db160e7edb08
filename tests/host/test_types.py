"""The stubs say what the runtime has, and a type checker finds a user's mistakes with them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from targets import ROOT

FIRMWARE = ROOT / "firmware"

PROJECT = """\
import sys
from collections.abc import Callable

import blinkcode
from blinkcode import drivers, storages
from blinkcode.reporter import Reporter


def start(pin: Callable[[bool], object]) -> None:
    reporter = Reporter(led=drivers.active_low(pin), log=sys.stdout, journal=storages.File("j.bin"))
    reporter.report(-4012, blinkcode.BROADLINK)
    reporter.catch(OSError(5))
    reporter.report("1010", "tuya")
    reporter.spell(-4012)
    reporter.lamp.brightness = 5
    reporter.tick(20)
    reporter.dump(sys.stdout)
    reporter.test()
    Reporter(journal=4, level=40).clear()


def lamp(code: int) -> str:
    slot = blinkcode.find(code, blinkcode.TUYA)
    if blinkcode.state(slot) == blinkcode.PAIR:
        return "pair: " + blinkcode.text(slot)
    buf = bytearray(48)
    used = blinkcode.text_into(blinkcode.remedy(slot), buf)
    return buf[:used].decode()


known: "int | None" = blinkcode.code(blinkcode.find(blinkcode.int16(61524)))
"""

MISTAKES = """\
import blinkcode
from blinkcode.reporter import Reporter
blinkcode.text(blinkcode.vendor(3))
blinkcode.text_into(3, "buffer")
blinkcode.PIAR
blinkcode.state("3")
blinkcode.OK = 1
Reporter(lamp=print)
Reporter(journal="j.bin")
"""


HOST = """\
import logging

from blinkcode_host import logs
from blinkcode_host.testing import Device

logs.attach(logging.getLogger("tuya"))
logging.StreamHandler().addFilter(logs.Explain(language="zh"))


def test_it(blinkcode_device: Device) -> None:
    blinkcode_device.reporter.report(1010, "tuya")
    blinkcode_device.clock.advance(1000)
    state: "str | None" = blinkcode_device.lamp.state
    lines: "list[str]" = blinkcode_device.log.lines + blinkcode_device.journal
    assert state, lines
"""

HOST_MISTAKES = """\
from blinkcode_host import logs
from blinkcode_host.testing import Device
logs.attach("tuya")
Device(level="ERROR")
Device().clock.advance("1000")
Device().lamp.states
"""


def run(*command: str, path: Path = FIRMWARE) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MYPYPATH": str(path), "PYTHONPATH": str(path)}
    return subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, check=False
    )


def check(tmp_path: Path, source: str, path: Path = FIRMWARE) -> str:
    project = tmp_path / "project.py"
    project.write_text(source)
    cache = f"--cache-dir={tmp_path / 'cache'}"
    return run("mypy", "--strict", "--config-file=", cache, str(project), path=path).stdout


def test_a_users_project_passes(tmp_path: Path) -> None:
    assert check(tmp_path, PROJECT).startswith("Success")


def test_a_users_mistakes_are_found(tmp_path: Path) -> None:
    said = check(tmp_path, MISTAKES)
    assert [int(line) for line in re.findall(r"project\.py:(\d+): error", said)] == [3, 4, 5, 6, 7, 8, 9]


def test_a_users_tests_and_logging_pass(tmp_path: Path) -> None:
    assert check(tmp_path, HOST).startswith("Success")
    said = check(tmp_path, HOST_MISTAKES)
    assert [int(line) for line in re.findall(r"project\.py:(\d+): error", said)] == [3, 4, 5, 6]


def test_vendors_of_ones_own(tmp_path: Path) -> None:
    assert main(["new-vendor", "acme", "--tables", str(tmp_path / "tables")]) == 0
    ship = ["mip", "--tables", str(tmp_path / "tables"), "--vendor", "acme", "--vendor", "alibaba"]
    assert main([*ship, "-o", str(tmp_path)]) == 0
    project = "import blinkcode\nblinkcode.find(1, blinkcode.ACME)\nblinkcode.find(1, blinkcode.TUYA)\n"
    said = check(tmp_path, project, tmp_path / "py")
    assert [int(line) for line in re.findall(r"project\.py:(\d+): error", said)] == [3]


# What is for the runtime alone, though it has no underscore.
INNER = {
    "blinkcode": "const table __getattr__ lookup_native",  # which MicroPython alone can import
    "blinkcode.lookup": "const table",
    "blinkcode.lamp": "Lamp.__init__ Lamp.drive_again Lamp.live Lamp.show Lamp.spell Lamp.tick",
    "blinkcode.line": "Given",
}


STUBS = sorted({path.name for path in (FIRMWARE / "blinkcode").glob("*.pyi")} - {"lookup_native.pyi"})


@pytest.mark.parametrize("stub", STUBS)
def test_stubs_match_the_runtime(stub: str, tmp_path: Path) -> None:
    module = "blinkcode" if stub == "__init__.pyi" else f"blinkcode.{stub.removesuffix('.pyi')}"
    allow = tmp_path / "allow"
    inner = [f"{owner}.{name}\n" for owner, names in INNER.items() for name in names.split()]
    allow.write_text("".join(inner), encoding="utf-8")
    done = run("mypy.stubtest", module, "--allowlist", str(allow), "--ignore-unused-allowlist")
    assert done.returncode == 0, done.stdout


def test_constants_of_the_stub_are_the_tables() -> None:
    catalog = load()
    table = (FIRMWARE / "blinkcode" / "table.py").read_text(encoding="utf-8")
    (names,) = re.findall(r'^NAMES = "(.*)"$', table, re.MULTILINE)
    wanted = {"NOT_FOUND": -1, "AMBIGUOUS": -2}
    wanted |= {name: state.number for name, state in catalog.states.items()}
    vendors = catalog.vendors_of("cloud", "system")
    wanted |= {
        vendor.upper(): number for number, vendor in enumerate(vendors) if f" {vendor.upper()} " in names
    }
    stub = (FIRMWARE / "blinkcode" / "__init__.pyi").read_text(encoding="utf-8")
    found = {name: int(value) for name, value in re.findall(r"^(\w+): Final = (-?\d+)$", stub, re.MULTILINE)}
    assert found == wanted
