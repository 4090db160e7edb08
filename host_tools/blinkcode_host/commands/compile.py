"""`blinkcode compile`: the tables as one Python module for the device."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from typing import TypeVar

from blinkcode_host.catalog import Catalog
from blinkcode_host.commands import (
    Failure,
    add_language,
    add_output,
    add_tables,
    add_vendor,
    load_tables,
    only_vendors,
    write_output,
)
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.compiler.index import TooLarge
from blinkcode_host.shipping.packages import NotCompiled
from blinkcode_host.standard_streams import complain

_Packed = TypeVar("_Packed")

HELP = "compile the tables into one Python module for the device"


def add_table(parser: argparse.ArgumentParser) -> None:
    """The options that say which table is compiled."""
    add_tables(parser)
    add_vendor(parser)
    add_language(parser)
    parser.add_argument(
        "--text",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with the texts (default), or without",
    )


def chosen_catalog(arguments: argparse.Namespace) -> Catalog:
    """The rows that the options of add_table ask for. Raises TableErrors, Failure."""
    return only_vendors(load_tables(arguments), arguments.vendor)


def compile_chosen(arguments: argparse.Namespace) -> Compiled:
    """The table that the options of add_table ask for. Raises TableErrors, Failure."""
    try:
        return compile_table(
            chosen_catalog(arguments),
            language=arguments.lang,
            text=arguments.text,
            command=command_line(arguments),
        )
    except TooLarge as error:
        raise Failure(str(error)) from None


def packed(arguments: argparse.Namespace, pack: Callable[[Compiled], _Packed]) -> tuple[Compiled, _Packed]:
    """The chosen table, and what `pack` makes of it with mpy-cross. Raises TableErrors, Failure."""
    table = compile_chosen(arguments)
    try:
        return table, pack(table)
    except NotCompiled as error:
        raise Failure(f"mpy-cross failed: {error}") from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_output(parser, "FILE", "the module to write")


def run(arguments: argparse.Namespace) -> int:
    table = compile_chosen(arguments)
    write_output(arguments.output, table.source)
    data = sum(table.sizes.values())
    facts = f"table {table.id}, {table.constants['CODES']!r} codes, {data} bytes of data"
    complain(f"{arguments.output}: {facts}")
    return 0


def command_line(arguments: argparse.Namespace) -> str:
    """The command that makes this table, the same on any machine: the output's folder is left out."""
    words = ["blinkcode", arguments.command]
    for folder in arguments.tables:
        words += ["--tables", folder.as_posix()]
    for vendor in arguments.vendor:
        words += ["--vendor", vendor]
    if arguments.lang != "en":
        words += ["--lang", arguments.lang]
    if not arguments.text:
        words.append("--no-text")
    output = getattr(arguments, "output", None)
    return shlex.join([*words, "-o", output.name] if output else words)
