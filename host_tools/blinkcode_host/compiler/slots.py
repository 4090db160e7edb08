"""What the slots of a table hold: first those of codes, then the texts of remedies."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from blinkcode_host.catalog.records import Catalog, Meaning
from blinkcode_host.compiler import index

#: A vendor's number and a code of it.
Pair = tuple[int, int]

#: Head byte: tokens * HEAD_BASE + state, LONG_TEXT tokens meaning that their number stands before them.
HEAD_BASE = 18
#: Head byte of filled gaps and aliases: like a slot of state UNKNOWN, with no tokens where others have texts,
#: and with one where nothing has.
GAP, GAP_WITHOUT_TEXT = 17, 35


@dataclass(frozen=True)
class Slots:
    """The slots in their order, and how they are found."""

    index: index.Index
    shown: dict[Pair, Meaning]  # the codes that have a slot of their own: all but aliases
    gap: int  # the head of a slot that stands for no code
    states: list[int]  # a slot's state, or the gap's head
    texts: list[bytes]
    paired: dict[
        int, int
    ]  # an alias's slot -> the one of its code; a code's slot -> the text of its own remedy
    remedies: int  # codes with a remedy of their own

    def check(self, levels: bytes) -> int:
        """The checksum of the device's self-check: code, vendor, state, level and text of every slot."""
        check = 0
        for slot, (head, text) in enumerate(zip(self.states, self.texts, strict=True)):
            state = head % HEAD_BASE
            pair = self.index.slots[slot] if slot < len(self.index.slots) else None
            known = pair is not None and pair in self.shown
            said = pair[1].to_bytes(4, "big", signed=True) + bytes([pair[0]]) if pair and known else b""
            check = zlib.crc32(said + bytes([state, levels[state]]) + text, check)
        return check & 0x3FFFFFFF


def fill(catalog: Catalog, numbers: dict[str, int], language: str | None, remedies: bool) -> Slots:
    """The slots of a catalog whose vendors have these numbers, the clouds' first.

    Without a language no slot has a text. `remedies` adds those of the states, and of codes with one of their own.
    Raises index.TooLarge where the codes do not fit into the format.
    """
    shown = {(numbers[vendor], code): meaning for vendor, code, meaning in catalog.slots()}
    targets = {
        (numbers[m.vendor], alias): (numbers[m.vendor], m.code)
        for m in catalog.meanings
        for alias in m.aliases
    }
    built = index.build([*shown, *targets], len(catalog.vendors_of("cloud")))
    gap = GAP if language else GAP_WITHOUT_TEXT
    states, texts = [], []
    for pair in built.slots:
        meaning = shown.get(pair) if pair else None
        states.append(catalog.states[meaning.state].number if meaning else gap)
        texts.append(meaning.text_in(language).encode() if meaning and language else b"")
    slot_of = {pair: slot for slot, pair in enumerate(built.slots) if pair}
    paired = {slot_of[pair]: slot_of[target] for pair, target in targets.items()}
    own: dict[int, bytes] = {}
    if remedies:
        for state in catalog.states.values():
            said = state.remedy_zh if language == "zh" else state.remedy
            states.append(state.number)
            texts.append(said.encode() if language else b"")
    if remedies and language:
        own = {slot_of[pair]: catalog.remedy(m, language).encode() for pair, m in shown.items() if m.remedy}
        place = {remedy: len(texts) + number for number, remedy in enumerate(dict.fromkeys(own.values()))}
        states += [catalog.states["UNKNOWN"].number] * len(place)
        texts += place
        paired |= {slot: place[remedy] for slot, remedy in own.items()}
    return Slots(built, shown, gap, states, texts, paired, len(own))
