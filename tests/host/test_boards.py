"""Boards: what their settings may say, what is prepared, and that MicroPython's own tools freeze it."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from blinkcode_host.catalog import TableErrors, load
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.commands.firmware import frozen_bytes
from blinkcode_host.compiler import Compiled
from blinkcode_host.shipping import boards
from blinkcode_host.shipping.boards import Board, board_names, built_in_boards, linked, prepare, read_board
from targets import MissingTool
from targets.build import BuildError, manifest_files, mpy_cross
from targets.debian_source import Tree, source_tree
from targets.freeze import freeze_to_c
from targets.session import board_manifest, compiled

ESP32 = {
    "ESP32_GENERIC": "xtensawin",
    "ESP32_GENERIC_S3": "xtensawin",
    "ESP32_GENERIC_C3": "rv32imc",
    "ESP32_GENERIC_C6": "rv32imc",
}
SETTINGS = 'port = "unix"\nemitter = "bytecode"\nvendors = ["tuya"]\ntext = false\nbudget = 9000\n'
# What the ESP32 port's manifest requires of micropython-lib, which Debian's source lacks.
REQUIRED = ["bundle-networking", "aioespnow", "dht", "ds18x20", "neopixel", "onewire"]
REQUIRED += ["umqtt.robust", "umqtt.simple", "upysh", "espflash"]


@pytest.fixture(scope="module")
def tree() -> Tree:
    try:
        return source_tree()
    except MissingTool as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for micropython-lib: each package is one empty module."""
    folder = tmp_path_factory.mktemp("micropython-lib")
    for name in REQUIRED:
        package = folder / "micropython" / name
        package.mkdir(parents=True)
        module = "stand_in_" + name.replace(".", "_").replace("-", "_")
        (package / f"{module}.py").write_text("")
        (package / "manifest.py").write_text(f'metadata(version="0.1.0")\nmodule("{module}.py")\n')
    return folder


def own_board(folder: Path, settings: str = SETTINGS, manifest_of: str = "UNIX") -> Board:
    """A board of the user's own, outside of the checkout, with a built-in board's manifest."""
    folder.mkdir(exist_ok=True)
    (folder / "blinkcode.toml").write_text(settings)
    shutil.copy(built_in_boards() / manifest_of / "manifest.py", folder)
    return read_board(str(folder))


def small_table() -> Compiled:
    return compiled(("tuya",), "en", False)


def test_the_boards_that_the_design_names() -> None:
    assert board_names() == sorted([*ESP32, "UNIX", "VIRT_RV32"])


@pytest.mark.parametrize("name", board_names())
def test_built_in_board_is_complete(name: str) -> None:
    board = read_board(name)
    assert (board.folder / "README.md").is_file()
    assert board.settings.vendors is None  # all that are for devices
    assert board.settings.emitter == "bytecode"
    assert (board.settings.led is not None) == (board.settings.port == "esp32")
    assert board.settings.arch == {**ESP32, "VIRT_RV32": "rv32imc"}.get(name)


@pytest.mark.parametrize("name", ESP32)
def test_esp32_freezes_the_ports_own_modules_too(name: str, tree: Tree, library: Path) -> None:
    files = {f.target: f for f in manifest_files(board_manifest(name), "ports/esp32", tree, library)}
    assert {"_boot.py", "asyncio/core.py", "stand_in_umqtt_robust.py", "blinkcode/__init__.py"} <= set(files)
    assert files["blinkcode/__init__.py"].opt == 3
    c = freeze_to_c(board_manifest(name), ESP32[name], "ports/esp32", tree, library)
    assert "frozen bytecode for file blinkcode/lookup.py" in c
    assert "frozen native code for file blinkcode" not in c


@pytest.mark.parametrize("name", ESP32)
def test_esp32_freezes_native_look_ups_where_asked(
    name: str, tree: Tree, library: Path, tmp_path: Path
) -> None:
    board = read_board(name)
    native = replace(board, settings=board.settings.model_copy(update={"emitter": "viper"}))
    manifest = prepare(native, small_table(), tmp_path / name)
    c = freeze_to_c(manifest, ESP32[name], "ports/esp32", tree, library)
    assert set(re.findall("frozen native code for file (blinkcode/.*),", c)) == {"blinkcode/lookup.py"}


@pytest.mark.parametrize("name", ["UNIX", "VIRT_RV32"])
def test_others_freeze_blinkcode_alone(name: str, tree: Tree) -> None:
    files = manifest_files(board_manifest(name), "ports/unix", tree)
    assert {f.target.partition("/")[0] for f in files} <= {"blinkcode", "main.py"}
    assert "blinkcode/table.py" not in {f.target for f in files}


@pytest.mark.parametrize("name", board_names())
def test_budget_holds(name: str, tree: Tree) -> None:
    board = read_board(name)
    package = boards.build_folder(board) / "blinkcode"
    board_manifest(name)
    size = frozen_bytes(package, tree.path, mpy_cross(tree), board.settings.arch)
    assert 4000 < size <= board.settings.budget


def test_native_code_counts(tmp_path: Path, tree: Tree) -> None:
    package = tmp_path / "probe"
    package.mkdir()
    (package / "__init__.py").write_text("def same(a):\n    return a\n")
    cross = mpy_cross(tree)
    plain = frozen_bytes(package, tree.path, cross)
    assert 50 < plain < 200
    assert frozen_bytes(package, tree.path, cross) == plain
    (package / "data.py").write_text(f"DATA = {bytes(1000)!r}\n")
    assert 1000 < frozen_bytes(package, tree.path, cross) - plain < 1150
    (package / "data.py").write_text("@micropython.viper\ndef f(a: int) -> int:\n" + "    a += 12345\n" * 100)
    assert frozen_bytes(package, tree.path, cross, "rv32imc") - plain > 400


