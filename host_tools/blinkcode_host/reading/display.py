"""Show lines and annotations: what came is never altered, but what would steer the terminal is made visible."""

from __future__ import annotations

import re

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.finder import MOST_FINDINGS
from blinkcode_host.finding.finding import Finding, as_lines
from blinkcode_host.reading.terminal import wrapped

PREFIX = "  ^ "
# Of an escape sequence for line editing or colour, or of a character; it means nothing without its rest.
UNFINISHED = re.compile(
    rb"(?:\x1b(?:\[[\d;]{0,16})?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
#: What is said of a line that has as many findings as are given.
FULL = f"{MOST_FINDINGS:,} codes are given of one line; if this one has more, they are left out"
# What turns a line's direction around, or ends it for some programs.
_TURNING = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
# C0 but for tab and line end, DEL, C1, and bytes that are no UTF-8 but C1 for a terminal of 8 bits.
_STEERING = r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]|\r(?!\n)"
# What a live console sends passes: backspace, carriage return, erase to the end, move left or right, and colours.
_STEERING_NO_EDITING = r"\x1b(?!\[\d{0,3}[KCD]|\[[\d;]{0,16}m)|[\x00-\x07\x0b-\x0c\x0e-\x1a\x1c-\x1f\x7f]"
_IN_ASCII = re.compile(_STEERING.encode()), re.compile(_STEERING_NO_EDITING.encode())
_IN_TEXT = tuple(
    re.compile(rf"{steering}|[\x80-\x9f\udc80-\udc9f{_TURNING}]")
    for steering in (_STEERING, _STEERING_NO_EDITING)
)


def harmless(data: bytes, editing: bool = False) -> bytes:
    """The bytes with what would steer a terminal written as \\x1b or \\u202e.

    `editing` lets a REPL's line editing and colours through. The bytes end where a character does; a `\\r` that ends
    a line alone is written as \\x0d, or passes with `editing`.
    """
    if data.isascii():
        return _IN_ASCII[editing].sub(lambda m: b"\\x%02x" % m[0][0], data)
    return (
        _IN_TEXT[editing]
        .sub(_escaped, data.decode("utf-8", "surrogateescape"))
        .encode("utf-8", "surrogateescape")
    )


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def annotation(
    catalog: Catalog,
    finding: Finding,
    language: str = "en",
    colour: bool = False,
    width: int | None = None,
) -> str:
    """The lines to print below the finding's line, each with its line end; broken between words at `width` columns."""
    lines = []
    for line in as_lines(finding, language):
        text = "\n".join(wrapped(PREFIX + line, width, len(PREFIX)))
        if colour:
            state = catalog.states.get(finding.state)
            red, green, blue = (
                (int(state.colour[i : i + 2], 16) for i in (1, 3, 5)) if state else (128, 128, 128)
            )
            text = f"\x1b[38;2;{red};{green};{blue}m{text}\x1b[0m"
        lines.append(text + "\n")
    return "".join(lines)
