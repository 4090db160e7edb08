"""Firmware that answers the same question: given code and vendor, which state, which text?

by_hand  what good programmers write without a compiler of tables
ours     blinkcode, linked in several ways
"""

from __future__ import annotations

import shutil
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
    whose heap counts. `package` has the files of a package in place of the one module.
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
    package: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the sources and a manifest into `folder`; return the manifest's path."""
        shutil.rmtree(folder, ignore_errors=True)
        (folder / self.module).mkdir(parents=True)
        for file, source in self.package.items():
            (folder / self.module / file).write_text(source, encoding="utf-8")
        files = {} if self.package else {self.module: self.source, **self.others}
        for name, source in files.items():
            (folder / f"{name}.py").write_text(source, encoding="utf-8")
        manifest = folder / "manifest.py"
        lines = [f'module("{name}.py", opt=3)\n' for name in files]
        lines += [f'package("{self.module}", base_path=".", opt=3)\n'] if self.package else []
        manifest.write_text("".join(lines), encoding="utf-8")
        return manifest
