"""What --redact blanks, what it leaves, and that no finding holds a secret."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding, as_data
from blinkcode_host.reading.display import annotation
from blinkcode_host.reading.redact import Redactor, redact
from blinkcode_host.reading.stream import PIECE, Decoder, Stream
from targets import ROOT

SECRET = "s3cr3tV41ue"


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(Finder(load()))


def replay(decoder: Decoder, *pieces: bytes) -> tuple[bytes, list[Finding]]:
    """What a stream's parts are when redacted, and its findings."""
    stream, blank = Stream(decoder), Redactor()
    parts = [part for piece in pieces for part in stream.feed(piece)] + list(stream.flush())
    out = b"".join([*(blank(part, found) for part, found in parts), blank.end()])
    return out, [f for _, found in parts for f in found]


@pytest.mark.parametrize(
    ("line", "blanked"),
    [
        ('{"access_token":"9a1bab","code":1010}', '{"access_token":"***","code":1010}'),
        ('{"accessToken":"9a1\\"bab","x":1}', '{"accessToken":"***","x":1}'),
        (r"{\"refreshToken\":\"9a\\\"1b\",\"code\":1010}", r"{\"refreshToken\":\"***\",\"code\":1010}"),
        ("{'token': b'9a1', 'code': 1010}", "{'token': b'***', 'code': 1010}"),
        ("GET /v1?token=9a1bab&sign=FFEE&t=1 HTTP", "GET /v1?token=***&sign=***&t=1 HTTP"),
        ("X-Auth-Token: 9a1bab", "X-Auth-Token: ***"),
        ("client_secret=9a1bab, deviceSecret: 7c", "client_secret=***, deviceSecret: 7c"),
        ('"localKey":"a`b}c$d>E" local_key: a1b2c3', '"localKey":"***" local_key: ***'),
        ('{"id":1,"key":"097628343fe99e23765c1513accf8b02"}', '{"id":1,"key":"***"}'),
        ("Authorization: Bearer abc.def.ghi", "Authorization: ***"),
        ("curl -H 'Authorization: Basic dXNlcjpw' x", "curl -H 'Authorization: ***' x"),
        ("sent Bearer abcdefgh.ijkl", "sent Bearer ***"),
        ("Cookie: a=b; c=d", "Cookie: ***"),
        ("password=hunter2 user=x", "password=*** user=***"),
        ("password: 'hunter 2', wifiPassword: 12345678", "password: '***', wifiPassword: ***"),
        ("password: true-Love1", "password: ***"),
        ('psk="correct horse" proto=RSN', 'psk="***" proto=RSN'),
        ("mqtts://user:pass@broker:8883/x", "mqtts://***@broker:8883/x"),
        ("mail someone@example.org at 34:ea:34:01:02:03", "mail *** at ***"),
        ("34-EA-34-01-02-03 34ea.3401.0203 mac=34ea34010203", "*** *** mac=***"),
        ('"mac":"34EA34010203", mac: b\'4\\xea4\\x01\\x02\\x03\'', '"mac":"***", mac: b\'***\''),
        ("ssid: 'My Home', rssi -60", "ssid: '***', rssi -60"),
        ('ssid="my home", BSSID: 34:ea:34:01:02:03 ch 6', 'ssid="***", BSSID: *** ch 6'),
        ("ssid=My Home rssi=-60", "ssid=*** rssi=-60"),
        ("connected to ap SSID:My Home password:hunter2", "connected to ap SSID:*** password:***"),
        ('joining ssid "My Home" now', 'joining ssid "***" now'),
        ("I (5) wifi:connected with My Home, aid = 1", "I (5) wifi:connected with ***, aid = 1"),
        (
            "\x1b[36mpassword\x1b[0m=\x1b[35mhunter2\x1b[0m ok",
            "\x1b[36mpassword\x1b[0m=\x1b[35m***\x1b[0m ok",
        ),
        ('{"token":"9a1bab', '{"token":"***'),
    ],
)
def test_secrets(line: str, blanked: str) -> None:
    assert redact(line) == blanked


