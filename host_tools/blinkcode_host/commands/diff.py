"""`blinkcode diff`: what changed between two revisions of a vendor's document, or differs between two sources."""

from __future__ import annotations

import argparse
import json
import sys

from blinkcode_host.catalog.records import Source
from blinkcode_host.catalog.revisions import Changes, changes, find_source
from blinkcode_host.commands import Failure, add_json, add_tables, known_vendors, load_tables
from blinkcode_host.reading.terminal import width_of, wrapped
from blinkcode_host.standard_streams import complain

HELP = "show the codes that were added, withdrawn or reworded between two revisions, or how two other sources differ"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    parser.add_argument("vendor")
    parser.add_argument("old", help="a revision's date, such as 2021-12-21, or its source id")
    parser.add_argument("new")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    catalog = load_tables(arguments)
    (vendor,) = known_vendors(catalog, [arguments.vendor])
    old, new = (find_source(vendor, name) for name in (arguments.old, arguments.new))
    if old is None or new is None:
        wrong = arguments.old if old is None else arguments.new
        known = ", ".join(_named(s) for s in vendor.sources)
        raise Failure(f"{wrong}: no such revision of {vendor.id}; there are {known}")
    found = changes(catalog, vendor.id, old, new)
    if arguments.json:
        names = ("added", "withdrawn") if found.editions else ("only_in_new", "only_in_old")
        groups = dict(zip(names, (found.only_new, found.only_old), strict=True)) | {
            "reworded": found.reworded
        }
        data = {
            name: [
                {"code": m.code, "old": m.messages.get(old.id), "new": m.messages.get(new.id)} for m in group
            ]
            for name, group in groups.items()
        }
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return 0
    for m in found.only_new:
        _tell(f"+ {m.code}  ", f"{m.messages[new.id]}  ({m.state})")
    for m in found.only_old:
        _tell(f"- {m.code}  ", f"{m.messages[old.id]}  ({m.state})")
    for m in found.reworded:
        lead = f"~ {m.code}  "
        _tell(lead, m.messages[old.id])
        _tell(" " * len(lead), m.messages[new.id])
    complain(f"{vendor.id} {_named(old)} to {_named(new)}: {_counted(found)}")
    return 0


def _counted(found: Changes) -> str:
    """How many codes differ, and in what way; only what was there in an earlier edition can be withdrawn."""
    new, old, reworded = len(found.only_new), len(found.only_old), len(found.reworded)
    if found.editions:
        return f"{new} added, {old} withdrawn, {reworded} reworded"
    kinds = (found.old.kind, found.new.kind)
    counts = [] if kinds[0] == "field" else [f"{new} only in {found.new.described}"]
    counts += [] if kinds[1] == "field" else [f"{old} only in {found.old.described}"]
    return ", ".join([*counts, f"{reworded} in other words"])


def _tell(lead: str, words: str) -> None:
    """Print a line; where it is longer than the terminal, what goes on stands below its words."""
    print("\n".join(wrapped(lead + words, width_of(sys.stdout), len(lead))))


def _named(source: Source) -> str:
    """A revision as it can be named, and what it is where it is no document: "2024-07-22"."""
    kinds = {"code": " (source code)", "field": f" ({source.described})"}
    return f"{source.id if source.kind == 'code' else source.date or source.id}{kinds.get(source.kind, '')}"
