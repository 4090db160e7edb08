"""Each target runs scripts, tells errors and starts clean; RV32 runs viper and counts exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from targets import MissingTool, debian_source
from targets.board import Qemu
from targets.build import BuildError, build_rv32, elf_size, manifest_files
from targets.freeze import RISCV, XTENSA, freeze_to_c
from targets.measure import count_calls, heap_of
from targets.target import Target, TargetError

LINE = "total += 1  # one of many lines, each as long as a line of a program\n"
LONG = f"total = 0\n{LINE * 750}print(total)"


def needs_source() -> None:
    """Skip the calling test without MicroPython's source."""
    try:
        debian_source.source_tree()
    except MissingTool as missing:
        pytest.skip(str(missing))


def test_prints(target: Target) -> None:
    assert target.run("print(1+1)") == "2\n"


def test_prints_unicode(target: Target) -> None:
    assert target.run("print('控制 id 不匹配')") == "控制 id 不匹配\n"


def test_exception_is_reported_with_the_output_before_it(target: Target) -> None:
    with pytest.raises(TargetError, match="ZeroDivisionError") as caught:
        target.run("print('before')\n1 // 0")
    assert caught.value.output == "before\n"
    assert "line 2" in caught.value.traceback


def test_syntax_error_is_reported(target: Target) -> None:
    with pytest.raises(TargetError, match="SyntaxError"):
        target.run("a = )")


def test_script_of_50_kilobytes(target: Target) -> None:
    assert len(LONG) > 50_000
    assert target.run(LONG) == "750\n"


def test_much_output_comes_as_it_is_printed(target: Target) -> None:
    pieces: list[bytes] = []
    printed = target.run("for i in range(5000):\n    print('line', i)", listener=pieces.append)
    assert printed == "".join(f"line {i}\n" for i in range(5000))
    assert b"".join(pieces).replace(b"\r\n", b"\n").decode() == printed
    assert len(pieces) > 1


def test_starts_clean(target: Target) -> None:
    target.run("left_over = 1")
    assert target.run("print('left_over' in globals())") == "False\n"


def test_endless_script_is_broken_off_and_the_next_one_runs(target: Target) -> None:
    with pytest.raises(TargetError, match="not done after 1 s") as caught:
        target.run("print('on and on')\nwhile True:\n    pass", timeout=1)
    assert caught.value.output == "on and on\n"
    assert target.run("print('well')") == "well\n"


@pytest.mark.micropython
def test_viper(target: Target) -> None:
    viper = "import micropython\n@micropython.viper\ndef twice(a: int) -> int:\n    return a + a\n"
    assert target.run(viper + "print(twice(-21))") == "-42\n"


def test_instructions_are_counted_to_the_digit(rv32: Qemu) -> None:
    setup = "def plus(a):\n    return a + 1\n"
    counts = count_calls(rv32, "plus", [1, -4, 100_000], setup)
    assert counts[0] > 0
    assert counts == [counts[0]] * 3
    assert counts == count_calls(rv32, "plus", [1, -4, 100_000], setup)


def test_heap_is_measured(rv32: Qemu) -> None:
    assert heap_of(rv32, "pass") == (0, 0)
    kept, total = heap_of(rv32, "kept[0] = bytearray(100)", "kept = [0]")
    assert kept == 128
    assert total >= 100
    assert heap_of(rv32, "bytearray(100)")[0] == 0


def test_manifest_is_frozen_and_cached(rv32: Qemu, tmp_path: Path) -> None:
    package = tmp_path / "package" / "probe"
    package.mkdir(parents=True)
    manifest = tmp_path / "manifest.py"
    manifest.write_text('package("probe", base_path="package")\n')
    sizes = []
    for text in ("first", "second" * 100, "first"):
        (package / "__init__.py").write_text(f"VALUE = {text!r}\n")
        firmware = build_rv32(manifest)
        sizes.append(elf_size(firmware))
        with Qemu(firmware) as qemu:
            assert qemu.run("import probe\nprint(probe.VALUE)") == f"{text}\n"
    assert sizes[0] == sizes[2]
    assert abs(sizes[1] - sizes[0] - 595) < 40
    assert [file.target for file in manifest_files(manifest)] == ["probe/__init__.py"]


@pytest.mark.micropython
def test_locked_heap_does_not_outlive_a_script(target: Target) -> None:
    with pytest.raises(TargetError):
        target.run("import micropython\nmicropython.heap_lock()\nlist(range(100))")
    assert target.run("print([1] * 3)") == "[1, 1, 1]\n"


@pytest.mark.parametrize("march", [XTENSA, RISCV])
def test_native_code_is_frozen_without_the_chips_compiler(march: str, tmp_path: Path) -> None:
    needs_source()
    (tmp_path / "probe.py").write_text("@micropython.viper\ndef same(a: int) -> int:\n    return a\n")
    manifest = tmp_path / "manifest.py"
    manifest.write_text('module("probe.py")\n')
    assert "MP_CODE_NATIVE_VIPER" in freeze_to_c(manifest, march)
    (tmp_path / "probe.py").write_text("def broken(\n")
    with pytest.raises(BuildError, match="SyntaxError"):
        freeze_to_c(manifest, march)


def test_manifest_with_an_error(tmp_path: Path) -> None:
    needs_source()
    manifest = tmp_path / "manifest.py"
    manifest.write_text('package("absent", base_path=".")\nmodule("absent.py")\n')
    with pytest.raises(BuildError, match="manifest"):
        manifest_files(manifest)


def test_archive_entries(tmp_path: Path) -> None:
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (tmp_path / "sources.list").write_text(
        "deb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm main contrib # note\n"
        "# deb http://off.example/debian bookworm main\n"
        "deb http://sec.example/debian-security bookworm-security main\n"
        "deb http://other.example/x jammy main\n"
    )
    (folder / "debian.sources").write_text(
        "Types: deb\n# a comment\nURIs: http://two.example/debian\nSuites: bookworm bookworm-updates\n"
        "Components: main\nSigned-By:\n -----BEGIN PGP-----\n .\n key\n\n"
        "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\n"
    )
    (folder / "ignored.bak").write_text("deb http://off.example/debian bookworm main\n")
    assert debian_source.entries(tmp_path) == [
        debian_source.Entry("http://one.example/debian", "bookworm", "/k.gpg"),
        debian_source.Entry("http://two.example/debian", "bookworm", " -----BEGIN PGP-----\n .\n key"),
    ]


def test_own_tree_must_be_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MICROPYTHON_DIR", str(tmp_path))
    with pytest.raises(MissingTool, match="not a MicroPython source tree"):
        debian_source.source_tree()
