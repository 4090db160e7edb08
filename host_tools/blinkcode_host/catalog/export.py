"""The catalog as JSON, CSV, SQLite and Parquet, one entry a meaning, with every column that there is."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from blinkcode_host.catalog.records import Catalog, Meaning


def entry(catalog: Catalog, meaning: Meaning) -> dict[str, Any]:
    """A meaning as plain data: the row itself and what its state adds."""
    state = catalog.states[meaning.state]
    section = next((s for s in catalog.vendors[meaning.vendor].sections if s.id == meaning.section), None)
    return {
        "vendor": meaning.vendor,
        "kind": catalog.vendors[meaning.vendor].kind,
        "code": meaning.code,
        "state": meaning.state,
        "level": state.level,
        "flashes": state.flashes,
        "second": state.second,
        "text": meaning.text,
        "text_zh": meaning.text_zh,
        "advice": meaning.advice,
        "advice_zh": meaning.advice_zh,
        **_other_languages(catalog, meaning),
        "advice_dev": meaning.advice_dev,
        "advice_dev_zh": meaning.advice_dev_zh,
        "remedy": catalog.remedy(meaning),
        "remedy_zh": catalog.remedy(meaning, "zh"),
        "section": meaning.section,
        "section_title": section.title if section else "",
        "aliases": list(meaning.aliases),
        "note": meaning.note,
        "messages": dict(meaning.messages),
    }


def _other_languages(catalog: Catalog, meaning: Meaning) -> dict[str, str]:
    """text_xx and advice_xx for each language that some table has besides English and Chinese."""
    said = {}
    for language in catalog.languages[2:]:
        said[f"text_{language}"] = meaning.text_in(language)
        said[f"advice_{language}"] = meaning.advice_in(language)
    return said


def as_json(catalog: Catalog) -> str:
    """{"codes": [entry, ...]} in the tables' order."""
    return (
        json.dumps({"codes": [entry(catalog, m) for m in catalog.meanings]}, ensure_ascii=False, indent=1)
        + "\n"
    )


def as_csv(catalog: Catalog) -> str:
    """One table over all vendors; a column for each source, which several vendors may share."""
    sources = dict.fromkeys(source.id for vendor in catalog.vendors.values() for source in vendor.sources)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names: list[str] = []
    for meaning in catalog.meanings:
        row = entry(catalog, meaning)
        messages = row.pop("messages")
        row["aliases"] = " ".join(map(str, row["aliases"]))
        if not names:
            names = [*row, *sources]
            writer.writerow(names)
        writer.writerow([*row.values(), *(messages.get(source, "") for source in sources)])
    return out.getvalue()


def rows(catalog: Catalog) -> tuple[list[str], list[list[Any]]]:
    """(column names, rows) of one flat table over all vendors: lists as words with blanks, no messages."""
    entries = [entry(catalog, meaning) for meaning in catalog.meanings]
    for one in entries:
        one["aliases"] = " ".join(map(str, one["aliases"]))
        del one["messages"]
    return list(entries[0]) if entries else [], [list(one.values()) for one in entries]


def messages(catalog: Catalog) -> tuple[list[str], list[list[Any]]]:
    """(column names, rows) of the vendors' literal words: one row for a meaning in a source document."""
    names = ["vendor", "code", "text", "source", "source_kind", "source_date", "message"]
    sources = {source.id: source for vendor in catalog.vendors.values() for source in vendor.sources}
    found = []
    for m in catalog.meanings:
        for id_, words in m.messages.items():
            kind, date = sources[id_].kind, sources[id_].date
            found.append([m.vendor, m.code, m.text, id_, kind, date and date.isoformat(), words])
    return names, found


def as_sqlite(catalog: Catalog) -> bytes:
    """A SQLite file with the tables `codes` and `messages`, indexed by code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "codes.sqlite")
        with contextlib.closing(sqlite3.connect(path)) as database:
            for table, (names, content) in {"codes": rows(catalog), "messages": messages(catalog)}.items():
                typed = ", ".join(
                    f"{n} {'INTEGER' if n in ('code', 'flashes', 'second') else 'TEXT'}" for n in names
                )
                database.execute(f"CREATE TABLE {table} ({typed})")
                places = ", ".join("?" * len(names))
                database.executemany(f"INSERT INTO {table} VALUES ({places})", content)
                database.execute(f"CREATE INDEX {table}_by_code ON {table} (code, vendor)")
            database.commit()
        return path.read_bytes()


def as_parquet(catalog: Catalog) -> bytes:
    """A Parquet file with one row a meaning; `messages` maps a source to its words. Needs pyarrow."""
    import pyarrow as pa
    from pyarrow import parquet

    names, content = rows(catalog)
    columns = {name: [row[i] for row in content] for i, name in enumerate(names)}
    table = pa.table(columns)
    words = pa.array([list(m.messages.items()) for m in catalog.meanings], pa.map_(pa.string(), pa.string()))
    out = pa.BufferOutputStream()
    parquet.write_table(table.append_column("messages", words), out)
    return bytes(out.getvalue().to_pybytes())
