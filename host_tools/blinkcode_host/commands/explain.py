"""`blinkcode explain CODE`: everything that is known about a code, number, name or message."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

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
from blinkcode_host.explaining.documents import Documents
from blinkcode_host.explaining.explain import Explanation, as_data, explain
from blinkcode_host.explaining.telling import INDENT, as_lines
from blinkcode_host.finding.finding import visible
from blinkcode_host.reading.terminal import width_of, wrapped

HELP = (
    "explain a code in any notation (-4012, 0xF054, 61524, 1,000, tuya:2007), a name (ECONNRESET), "
    "an exception (OSError: -202) or the vendor's words (token expired)"
)

#: The environment's name for the folder of the vendors' documents.
SOURCES = "BLINKCODE_SOURCES"


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
    parser.add_argument(
        "--sources",
        metavar="DIR",
        type=Path,
        help="a folder with your copies of the vendors' documents, such as tuya-2024-07-22.html, to show their own "
        f"description and solution too (default: that of {SOURCES})",
    )


def run(arguments: argparse.Namespace) -> int:
    catalog = load_tables(arguments)
    known_vendors(catalog, arguments.vendor)
    documents = documents_of(arguments.sources, catalog)
    explanations = [explained(catalog, code, arguments.vendor) for code in arguments.codes]
    try:
        lines = list(told(arguments, catalog, explanations, documents))
    except OSError as error:
        raise Failure(
            f"blinkcode explain: {visible(str(error.filename))}: cannot be read ({error.strerror})"
        ) from None
    print("\n".join(lines))
    return 0 if all(explanation.found for explanation in explanations) else 1


def told(
    arguments: argparse.Namespace,
    catalog: Catalog,
    explanations: list[Explanation],
    documents: Documents | None,
) -> Iterator[str]:
    """The lines to print. Raises OSError where a document cannot be read."""
    width = width_of(sys.stdout)
    for number, explanation in enumerate(explanations):
        if arguments.json:
            yield json.dumps(as_data(catalog, explanation, documents), ensure_ascii=False)
            continue
        if number:
            yield ""
        for line in as_lines(catalog, explanation, arguments.lang, width, documents):
            yield from wrapped(line, width, INDENT if line.startswith("  ") else 2)


def documents_of(folder: Path | None, catalog: Catalog) -> Documents | None:
    """The vendors' documents in a folder, by default in that of BLINKCODE_SOURCES, if any. Raises Failure."""
    named = folder or (Path(os.environ[SOURCES]) if os.environ.get(SOURCES) else None)
    if named is None:
        return None
    try:
        return Documents(named, catalog)
    except OSError as error:
        raise Failure(
            f"blinkcode explain: {visible(str(named))}: cannot be read ({error.strerror}); name a folder with --sources"
        ) from None
    except ValueError as error:
        raise Failure(f"blinkcode explain: {visible(str(error))}") from None


def explained(catalog: Catalog, code: str, vendors: list[str]) -> Explanation:
    """The explanation of a code, of one of the vendors where some are named. Raises Failure."""
    try:
        if len(vendors) > 1:
            return explain(catalog.only(vendors), code)
        return explain(catalog, code, vendors[0] if vendors else None)
    except ValueError as error:
        raise Failure(f"blinkcode explain: {error}") from None
