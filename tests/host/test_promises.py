"""docs/promises.md names tests that there are, and every property."""

from __future__ import annotations

import re
from pathlib import Path

from targets import ROOT

_PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
_NAME = re.compile(r"`((?:tests/[\w/]+/)?test_\w+\.py)`")


def named() -> dict[Path, str]:
    """The test files of each row, with the row; a name without a folder is in that of the name before it."""
    found = {}
    for row in _PAGE.splitlines():
        if not row.startswith("|"):
            continue
        folder = ROOT
        for name in _NAME.findall(row):
            path = ROOT / name if "/" in name else folder / name
            folder = path.parent
            found[path] = row
    return found


def test_what_is_named_is_there() -> None:
    assert len(named()) > 20
    for path, row in named().items():
        assert path.is_file(), row
        assert re.search(r"^def test_", path.read_text("utf-8"), re.MULTILINE), row


def test_each_promise_has_a_test_and_a_count_of_cases() -> None:
    rows = [row for row in _PAGE.splitlines() if row.startswith("|") and not re.fullmatch(r"[|:-]+", row)]
    for row in rows:
        if "held by" in row:
            continue
        _, _, held_by, cases, _ = re.split(r"(?<!\\)\|", row)
        assert _NAME.search(held_by) and re.search(r"\d|each|[Ee]very|corpus", cases), row


def test_every_property_is_named() -> None:
    with_properties = {
        path
        for path in (ROOT / "tests" / "host").glob("test_*.py")
        if "@examples(" in path.read_text("utf-8")
    }
    assert len(with_properties) > 5
    assert with_properties - {Path(__file__)} <= set(named())
