"""Where the secrets of a line are: behind a name, or of a shape of their own; plain, in colour, or encoded."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import NamedTuple

from blinkcode_host.finding.shapes import ANSI
from blinkcode_host.reading.secret_names import NEEDLES, Family, Parting, ends_with_key, named
from blinkcode_host.reading.secret_shapes import shaped
from blinkcode_host.reading.secret_values import secrets_at

_ENCODED = re.compile(
    r"%(?:25){0,3}[2-7][0-9A-Fa-f]|\\{1,4}u00[2-7][0-9A-Fa-f]|\\{1,4}x[2-7][0-9A-Fa-f]"
    rf"|&(?:#x[2-7][0-9A-Fa-f]|#[3-9]\d|#1[01]\d|quot|apos|amp|lt|gt);|{ANSI.pattern}"
)
_ENTITIES = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">"}
_ENCODED_SIGN = re.compile(
    r"%(?:25){0,3}(?:3[AaDd]|22|27|40)|\\u00(?:3[AaDd]|2[27])|\\x(?:3[AaDd]|2[27])|&(?:#|quot|apos|lt)",
    re.IGNORECASE,
)
_NOTHING = " |>-+\t\r"  # what may stand after a name whose value is on the next line, as YAML has it
_PREFIX = re.compile(
    r"(?:\x1b\[[0-9;]{0,16}m|[EWIDV] \(\d{1,12}\) [\w.:-]{1,32}: |\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S{0,10} "
    r"|\[[^\]\n]{1,40}\] ?|[A-Z]{4,8}[: ]|\s){0,6}"
)
_DUMPED = re.compile(
    r"(?:(?:0x)?[0-9a-f]{4,8}:? {1,4})?"
    r"((?:0x)?[0-9a-f]{2}(?:(?:[ ]{1,2}|[:-]|,[ ]?)(?:0x)?[0-9a-f]{2}){3,}|[0-9a-f]{4}(?:[ ]{1,2}[0-9a-f]{4}){3,})"
    r"(?![0-9a-z])",
    re.IGNORECASE,
)
_ARMOURED = re.compile(r"(?:^|[\s\"'>|])([A-Za-z0-9+/]{4,}={0,2})(?:\\n|\\r|[\"',+\s])*$")
_ARMOUR_HEADER = re.compile(r"(?:Proc-Type|DEK-Info|Comment|Version): ?\S")


class Secret(NamedTuple):
    """A secret in a line, and where what makes it one begins: its name, or its shape."""

    name: int
    start: int
    end: int


def secrets(line: str) -> tuple[list[Secret], Family | None]:
    """The secrets of a line without its end, by start; they may overlap.

    And the family of a name that the line ends with, whose value is on the next line or lines.
    """
    if "\x1b" in line:
        found, awaited = _in_view(line, ANSI)
    else:
        found, awaited = _found(line)
    if _ENCODED_SIGN.search(line):
        found += _in_view(line, _ENCODED)[0]
    return sorted(set(found), key=attrgetter("start", "end")), awaited


def _found(text: str) -> tuple[list[Secret], Family | None]:
    small = text.casefold()
    found = [Secret(*place) for place in shaped(text, small)]
    awaited = None
    at = 0 if any(needle in small for needle in NEEDLES) else len(text)
    while at < len(text):
        name, at = named(text, at)
        if not name:
            break
        spans = secrets_at(text, name.value, name.family, name.parting)
        found += [Secret(name.start, start, end) for start, end in spans]
        if spans:
            at = max(at, spans[-1][1])
        elif name.parting is Parting.SIGN and not text[name.value :].strip(_NOTHING):
            awaited = name.family
    if awaited is None and ends_with_key(text):
        awaited = Family.KEY
    return found, awaited


def _in_view(line: str, unwanted: re.Pattern[str]) -> tuple[list[Secret], Family | None]:
    """The secrets of the line with what `unwanted` matches left out, or decoded; by their places in the line itself."""
    parts: list[str] = []
    starts: list[int] = []  # for each character of the view, where it begins in the line
    ends: list[int] = []
    at = 0
    for match in unwanted.finditer(line):
        start, end = match.span()
        parts += [line[at:start], _decoded(match[0])]
        starts += range(at, start)
        ends += range(at + 1, start + 1)
        if parts[-1]:
            starts.append(start)
            ends.append(end)
        at = end
    parts.append(line[at:])
    starts += range(at, len(line) + 1)
    ends += range(at + 1, len(line) + 1)
    found, awaited = _found("".join(parts))
    return [Secret(starts[s.name], starts[s.start], ends[s.end - 1]) for s in found], awaited


def _decoded(written: str) -> str:
    """The character that is written so; nothing for a terminal's sequence."""
    if written[0] == "\x1b":
        return ""
    if written[0] != "&":
        return chr(int(written[-2:], 16))
    inner = written[1:-1]
    if inner[0] != "#":
        return _ENTITIES[inner]
    return chr(int(inner[2:], 16) if inner[1] in "xX" else int(inner[1:]))


def continued(line: str, family: Family) -> tuple[list[Secret], bool]:
    """The secret on a line after one that ends with a name, and whether it may go on in the next line.

    It is a quotation, a dump of bytes, or the only word of its line.
    """
    at = _prefix_end(line)
    if dump := _DUMPED.match(line, at):
        return [Secret(*dump.span(1)[:1], *dump.span(1))], True
    words = line[at:].strip()
    indented = line[:1] in " \t" and family in (Family.PASSWORD, Family.NETWORK)
    if words[:1] in ("'", '"') or not re.search(r"[:=]" if indented else r"\s|[:=]", words):
        spans = secrets_at(line, at, family, Parting.SIGN)
        return [Secret(start, start, end) for start, end in spans], False
    return [], False


def private_key_line(line: str) -> tuple[list[Secret], bool]:
    """The base64 on a line inside a private key's armour, and whether the armour may go on."""
    if "-----END" in line:
        return [], False
    body = _ARMOURED.search(line)
    if body:
        return [Secret(*body.span(1)[:1], *body.span(1))], True
    return [], not line.strip() or _ARMOUR_HEADER.search(line) is not None


def opens_private_key(line: str) -> bool:
    """Whether a private key begins on the line and goes on in the next."""
    begin = line.rfind("-----BEGIN ")
    return begin >= 0 and "PRIVATE KEY" in line[begin:] and "-----END" not in line[begin:]


def _prefix_end(line: str) -> int:
    """Where what a logger puts before a line ends."""
    match = _PREFIX.match(line)
    return match.end() if match else 0
