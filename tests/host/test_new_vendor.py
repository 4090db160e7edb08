"""blinkcode new-vendor: what it starts is right at once, and it never harms what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from blinkcode_host.compiler import compile_table


def new(name: str, folder: Path) -> int:
    return main(["new-vendor", name, "--tables", str(folder)])


@pytest.mark.parametrize("name", ["a", "acme", "my_gate", "a1_", "sixteen_letters_"])
def test_the_starter_is_right(tmp_path: Path, name: str) -> None:
    assert new(name, tmp_path / "deep" / "tables") == 0
    catalog = load([tmp_path / "deep" / "tables"])
    found = catalog.only([name])
    assert [m.code for m in found.meanings] == [1, 2]
    assert f" {name.upper()} " in compile_table(found).constants["NAMES"]  # type: ignore[operator]


def test_a_second_vendor_leaves_the_first_as_it_is(tmp_path: Path) -> None:
    assert new("acme", tmp_path) == 0
    stanza, rows = (tmp_path / "vendors.toml").read_text(), (tmp_path / "acme.csv").read_bytes()
    assert new("my_gate", tmp_path) == 0
    assert (tmp_path / "vendors.toml").read_text().startswith(stanza)
    assert (tmp_path / "acme.csv").read_bytes() == rows
    assert {"acme", "my_gate"} <= set(load([tmp_path]).vendors)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("tuya", "a vendor of that id already"),
        ("pair", "a state's name"),
        ("not_found", "a state's name"),
        ("Acme", "lower-case"),
        ("1st", "lower-case"),
        ("../up", "lower-case"),
        ("seventeen_letters", "at most 16"),
        ("", "lower-case"),
    ],
)
def test_a_name_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, why: str
) -> None:
    assert new(name, tmp_path) == 2
    assert why in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme.csv").write_text("mine")
    assert new("acme", tmp_path) == 2
    assert "is there already" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("acme.csv", "mine")]


def test_tables_with_errors_are_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vendors.toml").write_text("[vendors.broken]\n")
    assert new("acme", tmp_path) == 2
    assert "vendors.toml" in capsys.readouterr().err
    assert (tmp_path / "vendors.toml").read_text() == "[vendors.broken]\n"
    assert not (tmp_path / "acme.csv").exists()


def test_a_file_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tables").write_text("")
    assert new("acme", tmp_path / "tables") == 2
    assert "cannot be written" in capsys.readouterr().err
