"""`blinkcode mip`: folders that `mpremote mip install` installs from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from blinkcode_host.commands import Failure
from blinkcode_host.commands.compile import add_table, compile_chosen
from blinkcode_host.files import write_whole
from blinkcode_host.shipping import NotCompiled, mip_folders

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
        for name, content in files.items():
            path = arguments.output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
    except NotCompiled as error:
        raise Failure(f"mpy-cross failed: {error}") from None
    except OSError as error:
        raise Failure(
            f"{arguments.output}: cannot be written ({error.strerror}); choose another -o"
        ) from None
    for name in files:
        if name.endswith("package.json"):
            print(f"mpremote mip install {(arguments.output / name).as_posix()}", file=sys.stderr)
    return 0
