"""`blinkcode firmware BOARD --check`: every mistake of a board's folder at once, without building."""

from __future__ import annotations

from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from blinkcode_host.shipping.board_check import board_troubles
from blinkcode_host.shipping.boards import board_names, read_board

GOOD = """port = "esp32"
board = "ESP32_GENERIC_C3"
arch = "rv32imc"
emitter = "bytecode"
vendors = ["tuya"]
text = false
budget = 9000
led = { kind = "pwm", pin = 5 }
"""
MANIFEST = 'package("blinkcode", base_path=options.prepared, opt=3)\n'


def checked(
    folder: Path, settings: str, manifest: str | None, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[str]]:
    board = folder / "LAMP"
    board.mkdir(exist_ok=True)
    (board / "blinkcode.toml").write_text(settings, encoding="utf-8")
    (board / "manifest.py").unlink(missing_ok=True)
    if manifest is not None:
        (board / "manifest.py").write_text(manifest, encoding="utf-8")
    status = main(["firmware", str(board), "--check"])
    out, err = capsys.readouterr()
    assert out == ""
    return status, [line.rpartition("LAMP/")[2] for line in err.splitlines()]


def test_our_own_boards_have_no_mistake() -> None:
    for name in board_names():
        assert board_troubles(read_board(name), load()) == []
    assert main(["firmware", "UNIX", "--check"]) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('["tuya"]', '["tuja"]'), "blinkcode.toml: vendors: 'tuja' is no vendor (did you mean 'tuya'?)"),
        (('["tuya"]', '["tuya", "tuya"]'), "blinkcode.toml: vendors: 'tuya' stands more than once"),
        (
            ("rv32imc", "rv32icm"),
            "blinkcode.toml: arch: 'rv32icm' is no instruction set of mpy-cross (did you mean",
        ),
        (
            ("rv32imc", "xtensawin"),
            "blinkcode.toml: arch: ESP32_GENERIC_C3 is rv32imc, and this says xtensawin",
        ),
        (("pin = 5", "pin = 22"), "blinkcode.toml: led.pin: ESP32_GENERIC_C3 has no GPIO 22"),
        (("pin = 5", "pin = 14"), "blinkcode.toml: led.pin: GPIO 14 leads to the flash memory"),
        (
            ("text =", 'language = "fr"\ntext ='),
            "blinkcode.toml: language: no text is in 'fr'; there are en, zh",
        ),
        (("9000", "90"), "blinkcode.toml: budget: the table's data alone takes"),
        (("text =", 'leave_out = ["journal.dmup"]\ntext ='), "blinkcode.toml: leave_out: "),
        (("emitter =", "emiter ="), "blinkcode.toml:4: emiter: there is no such key"),
    ],
)
def test_each_mistake_is_told(
    tmp_path: Path, change: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tmp_path, GOOD, MANIFEST, capsys)[0] == 0
    status, lines = checked(tmp_path, GOOD.replace(*change), MANIFEST, capsys)
    assert status == 2
    assert any(line.startswith(said) for line in lines), lines


def test_the_manifest_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path, GOOD, None, capsys)[1][0].startswith("manifest.py: no such file")
    assert checked(tmp_path, GOOD, "a = 1\npackage(\n", capsys)[1][0].startswith(
        "manifest.py:2: is not Python"
    )
    assert checked(tmp_path, GOOD, 'module("main.py")\n', capsys)[1][0].startswith(
        "manifest.py: freezes no blinkcode"
    )


def test_all_mistakes_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = GOOD.replace("tuya", "tuja").replace("rv32imc", "riscv").replace("pin = 5", "pin = 99")
    status, lines = checked(tmp_path, wrong, None, capsys)
    assert status == 2
    assert [line.split(": ")[:2] for line in lines] == [
        ["manifest.py", "no such file; a board needs it to say what is frozen, see docs/porting.md"],
        ["blinkcode.toml", "vendors"],
        ["blinkcode.toml", "arch"],
        ["blinkcode.toml", "led.pin"],
    ]


def test_mistakes_are_told_before_anything_else_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MICROPYTHON_DIR", raising=False)
    checked(tmp_path, GOOD.replace("tuya", "tuja"), MANIFEST, capsys)
    assert main(["firmware", str(tmp_path / "LAMP")]) == 2
    assert "'tuja' is no vendor" in capsys.readouterr().err
