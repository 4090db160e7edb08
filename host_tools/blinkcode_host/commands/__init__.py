"""The commands: each module has HELP, add_arguments(parser) and run(arguments) -> exit status."""

from __future__ import annotations

import argparse
from pathlib import Path

from blinkcode_host.catalog import Catalog, load


class Failure(Exception):
    """A command cannot go on; its message is for the user, and the exit status is 1."""


def add_tables(parser: argparse.ArgumentParser) -> None:
    """The option that adds a user's own tables."""
    parser.add_argument(
        "--tables",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="a folder with your own vendors.toml and CSV files, besides the built-in tables; may be given again",
    )


def load_tables(arguments: argparse.Namespace) -> Catalog:
    """The catalog that --tables asks for. Raises TableErrors."""
    return load(arguments.tables)


def only_vendors(catalog: Catalog, vendors: list[str]) -> Catalog:
    """The catalog with the named vendors, or all where none is named. Raises Failure for an unknown one."""
    for vendor in vendors:
        if vendor not in catalog.vendors:
            raise Failure(f"--vendor {vendor}: no such vendor; there are {', '.join(catalog.vendors)}")
    return catalog.only(vendors) if vendors else catalog
