"""Lay a catalog out as the compiled table: one Python module of bytes constants."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from blinkcode_host import __version__
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.compiler.index import Index
from blinkcode_host.compiler.layout import Data, lay_out
from blinkcode_host.compiler.packing import LONG_TEXT, MAX_BODY, Grammar, pack
from blinkcode_host.compiler.slots import Slots, fill

Constant = str | int | bytes | tuple[int, ...]

#: The format that docs/format.md describes; part of the table id.
FORMAT = 4
#: The unit of a cycle's parts.
UNIT_MS = 10


@dataclass(frozen=True)
class Compiled:
    """A compiled table: its id and its constants, ready to be written as a module."""

    id: str
    constants: dict[str, Constant]
    sizes: dict[str, int]  # bytes of data: the parts of DATA, and the constants
    command: str

    @property
    def source(self) -> str:
        """The module, as Python source."""
        lines = [
            f"# Compiled by blinkcode {__version__}: table {self.id}. Made from the vendor tables; do not edit.",
            f"# {self.command}",
        ]
        for name, value in self.constants.items():
            if isinstance(value, bytes):
                lines += ["", f"# {_COMMENTS[name]}; {len(value)} bytes"]
            lines.append(f"{name} = {literal(value)}")
        return "\n".join(lines) + "\n"


def literal(value: Constant) -> str:
    """A constant as Python source; bytes in rows of twenty."""
    if not isinstance(value, bytes):
        return f'"{value}"' if isinstance(value, str) else str(value)
    rows = [value[at : at + 20] for at in range(0, len(value), 20)] or [b""]
    return "\n".join(
        ["(", *('    b"' + "".join(f"\\x{byte:02x}" for byte in row) + '"' for row in rows), ")"]
    )


def table_id(catalog: Catalog, *, language: str = "en", text: bool = True) -> str:
    """Eight hexadecimal digits over what a device with this table knows: codes, states, and texts if it has them."""
    known = [FORMAT, list(catalog.states), list(catalog.vendors)]
    known += [(m.vendor, m.code, m.aliases, m.state) for m in (meaning for _, _, meaning in catalog.slots())]
    if text:
        known += [m.text_in(language) for _, _, m in catalog.slots()]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:8]


def compile_table(
    catalog: Catalog,
    *,
    language: str = "en",
    text: bool = True,
    remedies: bool = True,
    command: str = "",
) -> Compiled:
    """The compiled table of every vendor in the catalog. `command` goes into its header.

    `remedies` has the texts that the runtime's remedy() names, a slot for each state. Raises
    index.TooLarge where the catalog does not fit into the format.
    """
    vendors = [*catalog.vendors_of("cloud"), *catalog.vendors_of("system", "host")]
    numbers = {vendor: number for number, vendor in enumerate(vendors)}
    slots = fill(catalog, numbers, language if text else None, remedies)
    grammar = pack(slots.texts)
    data = lay_out(slots.states, grammar)
    digest = table_id(catalog, language=language, text=text)
    names = f" AMBIGUOUS NOT_FOUND {' '.join([*catalog.states, *(v.upper() for v in vendors)])} ? "
    levels = bytes(getattr(logging, s.level) for s in catalog.states.values())
    entries = slots.index.data(slots.paired)
    parts = {
        "DATA": bytes(data),
        "INDEX": entries,
        "LEVELS": levels,
        "INT16_VENDORS": bytes(numbers[v.id] for v in catalog.vendors.values() if v.wire == "int16"),
        "PATTERNS": _patterns(catalog),
        "COLOURS": b"".join(bytes.fromhex(s.colour[1:]) for s in catalog.states.values()),
    }
    constants: dict[str, Constant] = {
        "ID": digest,
        "NAMES": names,
        "VENDOR_NAMES": names.index(" UNKNOWN ") + len(" UNKNOWN"),
        "CHECK": slots.check(levels),
        **_counts(catalog, slots, text),
        **_places_in_data(data, grammar),
        **_places_in_index(slots.index, len(entries)),
        **_times(catalog),
        **parts,
    }
    sizes = {"ID": len(digest), "NAMES": len(names), "HEADS": len(data.heads)}
    sizes |= {"TEXTS": len(data.book + data.marks + data.tokens)}
    sizes |= {name: len(value) for name, value in parts.items() if name != "DATA"}
    return Compiled(digest, constants, sizes, command)


def _counts(catalog: Catalog, slots: Slots, text: bool) -> dict[str, Constant]:
    """How many there are of what, and a code that is there."""
    probe = max(slots.shown, key=lambda pair: abs(pair[1]), default=(0, 0))
    return {
        "CODES": len(slots.shown),
        "CLOUDS": len(catalog.vendors_of("cloud")),
        "CODE_SLOTS": len(slots.index.slots),
        "SLOTS": len(slots.states),
        "TEXT_SLOTS": len(slots.states) if text else 0,
        "TEXT_MAX": max(map(len, slots.texts)) if text else 0,
        "REMEDIES": slots.remedies,
        "GAP": slots.gap,
        "PROBE_VENDOR": probe[0],
        "PROBE_CODE": probe[1],
    }


def _places_in_data(data: Data, grammar: Grammar) -> dict[str, Constant]:
    """Where the parts of DATA are, and whether texts are long."""
    return {
        "LONG_TEXTS": sum(len(body) >= LONG_TEXT for body in grammar.texts),
        "SHIFTS": MAX_BODY - 1,
        "LITERALS": len(grammar.literals),
        "HEADS": len(data.book),
        "MARKS": len(data.book + data.heads),
    }


def _places_in_index(built: Index, size: int) -> dict[str, Constant]:
    """Where the columns of INDEX are, and which entries are what."""
    count = (size - len(built.owners)) // 4
    return {
        "KEYS_LOW": count,
        "VALUES": 2 * count,
        "VALUES_LOW": 3 * count,
        "OWNERS": 4 * count - built.pages - 1,
        "PAGES": built.pages,
        "NEAR": built.near,
        "NEAR_END": built.near_end,
        "PAIRS": built.near_end + 1,
        "PAIRS_END": count,
    }


def _patterns(catalog: Catalog) -> bytes:
    """Where the cycle of each state begins, a byte a state, then the cycles.

    A cycle is the lengths of its parts in 10 ms, lit and dark in turn, and 0; that of a steady light has one part.
    One that ends as another does is kept as the end of that.
    """
    times = catalog.pattern
    cycles = {"steady": bytes([times.short_ms // UNIT_MS, 0])}
    for state in catalog.states.values():
        if state.flashes:
            steps = times.steps(state.flashes, state.second)
            cycles[state.count] = bytes(ms // UNIT_MS for _, ms in steps) + b"\0"
    kept = b""
    for cycle in sorted(cycles.values(), key=len, reverse=True):
        kept += cycle if cycle not in kept else b""
    begins = bytes(len(catalog.states) + kept.index(cycles[s.count]) for s in catalog.states.values())
    return begins + kept


def _times(catalog: Catalog) -> dict[str, Constant]:
    """How long the parts of a cycle last, in ms, and how many short flashes a long one is worth."""
    pattern = catalog.pattern
    return {
        "SHORT_MS": pattern.short_ms,
        "LONG_MS": pattern.long_ms,
        "GAP_MS": pattern.gap_ms,
        "GROUP_MS": pattern.group_ms,
        "PAUSE_MS": pattern.pause_ms,
        "LONG_WORTH": pattern.long_worth,
    }


_COMMENTS = {
    "DATA": "phrase book, heads, marks, tokens: docs/format.md",
    "INDEX": "keys, values and owners of the entries: docs/format.md",
    "LEVELS": "the logging level of each state",
    "PATTERNS": "where each state's cycle begins, cycles: docs/format.md",
    "INT16_VENDORS": "the vendors that send their codes as 16 bits",
    "COLOURS": "red, green, blue of each state",
}
