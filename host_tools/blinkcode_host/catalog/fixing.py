"""What can be put right in a table without a question: the order of rows, separators, white space, capitals."""

from __future__ import annotations

import re

from blinkcode_host.catalog.sheet import BLANK, read_sheet, write_sheet

_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
_INTEGER = re.compile(r"-?[0-9]{1,12}")


def fixed(raw: bytes) -> bytes:
    """A table's CSV with commas and LF, without byte order mark and blank lines, its rows sorted by code.

    White space around cells goes, a line break in a cell becomes a blank, and device texts become lower case. Rows
    without a readable code keep their place behind the row before them. A file with a line that cannot be read, or
    without a header, is given back as it is: somebody has to look at that line first.
    """
    sheet = read_sheet(raw)
    if sheet.troubles or not sheet.rows:
        return raw
    header, *rows = [[_LINE_BREAK.sub(" ", cell).strip() for cell in cells] for _, cells in sheet.rows]
    if "code" not in header:
        return raw
    code_at = header.index("code")
    text_at = header.index("text") if "text" in header else None
    keyed: list[tuple[int, list[str]]] = []
    for cells in rows:
        if not "".join(cells).strip(BLANK):
            continue
        if text_at is not None and text_at < len(cells):
            cells[text_at] = cells[text_at].lower()
        number = cells[code_at] if code_at < len(cells) else ""
        before = keyed[-1][0] if keyed else -(10**12)
        keyed.append((int(number) if _INTEGER.fullmatch(number) else before, cells))
    keyed.sort(key=lambda pair: pair[0])
    return write_sheet([header, *(cells for _, cells in keyed)])
