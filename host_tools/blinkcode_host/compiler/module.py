"""Lay a catalog out as the compiled table: one Python module of bytes constants."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from blinkcode_host import __version__
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.compiler import index
from blinkcode_host.compiler.packing import LONG_TEXT, MAX_BODY, Grammar, pack

Constant = str | int | bytes | tuple[int, ...]

#: The format that docs/format.md describes; part of the table id.
FORMAT = 4
#: Head byte: tokens * HEAD_BASE + state, LONG_TEXT tokens meaning that their number stands before them.
HEAD_BASE = 18
#: Head byte of filled gaps and aliases: like a slot of state UNKNOWN, with no tokens where others have texts,
#: and with one where nothing has.
GAP, GAP_WITHOUT_TEXT = 17, 35
#: The unit of a cycle's parts.
UNIT_MS = 10
#: Every that many slots a mark says where the tokens start.
MARK_EVERY = 32
#: Added to a shift, which may be negative, to make it a byte.
SHIFT_BIAS = 240


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
    clouds = catalog.vendors_of("cloud")
    vendors = [*clouds, *catalog.vendors_of("system", "host")]
    numbers = {vendor: number for number, vendor in enumerate(vendors)}
    shown = {(numbers[vendor], code): meaning for vendor, code, meaning in catalog.slots()}
    targets = {
        (numbers[m.vendor], alias): (numbers[m.vendor], m.code)
        for m in catalog.meanings
        for alias in m.aliases
    }
    built = index.build([*shown, *targets], len(clouds))
    slot_of = {pair: slot for slot, pair in enumerate(built.slots) if pair}

    def encoded(words: str) -> bytes:
        return words.encode() if text else b""

    gap = GAP if text else GAP_WITHOUT_TEXT
    states, texts = [], []
    for pair in built.slots:
        meaning = shown.get(pair) if pair else None
        states.append(catalog.states[meaning.state].number if meaning else gap)
        texts.append(encoded(meaning.text_in(language)) if meaning else b"")
    for state in catalog.states.values() if remedies else ():
        states.append(state.number)
        texts.append(encoded(state.remedy_zh if language == "zh" else state.remedy))
    own = {
        slot_of[pair]: encoded(catalog.remedy(m, language))
        for pair, m in shown.items()
        if m.remedy and remedies and text
    }
    place = {remedy: len(texts) + number for number, remedy in enumerate(dict.fromkeys(own.values()))}
    states += [catalog.states["UNKNOWN"].number] * len(place)
    texts += place
    paired = {slot_of[pair]: slot_of[target] for pair, target in targets.items()}
    paired |= {slot: place[remedy] for slot, remedy in own.items()}
    levels = bytes(getattr(logging, s.level) for s in catalog.states.values())
    grammar = pack(texts)
    book = _book(grammar)
    entries = built.data(paired)
    start = len(book) + len(states)
    heads, marks, stream = _lay_out(states, grammar.texts, start)
    count = (len(entries) - len(built.owners)) // 4
    parts = {
        "DATA": book + heads + marks + stream,
        "INDEX": entries,
        "LEVELS": levels,
    }
    names = f" AMBIGUOUS NOT_FOUND {' '.join([*catalog.states, *(v.upper() for v in vendors)])} ? "
    probe = max(shown, key=lambda pair: abs(pair[1]), default=(0, 0))
    numbers_of: dict[str, Constant] = {
        "CODES": len(shown),
        "CLOUDS": len(clouds),
        "CODE_SLOTS": len(built.slots),
        "SLOTS": len(heads),
        "CHECK": _check([pair if pair in shown else None for pair in built.slots], states, levels, texts),
        "TEXT_SLOTS": len(heads) if text else 0,
        "TEXT_MAX": max(map(len, texts)) if text else 0,
        "REMEDIES": len(own),
        "LONG_TEXTS": sum(len(body) >= LONG_TEXT for body in grammar.texts),
        "GAP": gap,
        "SHIFTS": MAX_BODY - 1,
        "LITERALS": len(grammar.literals),
        "HEADS": len(book),
        "KEYS_LOW": count,
        "VALUES": 2 * count,
        "VALUES_LOW": 3 * count,
        "OWNERS": 4 * count - built.pages - 1,
        "PAGES": built.pages,
        "NEAR": built.near,
        "NEAR_END": built.near_end,
        "PAIRS": built.near_end + 1,
        "PAIRS_END": count,
        "MARKS": start,
        "VENDOR_NAMES": names.index(" UNKNOWN ") + len(" UNKNOWN"),
        "PROBE_VENDOR": probe[0],
        "PROBE_CODE": probe[1],
    }
    numbers_of |= _times(catalog)
    parts["INT16_VENDORS"] = bytes(numbers[v.id] for v in catalog.vendors.values() if v.wire == "int16")
    parts["PATTERNS"] = _patterns(catalog)
    parts["COLOURS"] = b"".join(bytes.fromhex(s.colour[1:]) for s in catalog.states.values())
    digest = table_id(catalog, language=language, text=text)
    sizes = {"ID": len(digest), "NAMES": len(names), "HEADS": len(heads)}
    sizes |= {"TEXTS": len(book + marks + stream)}
    sizes |= {name: len(value) for name, value in parts.items() if name != "DATA"}
    constants: dict[str, Constant] = {"ID": digest, "NAMES": names, **numbers_of, **parts}
    return Compiled(digest, constants, sizes, command)


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


def _check(
    owners: Sequence[tuple[int, int] | None], states: list[int], levels: bytes, texts: list[bytes]
) -> int:
    """The checksum of the device's self-check: code, vendor, state, level and text of every slot.

    `owners` has the (vendor, code) of the slots that have one; gaps, aliases and remedies have none.
    """
    check = 0
    for n, (head, text) in enumerate(zip(states, texts, strict=True)):
        state = head % HEAD_BASE
        owner = owners[n] if n < len(owners) else None
        said = owner[1].to_bytes(4, "big", signed=True) + bytes([owner[0]]) if owner else b""
        check = zlib.crc32(said + bytes([state, levels[state]]) + text, check)
    return check & 0x3FFFFFFF


def _lay_out(states: list[int], tokens: Sequence[bytes], start: int) -> tuple[bytes, bytes, bytes]:
    """(heads, marks, token stream); the marks are at `start` in DATA, the stream follows them.

    Where no slot has tokens there are no marks either. Raises index.TooLarge where a mark does not fit into 16 bits.
    """
    heads, marks, stream = bytearray(), bytearray(), bytearray()
    start += 2 * -(-len(states) // MARK_EVERY)
    marked = any(tokens)
    for slot, (state, body) in enumerate(zip(states, tokens, strict=True)):
        if marked and slot % MARK_EVERY == 0:
            at = start + len(stream)
            if at > index.MOST:
                raise index.TooLarge(
                    f"the texts of the first {slot} of {len(states)} slots end at byte {at}; the format holds "
                    f"{index.MOST}: compile fewer vendors with --vendor, or use --no-text"
                )
            marks += at.to_bytes(2, "big")
        heads.append(min(len(body), LONG_TEXT) * HEAD_BASE + state)
        stream += (bytes([len(body)]) if len(body) >= LONG_TEXT else b"") + body
    return bytes(heads), bytes(marks), bytes(stream)


def _book(grammar: Grammar) -> bytes:
    """What DATA starts with: literals, where phrases of n tokens end and start, bodies.

    A token is a phrase of n tokens if it is greater than last[n - 1] and at most last[n]; its body starts at
    (token + shift[n]) * n, for which the bodies of n tokens start at a multiple of n.
    """
    token = len(grammar.literals)
    start = token + 2 * (MAX_BODY - 1)
    last, firsts, groups = bytearray(), {}, {}
    for n in range(2, MAX_BODY + 1):
        same = [body for body in grammar.bodies if len(body) == n]
        if same:
            firsts[n], groups[n] = token, b"".join(same)
        token += len(same)
        last.append(max(0, token - 1))
    shifts, bodies = bytearray(MAX_BODY - 1), bytearray()
    for n, at in _places(start, firsts, {n: len(group) for n, group in groups.items()}).items():
        shifts[n - 2] = at // n - firsts[n] + SHIFT_BIAS
        bodies += bytes(at - start - len(bodies)) + groups[n]
    return grammar.literals + bytes(last) + bytes(shifts) + bytes(bodies)


def _places(start: int, firsts: dict[int, int], sizes: dict[int, int]) -> dict[int, int]:
    """Where the bodies of n tokens start, in the order with the least padding in which every shift is a byte.

    What is still to be placed ends the earlier, the earlier it begins: of orders of the same lengths one is kept.
    """
    best: dict[frozenset[int], tuple[int, dict[int, int]]] = {frozenset(): (start, {})}
    for _ in sizes:
        longer: dict[frozenset[int], tuple[int, dict[int, int]]] = {}
        for end, places in best.values():
            for n in [n for n in sizes if n not in places]:
                at = end + -end % n
                done = frozenset([*places, n])
                fits = 0 <= at // n - firsts[n] + SHIFT_BIAS <= 255
                if fits and (done not in longer or at + sizes[n] < longer[done][0]):
                    longer[done] = at + sizes[n], {**places, n: at}
        best = longer
    return best[frozenset(sizes)][1]


_COMMENTS = {
    "DATA": "phrase book, heads, marks, tokens: docs/format.md",
    "INDEX": "keys, values and owners of the entries: docs/format.md",
    "LEVELS": "the logging level of each state",
    "PATTERNS": "where each state's cycle begins, cycles: docs/format.md",
    "INT16_VENDORS": "the vendors that send their codes as 16 bits",
    "COLOURS": "red, green, blue of each state",
}
