"""What would steer a terminal is shown, and nothing else is changed."""

from __future__ import annotations

import io

import pytest

from blinkcode_host.reading.display import harmless
from blinkcode_host.reading.terminal import wants_colour

_TURNING = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("number", [*range(0x20), *range(0x7F, 0xA0)])
def test_each_control_character(number: int) -> None:
    shown = harmless(f"a{chr(number)}b器".encode())
    if number in (0x09, 0x0A):
        assert shown == f"a{chr(number)}b器".encode()
    else:
        assert shown == f"a\\x{number:02x}b器".encode()


@pytest.mark.parametrize("before", [b"", b"a", b"\xe9", b"\xff", b"\xe5", "器".encode(), b"\xf0\x9f"])
def test_a_bare_c1_byte_is_shown_whatever_is_before_it(before: bytes) -> None:
    shown = harmless(before + b"\x9b31m")
    assert b"\x9b" not in shown.replace("器".encode(), b"")
    assert shown.endswith(b"\\x9b31m")


@pytest.mark.parametrize("character", _TURNING)
def test_what_turns_a_line_around(character: str) -> None:
    for editing in (False, True):
        assert harmless(f"a{character}b".encode(), editing) == f"a\\u{ord(character):04x}b".encode()


def test_a_return_alone_is_shown_and_a_line_end_is_not() -> None:
    assert harmless(b"a\rb\r\nc\r") == b"a\\x0db\r\nc\\x0d"
    assert harmless("器\rb\r\n".encode()) == "器\\x0db\r\n".encode()


def test_line_editing_passes_where_it_is_allowed() -> None:
    line = b"\r>>> x\x08\x1b[K\x1b[3D\r\n"
    assert harmless(line, editing=True) == line
    assert harmless(b"\x1b[2J\x1b]0;x\x07", editing=True) == b"\\x1b[2J\\x1b]0;x\\x07"


@pytest.mark.parametrize("text", ["plain ascii\t", "错误码：1106 é 😀", "\ufeffmark"])
def test_other_text_is_untouched(text: str) -> None:
    assert harmless(text.encode()) == text.encode()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colour"),
    [
        ({"TERM": "xterm"}, True),
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colour_only_where_it_is_wanted(environment: dict[str, str], colour: bool) -> None:
    assert wants_colour(_Terminal(), environment) is colour
    assert not wants_colour(io.StringIO(), environment)
