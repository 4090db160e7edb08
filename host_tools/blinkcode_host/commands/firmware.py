"""`blinkcode firmware BOARD`: MicroPython with the board's table and the runtime frozen into it."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from blinkcode_host.catalog import TableErrors
from blinkcode_host.commands import Failure, add_tables, load_tables
from blinkcode_host.compiler.index import TooLarge
from blinkcode_host.shipping.board_check import board_troubles, table_troubles
from blinkcode_host.shipping.boards import Board, build_folder, compile_board, prepare, read_board
from blinkcode_host.standard_streams import complain

HELP = "build MicroPython for a board, with its table and the runtime frozen into it"

_RESULTS = {"unix": "micropython", "qemu": "firmware.elf"}
_FROM_AN_OUTER_MAKE = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}
_TOTAL = re.compile(r"^total: (\d+)$", re.MULTILINE)
_NATIVE = re.compile(r"^// frozen native code .*\n.*?fun_data_\w+\[(\d+)\]", re.MULTILINE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("board", metavar="BOARD", help="a built-in board, or the folder of your own")
    parser.add_argument(
        "--micropython",
        metavar="DIR",
        type=Path,
        default=os.environ.get("MICROPYTHON_DIR") or None,
        help="MicroPython's source (default: the environment's MICROPYTHON_DIR)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="only say what is wrong in the board's folder; needs neither MicroPython's source nor ESP-IDF",
    )
    add_tables(parser)


def run(arguments: argparse.Namespace) -> int:
    try:
        board = read_board(arguments.board)
    except LookupError as error:
        raise Failure(f"blinkcode firmware: {error.args[0]}") from None
    catalog = load_tables(arguments)
    troubles = board_troubles(board, catalog)
    table = None
    if not any(trouble.column == "vendors" for trouble in troubles):
        words = ["blinkcode", "firmware", board.name]
        for folder in arguments.tables:
            words += ["--tables", folder.as_posix()]
        try:
            table = compile_board(board, catalog, shlex.join(words))
        except TooLarge as error:
            raise Failure(f"{board.toml}: {error}") from None
        troubles += table_troubles(board, table)
    if troubles or table is None:
        raise TableErrors(troubles)
    if arguments.check:
        complain(f"{board.name}: nothing is wrong in {board.folder}")
        return 0
    if arguments.micropython is None:
        what = "no MicroPython source; give its folder with --micropython, or set MICROPYTHON_DIR"
        raise Failure(f"blinkcode firmware: {what}")
    tree = Path(arguments.micropython).resolve()
    _check_tools(board, tree)
    try:
        manifest = prepare(board, table)
    except OSError as error:
        raise Failure(f"{error.filename}: cannot be written ({error.strerror})") from None
    _check_budget(board, tree)
    command, result = _make_command(board, tree, manifest)
    print(shlex.join(command), flush=True)
    _make(command)
    print(result)
    return 0


def _check_tools(board: Board, tree: Path) -> None:
    """Stop before anything is built where something that the build needs is not there."""
    port = tree / "ports" / board.settings.port
    if not (tree / "py" / "mpconfig.h").is_file():
        raise Failure(f"{tree}: is no MicroPython source; name the folder that has py/ and ports/")
    if not port.is_dir():
        raise Failure(f"{board.toml}: port: {tree} has no ports/{board.settings.port}")
    if board.settings.port == "esp32" and not os.environ.get("IDF_PATH"):
        what = "IDF_PATH is not set; install ESP-IDF and source its export.sh first"
        raise Failure(f"{board.name} needs ESP-IDF, and {what}")
    for path in (tree, board.folder, build_folder(board)):
        if any(character.isspace() for character in str(path)):
            raise Failure(
                f"{path}: the path has a space, which MicroPython's make cannot take; move the folder"
            )
    if not shutil.which("make"):
        raise Failure("make is not installed: apt-get install build-essential")


def _check_budget(board: Board, tree: Path) -> None:
    size = frozen_bytes(build_folder(board) / "blinkcode", tree, _mpy_cross(tree), board.settings.arch)
    budget = board.settings.budget
    if size > budget:
        mend = "leave the texts, a vendor or functions out, or raise the budget"
        what = f"blinkcode takes {size} bytes of flash, {size - budget} over the {budget} allowed"
        raise Failure(f"{board.toml}: budget: {what}; {mend}")
    complain(f"{board.name}: blinkcode takes {size} of {budget} bytes of flash")


def _mpy_cross(tree: Path) -> Path:
    """MICROPY_MPYCROSS, or the tree's own, built if need be."""
    own = os.environ.get("MICROPY_MPYCROSS")
    if own:
        return Path(own)
    program = tree / "mpy-cross" / "build" / "mpy-cross"
    if not program.exists():
        _make(["make", "-C", str(tree / "mpy-cross"), f"-j{os.cpu_count() or 1}"])
    return program


def frozen_bytes(package: Path, tree: Path, mpy_cross: Path, arch: str | None = None) -> int:
    """The bytes of flash that a package takes when it is frozen into a 32-bit port.

    Exact, and without the chip's compiler: mpy-tool.py counts code, data, names and records as it writes them
    in C, and the native code that it does not count is added. A name counts whether or not the port has it
    already; the C compiler's padding does not count. Raises Failure where a tool fails.
    """
    with tempfile.TemporaryDirectory(prefix="frozen-") as work:
        compiled: list[str] = []
        for source in sorted(package.rglob("*.py")):
            name = source.relative_to(package.parent).as_posix()
            compiled.append(f"{work}/{len(compiled)}.mpy")
            native = [f"-march={arch}"] if arch else []
            _output([str(mpy_cross), "-O3", *native, "-s", name, "-o", compiled[-1], str(source)])
        written = _output([sys.executable, str(tree / "tools" / "mpy-tool.py"), "-f", *compiled])
    total = _TOTAL.search(written)
    if not total:
        raise Failure(f"{tree}: its mpy-tool.py prints no sizes; use MicroPython 1.20 or later")
    return int(total[1]) + sum(map(int, _NATIVE.findall(written)))


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"{Path(command[0]).name} failed:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def _make_command(board: Board, tree: Path, manifest: Path) -> tuple[list[str], Path]:
    """The command that builds the firmware, and where it puts it. ESP-IDF has its own build folders."""
    settings = board.settings
    folder = tree / "ports" / settings.port
    command = ["make", "-C", str(folder)]
    if settings.board:
        command.append(f"BOARD={settings.board}")
    command += [*(f"{name}={value}" for name, value in settings.make.items()), f"FROZEN_MANIFEST={manifest}"]
    if settings.port == "esp32":
        return command, folder / f"build-{settings.board}" / "firmware.bin"
    build = build_folder(board) / "make"
    command += [f"BUILD={build}", f"-j{os.cpu_count() or 1}"]
    return command, build / _RESULTS.get(settings.port, "")


def _make(command: list[str]) -> None:
    """Run make; what it prints goes to stderr. Raises Failure."""
    environment = {name: value for name, value in os.environ.items() if name not in _FROM_AN_OUTER_MAKE}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode:
        raise Failure(f"make failed with status {done.returncode}; its own message stands above")
