"""`blinkcode explain CODE`: everything that is known about one code, number or name."""

from __future__ import annotations

import argparse
import json
import sys

from blinkcode_host.commands import add_tables, load_tables
from blinkcode_host.explaining.explain import as_data, as_lines, explain

HELP = (
    "explain a code in any notation (-4012, 0xF054, 61524, 1,000, tuya:2007), a name (ECONNRESET) "
    "or an exception (OSError: -202)"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    parser.add_argument(
        "code",
        metavar="CODE",
        help="a number in any notation, a name, or an exception as MicroPython prints it",
    )
    parser.add_argument("--vendor", help="whose code it is")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    catalog = load_tables(arguments)
    try:
        explanation = explain(catalog, arguments.code, arguments.vendor)
    except ValueError as error:
        print(f"blinkcode explain: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(as_data(catalog, explanation), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_lines(catalog, explanation)))
    return 0 if explanation.found else 1
