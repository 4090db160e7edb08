"""The heap that importing blinkcode takes, for each of the four ways to ship; docs/shipping.md publishes it."""

from __future__ import annotations

import binascii
import os
import re
import subprocess
import sys

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.shipping.packages import bytecode, romfs, sources
from targets import ROOT
from targets.board import Qemu
from targets.build import build_rv32, empty_manifest
from targets.measure import heap_of

DOCUMENT = ROOT / "docs" / "shipping.md"
TABLE = re.compile(r"(?<=anew -->\n).*?(?=<!-- end -->)", re.DOTALL)
#: How far a figure may be from the published one; more means that the document must be written anew.
TOLERANCE = 0.1

# A filesystem of plain files, read as those in flash are: piece by piece into RAM.
FILES = """
import io, sys, vfs

class Files:
    def __init__(self, files):
        self.files = files
    def mount(self, readonly, mkfs):
        pass
    def stat(self, path):
        path = path.strip("/")
        if path in self.files:
            return (0x8000, 0, 0, 0, 0, 0, len(self.files[path]), 0, 0, 0)
        if any(name.startswith(path + "/") for name in self.files):
            return (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        raise OSError(2)
    def open(self, path, mode):
        return io.BytesIO(self.files[path.strip("/")])
"""


def mounted(files: dict[str, bytes]) -> str:
    """Script text that mounts files and puts them on the path."""
    named = {f"blinkcode/{file}": content for file, content in files.items()}
    return f"{FILES}vfs.mount(Files({named!r}), '/flash')\nsys.path.append('/flash')\n"


@pytest.fixture(scope="module")
def table() -> Compiled:
    return compile_table(load())


@pytest.fixture(scope="module")
def figures(table: Compiled, rv32: Qemu) -> dict[str, int]:
    """Bytes of heap by way."""
    image = binascii.b2a_base64(romfs(table))
    in_memory = f"import binascii, sys, vfs\nimage = binascii.a2b_base64({image!r})\n"
    in_memory += "vfs.mount(vfs.VfsRom(image), '/rom')\nsys.path.append('/rom/lib')\n"
    found = {"frozen": heap_of(rv32, "import blinkcode")[0]}
    with Qemu(build_rv32(empty_manifest())) as plain:
        for way, setup in (
            ("ROMFS", in_memory),
            ("mip, bytecode", mounted(only_read(bytecode(table)))),
            ("mip, sources", mounted(only_read(sources(table)))),
        ):
            found[way] = heap_of(plain, "import blinkcode", setup)[0]
    found["pip, CPython"] = on_cpython()
    return found


def only_read(files: dict[str, bytes]) -> dict[str, bytes]:
    """The modules that `import blinkcode` reads: the script that carries them must fit into RAM too."""
    return {file: content for file, content in files.items() if file.startswith(("__init__.", "lookup."))}


def on_cpython() -> int:
    script = "import gc, tracemalloc\ntracemalloc.start()\nimport blinkcode\ngc.collect()\n"
    script += "print(tracemalloc.get_traced_memory()[0])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT / "firmware")},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def as_table(figures: dict[str, int]) -> str:
    rows = [f"| {way} | {figure:,} |\n" for way, figure in figures.items()]
    return "| way | bytes of heap after `import blinkcode` |\n|---|---:|\n" + "".join(rows)


def test_the_published_figures_are_true(figures: dict[str, int]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    if os.environ.get("BLINKCODE_UPDATE") == "1":
        text = TABLE.sub(as_table(figures), text)
        DOCUMENT.write_text(text, encoding="utf-8")
    published = dict(re.findall(r"^\| (.*?) \| ([\d,]+) \|$", text, re.MULTILINE))
    assert list(published) == list(figures)
    for way, figure in figures.items():
        said = int(published[way].replace(",", ""))
        if way != "pip, CPython":  # it differs between versions of Python
            assert abs(figure - said) <= TOLERANCE * said, (
                f"{way}: {figure}; BLINKCODE_UPDATE=1 writes it anew"
            )


def test_the_less_is_in_ram_the_less_it_takes(figures: dict[str, int]) -> None:
    assert figures["frozen"] <= 768
    assert figures["frozen"] <= figures["ROMFS"] < figures["mip, bytecode"] < figures["mip, sources"]
    assert figures["ROMFS"] <= 1536  # two modules


def test_the_files_are_read_as_files(table: Compiled) -> None:
    with Qemu(build_rv32(empty_manifest())) as plain:
        said = plain.run(mounted(only_read(bytecode(table))) + "import blinkcode\nprint(blinkcode.__file__)")
    assert said == "/flash/blinkcode/__init__.mpy\n"
