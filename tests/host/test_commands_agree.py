"""Options mean and accept the same in every command; outputs fit a narrow terminal."""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from blinkcode_host.catalog import load
from blinkcode_host.cli import COMMANDS, main, parser
from blinkcode_host.reading.terminal import wants_colour, wrapped

ROOT = Path(__file__).parents[2]
SUBPARSERS = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
#: A run of each command that takes --vendor, or a vendor, without what it would need besides.
WITH_VENDOR = [
    ["compile", "--vendor", "acme", "-o", "x.py"],
    ["size", "--vendor", "acme"],
    ["book", "--vendor", "acme", "-o", "x"],
    ["mip", "--vendor", "acme", "-o", "x"],
    ["romfs", "--vendor", "acme", "-o", "x.romfs"],
    ["integrate", "platformio", "--vendor", "acme"],
    ["explain", "--vendor", "acme", "7"],
    ["diff", "acme", "1", "2"],
    ["decode", "--vendor", "acme", "nosuch.log"],
    ["monitor", "--vendor", "acme", "nosuch"],
    ["journal", "--vendor", "acme", "nosuch"],
]


def option(command: str, flag: str) -> argparse.Action | None:
    """The option of a command, if it has it."""
    actions = SUBPARSERS[command]._actions  # type: ignore[index]
    return next((action for action in actions if flag in action.option_strings), None)


@pytest.mark.parametrize("words", WITH_VENDOR, ids=lambda words: words[0])
def test_an_unknown_vendor_is_told_the_same_everywhere(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    known = ", ".join(load().vendors)
    assert capsys.readouterr().err == f"acme: no such vendor; there are {known}\n"


def test_every_command_with_vendors_is_tried() -> None:
    tried = {words[0] for words in WITH_VENDOR}
    assert {name for name in COMMANDS if option(name, "--vendor")} <= tried


@pytest.mark.parametrize("flag", ["--tables", "--vendor", "--json"])
def test_an_option_has_one_description(flag: str) -> None:
    described = {
        (type(action), action.nargs, action.metavar, action.help)
        for name in COMMANDS
        if name != "new-vendor" and (action := option(name, flag))  # its --tables is what it writes
    }
    assert len(described) == 1


def test_every_output_says_that_folders_are_made() -> None:
    outputs = [action for name in COMMANDS if (action := option(name, "-o"))]
    assert len(outputs) == 6
    for action in outputs:
        assert "--output" in action.option_strings
        assert str(action.help).endswith("; folders that are missing are made")


def test_every_command_with_a_language_takes_those_of_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And none other; English stands in where a row has no text in it."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "vendors.toml").write_text(
        '[vendors.acme]\nname = "Acme"\n[[vendors.acme.sources]]\nid = "acme-1"\ntitle = "Codes"\n'
        '[[vendors.acme.sections]]\nid = "all"\ntitle = "All codes"\nranges = [[1, 99]]\n',
        encoding="utf-8",
    )
    (own / "acme.csv").write_text(
        "code,state,text,text_de,advice,advice_de,section,alias,note,acme-1\n"
        "7,PAIR,pair again,neu koppeln,Pair the lamp again.,Lampe neu koppeln.,all,,,no key\n"
        "8,OFFLINE,lamp is off,,Look at its plug.,,all,,,no lamp\n",
        encoding="utf-8",
    )
    log = tmp_path / "device.log"
    log.write_text("acme error code: 7\nacme error code: 8\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BLINKCODE_TABLES", str(own))
    runs = {
        "explain": (["explain", "acme:7", "acme:8"], None),
        "decode": (["decode", str(log)], None),
        "size": (["size", "--vendor", "acme"], None),
        "compile": (["compile", "--vendor", "acme", "-o", "table.py"], "table.py"),
        "book": (["book", "--vendor", "acme", "-o", "book"], "book/index.html"),
        "mip": (["mip", "-o", "mip"], None),
        "romfs": (["romfs", "-o", "x.romfs"], None),
        "monitor": (["monitor", "socket://127.0.0.1:9"], None),
        "journal": (["journal", "socket://127.0.0.1:9"], None),
    }
    assert {name for name in COMMANDS if option(name, "--lang")} == set(runs)
    for name, (words, output) in runs.items():
        assert main([*words, "--lang", "fr"]) == 2
        assert capsys.readouterr().err == "fr: no text is in this language; there are en, zh, de\n", name
        if name in ("monitor", "journal"):
            continue  # they need a board
        assert main([*words, "--lang", "de"]) == 0, name
        out, _ = capsys.readouterr()
        if name in ("explain", "decode"):
            assert "neu koppeln" in out and "Lampe neu koppeln." in out and "pair again" not in out
            assert "lamp is off" in out and "Look at its plug." in out
        if output and name != "compile":
            assert "neu koppeln" in Path(output).read_text(encoding="utf-8")
    table = Path("table.py").read_text(encoding="utf-8")
    assert "--lang de" in table
    assert main(["export", "-o", "codes.json"]) == 0
    entries = json.loads(Path("codes.json").read_text(encoding="utf-8"))["codes"]
    assert {(e["text_de"], e["advice_de"]) for e in entries if e["vendor"] == "acme"} == {
        ("neu koppeln", "Lampe neu koppeln."),
        ("lamp is off", "Look at its plug."),
    }
    assert main(["explain", "acme:7"]) == 0
    out = capsys.readouterr().out
    assert "  de       neu koppeln. Lampe neu koppeln.\n" in out
    assert "中文" not in out  # there is no Chinese of this row
    assert main(["explain", "koppeln", "--lang", "de"]) == 0
    assert capsys.readouterr().out.startswith("acme 7  PAIR  neu koppeln\n")


