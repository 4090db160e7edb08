"""`blinkcode size`: the bytes of data that a compiled table takes, part by part."""

from __future__ import annotations

import argparse
import json
import zlib

from blinkcode_host.commands import add_json
from blinkcode_host.commands.compile import add_table, chosen_catalog, compile_chosen

HELP = "show the data bytes of a compiled table, part by part"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    table, catalog = compile_chosen(arguments), chosen_catalog(arguments)
    texts = [m.text_in(arguments.lang) for _, _, m in catalog.slots()]
    joined = "\n".join(texts).encode()
    sizes = {name.lower(): size for name, size in table.sizes.items()}
    facts = {"codes": len(texts), "raw_bytes": len(joined), "zlib9_bytes": len(zlib.compress(joined, 9))}
    if arguments.json:
        print(json.dumps({**facts, **sizes, "total": sum(sizes.values())}, indent=1))
        return 0
    for name, size in sizes.items():
        print(f"{name:<8} {size:6}")
    print(f"{'total':<8} {sum(sizes.values()):6}")
    print(f"{len(texts)} texts: {facts['raw_bytes']} bytes, {facts['zlib9_bytes']} by zlib -9 in one block")
    return 0
