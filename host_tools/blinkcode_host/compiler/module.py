"""Lay a catalog out as the compiled table: one Python module of bytes constants."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
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
MARK_EVERY = 8
#: What stands before the literals in TEXTS: two columns for phrases of 2 to MAX_BODY tokens.
BOOK_HEADER = 2 * MAX_BODY
#: Added to a shift, which may be negative, to make it a byte.
SHIFT_BIAS = 240


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
    return "\n".join(
        ["(", *('    b"' + "".join(f"\\x{byte:02x}" for byte in row) + '"' for row in rows), ")"]
    )


def table_id(catalog: Catalog, *, language: Language = "en", text: bool = True) -> str:
    """Eight hexadecimal digits over what a device with this table knows: codes, states, and texts if it has them."""
    known = [FORMAT, list(catalog.states), list(catalog.vendors)]
    known += [(m.vendor, m.code, m.aliases, m.state) for m in (meaning for _, _, meaning in catalog.slots())]
    if text:
        known += [m.text_zh if language == "zh" else m.text for _, _, m in catalog.slots()]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:8]


def compile_table(
    catalog: Catalog,
    *,
    language: Language = "en",
    text: bool = True,
    remedies: bool = True,
    command: str = "",
) -> Compiled:
    """The compiled table of every vendor in the catalog. `command` goes into its header.

    `remedies` has the texts that the runtime's remedy() names, a slot for each state. Raises index.TooLarge where the catalog does not fit into the format.
    """
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    shown = {(numbers[vendor], code): meaning for vendor, code, meaning in catalog.slots()}
    targets = {
        (numbers[m.vendor], alias): (numbers[m.vendor], m.code)
        for m in catalog.meanings
        for alias in m.aliases
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
    for state in catalog.states.values() if remedies else ():
        states.append(state.number)
        texts.append(words(state.remedy, state.remedy_zh))
    grammar = pack(texts)
    book = _book(grammar)
    aliases = b"".join(
        slot_of[pair].to_bytes(2, "big") + slot_of[target].to_bytes(2, "big")
        for pair, target in targets.items()
    )
    heads, marks, step, stream = _lay_out(states, grammar.texts, len(book + aliases))
    parts = {
        "INDEX": built.data,
        "HEADS": heads,
        "TEXTS": book + aliases + marks + stream,
        "LEVELS": bytes(getattr(logging, s.level) for s in catalog.states.values()),
    }
    numbers_of = {
        "CODES": len(shown),
        "TEXT_MAX": max(map(len, texts)) if text else 0,
        "SLOTS": len(heads),
        "PAGES_END": built.pages * index.ENTRY,
        "NEAR": built.near[0],
        "NEAR_END": built.near[1],
        "VENDOR_BITS": built.vendor_bits,
        "SHARED": 1 << built.vendor_bits - 1,
        "SHIFTS": MAX_BODY - 1,
        "BOOK": BOOK_HEADER,
        "LITERALS": len(grammar.literals),
        "ALIASES": len(book),
        "MARKS": len(book + aliases),
        "MARK_STEP": step,
    }
    times = catalog.pattern
    tens = [ms // 10 for ms in (times.short_ms, times.long_ms, times.gap_ms, times.pause_ms)]
    parts["PATTERNS"] = bytes([*tens, times.long_worth, *(s.flashes for s in catalog.states.values())])
    parts["COLOURS"] = b"".join(bytes.fromhex(s.colour[1:]) for s in catalog.states.values())
    names = f" AMBIGUOUS NOT_FOUND {' '.join([*catalog.states, *(v.upper() for v in catalog.vendors)])} "
    digest = table_id(catalog, language=language, text=text)
    constants: dict[str, str | int | bytes] = {"ID": digest, "NAMES": names, **numbers_of, **parts}
    return Compiled(digest, constants, command)


def _lay_out(states: list[int], tokens: Sequence[bytes], book: int) -> tuple[bytes, bytes, int, bytes]:
    """(heads, marks, mark step, token stream); marks and stream follow `book` bytes in TEXTS.

    The tokens of slot 8 * n start at the n-th mark + n * step: what is left to the marks is a small rest
    even where the stream is long. Raises index.TooLarge where it is not.
    """
    heads, stream, starts = bytearray(), bytearray(), []
    start = book + 2 * -(-len(states) // MARK_EVERY)
    for slot, (state, body) in enumerate(zip(states, tokens, strict=True)):
        if slot % MARK_EVERY == 0:
            starts.append(start + len(stream))
        heads.append(state * HEAD_BASE + min(len(body), MANY))
        stream += (bytes([len(body)]) if len(body) >= MANY else b"") + body
    step = min((start // n for n, start in enumerate(starts) if n), default=0)
    rests = [start - n * step for n, start in enumerate(starts)]
    if max(rests) > index.MOST:
        raise index.TooLarge(
            f"texts of {len(stream)} bytes, too unevenly spread for 16-bit marks; use --no-text"
        )
    return bytes(heads), b"".join(rest.to_bytes(2, "big") for rest in rests), step, bytes(stream)


def _book(grammar: Grammar) -> bytes:
    """What precedes aliases, marks and tokens in TEXTS: where phrases of n tokens end and start, literals, bodies.

    Token t is a phrase of n tokens if t is greater than last[n - 1] and at most last[n]; its body starts at
    (t + shift[n]) * n, for which the bodies of n tokens start at a multiple of n.
    """
    last, shifts, bodies = bytearray(2), bytearray(), bytearray()
    token, start = len(grammar.literals), BOOK_HEADER + len(grammar.literals)
    for n in range(2, MAX_BODY + 1):
        same = [body for body in grammar.bodies if len(body) == n]
        bodies += bytes(-(start + len(bodies)) % n if same else 0)
        shifts.append(((start + len(bodies)) // n - token + SHIFT_BIAS) & 0xFF)
        bodies += b"".join(same)
        token += len(same)
        last.append(max(0, token - 1))
    return bytes(last) + bytes(shifts) + grammar.literals + bytes(bodies)


_COMMENTS = {
    "INDEX": "4 bytes an entry, big-endian: key (2), value (2); pages first, then ranges",
    "HEADS": "a byte a slot, then a byte a state for its remedy: state * 12 + number of tokens",
    "TEXTS": "where phrases of each length end and start, literals, phrases, aliases, marks, tokens",
    "LEVELS": "the logging level of each state",
    "PATTERNS": "in 10 ms: short flash, long flash, gap, pause; flashes a long one is worth; flashes of each state",
    "COLOURS": "red, green, blue of each state",
}
