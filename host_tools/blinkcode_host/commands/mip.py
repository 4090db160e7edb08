"""`blinkcode mip`: folders that `mpremote mip install` installs from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from blinkcode_host.commands import Failure, write_folder
from blinkcode_host.commands.compile import add_table, compile_chosen
from blinkcode_host.shipping.packages import NotCompiled, mip_folders

HELP = "write folders to install runtime and table from with mpremote mip: one of sources, one of bytecode"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    parser.add_argument(
        "-o",
        dest="output",
        metavar="DIR",
        type=Path,
        required=True,
        help="the folder to write py/ and the bytecode's folder into; made if it is not there",
    )


def run(arguments: argparse.Namespace) -> int:
    table = compile_chosen(arguments)
    try:
        files = mip_folders(table)
    except NotCompiled as error:
        raise Failure(f"mpy-cross failed: {error}") from None
    write_folder(arguments.output, files)
    for name in files:
        if name.endswith("package.json"):
            print(f"mpremote mip install {(arguments.output / name).as_posix()}", file=sys.stderr)
    return 0
