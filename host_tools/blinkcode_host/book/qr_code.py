"""A QR code as an SVG path. Needs segno, which the extra `card` installs."""

from __future__ import annotations

from dataclasses import dataclass

QUIET = 4  # modules of white around the code, as the standard wants them


@dataclass(frozen=True)
class QrCode:
    """`path` draws the dark modules in a square of `size` modules, white border included."""

    size: int
    path: str


def qr_code(address: str) -> QrCode:
    """The QR code of an address, error correction M. Raises ValueError where it cannot be made."""
    try:
        import segno
    except ImportError:
        raise ValueError("a QR code needs segno: pip install segno") from None
    try:
        rows = [bytes(row) for row in segno.make(address, micro=False, error="m").matrix]
    except segno.DataOverflowError:
        raise ValueError(f"an address of {len(address)} characters is too long for a QR code") from None
    runs = []
    for y, row in enumerate(rows, QUIET):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x + QUIET} {y}h{end - x}v1h-{end - x}z")
            x = end + 1
    return QrCode(len(rows) + 2 * QUIET, "".join(runs))
