"""`blinkcode check`: read the tables and say what is wrong with them."""

from __future__ import annotations

import argparse
import sys

from blinkcode_host.commands import add_tables, load_tables

HELP = "check the tables; prints each error as file:line: column: what is wrong, how to mend it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)


def run(arguments: argparse.Namespace) -> int:
    catalog = load_tables(arguments)
    for vendor in catalog.vendors.values():
        rows = sum(m.vendor == vendor.id for m in catalog.meanings)
        print(f"{vendor.id}: {rows} meanings from {', '.join(s.id for s in vendor.sources)}", file=sys.stderr)
    return 0
