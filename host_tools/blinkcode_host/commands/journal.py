"""`blinkcode journal PORT`: fetch a board's journal, and explain it."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
from datetime import timedelta

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from blinkcode_host.commands import Failure
from blinkcode_host.commands.decode import add_options, settings_of
from blinkcode_host.commands.monitor import add_port
from blinkcode_host.finding.around import Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import as_data
from blinkcode_host.finding.shapes import JOURNAL
from blinkcode_host.live.port import Port, PortError, only_port
from blinkcode_host.reading.display import annotation, harmless
from blinkcode_host.reading.terminal import wants_colour, width_of
from blinkcode_host.standard_streams import complain

HELP = "fetch a board's journal over its REPL, and explain it; its program is interrupted, and started again"
#: Prints the journals of all reporters that the program or one of its modules has as a variable.
_SCRIPT = """\
import sys
from blinkcode.reporter import Reporter
found = []
for space in [globals()] + [getattr(module, "__dict__", {}) for module in sys.modules.values()]:
    for value in list(space.values()):
        if isinstance(value, Reporter) and value not in found:
            found.append(value)
            value.dump()
if not found:
    raise AttributeError("no reporter")
"""
_SECONDS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_port(parser)
    add_options(parser)
    parser.add_argument(
        "--restart",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="start the board's program again afterwards (default); --no-restart leaves it interrupted, at the REPL",
    )


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    try:
        port = arguments.port or only_port()
    except PortError as error:
        raise Failure(str(error)) from None
    dump = fetch(port, restart=arguments.restart)
    finder = Finder(settings.catalog, verbose=True)
    colour, width = wants_colour(sys.stdout, os.environ), width_of(sys.stdout)
    records = 0
    for number, line in enumerate(dump.splitlines(), 1):
        found = [f._replace(line=number) for f in finder.find(line, Lines()) if f.form == "journal"]
        records += len(found)
        if not arguments.json:
            shown = line if arguments.raw else harmless(line.encode()).decode()
            print(shown + _times(line))
        for finding in filter(settings.shows, found):
            if arguments.json:
                print(json.dumps(as_data(settings.catalog, finding, arguments.lang) | _times_as_data(line)))
            else:
                print(annotation(settings.catalog, finding, arguments.lang, colour, width), end="")
    if not records:
        complain(f"{port}: the journal is empty")
    if not arguments.restart:
        complain(f"{port}: the board's program is interrupted; Ctrl-D in blinkcode monitor starts it again")
    return 0 if records else 1


def fetch(name: str, restart: bool = True) -> str:
    """The journal as the board prints it. Raises Failure."""
    trouble = b""
    with contextlib.ExitStack() as stack:
        try:
            port = Port(name)
            port.open()  # for its complaint, which is clearer than mpremote's
            port.close()
            transport = SerialTransport(name, timeout=_SECONDS)
            stack.callback(transport.close)
            stack.callback(_leave, transport, restart)  # whatever happens
            with contextlib.redirect_stdout(io.StringIO()):  # where it prints what it cannot make sense of
                transport.enter_raw_repl(soft_reset=False, timeout_overall=_SECONDS)
            output, trouble = transport.exec_raw(_SCRIPT, timeout=_SECONDS)
        except PortError as error:
            raise Failure(str(error)) from None
        except (TransportError, serial.SerialException, OSError) as error:
            raise Failure(
                f"{name}: its REPL does not answer ({error}); is another program reading it?"
            ) from None
    if trouble:
        raise Failure(_why(name, trouble.decode("utf-8", "replace").strip().rpartition("\n")[2]))
    return bytes(output).decode("utf-8", "replace").replace("\r\n", "\n")


def _leave(transport: SerialTransport, restart: bool) -> None:
    """Leave the raw REPL; `restart` starts the board's program, as Ctrl-D does at the other REPL."""
    with contextlib.suppress(serial.SerialException, OSError):
        transport.serial.write(b"\r\x02" + b"\x04" * restart)
        transport.serial.flush()


def _why(name: str, last: str) -> str:
    if last.startswith("ImportError"):
        return f"{name}: blinkcode is not on the board ({last}); freeze it or install it with mpremote mip"
    if last.startswith("AttributeError"):
        return (
            f"{name}: the board's program has not called Reporter() since it started, or has it in no variable of a "
            "module, so there is no journal"
        )
    return f"{name}: the board could not print its journal ({last})"


def _times(line: str) -> str:
    """What a record's seconds mean to people."""
    match = JOURNAL.search(line)
    if not match:
        return ""
    first, last = (timedelta(seconds=int(match[name])) for name in ("first", "last"))
    return f"  (from {first} to {last} after that start)"


def _times_as_data(line: str) -> dict[str, int]:
    match = JOURNAL.search(line)
    return {"first_seconds": int(match["first"]), "last_seconds": int(match["last"])} if match else {}