@pytest.mark.parametrize("command", ["explain", "diff", "check", "size", "decode", "monitor", "journal"])
def test_what_prints_data_prints_json(command: str) -> None:
    assert option(command, "--json")


def test_several_codes_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "tuya:2054", "ECONNRESET"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("tuya 2054  MISSING")
    assert "\n\nerrno 104  NETWORK" in out
    assert main(["explain", "--json", "tuya:2054", "1110000"]) == 1  # one of them is not in the tables
    found, missing = map(json.loads, capsys.readouterr().out.splitlines())
    assert (found["found"][0]["code"], missing["found"]) == (2054, [])
    assert main(["explain", "tuya:2054", "1.5"]) == 2
    assert capsys.readouterr().out == ""


def test_several_vendors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "2062", "--vendor", "tuya", "--vendor", "broadlink"]) == 0
    out = capsys.readouterr().out
    assert "tuya 2062" in out
    assert "alibaba" not in out


def test_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "tuya:2054", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("tuya 2054  MISSING  子设备不存在\n")
    assert "the sub-device does not exist  [Global Error Codes, 2024-07-22]" in out
    (meaning,) = load().lookup(2054, "tuya")
    assert meaning.advice_zh in out
    assert meaning.advice not in out
    assert main(["explain", "tuya:2054", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert meaning.advice in out
    assert not re.search("[\u4e00-\u9fff]", out)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("token expired", 1010),  # "token is expired"
        ("Token is EXPIRED", 1010),  # the whole message
        ("sub-device not exist", 2054),  # in another order, with other words between
        ("skill id", 2406),
    ],
)
def test_a_code_by_its_vendor_s_words(words: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--json", "--vendor", "tuya", words]) == 0
    assert code in [entry["code"] for entry in json.loads(capsys.readouterr().out)["found"]]


def test_every_part_of_a_message_finds_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    tried = 0
    for meaning in load().meanings[::25]:
        message = max(meaning.messages.values(), key=len)
        words = message.split()
        if len(words) < 4 or not re.fullmatch(r"[a-zA-Z ]+", message):
            continue
        tried += 1
        assert main(["explain", "--json", "--vendor", meaning.vendor, " ".join(words[1:])]) == 0, message
        found = json.loads(capsys.readouterr().out)["found"]
        assert meaning.code in [entry["code"] for entry in found], message
    assert tried > 5


def test_words_of_many_codes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "permission"]) == 0
    out = capsys.readouterr().out.splitlines()
    count = int(out[0].partition(" ")[0])
    assert count == len(out) - 1 > 3
    assert "Claimed by" not in out[-1]


