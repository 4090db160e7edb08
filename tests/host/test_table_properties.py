"""Random tables: records or errors, each with its place; `check --fix` puts right without changing what is meant."""

from __future__ import annotations

import codecs
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from blinkcode_host.catalog import Meaning, TableErrors, built_in_tables
from blinkcode_host.catalog.fixing import fixed
from blinkcode_host.catalog.reader import read_meanings
from blinkcode_host.catalog.sheet import BLANK, read_sheet
from blinkcode_host.catalog.stanzas import read_states, read_vendors
from blinkcode_host.catalog.trouble import Trouble
from properties import examples

_SOURCE = "acme-1"
_STANZA = f"""[vendors.acme]
name = "Acme"
kind = "cloud"
[[vendors.acme.sources]]
id = "{_SOURCE}"
title = "Codes"
date = 2024-07-22
[[vendors.acme.sections]]
id = "all"
title = "All codes"
ranges = [[-99, 99]]
"""
_STATES, _ = read_states(built_in_tables() / "states.toml")
_COLUMNS = (
    "code",
    "state",
    "text",
    "text_zh",
    "advice",
    "section",
    "alias",
    "note",
    "text_de",
    "remedy",
    _SOURCE,
)
_GOOD = {
    "code": st.integers(-99, 99).map(str),
    "state": st.sampled_from(("PAIR", "OK", "UNKNOWN")),
    "text": st.text("abc d", min_size=1, max_size=12).map(str.strip).filter(bool),
    "text_zh": st.sampled_from(("", "配网", "Netz")),
    "advice": st.sampled_from(("Pair the device again.", 'Say "no", or wait.', "a;b,c\td")),
    "section": st.just("all"),
    "alias": st.sampled_from(("", "700", "701 702")),
    "note": st.sampled_from(("", "seen once")),
    "text_de": st.sampled_from(("", "neu koppeln")),
    "remedy": st.sampled_from(("", "ask the shop")),
    _SOURCE: st.text("xyz", min_size=1, max_size=6),
}
_cells = (
    st.text(max_size=12)
    | st.text("\r\n\t ,;\"'\u00a0\u2028\x00\x1b\ufeff", max_size=6)
    | st.sampled_from(
        ("", "-0", "007", "1,000", "1" * 5_000, "7 7", "Neu", "x" * 40, "配" * 20, "none", "\ud800")
    )
    | st.integers(-(1 << 40), 1 << 40).map(str)
)
_rows = st.builds(
    lambda row, changes: row | {column: cell for column, cell in changes.items() if column in row},
    st.fixed_dictionaries(_GOOD),
    st.dictionaries(st.sampled_from(_COLUMNS), _cells, max_size=2) | st.just({}),
) | st.just(dict.fromkeys(_COLUMNS, "\u00a0"))
_separators = st.sampled_from((",", ";", "\t"))
_ends = st.sampled_from(("\n", "\r\n"))
_marks = st.sampled_from((b"", codecs.BOM_UTF8))
_damage = st.binary(min_size=1, max_size=4) | st.sampled_from(
    (b'"', b"\n", b"\r", b";", b",", b"\xff", b"\x00", b'"\n')
)
_toml_damage = st.sampled_from(
    (
        '"',
        "[",
        "]]",
        "=",
        "\n",
        "x = 1",
        "name = 7\n",
        "[vendors.b]\n",
        "[[vendors.acme.sources]]\n",
        "1" * 5_000,
        "{",
        "a.b.c=",
    )
) | st.text(max_size=8)
_values = st.recursive(
    st.sampled_from(
        (
            '""',
            "1",
            "-1",
            "true",
            "1.5",
            "inf",
            "1979-05-27",
            "1979-05-27T07:32:00Z",
            "07:32:00",
            '"x"',
            "9" * 25,
        )
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | inner.map(lambda value: f"{{a = {value}}}")
    ),
    max_leaves=6,
)
_keys = ("vendors", "name", "kind", "wire", "sources", "sections", "id", "title", "date", "ranges", "x")
_lines = st.lists(
    st.builds("{} = {}".format, st.sampled_from(_keys), _values)
    | st.sampled_from(
        (
            "[vendors]",
            "[vendors.acme]",
            "[[vendors.acme.sources]]",
            "[[vendors.acme.sections]]",
            "[vendors.b.c]",
        )
    ),
    max_size=12,
).map("\n".join)


def quoted(cell: str) -> str:
    """A cell as a spreadsheet writes it."""
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set('",;\t\r\n ') else cell


