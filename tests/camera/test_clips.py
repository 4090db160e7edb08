"""Sixty rendered clips, read in Node: docs/lamp-reader.md has the table of the large run."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UNREAD_MOST = 2  # of the forty clips within the limits


def test_sixty_clips(node: str, recording: Path) -> None:
    done = subprocess.run(
        [node, str(HERE / "run.js"), str(recording), "ci"], capture_output=True, text=True, check=True
    )
    clips: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(clips) == 60
    assert [clip for clip in clips if clip["outcome"] == "wrong"] == []
    ours = [clip for clip in clips if clip["row"].startswith(("within", "phone rests"))]
    unread = [clip for clip in ours if clip["outcome"] != "right"]
    assert len(ours) == 40 and len(unread) <= UNREAD_MOST, unread
    others = [clip for clip in clips if clip not in ours and clip["outcome"] != "right"]
    assert len(others) <= 1, others


def test_a_flash_that_is_seen_badly_makes_no_other_number(node: str, recording: Path) -> None:
    done = subprocess.run(
        [node, str(HERE / "lost.js"), str(recording)], capture_output=True, text=True, check=True
    )
    read = json.loads(done.stdout)
    assert read["wrong"] == []
    assert read["right"] > 200 and read["nothing"] > 200, read


def test_table_of_a_run(node: str, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_text(
        '{"row":"r","seed":1,"outcome":"right","seconds":9}\n{"row":"r","seed":2,"outcome":"unread","why":"cycle","seconds":null}\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [node, str(HERE / "table.js"), str(lines)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "| r | 2 | 50.0 % | 0 | 1 | cycle 1 | 9 |"
