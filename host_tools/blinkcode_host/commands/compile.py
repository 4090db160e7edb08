"""`blinkcode compile`: the tables as one Python module for the device."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from blinkcode_host.commands import Failure, add_tables, load_tables, only_vendors, write_output
from blinkcode_host.compiler import Compiled, compile_table
from blinkcode_host.compiler.index import TooLarge

HELP = "compile the tables into one Python module for the device"


def add_table(parser: argparse.ArgumentParser) -> None:
    """The options that say which table is compiled."""
    add_tables(parser)
    parser.add_argument("--vendor", action="append", default=[], help="only this vendor; may be given again")
    parser.add_argument(
        "--lang", choices=("en", "zh"), default="en", help="language of the texts (default: en)"
    )
    parser.add_argument(
        "--text",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with the texts (default), or without",
    )


def compile_chosen(arguments: argparse.Namespace) -> Compiled:
    """The table that the options of add_table ask for. Raises TableErrors, Failure."""
    catalog = only_vendors(load_tables(arguments), arguments.vendor)
    try:
        return compile_table(
            catalog, language=arguments.lang, text=arguments.text, command=command_line(arguments)
        )
    except TooLarge as error:
        raise Failure(str(error)) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    parser.add_argument(
        "-o", dest="output", metavar="FILE", type=Path, required=True, help="the module to write"
    )


def run(arguments: argparse.Namespace) -> int:
    table = compile_chosen(arguments)
    write_output(arguments.output, table.source)
    data = sum(table.sizes.values())
    facts = f"table {table.id}, {table.constants['CODES']!r} codes, {data} bytes of data"
    print(f"{arguments.output}: {facts}", file=sys.stderr)
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
    return shlex.join([*words, "-o", arguments.output.name])
