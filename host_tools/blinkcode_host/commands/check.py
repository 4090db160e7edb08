"""`blinkcode check`: read the tables and say what is wrong with them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blinkcode_host.catalog import Catalog, TableErrors, built_in_tables
from blinkcode_host.catalog.fixing import fixed
from blinkcode_host.catalog.thin import thin
from blinkcode_host.commands import add_json, add_tables, load_tables, write_output
from blinkcode_host.standard_streams import complain

HELP = "check the tables; prints each error as file:line: column: what is wrong, what to do about it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    add_json(parser)
    parser.add_argument(
        "--fix",
        action="store_true",
        help="first put right what needs no question in the CSV files: the order of rows, separators, white space "
        "around cells, capitals in device texts",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.fix:
        fix(arguments.tables or [built_in_tables()])
    if arguments.json:
        return print_json(arguments)
    catalog = load_tables(arguments)
    for vendor in catalog.vendors.values():
        rows = [m for m in catalog.meanings if m.vendor == vendor.id]
        complain(
            f"{vendor.id}: {len(rows)} meanings from {', '.join(s.id for s in vendor.sources)}",
        )
    for note in notes(catalog):
        complain(note)
    for meaning, what in thin(catalog):
        complain(f"{meaning.vendor} {meaning.code}: looks thin: {what}")
    return 0


def print_json(arguments: argparse.Namespace) -> int:
    """Print one object: the errors, and where there are none, the vendors, notes and rows that look thin."""
    data: dict[str, Any] = {"errors": [], "vendors": [], "notes": [], "thin": []}
    try:
        catalog = load_tables(arguments)
    except TableErrors as error:
        data["errors"] = [vars(trouble) | {"file": str(trouble.file)} for trouble in error.troubles]
    else:
        for id_, vendor in catalog.vendors.items():
            count = sum(m.vendor == id_ for m in catalog.meanings)
            data["vendors"].append(
                {"id": id_, "meanings": count, "sources": [source.id for source in vendor.sources]}
            )
        data["notes"] = notes(catalog)
        data["thin"] = [{"vendor": m.vendor, "code": m.code, "what": what} for m, what in thin(catalog)]
    print(json.dumps(data, ensure_ascii=False, indent=1))
    return 2 if data["errors"] else 0


def fix(folders: Sequence[Path]) -> None:
    """Put the CSV files of the folders right, and say which were changed. Raises Failure."""
    for path in sorted(path for folder in folders for path in folder.glob("*.csv")):
        try:
            before = path.read_bytes()
        except OSError:
            continue  # the check that follows says why it cannot be read
        after = fixed(before)
        if after != before:
            write_output(path, after)
            complain(f"{path}: put right")


def notes(catalog: Catalog) -> list[str]:
    """What is no error, but worth knowing: cells where the English stands in for the Chinese."""
    found = []
    for vendor in catalog.vendors:
        for column in ("text_zh", "advice_zh"):
            codes = [m.code for m in catalog.meanings if m.vendor == vendor and column in m.untranslated]
            if codes:
                some = ", ".join(map(str, codes[:5])) + (" ..." if len(codes) > 5 else "")
                found.append(
                    f"{vendor}: {column} is empty in {len(codes)} rows, the English stands in: {some}"
                )
    return found
