"""Whatever the pieces in which a log comes: the same bytes, findings and blanks. Random logs, lines of up to 1 MB."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkcode_host.catalog import load
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding
from blinkcode_host.reading.display import harmless
from blinkcode_host.reading.redact import HELD, Redactor
from blinkcode_host.reading.stream import LONG, OVERLAP, PIECE, Decoder, Stream
from properties import examples

_DECODER = Decoder(Finder(load()))
_SECRET = "hunter22s3cr3t"
_SECRETS = (
    f'"token":"{_SECRET}"',
    f"password={_SECRET} ",
    f" token: {_SECRET} ",
    f'\\"secret\\":\\"{_SECRET}\\"',
    f"mqtt://bob:{_SECRET}@broker/x ",
    f" {_SECRET}@example.com ",
    f"?sign={_SECRET}&t=1 ",
    f"\x1b[36mpsk\x1b[0m=\x1b[35m{_SECRET}\x1b[0m ",
    f"密码：{_SECRET}，",
    f"%22token%22%3A%22{_SECRET}%22 ",
    f"<password>{_SECRET}</password>",
    f' AT+CWJAP="home","{_SECRET}" ',
)
_FRAGMENTS = (
    *(
        " broadlink error -4012;",
        '{"code":1010,"msg":"token is expired"}',
        "涂鸦错误码：1106 ",
        "E (5) blinkcode: tuya 2001 OFFLINE x",
    ),
    *(
        "\r",
        "\r\n",
        "\n",
        "\r\r\n",
        "\x1b[31m",
        "\x1b[0m",
        "器",
        "é",
        "\U0001f600",
        " ",
        "a",
        '"',
        "\\",
        "{",
        "}",
    ),
)
_fragments = (
    st.sampled_from(_FRAGMENTS).map(str.encode)
    | st.sampled_from(_SECRETS).map(str.encode)
    | st.binary(min_size=1, max_size=6)
)
# So long that what follows lies across a border of pieces, or of what is held back.
_fillers = st.builds(
    lambda unit, size, less: unit * (max(0, size - less) // len(unit)),
    st.sampled_from((b".", b"x ", "器".encode(), b"\xff", b"ab, ")),
    st.sampled_from((PIECE, LONG, PIECE - HELD, PIECE + HELD, 2 * PIECE, OVERLAP, 8 * PIECE)),
    st.integers(0, 90),
)
_logs = st.lists(st.lists(_fragments, max_size=12).map(b"".join) | _fillers, min_size=1, max_size=8).map(
    b"".join
)
_cuts = st.lists(st.integers(0, 1 << 20), max_size=12)


def pieces_of(log: bytes, cuts: list[int]) -> list[bytes]:
    """The log cut at the places, which are taken as they fit."""
    places = sorted({0, len(log), *(cut % (len(log) + 1) for cut in cuts)})
    return [log[start:stop] for start, stop in pairwise(places)]


def replayed(pieces: list[bytes]) -> tuple[bytes, list[Finding], bytes, bytes]:
    """What a stream gives out: the bytes, the findings, the redacted bytes, and the harmless ones."""
    stream, blank = Stream(_DECODER), Redactor()
    parts = [part for piece in pieces for part in stream.feed(piece)] + list(stream.flush())
    redacted = b"".join([*(blank(part, found) for part, found in parts), blank.end()])
    return (
        b"".join(part for part, _ in parts),
        [f for _, found in parts for f in found],
        redacted,
        b"".join(harmless(part) for part, _ in parts),
    )


@examples(60)
@given(log=_logs, cuts=_cuts)
def test_the_pieces_do_not_matter(log: bytes, cuts: list[int]) -> None:
    whole = replayed([log])
    assert whole[0] == log
    assert replayed(pieces_of(log, cuts)) == whole
    shown = whole[3].decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\udc80-\udc9f]", shown)


@examples(60)
@given(
    before=_fillers,
    lead=st.integers(0, 80),
    secret=st.sampled_from(_SECRETS),
    after=_fillers,
    code=st.booleans(),
    cuts=_cuts,
)
def test_a_secret_at_a_border_is_blanked(
    before: bytes, lead: int, secret: str, after: bytes, code: bool, cuts: list[int]
) -> None:
    tail = b" broadlink error -4012;" if code else b" , "
    log = before + b"." * lead + b" " + secret.encode() + tail + after + b"\n"
    out, found, redacted, _ = replayed(pieces_of(log, cuts))
    assert out == log
    assert b"22s3" not in redacted and b"hunter" not in redacted and b"cr3t" not in redacted
    assert not code or (b"-4012" in redacted and [f.code for f in found] == [-4012])
    assert redacted.startswith(before) and redacted.endswith(after + b"\n")


@examples(40)
@given(before=_fillers, lead=st.integers(0, 80), cuts=_cuts)
def test_a_column_counts_characters(before: bytes, lead: int, cuts: list[int]) -> None:
    head = before.decode("utf-8", "replace") + "." * lead + " broadlink error "
    _, (found,), _, _ = replayed(pieces_of(before + b"." * lead + b" broadlink error -4012 and more\n", cuts))
    assert (found.line, found.column, found.matched) == (1, len(head) + 1, "-4012")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_each_line_end_counts_once(end: bytes) -> None:
    log = end.join([b"one", b"broadlink error -4012", b"three", b"tuya error code 1106", b"last"])
    for cut in range(len(log)):
        _, found, _, _ = replayed([log[:cut], log[cut:]])
        assert [(f.line, f.code) for f in found] == [(2, -4012), (4, 1106)]


def test_a_file_that_ends_its_lines_with_returns_has_no_limit() -> None:
    _, found, _, _ = replayed([b"broadlink error -4012\r" * 5_000])
    assert [f.line for f in found] == list(range(1, 5_001))
