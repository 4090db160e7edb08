"""`blinkcode integrate TOOL`: what another tool needs to show annotations itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from blinkcode_host.commands import (
    Failure,
    add_output,
    add_tables,
    add_vendor,
    known_vendors,
    load_tables,
    write_output,
)
from blinkcode_host.standard_streams import complain

HELP = "write what a serial tool needs to show annotations itself: a monitor filter for PlatformIO"

PLATFORMIO_FILTER = '''\
"""PlatformIO's monitor with blinkcode's annotations. Written by `blinkcode integrate platformio`.

In platformio.ini:  monitor_filters = blinkcode
"""

import sys

from platformio.public import DeviceMonitorFilterBase

try:
    from blinkcode_host.live.annotated import Annotated
except ImportError:
    Annotated = None

VENDORS = {vendors!r}  # whose codes the device gets, if that is known: ["tuya"]
LANGUAGE = "en"


class Blinkcode(DeviceMonitorFilterBase):
    NAME = "blinkcode"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._annotated = Annotated(VENDORS, LANGUAGE) if Annotated else None
        if not Annotated:
            sys.stderr.write(
                "--- no annotations: blinkcode is not installed where PlatformIO runs; "
                f"install it with {{sys.executable}} -m pip install FOLDER, its checkout or wheel\\n"
            )

    def rx(self, text):
        return self._annotated(text) if self._annotated else text

    def tx(self, text):
        return text
'''


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tool", choices=("platformio",), help="the tool")
    add_tables(parser)
    add_vendor(parser)
    add_output(
        parser,
        "DIR",
        "the project's folder, with its platformio.ini (default: the current one)",
        default=Path(),
        required=False,
    )


def run(arguments: argparse.Namespace) -> int:
    known_vendors(load_tables(arguments), arguments.vendor)
    if not (arguments.output / "platformio.ini").is_file():
        raise Failure(f"{arguments.output}: has no platformio.ini; name the project's folder with -o")
    path = arguments.output / "monitor" / "filter_blinkcode.py"
    write_output(path, PLATFORMIO_FILTER.format(vendors=arguments.vendor))
    complain(f"{path}: add to platformio.ini: monitor_filters = blinkcode")
    return 0
