"""The command line: `blinkcode COMMAND`. Each module of `commands` is one command.

Results go to stdout, everything else to stderr. Exit status: 0 done, 1 nothing found, 2 wrong usage, or something
that cannot be read or written; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from blinkcode_host import __version__
from blinkcode_host.catalog import TableErrors
from blinkcode_host.commands import OF_WRITING, Failure, configured_tables
from blinkcode_host.standard_streams import Parser, complain, prepare, unwritten

COMMANDS = (
    *("compile", "firmware", "explain", "export", "diff", "check", "size"),
    *("book", "romfs", "mip", "new-vendor", "integrate"),
    *("decode", "monitor", "journal"),
)


def parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of these commands' arguments; what a command needs is imported here."""
    top = _TopParser(prog="blinkcode", description="Vendor error codes for small Wi-Fi modules.")
    top.add_argument("--version", action="version", version=f"blinkcode {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name in names:
        module = import_module(f"blinkcode_host.commands.{name.replace('-', '_')}")
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run, wrong=command.error)
    return top


class _TopParser(Parser):
    """The parser of all commands; what a command does not know is told with that command's usage."""

    def parse_args(self, words: Any = None, namespace: Any = None) -> Any:
        """As argparse does."""
        arguments, unknown = self.parse_known_args(words, namespace)
        if unknown:
            arguments.wrong(f"unrecognized arguments: {' '.join(unknown)}")
        return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    return run(parsed(argv))


def parsed(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments, and the modules of the command that they name."""
    prepare()
    words = sys.argv[1:] if argv is None else argv
    return parser([words[0]] if words and words[0] in COMMANDS else COMMANDS).parse_args(words)


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was asked for, and give its exit status."""
    try:
        if not getattr(arguments, "tables", True):
            arguments.tables = configured_tables(os.environ, Path.cwd())
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except (TableErrors, Failure) as error:
        complain(str(error))
        return 2
    except OSError as error:
        if error.errno not in OF_WRITING:
            raise
        return unwritten(error)
    except KeyboardInterrupt:
        return 130
