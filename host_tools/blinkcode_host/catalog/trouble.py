"""What is wrong with a table, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Trouble:
    """One finding, printed as `file:line: column: what is wrong, how to mend it`."""

    file: Path
    line: int  # from 1; 0 where the whole file is meant
    column: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{where}: {self.column}: {self.what}" if self.column else f"{where}: {self.what}"


class TableErrors(Exception):
    """Every trouble that the reader found, in the files' order."""

    def __init__(self, troubles: list[Trouble]) -> None:
        self.troubles = troubles
        super().__init__("\n".join(map(str, troubles)))
