"""What a terminal asks for: its width, and whether it is to be coloured."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len

if TYPE_CHECKING:
    from rich.console import Console

#: Columns of what is printed to no terminal, where a table has to have some width.
WIDE = 200
# What a line may be broken after: a space, or Chinese punctuation. Names, numbers and lamp signs stay whole.
_PART = re.compile(r"[^\s，。；：、！？]*[，。；：、！？]+|\S+|\s+")


def wants_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set or TERM is dumb."""
    return out.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def console(out: TextIO) -> Console:
    """rich's console for a stream, which colours what wants_colour() says, and has the stream's width."""
    from rich.console import Console  # not before it is needed: it takes 50 ms

    colour = wants_colour(out, os.environ)
    return Console(
        file=out,
        highlight=False,
        width=width_of(out) or WIDE,
        color_system="auto" if colour else None,
        no_color=not colour,
    )


def width_of(out: TextIO) -> int | None:
    """The columns of a stream's terminal; None if it is none, so that programs get whole lines."""
    return shutil.get_terminal_size().columns if out.isatty() else None


def wrapped(line: str, width: int | None, indent: int = 0) -> list[str]:
    """A line in pieces of at most `width` columns, broken between words; `indent` is that of all but the first.

    A word that is longer than a line stays whole. Chinese characters take two columns. The pieces, joined with what
    was between them, are the line.
    """
    if width is None or cell_len(line) <= width:
        return [line]
    lines, current, taken, fresh = [], "", 0, True
    for part in _PART.findall(line):
        size = cell_len(part)
        if part.isspace() and not fresh and taken + size > width:
            continue
        if not fresh and not part.isspace() and taken + size > width:
            lines.append(current.rstrip())
            current, taken = " " * indent, indent
        current, taken = current + part, taken + size
        fresh = fresh and part.isspace()
    return [*lines, current.rstrip()]
