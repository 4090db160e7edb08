"""`blinkcode mip`: folders that `mpremote mip install` installs from."""

from __future__ import annotations

import argparse

from blinkcode_host.commands import add_output, write_folder
from blinkcode_host.commands.compile import add_table, packed
from blinkcode_host.shipping.packages import mip_folders
from blinkcode_host.standard_streams import complain

HELP = "write folders to install runtime and table from with mpremote mip: one of sources, one of bytecode"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_output(parser, "DIR", "the folder to write py/ and the bytecode's folder into")


def run(arguments: argparse.Namespace) -> int:
    _, files = packed(arguments, mip_folders)
    write_folder(arguments.output, files)
    for name in files:
        if name.endswith("package.json"):
            complain(f"mpremote mip install {(arguments.output / name).as_posix()}")
    return 0
