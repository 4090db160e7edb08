"""`blinkcode romfs`: the runtime and the table as a ROMFS image, for `mpremote romfs deploy`."""

from __future__ import annotations

import argparse
from pathlib import Path

from blinkcode_host.commands import add_output, write_output
from blinkcode_host.commands.compile import add_table, packed
from blinkcode_host.shipping.packages import romfs
from blinkcode_host.standard_streams import complain

HELP = "write a ROMFS image with runtime and table as bytecode; mpremote romfs deploy puts it on a board"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_output(parser, "IMAGE", "the image to write, a name that ends in .romfs", path=image_name)


def image_name(name: str) -> Path:
    """The path of an image. Raises ArgumentTypeError for one that mpremote would take for a folder."""
    if not name.endswith((".romfs", ".img")):
        raise argparse.ArgumentTypeError(f"{name}: mpremote knows an image by its end; name it {name}.romfs")
    return Path(name)


def run(arguments: argparse.Namespace) -> int:
    table, image = packed(arguments, romfs)
    write_output(arguments.output, image)
    complain(f"{arguments.output}: {len(image):,} bytes, table {table.id}")
    return 0