def test_unprepared_board_names_the_command(tmp_path: Path, tree: Tree) -> None:
    for path in ("boards/UNIX", "firmware"):
        shutil.copytree(built_in_boards().parent / path, tmp_path / path)
    with pytest.raises(BuildError, match=r"blinkcode firmware UNIX --micropython DIR"):
        manifest_files(tmp_path / "boards" / "UNIX" / "manifest.py", "ports/unix", tree)


def test_own_board_anywhere(tmp_path: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    board = own_board(tmp_path / "LAMP", SETTINGS + '[led]\nkind = "pwm"\npin = 4\nactive = "low"\n')
    manifest = prepare(board, small_table())
    assert manifest == tmp_path / "build" / "boards" / "LAMP" / "manifest.py"
    files = {f.target: f.path for f in manifest_files(manifest, "ports/unix", tree)}
    assert set(files) >= {"blinkcode/__init__.py", "blinkcode/wiring.py"}
    facts: dict[str, object] = {}
    exec(files["blinkcode/wiring.py"].read_text(), facts)
    assert (facts["KIND"], facts["PIN"], facts["ACTIVE_HIGH"]) == ("pwm", 4, False)


def test_same_bytes_again_and_untouched(tmp_path: Path) -> None:
    board = own_board(tmp_path / "LAMP")
    package = tmp_path / "one" / "blinkcode"
    prepare(board, small_table(), tmp_path / "one")
    (package / "stray.py").write_text("")
    times = {path.name: path.stat().st_mtime_ns for path in package.glob("*.py")}
    del times["stray.py"]
    prepare(board, small_table(), tmp_path / "one")
    prepare(board, small_table(), tmp_path / "two")
    assert {path.name: path.stat().st_mtime_ns for path in package.iterdir()} == times
    for path in package.iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "blinkcode" / path.name).read_bytes()


def test_leaving_out(tmp_path: Path) -> None:
    board = own_board(tmp_path / "LAMP", 'leave_out = ["remedy", "from_bytes"]\n' + SETTINGS)
    modules = linked(board, small_table())
    assert "def find(" in modules["lookup.py"]
    for name in ("remedy", "from_bytes"):
        assert f"def {name}(" not in modules["lookup.py"]
        assert name not in modules["__init__.py"]
    for emitter in ("bytecode", "viper"):
        asked = f'leave_out = ["text", "text_into"]\narch = "x64"\n{SETTINGS}'.replace("bytecode", emitter)
        source = linked(own_board(tmp_path / emitter, asked), small_table())["lookup.py"]
        assert "def find(" in source
        assert "text_into(slot" not in source
        assert "_write" not in source


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('leave_out = ["remdy"]\n', "leave_out: .*has no remdy"),
        ('leave_out = ["jurnal.dump"]\n', "leave_out: no module jurnal"),
    ],
)
def test_wrong_name_in_leave_out(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(TableErrors, match=complaint):
        linked(own_board(tmp_path / "LAMP", line + SETTINGS), small_table())


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("port = ", "is not valid TOML: "),
        (SETTINGS + 'langage = "zh"\n', "langage: "),
        (SETTINGS.replace("9000", "0"), "budget: "),
        (SETTINGS.replace("9000", '"9000"'), "budget: "),
        (SETTINGS.replace("bytecode", "vipr"), "emitter: "),
        (SETTINGS.replace('["tuya"]', "[]"), "vendors: "),
        (SETTINGS.replace("false", '"no"'), "text: "),
        (SETTINGS + '[led]\nkind = "bulb"\npin = 2\n', "led.kind: "),
        (SETTINGS + '[led]\nkind = "pin"\n', "led.pin: "),
        (SETTINGS.replace("bytecode", "viper"), "the viper emitter needs arch"),
        (SETTINGS + "\xff", "byte 0xff is not UTF-8; save the file as UTF-8"),
    ],
)
def test_wrong_settings(tmp_path: Path, settings: str, complaint: str) -> None:
    folder = tmp_path / "LAMP"
    folder.mkdir()
    (folder / "blinkcode.toml").write_bytes(settings.encode("latin-1"))
    with pytest.raises(TableErrors) as caught:
        read_board(str(folder))
    assert re.match(rf"{folder / 'blinkcode.toml'}(:\d+)?: {re.escape(complaint)}", str(caught.value))


def test_every_wrong_setting_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableErrors) as caught:
        own_board(tmp_path / "LAMP", 'port = "unix"\nemitter = "fast"\nvendors = ["tuya"]\nbudget = -1\n')
    assert len(caught.value.troubles) == 2


def test_unknown_vendor(tmp_path: Path) -> None:
    catalog: Catalog = load()
    board = own_board(tmp_path / "LAMP", SETTINGS.replace("tuya", "tuyo"))
    with pytest.raises(TableErrors, match=r"vendors: no such vendor: tuyo; there are broadlink"):
        boards.compile_board(board, catalog)


def test_unknown_board() -> None:
    with pytest.raises(LookupError, match=r"ESP32: no such board; there are ESP32_GENERIC, "):
        read_board("ESP32")
