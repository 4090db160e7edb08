"""A blink pattern drawn with characters."""

from __future__ import annotations

LIT, DARK = "█", "·"


def draw(steps: list[tuple[bool, int]], ms_per_character: int = 100) -> str:
    """One cycle of (lit, milliseconds) steps as a line of full blocks and dots; a steady light is ten blocks."""
    if steps == [(True, 0)]:
        return LIT * 10
    return "".join((LIT if lit else DARK) * max(1, round(ms / ms_per_character)) for lit, ms in steps)
