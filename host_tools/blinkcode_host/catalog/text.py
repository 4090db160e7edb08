"""Read a text file of the user's; what is wrong with it is told by its place."""

from __future__ import annotations

from pathlib import Path

from blinkcode_host.catalog.trouble import TableErrors, Trouble


def read_text(path: Path, missing: str) -> str:
    """A file of UTF-8 text. `missing` says what to do where there is none. Raises TableErrors."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _error(path, f"no such file; {missing}") from None
    except OSError as error:
        raise _error(path, f"cannot be read ({error.strerror})") from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error(
            path, f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8", line
        ) from None


def _error(path: Path, what: str, line: int = 0) -> TableErrors:
    return TableErrors([Trouble(path, line, "", what)])
