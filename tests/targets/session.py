"""The targets of one test session: which, how each is opened, and what happens when one cannot be."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from blinkcode_host.catalog import load
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.shipping.boards import prepare, read_board

from . import MissingTool
from .board import Device, FrozenUnix, Qemu, check_qemu
from .build import build_rv32, build_unix
from .target import CPython, Target, Unix

NAMES = ("cpython", "unix", "frozen-unix", "rv32", "device")


def chosen(given: list[str]) -> list[str]:
    """Return the names of the targets to test: those given, else BLINKCODE_TARGETS, else all there are.

    Each item may hold several names with commas between. Raises ValueError on a name that is none.
    """
    items = given or [os.environ.get("BLINKCODE_TARGETS", "")]
    names = [name for item in items for name in item.split(",") if name]
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise ValueError(f"no such target: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return names or [name for name in NAMES if name != "device" or os.environ.get("DEVICE")]


def open_target(name: str) -> Target:
    """Return a target, with the checkout's board frozen where it has one. Raises MissingTool."""
    if name == "cpython":
        return CPython()
    if name == "unix":
        return Unix()
    if name == "frozen-unix":
        return FrozenUnix(build_unix(board_manifest("UNIX")))
    if name == "rv32":
        check_qemu()
        return Qemu(build_rv32(board_manifest("VIRT_RV32")))
    device = os.environ.get("DEVICE")
    if not device:
        raise MissingTool("device skipped: set DEVICE to a serial port, such as /dev/ttyUSB0")
    return Device(device)


def board_manifest(name: str) -> Path:
    """Prepare a built-in board's package and return the manifest that freezes it."""
    board = read_board(name)
    settings = board.settings
    table = compiled(tuple(settings.vendors or ()), settings.language, settings.text)
    return prepare(board, replace(table, command=f"blinkcode firmware {name}"))


@lru_cache
def compiled(vendors: tuple[str, ...], language: str, text: bool) -> Compiled:
    """A table of some vendors, or of all that are for devices, made once a session: packing takes seconds."""
    catalog = load()
    chosen = list(vendors) or catalog.vendors_of("cloud", "system")
    return compile_table(catalog.only(chosen), language=language, text=text)


class Session:
    """The targets of one session; each is opened at most once, when it is first asked for."""

    def __init__(self) -> None:
        self._opened: dict[str, Target | MissingTool] = {}

    def get(self, name: str) -> Target:
        """Return a target. Raises MissingTool, the same each time, when it lacks something."""
        if name not in self._opened:
            try:
                self._opened[name] = open_target(name)
            except MissingTool as missing:
                self._opened[name] = missing
        found = self._opened[name]
        if isinstance(found, MissingTool):
            raise found
        return found

    def close(self) -> None:
        """Close all."""
        for opened in self._opened.values():
            if isinstance(opened, Target):
                opened.close()
        self._opened.clear()
