"""Where blinkcode is tested: CPython, the Unix port, RV32 under QEMU, a real board.

debian_source  fetches MicroPython's source with the machine's own apt
build          builds firmware that freezes a manifest, cached by content
target         the targets that run as a plain process, and what all targets have in common
board          the targets that are driven over a serial device, as a board is
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

BUILD = ROOT / "build"
"""Everything that is made, and may be deleted, lies here."""


class MissingTool(Exception):
    """Something outside the project is not there; the text is one line and says what to install."""
