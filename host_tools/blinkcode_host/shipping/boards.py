"""Boards: what blinkcode.toml says, and the package that the board's manifest freezes.

A board is a folder with blinkcode.toml and manifest.py. Its package is the runtime, each module joined with
the board's table, under build/boards/BOARD/blinkcode.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from blinkcode_host.catalog import Catalog, TableErrors
from blinkcode_host.catalog.toml import Stanza, read_toml
from blinkcode_host.catalog.trouble import Trouble
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.compiler.linker import link, names_of
from blinkcode_host.compiler.module import literal
from blinkcode_host.shipping.whole import write_whole

_PACKAGE = Path(__file__).parents[1]
_CHECKOUT = _PACKAGE.parents[1]
LOOKUP, NATIVE_LOOKUP = "lookup.py", "lookup_native.py"
#: Modules that no package has: the table, const() and the native look-ups become part of the others.
_UNLINKED = ("table.py", "const.py", NATIVE_LOOKUP)

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Dotted = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$")]


class Led(Stanza):
    """How the lamp is wired: the kind of output, its GPIO number, and the level that lights it."""

    kind: Literal["pin", "pwm", "neopixel"]
    pin: Annotated[int, Field(ge=0, le=99, strict=True)]
    active: Literal["high", "low"] = "high"


class Settings(Stanza):
    """blinkcode.toml; each key is described in docs/porting.md."""

    port: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    board: Name | None = None
    arch: Annotated[str, Field(pattern=r"^[a-z0-9+]+$")] | None = None
    emitter: Literal["viper", "bytecode"] = "bytecode"
    vendors: Annotated[list[str], Field(min_length=1)] | None = None
    language: str = "en"
    text: Annotated[bool, Field(strict=True)] = True
    budget: Annotated[int, Field(gt=0, strict=True)]
    leave_out: list[Dotted] = Field(default_factory=list)
    make: dict[Name, str] = Field(default_factory=dict)
    led: Led | None = None

    @model_validator(mode="after")
    def _viper_needs_arch(self) -> Settings:
        if self.emitter == "viper" and not self.arch:
            raise ValueError("the viper emitter needs arch")
        return self


@dataclass(frozen=True)
class Board:
    """A board's folder, its name (the folder's) and its settings."""

    folder: Path
    settings: Settings

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def toml(self) -> Path:
        return self.folder / "blinkcode.toml"


def built_in_boards() -> Path:
    """The folder of the boards that come with blinkcode: inside the wheel, or of the checkout."""
    packed = _PACKAGE / "boards"
    return packed if packed.is_dir() else _CHECKOUT / "boards"


def runtime_folder() -> Path:
    """The folder of the runtime: installed beside this package, or of the checkout."""
    installed = _PACKAGE.parent / "blinkcode"
    return installed if installed.is_dir() else _CHECKOUT / "firmware" / "blinkcode"


def runtime() -> dict[str, str]:
    """The runtime's modules by file name, as source, to be linked with a table; without the native look-ups."""
    files = sorted(runtime_folder().glob("*.py"))
    return {path.name: path.read_text(encoding="utf-8") for path in files if path.name not in _UNLINKED}


def native_lookup() -> str:
    """The source of the look-ups that are native code."""
    return (runtime_folder() / NATIVE_LOOKUP).read_text(encoding="utf-8")


def board_names() -> list[str]:
    """The names of the built-in boards."""
    return sorted(path.parent.name for path in built_in_boards().glob("*/blinkcode.toml"))


def read_board(name: str) -> Board:
    """The built-in board of that name, or the one in the folder of that path.

    Raises LookupError where there is neither, TableErrors with every error of its blinkcode.toml.
    """
    built_in = built_in_boards() / name
    folder = built_in if name in board_names() else Path(name).resolve()
    path = folder / "blinkcode.toml"
    if not path.is_file():
        raise LookupError(
            f"{name}: no such board; there are {', '.join(board_names())}, or a folder with blinkcode.toml"
        )
    return Board(folder, read_toml(path, Settings, "docs/porting.md"))


