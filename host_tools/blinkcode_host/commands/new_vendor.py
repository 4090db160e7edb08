"""`blinkcode new-vendor NAME`: a starter table of one's own vendor."""

from __future__ import annotations

import argparse
import csv
import errno
import io
import os
import re
from pathlib import Path

from blinkcode_host.catalog import Catalog, load
from blinkcode_host.catalog.records import CODE_MAX, CODE_MIN, TEXT_MAX, TEXT_ZH_MAX
from blinkcode_host.commands import Failure
from blinkcode_host.shipping.whole import write_folder_whole
from blinkcode_host.standard_streams import complain

HELP = "start a vendor of your own: a CSV with two example rows and a stanza that explains them"

COLUMNS_EXPLAINED = """\
# Vendors of my own. A vendor is a namespace of codes: another one may use the same number for something else.
# Its codes are the rows of the CSV of its name beside this file, one a meaning, sorted by code. The columns:
#   code       the number that the device gets, {least} to {most}
#   state      what the lamp shows: {states}
#   text       what the device's console says: at most {text} characters of lower-case English
#   text_zh    the same in Chinese: at most {text_zh} bytes, so {characters} characters
#   advice     one or two sentences on what to do next, for the code book and for blinkcode explain
#   advice_zh  the same in Chinese
#   section    the id of one of the sections below
#   alias      other numbers that are sent for the same thing, with spaces between; most often empty
#   note       what a reader should know; needed where a code lies outside its section's ranges
# and a column for each source below, named by its id, with the vendor's own words there. A new edition of a
# document is a new source. Is all of it right? blinkcode check --tables {folder}
"""

STANZA = """
[vendors.{name}]
name = "{title}" # as people write it
# kind = "system" # if the device itself raises the codes: they are looked up only where the vendor is named; or
#                   "host": codes of a program on a computer, not compiled for a device unless named
# wire = "int16" # if the codes also travel as 16-bit two's complement: -7 as 65529, or as the bytes F9 FF

[[vendors.{name}.sources]]
id = "{source}"
title = "Where the codes are from"
# date = 2026-01-31 # of that edition
# kind = "code" # if it is source code; "field": reports of users, up to that date
# kind = "field" # if it is no document but what users report; "code" if it is source code

[[vendors.{name}.sections]]
id = "general"
title = "General"
ranges = [[1, 99]] # the first and the last code; [] where none are declared
"""

STARTER_COLUMNS = ("code", "state", "text", "text_zh", "advice", "advice_zh", "section", "alias", "note")
ROWS = (
    (
        *("1", "NETWORK", "uplink lost; check router", "上行断开；检查路由器"),
        *("Check the router and the cable to it, then try again.", "检查路由器及其网线，然后重试。"),
        *("general", "", "an example: replace it", "link down"),
    ),
    (
        *("2", "PAIR", "not paired; pair again", "未配对；请重新配对"),
        *(
            "Pair the device again: the cloud has no binding for it.",
            "请重新配对设备：云端没有它的绑定关系。",
        ),
        *("general", "", "an example: replace it", "no binding"),
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the vendor's id: lower-case letters, digits and _")
    parser.add_argument(
        "--tables",
        metavar="DIR",
        type=Path,
        required=True,
        help="the folder of your tables; made if it is not there",
    )


def run(arguments: argparse.Namespace) -> int:
    name, folder = arguments.name, arguments.tables
    stanzas, rows = folder / "vendors.toml", folder / f"{name}.csv"
    catalog = load([folder] if stanzas.exists() else [])
    check_name(name, catalog)
    starter = starter_rows(name)
    try:
        # A run that was killed between the two files left our own rows; they may be written again.
        if rows.exists() and rows.read_bytes() != starter.encode():
            raise Failure(f"{rows}: is there already; choose another name, or move it away")
        if stanzas.exists():
            before = stanzas.read_text(encoding="utf-8").rstrip("\n") + "\n"
        else:
            before = columns_explained(folder, catalog)
        notes = write_folder_whole(folder, {rows.name: starter, stanzas.name: before + starter_stanza(name)})
    except OSError as error:
        in_the_way = isinstance(error, FileExistsError)  # a file, where there should be a folder
        reason = os.strerror(errno.ENOTDIR) if in_the_way else error.strerror
        raise Failure(f"{folder}: cannot be written ({reason}); choose another --tables") from None
    for note in notes:
        complain(note)
    complain(f"{rows}: two example rows\n{stanzas}: what the columns mean")
    complain(f"now edit both, then: blinkcode check --tables {folder.as_posix()}")
    return 0


def check_name(name: str, catalog: Catalog) -> None:
    """Raises Failure where a vendor cannot have this id."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,15}", name):
        raise Failure(f"{name}: a vendor's id is at most 16 lower-case letters, digits and _; try another")
    if name in catalog.vendors:
        raise Failure(f"{name}: there is a vendor of that id already; choose another")
    if name.upper() in (*catalog.states, "AMBIGUOUS", "NOT_FOUND"):
        raise Failure(f"{name}: that is a state's name, a constant on the device too; choose another")


def starter_rows(name: str) -> str:
    """The CSV with the example rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*STARTER_COLUMNS, source_id(name)])
    writer.writerows(ROWS)
    return out.getvalue()


def starter_stanza(name: str) -> str:
    """The stanza of the vendor."""
    return STANZA.format(name=name, title=name.replace("_", " ").title(), source=source_id(name))


def columns_explained(folder: Path, catalog: Catalog) -> str:
    """The comment at the head of a new vendors.toml."""
    states = list(catalog.states)
    lines = [" ".join(states[at : at + 9]) for at in range(0, len(states), 9)]
    return COLUMNS_EXPLAINED.format(
        least=CODE_MIN,
        most=CODE_MAX,
        text=TEXT_MAX,
        text_zh=TEXT_ZH_MAX,
        characters=TEXT_ZH_MAX // 3,
        folder=folder.as_posix(),
        states=("\n#" + " " * 14).join(lines),
    )


def source_id(name: str) -> str:
    """The id of the starter's one source."""
    return f"{name.replace('_', '-')}-list"
