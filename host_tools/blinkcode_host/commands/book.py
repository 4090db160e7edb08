"""`blinkcode book`: the code book, one HTML page for whoever looks at the lamp."""

from __future__ import annotations

import argparse

from blinkcode_host.book import Maker, Options, build, site
from blinkcode_host.commands import (
    Failure,
    add_output,
    add_tables,
    add_vendor,
    load_tables,
    only_vendors,
    write_folder,
)
from blinkcode_host.compiler.module import table_id
from blinkcode_host.standard_streams import complain

HELP = "write the code book: one HTML page with every state and code, for the browser, a phone and for print"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    add_vendor(parser)
    add_output(parser, "DIR", "the folder to write index.html into")
    parser.add_argument(
        "--site",
        action="store_true",
        help="also write what a web server needs so that a phone keeps the page",
    )
    parser.add_argument(
        "--lang",
        action="append",
        default=[],
        metavar="LANG",
        help="a language that the page has, such as en; may be given again; the first one is shown first; "
        "without it, all that the tables have",
    )
    parser.add_argument("--title", default="", help="the product's or the maker's name, for page and card")
    parser.add_argument("--contact", default="", help="whom to ask: a telephone number, an address")
    parser.add_argument("--url", default="", help="where the page will be found, for the card's QR code")


def run(arguments: argparse.Namespace) -> int:
    catalog = only_vendors(load_tables(arguments), arguments.vendor)
    maker = Maker(arguments.title, arguments.contact, arguments.url)
    options = Options(maker, tuple(dict.fromkeys(arguments.lang)))
    try:
        if arguments.site:
            files = site(catalog, table_id(catalog), options)
        else:
            files = {"index.html": build(catalog, table_id(catalog), options)}
    except ValueError as error:
        raise Failure(str(error)) from None
    write_folder(arguments.output, files)
    target = arguments.output / "index.html"
    size = len(files["index.html"].encode())
    complain(f"{target}: {size:,} bytes, {len(catalog.meanings)} meanings")
    return 0
