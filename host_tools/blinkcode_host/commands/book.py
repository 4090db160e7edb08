"""`blinkcode book`: the code book, one HTML page for whoever looks at the lamp."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from blinkcode_host.book import build
from blinkcode_host.commands import add_tables, load_tables, only_vendors, write_folder
from blinkcode_host.compiler.module import table_id

HELP = "write the code book: one HTML page with every state and code, for the browser and for print"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    parser.add_argument("--vendor", action="append", default=[], help="only this vendor; may be given again")
    parser.add_argument(
        "-o",
        dest="output",
        metavar="DIR",
        type=Path,
        required=True,
        help="the folder to write index.html into; made if it is not there",
    )


def run(arguments: argparse.Namespace) -> int:
    catalog = only_vendors(load_tables(arguments), arguments.vendor)
    page = build(catalog, table_id(catalog))
    write_folder(arguments.output, {"index.html": page})
    target = arguments.output / "index.html"
    print(f"{target}: {len(page.encode()):,} bytes, {len(catalog.meanings)} meanings", file=sys.stderr)
    return 0