def saved(rows: list[dict[str, str]], separator: str = ",", end: str = "\n", mark: bytes = b"") -> bytes:
    """The rows as a spreadsheet saves them; half a surrogate pair is saved as `?`."""
    lines = [_COLUMNS, *([row[column] for column in _COLUMNS] for row in rows)]
    text = "".join(separator.join(map(quoted, line)) + end for line in lines)
    return mark + text.encode("utf-8", "replace")


def read(raw: bytes, stanza: bytes | str = _STANZA) -> list[Meaning] | list[Trouble]:
    """The records of a table, or what is wrong with it, each with its place."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "acme.csv").write_bytes(raw)
        stanzas = folder / "vendors.toml"
        stanzas.write_bytes(stanza if isinstance(stanza, bytes) else stanza.encode("utf-8", "replace"))
        try:
            vendors = read_vendors(stanzas).values()
            return [m for v in vendors for m in read_meanings(folder / f"{v.id}.csv", v, _STATES)]
        except TableErrors as error:
            troubles = error.troubles
    assert troubles == sorted(troubles) != []
    for trouble in troubles:
        assert trouble.file.parent == folder and trouble.line >= 0 and trouble.what
        assert trouble.line or trouble.file.suffix == ".toml" or "cannot be read" in trouble.what
    return [replace(trouble, file=Path(trouble.file.name)) for trouble in troubles]


def are_records(found: list[Meaning] | list[Trouble]) -> bool:
    return all(isinstance(one, Meaning) for one in found)


def rows_of(raw: bytes) -> list[list[str]]:
    """The cells of a table without the white space around them, its rows sorted, blank ones left out."""
    rows = [[" ".join(cell.lower().split()) for cell in cells] for _, cells in read_sheet(raw).rows]
    return sorted(cells for cells in rows if "".join(cells).strip(BLANK))


@examples(150)
@given(rows=st.lists(_rows, max_size=6))
def test_a_random_table_gives_records_or_errors(rows: list[dict[str, str]]) -> None:
    found = read(saved(rows))
    assert read(saved(rows)) == found
    if are_records(found):
        assert len(found) == len(rows)


@examples(100)
@given(rows=st.lists(_rows, max_size=4), separator=_separators, end=_ends, mark=_marks)
def test_how_it_was_saved_does_not_matter(
    rows: list[dict[str, str]], separator: str, end: str, mark: bytes
) -> None:
    """The same records, or the same errors in the same order, where no cell has a line break, which is an error."""
    rows = [
        {column: cell.replace("\r", "").replace("\n", "") for column, cell in row.items()} for row in rows
    ]
    assert read(saved(rows, separator, end, mark)) == read(saved(rows))


@examples(200)
@given(rows=st.lists(_rows, max_size=4), damage=st.lists(st.tuples(st.integers(0, 600), _damage), max_size=4))
def test_damaged_bytes_give_records_or_errors(
    rows: list[dict[str, str]], damage: list[tuple[int, bytes]]
) -> None:
    raw = saved(rows)
    for at, bytes_ in damage:
        raw = raw[:at] + bytes_ + raw[at:]
    assert read(raw) == read(raw)


@examples(200)
@given(
    lines=_lines,
    damage=st.lists(st.tuples(st.integers(0, len(_STANZA)), _toml_damage), max_size=3),
    raw=st.none() | st.binary(max_size=60),
)
def test_a_random_stanza_gives_records_or_errors(
    lines: str, damage: list[tuple[int, str]], raw: bytes | None
) -> None:
    stanza = _STANZA if damage else lines
    for at, text in damage:
        stanza = stanza[:at] + text + stanza[at:]
    for content in (stanza, raw or b""):
        found = read(saved([]), content)
        assert are_records(found) or not any(isinstance(one, Meaning) for one in found)


@examples(200)
@given(
    rows=st.lists(_rows, max_size=6),
    separator=_separators,
    end=_ends,
    mark=_marks,
    damage=st.lists(st.tuples(st.integers(0, 600), _damage), max_size=2),
)
def test_a_fix_is_done_once_and_keeps_what_is_meant(
    rows: list[dict[str, str]], separator: str, end: str, mark: bytes, damage: list[tuple[int, bytes]]
) -> None:
    raw = saved(rows, separator, end, mark)
    for at, bytes_ in damage:
        raw = raw[:at] + bytes_ + raw[at:]
    once = fixed(raw)
    assert fixed(once) == once
    if once != raw:
        assert rows_of(once) == rows_of(raw)
    before, after = read(raw), read(once)
    if are_records(before):
        assert are_records(after)
        assert sorted(map(repr, after)) == sorted(map(repr, before))
