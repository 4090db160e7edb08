"""Show lines and annotations: what came is never altered, but what would steer the terminal is made visible."""

from __future__ import annotations

import re
from typing import TextIO

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.finding import Finding, as_lines

PREFIX = "  ^ "
# C0 but for tab and line end, DEL, and C1 both as UTF-8 and as a bare byte, which then is no UTF-8.
_STEERING = re.compile(
    rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]|\r(?!\n|\Z)|\xc2[\x80-\x9f]|(?<![\x80-\xff])[\x80-\x9f]"
)
# What a REPL needs to echo a line being edited: backspace, carriage return, erase to the end, move left or right.
_EDITING = re.compile(
    rb"\x1b(?!\[\d{0,3}[KCD])|[\x00-\x07\x0b-\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]|(?<![\x80-\xff])[\x80-\x9f]"
)


def harmless(data: bytes, editing: bool = False) -> bytes:
    """The bytes with control characters written as \\x1b; `editing` lets a REPL's line editing through."""
    return (_EDITING if editing else _STEERING).sub(lambda m: f"\\x{m[0][-1]:02x}".encode(), data)


def annotation(catalog: Catalog, finding: Finding, language: str = "en", colour: bool = False) -> str:
    """The lines to print below the finding's line, each with its line end."""
    lines = []
    for line in as_lines(finding, language):
        text = PREFIX + line
        if colour:
            state = catalog.states.get(finding.state)
            red, green, blue = (
                (int(state.colour[i : i + 2], 16) for i in (1, 3, 5)) if state else (128, 128, 128)
            )
            text = f"\x1b[38;2;{red};{green};{blue}m{text}\x1b[0m"
        lines.append(text + "\n")
    return "".join(lines)


def wants_colour(out: TextIO, environment: dict[str, str]) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set."""
    return out.isatty() and not environment.get("NO_COLOR")
