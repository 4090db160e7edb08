"""A monitor's parts without a port: pauses, echoes, keys, filters, and which port."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial.tools import list_ports

from blinkcode_host.catalog import load
from blinkcode_host.live.echo import Echo
from blinkcode_host.live.keys import Action, Keys
from blinkcode_host.live.log_filter import LogFilter
from blinkcode_host.live.monitor import Monitor, Options
from blinkcode_host.live.port import PortError, only_port
from blinkcode_host.reading.files import Settings
from blinkcode_host.reading.redact import redact
from blinkcode_host.reading.stream import Decoder
from properties import examples


class _Ready(Settings):
    """Settings whose decoder is made once."""

    def decoder(self) -> Decoder:
        return _DECODER


_SETTINGS = _Ready(load())
_DECODER = Settings(load()).decoder()


def shown(pieces: list[bytes], **options: object) -> tuple[str, Monitor]:
    """What a monitor shows of pieces with a silence after each."""
    out = io.BytesIO()
    monitor = Monitor(_SETTINGS, Options(**options), out, lambda text: None)  # type: ignore[arg-type]
    for piece in pieces:
        monitor.take(piece)
        monitor.settle()
    monitor.end()
    return out.getvalue().decode("utf-8", "surrogateescape"), monitor


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["peer mac AA:BB:CC:", "DD:EE:FF joined, status 5\n"], "peer mac *** joined, status 5\n"),
        (["http://user:", "hunter22@host/x\n"], "http://***@host/x\n"),
        (["connect aa:bb:cc:dd:ee:", "ff now\n"], "connect *** now\n"),
        (["password: ", "hunter22\n", "next\n"], "password: ***\nnext\n"),
        ([">>> ", "token = 's3c", "r3t'\n"], ">>> token = '***'\n"),
        (
            ["login: ", "anna\n", "Password: ", "s3cr3t\n", "root@x:~# "],
            "login: anna\nPassword: ***\nroot@x:~# ",
        ),
        (["key:\n", "# ", "00 11 22 33 44 55 66 77\n"], "key:\n# 00 11 22 33 44 55 66 77\n"),
        (["mail bob.smith@example.", "com\n"], "mail ***\n"),
    ],
)
def test_a_pause_neither_leaks_nor_swallows(pieces: list[str], expected: str) -> None:
    assert shown([piece.encode() for piece in pieces], redact=True)[0].rstrip("\n") == expected.rstrip("\n")


def test_a_long_line_is_shown_once() -> None:
    line = b"".join(b"%07d " % number for number in range(12_000))
    assert shown([line[:34_000], line[34_000:36_000], line[36_000:], b"\n"])[0] == line.decode() + "\n"


_FRAGMENTS = (
    *(
        "token='s3cr3tV41'",
        "aa:bb:cc:dd:ee:ff",
        "mqtt://bob:hunter22@host ",
        ">>> ",
        "password: ",
        "# ",
        "x" * 33_000,
    ),
    *("\n", "\r\n", "器", "ok ", " ", "pass", "word", "=", "$ ", '"', "bob@example.com", "\n"),
)


@examples(60)
@given(
    text=st.lists(st.sampled_from(_FRAGMENTS), max_size=14).map("".join),
    cuts=st.lists(st.integers(0, 1 << 17), max_size=10),
    redacted=st.booleans(),
)
def test_pauses_do_not_matter(text: str, cuts: list[int], redacted: bool) -> None:
    """What is shown in the end is the same as without a pause."""
    data = text.encode()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    pieces = [data[start:stop] for start, stop in zip(places, places[1:], strict=False)]
    options = {"redact": redacted, "raw": True}
    assert shown(pieces, **options)[0] == shown([data], **options)[0]
    if redacted:
        expected = redact(text)
        assert len(data) > 30_000 or shown(pieces, **options)[0].rstrip("\n") == expected.rstrip("\n")
        for secret in ("s3cr3tV41", "dd:ee", "hunter22"):
            assert secret not in shown(pieces, **options)[0] or secret in expected


@dataclass
class _Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_echo_counts_once_and_not_for_ever() -> None:
    clock = _Clock()
    echo = Echo(clock)
    echo.typed(b"print('error -4012')\r")
    assert not echo.is_echo("error -4012")
    assert echo.is_echo(">>> print('error -4012')\r\n")
    assert not echo.is_echo(">>> print('error -4012')\r\n")
    echo.typed(b"AT+X=-4012\r\n")
    assert echo.is_echo("AT+X=-4012")
    echo.typed(b"errX\x7for -4012\r")
    assert echo.is_echo("root@board:~# error -4012")
    echo.typed(b"\x1b[A\r")  # the line before, which only the board knows
    assert not echo.is_echo("E (5) blinkcode: tuya 1010 SIGN_IN token expired")
    assert echo.is_echo(">>> report(1010)")
    echo.typed(b"lost error -4012\x03")
    assert not echo.is_echo(">>> lost error -4012")
    echo.typed(b"error -4012\r")
    clock.now = 11.0
    assert not echo.is_echo("error -4012")


def test_a_monitor_does_not_count_what_is_typed() -> None:
    out = io.BytesIO()
    monitor = Monitor(_SETTINGS, Options(), out, lambda text: None)
    monitor.typed(b"x = 'broadlink error -4012'; print(x)\r")
    monitor.take(
        b">>> x = 'broadlink error -4012'; print(x)\r\nbroadlink error -4012\r\n"
        b">>> E (5) blinkcode: tuya 2001 OFFLINE x\r\n"
    )
    monitor.end()
    text = out.getvalue().decode()
    assert text.count("  ^ ") == 2 and text.index("\r\nbroadlink error") < text.index("  ^ broadlink -4012")
    assert [row.count for row in monitor.summary.rows()] == [1, 1]


@pytest.mark.parametrize(
    ("typed", "actions"),
    [
        ([b"abc"], [(Action.SEND, b"abc")]),
        ([b"ab\x1dcd"], [(Action.SEND, b"ab"), (Action.LEAVE, b""), (Action.SEND, b"cd")]),
        ([b"\x14\x12"], [(Action.RESET, b"")]),
        ([b"x\x14", b"\x12y"], [(Action.SEND, b"x"), (Action.RESET, b""), (Action.SEND, b"y")]),
        ([b"\x14\x14"], [(Action.SEND, b"\x14")]),
        ([b"\x14\x08", b"\x14h", b"\x14?"], [(Action.HELP, b"")] * 3),
        ([b"\x03\x04"], [(Action.SEND, b"\x03\x04")]),
    ],
)
def test_keys(typed: list[bytes], actions: list[tuple[Action, bytes]]) -> None:
    keys = Keys()
    assert [action for piece in typed for action in keys.read(piece)] == actions


_LOG = (
    "I (5) wifi: up\n",
    "\x1b[0;33mW (6) wifi: weak\x1b[0m\n",
    "E (7) app: broadlink error -4012\n",
    "DEBUG:net:sent\n",
    "ERROR:net:tuya error code 1106\n",
    "plain broadlink error -2018\n",
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("*:E", [2, 4, 5]),
        ("wifi:W", [1]),
        ("wifi:W *:E", [1, 2, 4, 5]),
        ("net", [3, 4]),
        ("app:N *", [0, 1, 3, 4, 5]),
        ("*:N", []),
    ],
)
def test_a_filter_by_level_and_tag(text: str, numbers: list[int]) -> None:
    log_filter = LogFilter(text)
    assert [number for number, line in enumerate(_LOG) if log_filter.shows(line)] == numbers
    log = io.BytesIO()
    out, monitor = shown(["".join(_LOG).encode()], raw=True, filter=log_filter, log=log)
    lines = [line for line in out.splitlines(True) if not line.startswith("  ^ ")]
    assert lines == [_LOG[number] for number in numbers]
    assert len(monitor.summary) == len([number for number in numbers if "error" in _LOG[number]])
    assert log.getvalue().decode() == "".join(_LOG)


@pytest.mark.parametrize("text", ["wifi:X", ":W", "a b:7"])
def test_a_filter_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not TAG:LEVEL"):
        LogFilter(text)


@dataclass
class _Listed:
    device: str
    vid: int | None


@pytest.mark.parametrize(
    ("ports", "found", "complaint"),
    [
        ([("/dev/ttyUSB0", 1)], "/dev/ttyUSB0", ""),
        ([("/dev/ttyS0", None), ("/dev/ttyUSB0", 1), ("/dev/ttyS1", None)], "/dev/ttyUSB0", ""),
        ([("COM3", None)], "COM3", ""),
        ([("B", 1), ("A", 1)], None, "several serial ports; name one of A, B"),
        ([], None, "there is no serial port; plug the board in"),
    ],
)
def test_the_only_port(
    monkeypatch: pytest.MonkeyPatch, ports: list[tuple[str, int | None]], found: str | None, complaint: str
) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: [_Listed(*port) for port in ports])
    if found:
        assert only_port() == found
    else:
        with pytest.raises(PortError, match=complaint):
            only_port()
