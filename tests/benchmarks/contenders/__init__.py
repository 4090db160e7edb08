"""Firmware that answers the same question: given code and vendor, which state, which text?

by_hand  what good programmers write without a compiler of tables
ours     blinkcode, linked in several ways
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One code of one vendor, as every contender answers it; aliases are rows of their own."""

    vendor: int
    code: int
    state: int
    text: str


@dataclass(frozen=True)
class Contender:
    """A module to freeze, and how it is used.

    `before` is script text that must run before the import and is not counted; `use` imports what the
    expressions need. `handle` is an expression in `code` and `vendor` for what find gives; `state` and `text`
    (empty for a contender without texts) are expressions in `handle` for the state, and for the text ready to
    be written out. `anyone` is `handle` with no vendor named, for contenders that can. `calls` are more statements
    whose heap counts.
    """

    name: str
    module: str
    source: str
    use: str
    handle: str
    state: str
    text: str
    anyone: str = ""
    calls: tuple[str, ...] = ()
    before: str = ""
    others: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the sources and a manifest into `folder`; return the manifest's path."""
        folder.mkdir(parents=True, exist_ok=True)
        files = {self.module: self.source, **self.others}
        for name, source in files.items():
            (folder / f"{name}.py").write_text(source, encoding="utf-8")
        manifest = folder / "manifest.py"
        lines = [f'module("{name}.py", opt=3)\n' for name in files]
        manifest.write_text("".join(lines), encoding="utf-8")
        return manifest
