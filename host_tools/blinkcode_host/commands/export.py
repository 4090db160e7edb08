"""`blinkcode export`: the whole catalog for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from blinkcode_host.catalog import Catalog
from blinkcode_host.catalog.export import as_csv, as_json, as_parquet, as_sqlite
from blinkcode_host.commands import Failure, add_output, add_tables, load_tables, write_output

HELP = "write the whole catalog as JSON, CSV, SQLite or Parquet"
_FORMATS: dict[str, Callable[[Catalog], str | bytes]] = {
    "json": as_json,
    "csv": as_csv,
    "sqlite": as_sqlite,
    "parquet": as_parquet,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    parser.add_argument("--format", choices=_FORMATS, default="json", help="default: json")
    add_output(parser, "FILE", "the file to write (default: standard output)", required=False)


def run(arguments: argparse.Namespace) -> int:
    if arguments.output is None and arguments.format in ("sqlite", "parquet") and sys.stdout.isatty():
        raise Failure(f"--format {arguments.format} is no text for a terminal; name a file with -o")
    try:
        content = _FORMATS[arguments.format](load_tables(arguments))
    except ImportError:
        raise Failure("--format parquet needs pyarrow: pip install pyarrow") from None
    data = content.encode() if isinstance(content, str) else content
    if arguments.output is None:
        sys.stdout.buffer.write(data)
        return 0
    write_output(arguments.output, data)
    return 0