def compile_board(board: Board, catalog: Catalog, command: str = "") -> Compiled:
    """The table that the board asks for. Raises TableErrors for a vendor that the catalog lacks, TooLarge."""
    vendors = board.settings.vendors or catalog.vendors_of("cloud", "system")
    unknown = [vendor for vendor in vendors if vendor not in catalog.vendors]
    if unknown:
        known = ", ".join(catalog.vendors)
        what = f"no such vendor: {', '.join(unknown)}; there are {known}, or add a folder with --tables"
        raise TableErrors([Trouble(board.toml, 0, "vendors", what)])
    return compile_table(
        catalog.only(vendors),
        language=board.settings.language,
        text=board.settings.text,
        command=command or f"blinkcode firmware {board.name}",
    )


def linked(board: Board, table: Compiled) -> dict[str, str]:
    """The board's modules by file name, as source. Raises TableErrors for a wrong name in leave_out."""
    native = native_lookup() if board.settings.emitter == "viper" else ""
    found: dict[str, str] = {}
    for file, functions in _left_out(board).items():
        try:
            found[file] = link(
                runtime()[file], table, native=native if file == LOOKUP else "", without=functions
            )
        except ValueError as error:
            raise TableErrors([Trouble(board.toml, 0, "leave_out", f"{file}: {error}")]) from None
    if board.settings.led:
        found["wiring.py"] = _wiring(board.name, board.settings.led)
    return found


def _left_out(board: Board) -> dict[str, list[str]]:
    """What the board's leave_out leaves out, by file name; a module that it names has no entry.

    A function without a module is one of the look-ups, and no public name any more. Raises TableErrors.
    """
    modules = runtime()
    without: dict[str, list[str]] = {file: [] for file in modules}
    for entry in board.settings.leave_out:
        module, _, function = entry.rpartition(".")
        if not module and f"{function}.py" in modules:
            without.pop(f"{function}.py", None)
        elif not module:
            without[LOOKUP].append(function)
            without["__init__.py"] += [function] if function in names_of(modules["__init__.py"]) else []
        elif f"{module}.py" in without:
            without[f"{module}.py"].append(function)
        else:
            names = ", ".join(file.removesuffix(".py") for file in without)
            raise TableErrors([Trouble(board.toml, 0, "leave_out", f"no module {module}; there are {names}")])
    return without


def _wiring(name: str, led: Led) -> str:
    """The module that tells the board's main.py how its lamp is wired."""
    facts = {"KIND": led.kind, "PIN": led.pin, "ACTIVE_HIGH": led.active == "high"}
    lines = [f"# How the lamp of {name} is wired: [led] of its blinkcode.toml."]
    lines += [f"{key} = {literal(value)}" for key, value in facts.items()]
    return "\n".join(lines) + "\n"


def build_folder(board: Board) -> Path:
    """Where the board's package and firmware go: the checkout's build/ for its own boards, else ./build."""
    base = _CHECKOUT if board.folder.parent == _CHECKOUT / "boards" else Path.cwd()
    return base / "build" / "boards" / board.name


def prepare(board: Board, table: Compiled, folder: Path | None = None) -> Path:
    """Write the board's package into `folder`, build_folder() by default; return the manifest to freeze.

    That is the board's own where it finds the package by itself, else one in `folder` that tells it where.
    The same board and table give the same bytes; files that are right already stay untouched.
    Raises TableErrors for a wrong name in leave_out, OSError.
    """
    modules = linked(board, table)
    folder = (folder or build_folder(board)).resolve()
    package = folder / "blinkcode"
    package.mkdir(parents=True, exist_ok=True)
    for stray in set(package.glob("*.py")) - {package / file for file in modules}:
        stray.unlink()
    for file, source in modules.items():
        _write_changed(package / file, source)
    own, base = board.folder / "manifest.py", built_in_boards()
    if board.folder.parent == base and folder == base.parent / "build" / "boards" / board.name:
        return own
    firmware = base.parent / "firmware" / "manifest.py"
    manifest = folder / "manifest.py"
    _write_changed(
        manifest,
        f"# Made by `blinkcode firmware {board.name}`: the board's manifest, told where its package is.\n"
        f"include({str(own)!r}, firmware={str(firmware)!r}, prepared={str(folder)!r})\n",
    )
    return manifest


def _write_changed(path: Path, content: str) -> None:
    if not path.exists() or path.read_bytes() != content.encode("utf-8"):
        write_whole(path, content)