@pytest.mark.parametrize(
    "line",
    [
        *("token is expired", "access_token is null", "token: expired (1010)", "token invalid, code 1010"),
        *("token: 1010", '"token":1010,"code":-2001', "token error: 1010", "token=-2001", "sign: 0xfff9"),
        *('{"code":1010,"msg":"invalid token","t":1}', '{"key":"token","value":"x"}', '"password":""'),
        *("tokens=512 max_tokens: 100 token_count=5", "compass: 270 bypass: true design: 5 assign: 6"),
        *("mac: ok", "monkey: 5, key: left", "at 10:10:11 broadlink 0x22=0xFF,0x23=0xFF", "ssid: not found"),
    ],
)
def test_what_is_no_secret(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize(
    "line",
    [
        b'{"token":"broadlink error -4012 %s"}',
        b"password: '%s' failed with broadlink error -4012",
        b"token=%s;broadlink error -4012",
        b"\xff\xfe\xe2\x82 token='%s, broadlink error -4012",
        b"ssid=%s error \x1b[31m-4\x1b[1m012\x1b[0m",
        b"password=%s error code -4012 %s",
    ],
)
def test_a_code_stays_wherever_it_stands(decoder: Decoder, line: bytes) -> None:
    line = line.replace(b"%s", SECRET.encode(), 1).replace(b"%s", b"")
    out, found = replay(decoder, b"before\n", line + b"\n")
    assert [f.code for f in found] == [-4012]
    assert b"-4012" in out.replace(b"\x1b[1m", b"")
    assert SECRET.encode() not in out
    assert b"***" in out


def test_a_redacted_log_says_the_same(decoder: Decoder) -> None:
    """With a secret put into every line: what is left holds the same codes, and the secret is gone."""
    lines = (ROOT / "tests" / "corpus" / "carrying.tsv").read_text("utf-8").splitlines()
    text = "\n".join(line.partition("\t")[2] for line in lines).replace("\\n", "\n").replace("\\r", "\r")
    given = "\n".join(f'{line} token="{SECRET}"' for line in text.splitlines()).encode()
    out, found = replay(decoder, given)
    assert SECRET.encode() not in out
    assert len(found) > 150
    again = replay(decoder, out)[1]
    assert [(f.line, f.code, f.vendor) for f in again] == [(f.line, f.code, f.vendor) for f in found]


def test_no_finding_holds_a_secret() -> None:
    """Whatever stands around a code: in the JSON and in the annotation there is nothing of it but the code."""
    catalog = load()
    decoder = Decoder(Finder(catalog, verbose=True, everything=True))
    chance = random.Random(5)
    lines = (ROOT / "tests" / "corpus" / "carrying.tsv").read_text("utf-8").splitlines()
    texts = [line.partition("\t")[2].replace("\\n", "\n") for line in lines]
    secrets = (f"token={SECRET}", f'"{SECRET}"', f"{SECRET}:", f"<{SECRET}>", f"({SECRET})", f"{SECRET}")
    seen = 0
    for text in texts * 3:
        at = chance.choice(
            [0, len(text), *(i for i, c in enumerate(text) if c == " " and "blinkcode: " not in text)]
        )
        spoiled = f"{text[:at]} {chance.choice(secrets)}{text[at:]}"
        for finding in replay(decoder, spoiled.encode())[1]:
            told = json.dumps(as_data(catalog, finding)) + annotation(catalog, finding)
            assert SECRET not in told, text
            seen += 1
    assert seen > 300


def test_a_secret_across_the_pieces_of_a_long_line(decoder: Decoder) -> None:
    for at in range(PIECE - len(SECRET) - 8, PIECE + 8):
        line = b"." * at + b' "token":"' + SECRET.encode() * 9 + b'" ' + b"." * 2 * PIECE
        out, _ = replay(decoder, line + b"\n")
        assert b"V41" not in out
        assert out.startswith(b"." * at)
        assert out.rstrip(b".\n").endswith(b'***" ')


def test_the_command(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    log = tmp_path / "log"
    log.write_text(
        f'{{"code":1010,"msg":"token is expired","access_token":"{SECRET}"}} someone@example.org\n' * 2
    )
    main(["decode", "--redact", str(log)])
    out = capsysbinary.readouterr().out
    assert out.startswith(b'{"code":1010,"msg":"token is expired","access_token":"***"} ***\n  ^ tuya 1010')
    main(["decode", str(log)])
    assert SECRET.encode() in capsysbinary.readouterr().out
    for options in (["--summary"], ["--json"], ["--only"], ["--summary", "--json"]):
        main(["decode", *options, str(log)])
        out = capsysbinary.readouterr().out
        assert b"1010" in out
        assert SECRET.encode() not in out and b"example" not in out


@pytest.mark.parametrize(
    "unit",
    [
        *(
            'token="',
            "token=",
            "a@",
            "a@a.",
            "ssid= ",
            "key ",
            '\\"token\\":\\"',
            "\\",
            "Bearer ",
            "mac=",
            "a",
        ),
        *(
            "token   \x1b[0m",
            "cookie: ",
            '"',
            "00:",
            "00-",
            "0000.",
            "wifi:connected with ",
            "http://a:",
            "aa ",
        ),
    ],
)
def test_time_grows_in_proportion(unit: str) -> None:
    """As for the finder: in the process's own time."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        redact(text)
        return time.process_time() - begin

    assert seconds(400_000) < 10 * seconds(100_000) + 0.1
