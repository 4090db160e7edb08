"""Lay a catalog out as the compiled table: one Python module of bytes constants."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import Literal

from blinkcode_host import __version__
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.compiler import index
from blinkcode_host.compiler.packing import MAX_BODY, Grammar, pack

Language = Literal["en", "zh"]

#: The format that docs/format.md describes; part of the table id.
FORMAT = 1
#: Head byte: state * HEAD_BASE + tokens, MANY tokens meaning that their number stands before them.
HEAD_BASE, MANY = 12, 11
ALIAS_STATE, GAP_STATE = 18, 19
#: Every that many slots a mark says where the tokens start.
MARK_EVERY = 16
#: What stands before the literals in TEXTS: three columns for phrases of up to MAX_BODY tokens.
BOOK_HEADER = 3 * MAX_BODY - 1


@dataclass(frozen=True)
class Compiled:
    """A compiled table: its id and its constants, ready to be written as a module."""

    id: str
    constants: dict[str, str | int | bytes]
    command: str

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each constant that is stored as data."""
        return {name: len(value) for name, value in self.constants.items() if not isinstance(value, int)}

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


def literal(value: str | int | bytes) -> str:
    """A constant as Python source; bytes in rows of twenty."""
    if not isinstance(value, bytes):
        return f'"{value}"' if isinstance(value, str) else str(value)
    rows = [value[at : at + 20] for at in range(0, len(value), 20)] or [b""]
    return "\n".join(["(", *('    b"' + "".join(f"\\x{byte:02x}" for byte in row) + '"' for row in rows), ")"])


def compile_table(catalog: Catalog, *, language: Language = "en", text: bool = True, command: str = "") -> Compiled:
    """The compiled table of every vendor in the catalog. `command` goes into its header.

    Raises index.TooLarge where the catalog does not fit into the format.
    """
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    shown = {(numbers[vendor], code): meaning for vendor, code, meaning in catalog.slots()}
    targets = {
        (numbers[m.vendor], alias): (numbers[m.vendor], m.code) for m in catalog.meanings for alias in m.aliases
    }
    built = index.build([*shown, *targets])
    slot_of = {pair: slot for slot, pair in enumerate(built.slots) if pair}

    def words(en: str, zh: str) -> bytes:
        return (zh if language == "zh" else en).encode() if text else b""

    states, texts = [], []
    for pair in built.slots:
        meaning = shown.get(pair) if pair else None
        if meaning:
            states.append(catalog.states[meaning.state].number)
            texts.append(words(meaning.text, meaning.text_zh))
        else:
            states.append(ALIAS_STATE if pair else GAP_STATE)
            texts.append(b"")
    for state in catalog.states.values():
        states.append(state.number)
        texts.append(words(state.remedy, state.remedy_zh))
    grammar = pack(texts)
    tokens = list(grammar.texts)
    for pair, target in targets.items():
        tokens[slot_of[pair]] = slot_of[target].to_bytes(2, "big")
    book = _book(grammar)
    heads, stream, marks = _lay_out(states, tokens, len(book))
    parts = {
        "INDEX": built.data,
        "HEADS": heads,
        "MARKS": marks,
        "TEXTS": book + stream,
        "LEVELS": bytes(getattr(logging, s.level) for s in catalog.states.values()),
    }
    numbers_of = {
        "CODES": len(shown),
        "TEXT_MAX": max(map(len, texts)) if text else 0,
        "NEAR": built.near[0],
        "NEAR_END": built.near[1],
        "VENDOR_BITS": built.vendor_bits,
        "SHARED": 1 << built.vendor_bits - 1,
        "LITERALS": len(grammar.literals),
    }
    times = catalog.pattern
    tens = [ms // 10 for ms in (times.short_ms, times.long_ms, times.gap_ms, times.pause_ms)]
    parts["PATTERNS"] = bytes([*tens, times.long_worth, *(s.flashes for s in catalog.states.values())])
    parts["COLOURS"] = b"".join(bytes.fromhex(s.colour[1:]) for s in catalog.states.values())
    names = f" AMBIGUOUS NOT_FOUND {' '.join([*catalog.states, *(v.upper() for v in catalog.vendors)])} "
    digest = hashlib.sha256(repr((FORMAT, names, numbers_of, sorted(parts.items()))).encode()).hexdigest()[:8]
    constants: dict[str, str | int | bytes] = {"ID": digest, "NAMES": names, **numbers_of, **parts}
    return Compiled(digest, constants, command)


def _lay_out(states: list[int], tokens: list[bytes], start: int) -> tuple[bytes, bytes, bytes]:
    """(heads, token stream, marks); the stream starts at that offset of TEXTS."""
    heads, stream, marks = bytearray(), bytearray(), bytearray()
    for slot, (state, body) in enumerate(zip(states, tokens, strict=True)):
        if slot % MARK_EVERY == 0:
            marks += (start + len(stream)).to_bytes(3, "big")
        heads.append(state * HEAD_BASE + min(len(body), MANY))
        stream += (bytes([len(body)]) if len(body) >= MANY else b"") + body
    return bytes(heads), bytes(stream), bytes(marks)


def _book(grammar: Grammar) -> bytes:
    """What precedes the tokens in TEXTS: where phrases of n tokens end and start, literals, bodies.

    A phrase of n tokens is a token t up to the n-th last one, and its body starts at t * n + the n-th origin.
    """
    last, origins = bytearray(2), []
    token, at = len(grammar.literals), BOOK_HEADER + len(grammar.literals)
    for n in range(2, MAX_BODY + 1):
        count = sum(len(body) == n for body in grammar.bodies)
        origins.append((at - token * n) & 0xFFFF)
        token, at = token + count, at + count * n
        last.append(max(0, token - 1))
    columns = bytes(last) + bytes(o >> 8 for o in origins) + bytes(o & 0xFF for o in origins)
    return columns + grammar.literals + b"".join(grammar.bodies)


_COMMENTS = {
    "INDEX": "4 bytes an entry, big-endian: key (2), value (2); pages first, then ranges",
    "HEADS": "a byte a slot, then a byte a state for its remedy: state * 12 + number of tokens",
    "MARKS": "3 bytes for every 16th slot: where its tokens start in TEXTS",
    "TEXTS": "where phrases of each length end and start, literals, phrases, tokens",
    "LEVELS": "the logging level of each state",
    "PATTERNS": "in 10 ms: short flash, long flash, gap, pause; flashes a long one is worth; flashes of each state",
    "COLOURS": "red, green, blue of each state",
}
