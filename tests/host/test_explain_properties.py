"""`explain` with random arguments: an answer or one message, never a traceback, and JSON that can be read."""

from __future__ import annotations

import contextlib
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from blinkcode_host.catalog import load
from blinkcode_host.catalog.records import CODE_MAX, CODE_MIN
from blinkcode_host.cli import main
from properties import examples

_CATALOG = load()
_MESSAGES = sorted({words for meaning in _CATALOG.meanings for words in meaning.messages.values()})
_CODES = sorted({meaning.code for meaning in _CATALOG.meanings})
_NOTATIONS = (
    "{}",
    "{:x}",
    "{:#x}",
    "{:X}",
    "{:,}",
    "+{}",
    "[Errno {}]",
    "OSError: {}",
    "OSError({},)",
    "-0x{:x}",
)
_BEFORE = (
    "",
    "OSError: ",
    "OSError(",
    "MQTTException: ",
    "ValueError: ",
    "[Errno ",
    "wifi unknown error 0x",
    "-0x",
)

_numbers = (
    st.sampled_from(_CODES)
    | st.sampled_from((CODE_MIN, CODE_MAX, -1, 0, 1 << 15, 1 << 16, 1 << 31, (1 << 32) - 1, 1 << 64))
    | st.integers(-70_000, 70_000)
    | st.integers(-(1 << 33), 1 << 33)
)
_written_numbers = st.builds(str.format, st.sampled_from(_NOTATIONS), _numbers)
_two_bytes = st.builds(
    "{:02x}{}{:02X}".format, st.integers(0, 255), st.sampled_from(" :,"), st.integers(0, 255)
)
_words = st.builds(
    lambda words, first, length: words[first : first + length],
    st.sampled_from(_MESSAGES),
    st.integers(0, 40),
    st.integers(1, 60),
)
_codes = (
    _written_numbers
    | _two_bytes
    | _words
    | st.lists(_words | _written_numbers, min_size=2, max_size=3).map(" + ".join)
    | st.text(max_size=30)
    | st.text("0123456789abcdefxEOS:,.+-()[]'\" \n", max_size=30)
    | st.builds(lambda digits, count: digits * count, st.sampled_from("190aF"), st.integers(1, 6_000))
)
_vendors = st.sampled_from(sorted(_CATALOG.vendors))
_arguments = st.builds(
    "{}{}{}".format, st.sampled_from(_BEFORE), _codes, st.sampled_from(("", ")", "]", ",)"))
) | st.builds("{}:{}".format, _vendors | st.text(max_size=5), _codes)


def explained(words: list[str]) -> tuple[int, str, str]:
    """The exit status, and what `blinkcode explain` prints to its two outputs."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(["explain", *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
    return status, out.getvalue(), err.getvalue()


@examples(400)
@given(
    codes=st.lists(_arguments, min_size=1, max_size=3),
    vendors=st.lists(_vendors | st.text(max_size=4), max_size=2),
    language=st.sampled_from((None, "en", "zh", "de", "")),
    as_json=st.booleans(),
    parted=st.booleans(),
)
def test_an_answer_or_one_message(
    codes: list[str], vendors: list[str], language: str | None, as_json: bool, parted: bool
) -> None:
    options = [word for vendor in vendors for word in ("--vendor", vendor)]
    options += ["--lang", language] if language is not None else []
    options += ["--json"] if as_json else []
    status, out, err = explained([*options, *(["--"] if parted else []), *codes])
    assert status in (0, 1, 2)
    if status == 2:
        assert out == "" and err.strip()
    elif as_json:
        answers = [json.loads(line) for line in out.splitlines()]
        assert [answer["written"] for answer in answers] == codes
        assert status == (0 if all(answer["found"] for answer in answers) else 1)
    else:
        assert out.strip() and err == ""


@examples(300)
@given(number=_numbers, vendor=_vendors)
def test_a_code_of_a_vendor_is_exactly_found_or_not(number: int, vendor: str) -> None:
    """The plain number is among what is found if, and only if, the vendor's table has it."""
    status, out, _ = explained(["--json", f"{vendor}:{number}"])
    assert status in (0, 1)
    plain = [one for one in json.loads(out)["found"] if one["read_as"] == number]
    assert {(one["vendor"], one["text"]) for one in plain} == {
        (m.vendor, m.text) for m in _CATALOG.lookup(number, vendor)
    }
