"""Firmware that freezes a manifest: the Unix port as a board, and bare-metal RV32 for QEMU.

A build is named by everything that goes into it: the manifest, the content of every file that it
pulls in, the source tree and the flags. One that was made before is returned at once. Objects stay
in one work folder per variant, so another frozen content compiles one file and links again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import BUILD, MissingTool
from .debian_source import Tree, locked, source_tree

RV32_ARCH = "rv32imac -misa-spec=2.2"
RV32_MPY_CROSS_FLAGS = "-march=rv32imc"  # newer boards ask for zcmp, which QEMU before 8.0 cannot run
RV32_HEAP_BYTES = 143360
_RV32_PREFIX = "riscv64-unknown-elf-"
_RV32_PACKAGES = ("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf")
_VARIANT = Path(__file__).resolve().parent / "unix_variant"
_CACHE = BUILD / "targets"
_FROZEN = ("frozen_content.c", "frozen_content.o", "build/frozen_content.o")
_KEPT_BUILDS = 64
_NATIVE = {"x86_64": "x64", "amd64": "x64", "i686": "x86", "armv7l": "armv7emsp"}
_UNWANTED = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "BOARD", "BUILD", "VARIANT", "CFLAGS"}


class BuildError(Exception):
    """A manifest or a build has an error; the text ends with what the tool said."""


@dataclass(frozen=True)
class FrozenFile:
    """One file that a manifest freezes.

    `target` is the path on the device, `opt` the optimisation level (None: the port's own),
    `as_text` is true for a file that is frozen as source.
    """

    path: Path
    target: str
    opt: int | None
    as_text: bool


@dataclass(frozen=True)
class _Port:
    """How one port is built: its folder in the tree, make's settings, and the files it leaves."""

    name: str
    folder: str
    settings: dict[str, str]
    firmware: str
    inputs: tuple[Path, ...] = field(default=())


def build_unix(manifest: Path, tree: Tree | None = None, lib_dir: Path | None = None) -> Path:
    """Freeze `manifest` into the Unix port and return the path of the executable.

    The executable has the module `serial_repl`, whose `serve()` makes it a board on a serial line.
    Raises MissingTool without compiler or source, BuildError when the manifest or the build fails.
    """
    for command in ("make", "gcc"):
        if not shutil.which(command):
            raise MissingTool("Unix build skipped: apt-get install build-essential")
    settings = {"VARIANT_DIR": str(_VARIANT), "PROG": "micropython"}
    native = _NATIVE.get(platform.machine().lower())
    if native:
        settings["MPY_CROSS_FLAGS"] = f"-march={native}"
    variant = tuple(sorted(path for path in _VARIANT.iterdir() if path.is_file()))
    return _build(_Port("unix", "ports/unix", settings, "micropython", variant), manifest, tree, lib_dir)


def build_rv32(
    manifest: Path,
    tree: Tree | None = None,
    lib_dir: Path | None = None,
    heap_bytes: int = RV32_HEAP_BYTES,
) -> Path:
    """Freeze `manifest` into the firmware of board VIRT_RV32 and return the path of firmware.elf.

    The linker script is the board's without the padding to whole pages inside of .text, so that
    sizes are exact. `frozen_content.o` and `frozen_content.c` lie beside the ELF file.
    Raises MissingTool without compiler or source, BuildError when the manifest or the build fails.
    """
    check_rv32_compiler()
    settings = {"BOARD": "VIRT_RV32", "RV32_ARCH": RV32_ARCH, "MICROPY_HEAP_SIZE": str(heap_bytes)}
    settings["MPY_CROSS_FLAGS"] = RV32_MPY_CROSS_FLAGS
    return _build(_Port("rv32", "ports/qemu", settings, "firmware.elf"), manifest, tree, lib_dir)


def check_rv32_compiler() -> None:
    """Raise MissingTool, naming every package to install, unless RV32 can be built."""
    missing = missing_rv32_packages()
    if missing:
        raise MissingTool(f"RISC-V build skipped: apt-get install {' '.join(missing)}")


def missing_rv32_packages() -> list[str]:
    """Return Debian's names of the packages that an RV32 build needs and this machine lacks."""
    missing = [] if shutil.which("make") else ["make"]
    compiler = shutil.which(f"{_RV32_PREFIX}gcc")
    if not compiler:
        return [*missing, *_RV32_PACKAGES]
    specs = subprocess.run(
        [compiler, "--print-file-name=picolibc.specs"], capture_output=True, text=True, check=False
    )
    return missing if os.path.isabs(specs.stdout.strip()) else [*missing, _RV32_PACKAGES[1]]


def mpy_cross(tree: Tree | None = None) -> Path:
    """Build the tree's own mpy-cross, once, and return its path. Raises BuildError, MissingTool."""
    tree = tree or source_tree()
    folder = _CACHE / "work" / f"mpy-cross-{_digest(str(tree.path), tree.identity)}"
    program = folder / "mpy-cross"
    with locked(folder.with_suffix(".lock")):
        if not program.exists():
            _make(tree.path / "mpy-cross", {"BUILD": str(folder)})
    return program


def manifest_files(
    manifest: Path, port: str = "ports/unix", tree: Tree | None = None, lib_dir: Path | None = None
) -> list[FrozenFile]:
    """Resolve a manifest with the tree's own manifestfile.py; `port` is the port's folder in the tree.

    `lib_dir` stands for micropython-lib; without it, an empty one. Raises BuildError.
    """
    tree = tree or source_tree()
    tool = tree.path / "tools" / "manifestfile.py"
    spec = importlib.util.spec_from_file_location(f"manifestfile_{_digest(str(tool))}", tool)
    if spec is None or spec.loader is None:
        raise BuildError(f"{tool}: cannot be loaded")
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    variables = {
        "MPY_DIR": str(tree.path),
        "PORT_DIR": str(tree.path / port),
        "BOARD_DIR": str(tree.path / port / "boards" / manifest.parent.name),
        "MPY_LIB_DIR": str(lib_dir or empty_library()),
    }
    resolver = module.ManifestFile(module.MODE_FREEZE, variables)
    try:
        resolver.execute(str(manifest))
    except module.ManifestFileError as error:
        raise BuildError(f"{manifest}: {error}") from None
    return [
        FrozenFile(Path(f.full_path), f.target_path, f.opt, f.kind == module.KIND_FREEZE_AS_STR)
        for f in resolver.files()
    ]


def elf_size(elf: Path) -> int:
    """Return the bytes of flash that an ELF or object file takes: its text and its initialised data."""
    lines = _output([_tool("size"), str(elf)]).splitlines()
    text, data = lines[1].split()[:2]
    return int(text) + int(data)


def symbol_sizes(elf: Path, pattern: str = "") -> dict[str, int]:
    """Return the size in bytes of each symbol whose name the regular expression finds (with re.match).

    Symbols of one name are added up. String and bytes literals have no symbol of their own.
    """
    sizes: dict[str, int] = {}
    for line in _output([_tool("nm"), "-S", str(elf)]).splitlines():
        parts = line.split()
        if len(parts) == 4 and re.match(pattern, parts[3]):
            sizes[parts[3]] = sizes.get(parts[3], 0) + int(parts[1], 16)
    return sizes


def toolchain() -> dict[str, str]:
    """Return what decides how many instructions a build takes: MicroPython's source and the compiler."""
    version = _output([_tool("gcc"), "-dumpfullversion"]).strip()
    return {"micropython": source_tree().identity, "gcc": version}


def empty_library() -> Path:
    """Return a folder that stands for micropython-lib and holds nothing."""
    folder = _CACHE / "no-micropython-lib"
    folder.mkdir(parents=True, exist_ok=True)
    readme = folder / "README.md"
    if not readme.exists():
        readme.write_text("Stands for micropython-lib, of which nothing is used.\n", encoding="utf-8")
    return folder


def empty_manifest() -> Path:
    """Return a manifest that freezes nothing."""
    manifest = _CACHE / "nothing" / "manifest.py"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    if not manifest.exists():
        manifest.write_text("", encoding="utf-8")
    return manifest


def _build(port: _Port, manifest: Path, tree: Tree | None, lib_dir: Path | None) -> Path:
    """Build `port` with `manifest` frozen, or find it built; return the path of the firmware."""
    tree = tree or source_tree()
    manifest = manifest.resolve()
    library = lib_dir.resolve() if lib_dir else empty_library()
    files = manifest_files(manifest, port.folder, tree, library)
    flags = [str(tree.path), tree.identity, *(f"{name}={value}" for name, value in port.settings.items())]
    flags += [path.read_text(encoding="utf-8") for path in port.inputs]
    work = _CACHE / "work" / f"{port.name}-{_digest(*flags)}"
    contents = [hashlib.sha256(f.path.read_bytes()).hexdigest() + f"{f.target} {f.opt}" for f in files]
    key = _digest(*flags, manifest.read_text(encoding="utf-8"), str(lib_dir), *contents)
    result = _CACHE / "firmware" / f"{port.name}-{key}"
    if (result / port.firmware).exists():
        os.utime(result)
        return result / port.firmware
    cross = mpy_cross(tree)
    with locked(work.with_suffix(".lock")):
        if not (result / port.firmware).exists():
            _clear_frozen(work)
            settings = {
                **port.settings,
                "BUILD": str(work),
                "FROZEN_MANIFEST": str(manifest),
                "MPY_LIB_DIR": str(library),
                "MICROPY_MPYCROSS": str(cross),
                "PYTHON": sys.executable,
                **_link_script(port, tree, work),
            }
            _make(tree.path / port.folder, settings)
            _keep(work, result, port.firmware)
    return result / port.firmware


def _clear_frozen(work: Path) -> None:
    """Delete what was frozen last: make compares times, and another content may be an older file."""
    shutil.rmtree(work / "frozen_mpy", ignore_errors=True)
    for name in _FROZEN:
        (work / name).unlink(missing_ok=True)


def _link_script(port: _Port, tree: Tree, work: Path) -> dict[str, str]:
    """Return make's setting for an RV32 linker script that has no page padding inside of .text."""
    script = tree.path / port.folder / "mcu" / "rv32" / "virt.ld"
    if port.name != "rv32" or not script.is_file():
        return {}
    work.mkdir(parents=True, exist_ok=True)
    exact = work / "exact.ld"
    padding = r"(\*\(\.text\)\s*)\. = ALIGN ?\(4K\);"
    text = re.sub(padding, r"\1. = ALIGN(4);", script.read_text(encoding="utf-8"))
    if not exact.exists() or exact.read_text(encoding="utf-8") != text:
        exact.write_text(text, encoding="utf-8")
    return {"LDSCRIPT": str(exact)}


def _keep(work: Path, result: Path, firmware: str) -> None:
    """Copy what a build made from `work` to `result`, whole or not at all; forget the oldest builds."""
    fresh = result.with_name(f"{result.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in (firmware, "genhdr/qstrdefs.preprocessed.h", *_FROZEN):
        if (work / name).exists():
            shutil.copy2(work / name, fresh / Path(name).name)
    fresh.rename(result)
    builds = sorted(result.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[_KEPT_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)


def _make(folder: Path, settings: dict[str, str]) -> None:
    """Run make in `folder`. Raises BuildError with the end of its output."""
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    jobs = min(os.cpu_count() or 1, 8)
    assignments = [f"{name}={value}" for name, value in settings.items()]
    command = ["make", f"-j{jobs}", "-C", str(folder), *assignments]
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BuildError("make failed:\n" + "\n".join(done.stdout.splitlines()[-30:]))


def _tool(name: str) -> str:
    """Return the path of a RISC-V binary tool. Raises MissingTool."""
    path = shutil.which(_RV32_PREFIX + name)
    if not path:
        raise MissingTool(f"RISC-V sizes skipped: apt-get install {' '.join(_RV32_PACKAGES)}")
    return path


def _output(command: list[str]) -> str:
    """Run a command and return its output. Raises BuildError with what it complained about."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def _digest(*parts: str) -> str:
    """Name a list of strings: 16 hex digits."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