def test_check_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["errors"] == []
    catalog = load()
    counts = {vendor["id"]: vendor["meanings"] for vendor in data["vendors"]}
    assert counts == {id_: len(catalog.only([id_]).meanings) for id_ in catalog.vendors}
    (tmp_path / "vendors.toml").write_text("[vendors.acme]\nnome = 1\n")
    assert main(["check", "--json", "--tables", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    data = json.loads(captured.out)
    assert data["errors"]
    assert {Path(error["file"]).name for error in data["errors"]} == {"vendors.toml"}
    assert all(set(error) == {"file", "line", "column", "what"} for error in data["errors"])


@pytest.mark.parametrize("width", [20, 40, 60, 80])
@pytest.mark.parametrize(
    "line",
    [
        "  advice   Check the sub-device id in MBEDTLS_ERR_SSL_ALLOC_FAILED, and read the list again: it is not there.",
        "  中文     设备令牌已过期。重新获取配网令牌，并在其过期前完成配网；然后重试。",
        "short",
        "x" * 90 + " and more",
    ],
)
def test_lines_are_broken_between_words(line: str, width: int) -> None:
    pieces = wrapped(line, width, 11)
    assert "".join("".join(pieces).split()) == "".join(line.split())  # nothing is lost
    words = set(re.findall(r"[^\s，。；：]+", line))
    for piece in pieces:
        assert set(re.findall(r"[^\s，。；：]+", piece)) <= words  # and no word is broken
        if cell_len(piece) > width:
            assert len(re.findall(r"[^\s，。；：]+", piece)) == 1
    assert wrapped(line, None, 11) == [line]


def at_terminal(*words: str, **environment: str) -> str:
    """What a command prints at a terminal of 60 columns."""
    leader, follower = pty.openpty()
    settings = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "host_tools"),
        "COLUMNS": "60",
        "TERM": "xterm-256color",
    }
    settings.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "blinkcode_host", *words],
        stdout=follower,
        stdin=subprocess.DEVNULL,
        env=settings | environment,
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                block = os.read(leader, 65536)
            except OSError:  # the terminal's other end is closed
                break
            if not block:
                break
            shown += block
        assert process.wait() in (0, 1)
    os.close(leader)
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log whose table of counts is wider than 60 columns."""
    path = tmp_path / "device.log"
    path.write_text(
        "2026-11-29 10:00:00 tuya code=40002904 msg=No permission for this group\n"
        "2026-11-29 10:00:01 ESP_ERR_HTTP_CONNECT ECONNABORTED errno 113 in connect()\n"
        "2026-11-29 10:00:02 tuya: code 1010, token is expired\n"
    )
    return path


COMMANDS_AT_TERMINALS = (
    ["explain", "tuya:2054", "errno:128", "--lang", "en"],
    ["explain", "tuya:2054", "--lang", "zh"],
    ["explain", "permission"],
    ["diff", "tuya", "2021-12-21", "2024-07-22"],
    ["decode", "--summary"],
    ["decode", "--only"],
)


@pytest.mark.parametrize("words", COMMANDS_AT_TERMINALS, ids=" ".join)
def test_sixty_columns_break_no_name(words: list[str], log: Path) -> None:
    files = [str(log)] if words[0] == "decode" else []
    narrow = at_terminal(*words, *files, NO_COLOR="1")
    for line in narrow.splitlines():
        stays_whole = str(log) in line or line.lstrip().startswith("https://")  # a file's name, an address
        assert cell_len(line) <= 60 or stays_whole, narrow
    wide = at_terminal(*words, *files, NO_COLOR="1", COLUMNS="2000")
    missing = {word for word in re.findall(r"[\w.-]*[A-Za-z][\w.-]*", wide) if word not in narrow}
    assert not missing - {"first", "last"}  # headings of a wide table


@pytest.mark.parametrize("words", COMMANDS_AT_TERMINALS[-2:], ids=" ".join)
def test_who_wants_no_colour_gets_none(words: list[str], log: Path) -> None:
    assert "\x1b[" in at_terminal(*words, str(log))
    assert "\x1b[" not in at_terminal(*words, str(log), NO_COLOR="1")
    assert "\x1b[" not in at_terminal(*words, str(log), TERM="dumb")


def test_colour_is_for_terminals() -> None:
    with open(os.devnull, "w") as nowhere:
        assert not wants_colour(nowhere, {})
