"""The dump in docs/format.md is what its lines of Python print, and its numbers lead to the three texts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from blinkcode_host import catalog
from blinkcode_host.compiler import compile_table
from targets.linked import run

ROOT = Path(__file__).parents[2]


def test_the_dump_is_what_the_lines_print() -> None:
    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```\n\nprints\n\n```text\n(.*?)```", page, re.DOTALL)
    assert found
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, 'host_tools')\n{found[1]}"]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout == found[2]


def test_the_index_of_the_page() -> None:
    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    acme = catalog.load([ROOT / "docs" / "format"]).only(["acme"])
    table = compile_table(acme, remedies=False)
    index, constants = table.constants["INDEX"], table.constants
    assert isinstance(index, bytes)

    def entry(number: int) -> str:
        columns = (0, *(int(str(constants[name])) for name in ("KEYS_LOW", "VALUES", "VALUES_LOW")))
        high_key, low_key, high, low = (index[column + number] for column in columns)
        return f"{number}: {high_key << 8 | low_key}, {high << 8 | low}"

    for number in range(int(str(constants["PAIRS_END"]))):
        assert entry(number) in page, entry(number)
    blinkcode = run(table)
    assert [blinkcode.find(code, 0) for code in (7, 8, -8, 70000, 4464)] == [2, 3, 3, 0, -1]
    assert [blinkcode.text(slot) for slot in (2, 3, 0)] == ["network busy", "network down", "busy"]
