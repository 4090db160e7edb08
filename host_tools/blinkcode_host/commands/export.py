"""`blinkcode export`: the whole catalog for other programs."""

from __future__ import annotations

import argparse
import sys

from blinkcode_host.catalog.export import as_csv, as_json
from blinkcode_host.commands import add_tables, load_tables

HELP = "write the whole catalog to stdout"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    parser.add_argument("--format", choices=("json", "csv"), default="json", help="default: json")


def run(arguments: argparse.Namespace) -> int:
    catalog = load_tables(arguments)
    sys.stdout.write(as_csv(catalog) if arguments.format == "csv" else as_json(catalog))
    return 0
