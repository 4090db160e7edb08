"""The bytes of DATA: the phrase book, heads, marks and tokens. Layout: docs/format.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from blinkcode_host.compiler import index
from blinkcode_host.compiler.packing import LONG_TEXT, MAX_BODY, Grammar
from blinkcode_host.compiler.slots import HEAD_BASE

#: Every that many slots a mark says where the tokens start.
MARK_EVERY = 20
#: Added to a shift, which may be negative, to make it a byte.
SHIFT_BIAS = 240


@dataclass(frozen=True)
class Data:
    """The parts of DATA, in their order."""

    book: bytes
    heads: bytes
    marks: bytes
    tokens: bytes

    def __bytes__(self) -> bytes:
        return self.book + self.heads + self.marks + self.tokens


def lay_out(states: list[int], grammar: Grammar) -> Data:
    """DATA for slots of these states, whose texts the grammar has. Raises index.TooLarge."""
    book = _book(grammar)
    return Data(book, *_slots(states, grammar.texts, len(book) + len(states)))


def _slots(states: list[int], tokens: Sequence[bytes], start: int) -> tuple[bytes, bytes, bytes]:
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
