"""`blinkcode explain CODE`: everything that is known about a code, number, name or message."""

from __future__ import annotations

import argparse
import json
import sys

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.commands import (
    Failure,
    add_json,
    add_language,
    add_tables,
    add_vendor,
    known_vendors,
    load_tables,
)
from blinkcode_host.explaining.explain import Explanation, as_data, explain
from blinkcode_host.explaining.telling import INDENT, as_lines
from blinkcode_host.reading.terminal import width_of, wrapped

HELP = (
    "explain a code in any notation (-4012, 0xF054, 61524, 1,000, tuya:2007), a name (ECONNRESET), "
    "an exception (OSError: -202) or the vendor's words (token expired)"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    parser.add_argument(
        "codes",
        metavar="CODE",
        nargs="+",
        help="a number in any notation, a name, an exception as MicroPython prints it, or words of a message in quotes",
    )
    add_vendor(parser)
    add_language(parser, all_by_default=True)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    catalog = load_tables(arguments)
    known_vendors(catalog, arguments.vendor)
    explanations = [explained(catalog, code, arguments.vendor) for code in arguments.codes]
    if arguments.json:
        for explanation in explanations:
            print(json.dumps(as_data(catalog, explanation), ensure_ascii=False))
    else:
        width = width_of(sys.stdout)
        for number, explanation in enumerate(explanations):
            if number:
                print()
            for line in as_lines(catalog, explanation, arguments.lang, width):
                print("\n".join(wrapped(line, width, INDENT if line.startswith("  ") else 2)))
    return 0 if all(explanation.found for explanation in explanations) else 1


def explained(catalog: Catalog, code: str, vendors: list[str]) -> Explanation:
    """The explanation of a code, of one of the vendors where some are named. Raises Failure."""
    try:
        if len(vendors) > 1:
            return explain(catalog.only(vendors), code)
        return explain(catalog, code, vendors[0] if vendors else None)
    except ValueError as error:
        raise Failure(f"blinkcode explain: {error}") from None
