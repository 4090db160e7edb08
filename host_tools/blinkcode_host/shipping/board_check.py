"""Every mistake in a board's folder, found without building anything and without the chip's tools."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from blinkcode_host.catalog import Catalog, TableErrors
from blinkcode_host.catalog.text import read_text
from blinkcode_host.catalog.trouble import Trouble
from blinkcode_host.compiler import Compiled
from blinkcode_host.shipping.boards import Board, linked

#: What `mpy-cross -march` takes, as of MicroPython 1.29.
ARCHITECTURES = (
    *("x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp"),
    *("xtensa", "xtensawin", "rv32imc", "rv64imc"),
)


@dataclass(frozen=True)
class Chip:
    """An ESP32 chip: its instruction set for mpy-cross, and which GPIO numbers can drive a lamp.

    From the chips' datasheets: `last_pin` is the greatest GPIO number, `flash_pins` lead to the flash memory,
    `input_only` have no output.
    """

    arch: str
    last_pin: int
    flash_pins: range
    input_only: range = range(0)


#: By what MicroPython's names of ESP32 boards end in; "" is the first ESP32.
CHIPS = {
    "": Chip("xtensawin", 39, range(6, 12), range(34, 40)),
    "S2": Chip("xtensawin", 46, range(26, 33), range(46, 47)),
    "S3": Chip("xtensawin", 48, range(26, 33)),
    "C2": Chip("rv32imc", 20, range(11, 18)),
    "C3": Chip("rv32imc", 21, range(12, 18)),
    "C5": Chip("rv32imc", 28, range(16, 23)),
    "C6": Chip("rv32imc", 30, range(24, 31)),
}


def board_troubles(board: Board, catalog: Catalog) -> list[Trouble]:
    """What is wrong in the folder of a board whose blinkcode.toml could be read, as far as no table is needed."""
    return [
        *_manifest(board.folder / "manifest.py"),
        *_vendors(board, catalog),
        *_language(board, catalog),
        *_architecture(board),
        *_lamp(board),
    ]


def table_troubles(board: Board, table: Compiled) -> list[Trouble]:
    """What is wrong in a board's blinkcode.toml that only its compiled table shows.

    The budget is checked only so far as the table's data alone is over it: the exact size takes MicroPython's source.
    """
    try:
        linked(board, table)
    except TableErrors as error:
        return error.troubles
    size, budget = sum(table.sizes.values()), board.settings.budget
    if size <= budget:
        return []
    what = f"the table's data alone takes {size} bytes, {size - budget} over the {budget} allowed"
    return [Trouble(board.toml, 0, "budget", f"{what}; leave the texts or a vendor out, or raise the budget")]


def chip_of(board: Board) -> Chip | None:
    """The ESP32 chip of a board, by MicroPython's own name of it; None for a name that does not tell."""
    name = board.settings.board or ""
    if board.settings.port != "esp32" or not name.startswith("ESP32_GENERIC"):
        return None
    return CHIPS.get(name.removeprefix("ESP32_GENERIC").lstrip("_").partition("_")[0])


def _manifest(path: Path) -> Iterable[Trouble]:
    try:
        source = read_text(path, "a board needs it to say what is frozen, see docs/porting.md")
    except TableErrors as error:
        yield from error.troubles
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        yield Trouble(path, line, "", f"is not Python: {error}")
        return
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    if "blinkcode" not in texts and not any("manifest.py" in text for text in texts if isinstance(text, str)):
        what = 'freezes no blinkcode; add package("blinkcode", base_path=options.prepared, opt=3)'
        yield Trouble(path, 0, "", what)


def _vendors(board: Board, catalog: Catalog) -> Iterable[Trouble]:
    names = board.settings.vendors or []
    for name in names:
        if name not in catalog.vendors:
            known = f"there are {', '.join(catalog.vendors)}, or add a folder with --tables"
            yield Trouble(
                board.toml, 0, "vendors", f"{name!r} is no vendor{_closest(name, catalog.vendors)}; {known}"
            )
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Trouble(board.toml, 0, "vendors", f"{name!r} stands more than once; take one of them out")


def _language(board: Board, catalog: Catalog) -> Iterable[Trouble]:
    if board.settings.language not in catalog.languages:
        what = f"no text is in {board.settings.language!r}; there are {', '.join(catalog.languages)}"
        yield Trouble(board.toml, 0, "language", what)


def _architecture(board: Board) -> Iterable[Trouble]:
    arch = board.settings.arch
    if arch is not None and arch.partition("+")[0] not in ARCHITECTURES:
        what = f"{arch!r} is no instruction set of mpy-cross{_closest(arch, ARCHITECTURES)}"
        yield Trouble(board.toml, 0, "arch", f"{what}; there are {', '.join(ARCHITECTURES)}")
        return
    chip = chip_of(board)
    if chip and arch is not None and arch != chip.arch:
        yield Trouble(board.toml, 0, "arch", f"{board.settings.board} is {chip.arch}, and this says {arch}")


def _lamp(board: Board) -> Iterable[Trouble]:
    led, chip = board.settings.led, chip_of(board)
    if led is None or chip is None:
        return
    if led.pin > chip.last_pin:
        what = f"{board.settings.board} has no GPIO {led.pin}; the greatest is {chip.last_pin}"
    elif led.pin in chip.flash_pins:
        what = f"GPIO {led.pin} leads to the flash memory of {board.settings.board}; use another one for the lamp"
    elif led.pin in chip.input_only:
        what = f"GPIO {led.pin} of {board.settings.board} has no output; use another one for the lamp"
    else:
        return
    yield Trouble(board.toml, 0, "led.pin", what)


def _closest(name: str, known: Iterable[str]) -> str:
    """A question for the name that was most likely meant; "" where none is close."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {close[0]!r}?)" if close else ""
