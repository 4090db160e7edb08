"""The contenders that people write by hand, generated from the same rows.

Each is the cheapest honest form of its style: states are small ints, since that is cheaper than names; the
constants' names begin with an underscore, so that they take no RAM; find() gives (state, text).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from mpremote.romfs import VfsRomWriter

from . import Contender, Row

UNKNOWN = 17
_MISS = f'({UNKNOWN}, "unknown error")'
_MOUNT = "import vfs, rom_image\nvfs.mount(vfs.VfsRom(rom_image.IMAGE), '/rom')\n"


def by_hand(rows: Sequence[Row], vendors: Sequence[str]) -> list[Contender]:
    """All of them; `vendors` are the names by number."""
    return [_dict(rows, vendors), _if_chain(rows, vendors), _json(rows, vendors), _tuple(rows, vendors)]


def _contender(name: str, source: str, before: str = "", others: dict[str, str] | None = None) -> Contender:
    module = f"errors_{name}"
    return Contender(
        name,
        module,
        source,
        use=f"from {module} import find\n",
        handle="find(code, vendor)",
        state="handle[0]",
        text="handle[1]",
        before=before,
        others=others or {},
    )


def _of(vendor: int, rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if row.vendor == vendor), key=lambda row: row.code)


def _dict(rows: Sequence[Row], vendors: Sequence[str]) -> Contender:
    """As python-broadlink does: one dict a vendor, and a function around it."""
    lines = ["_ERRORS = ("]
    for number, name in enumerate(vendors):
        lines += [
            f"    {{  # {name}",
            *(f"        {r.code}: {(r.state, r.text)!r}," for r in _of(number, rows)),
        ]
        lines.append("    },")
    lines += [")", f"_UNKNOWN = {_MISS}", "", "def find(code, vendor):"]
    lines.append("    return _ERRORS[vendor].get(code, _UNKNOWN)")
    return _contender("dict", "\n".join(lines) + "\n")


def _if_chain(rows: Sequence[Row], vendors: Sequence[str]) -> Contender:
    """One function with one test a code; the vendors' tests stand around."""
    lines = ["def find(code, vendor):"]
    for number, name in enumerate(vendors):
        lines.append(f"    {'if' if number == 0 else 'elif'} vendor == {number}:  # {name}")
        for r in _of(number, rows):
            lines += [f"        if code == {r.code}:", f"            return {(r.state, r.text)!r}"]
    return _contender("if_chain", "\n".join([*lines, f"    return {_MISS}"]) + "\n")


def _json(rows: Sequence[Row], vendors: Sequence[str]) -> Contender:
    """A file on the flash's filesystem, read once, at import. A read-only ROM filesystem holds it here."""
    data = [{str(r.code): [r.state, r.text] for r in _of(number, rows)} for number in range(len(vendors))]
    image = VfsRomWriter()
    image.mkfile("errors.json", json.dumps(data, separators=(",", ":")).encode())
    source = f"""\
import json

with open("/rom/errors.json") as file:
    _ERRORS = json.load(file)
_UNKNOWN = {_MISS}


def find(code, vendor):
    return _ERRORS[vendor].get(str(code), _UNKNOWN)
"""
    rom = {"rom_image": f"IMAGE = {image.finalise()!r}\n"}
    return _contender("json", source, _MOUNT, rom)


def _tuple(rows: Sequence[Row], vendors: Sequence[str]) -> Contender:
    """A sorted tuple a vendor, which freezes into flash as it is, and a search by halves."""
    lines = ["_ERRORS = ("]
    for number, name in enumerate(vendors):
        lines.append(f"    (  # {name}")
        lines += [f"        {(r.code, (r.state, r.text))!r}," for r in _of(number, rows)]
        lines.append("    ),")
    source = f"""\
)
_UNKNOWN = {_MISS}


def find(code, vendor):
    table = _ERRORS[vendor]
    low = 0
    high = len(table)
    while low < high:
        middle = (low + high) >> 1
        if table[middle][0] < code:
            low = middle + 1
        else:
            high = middle
    if low < len(table) and table[low][0] == code:
        return table[low][1]
    return _UNKNOWN
"""
    return _contender("tuple", "\n".join([*lines, source]))
