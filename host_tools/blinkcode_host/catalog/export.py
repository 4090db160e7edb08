"""The catalog as JSON and CSV, one entry a meaning, with every column that there is."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from blinkcode_host.catalog.records import Catalog, Meaning


def entry(catalog: Catalog, meaning: Meaning) -> dict[str, Any]:
    """A meaning as plain data: the row itself and what its state adds."""
    state = catalog.states[meaning.state]
    section = next((s for s in catalog.vendors[meaning.vendor].sections if s.id == meaning.section), None)
    return {
        "vendor": meaning.vendor,
        "code": meaning.code,
        "state": meaning.state,
        "level": state.level,
        "flashes": state.flashes,
        "text": meaning.text,
        "text_zh": meaning.text_zh,
        "advice": meaning.advice,
        "advice_zh": meaning.advice_zh,
        "remedy": state.remedy,
        "remedy_zh": state.remedy_zh,
        "section": meaning.section,
        "section_title": section.title if section else "",
        "aliases": list(meaning.aliases),
        "note": meaning.note,
        "messages": dict(meaning.messages),
    }


def as_json(catalog: Catalog) -> str:
    """{"codes": [entry, ...]} in the tables' order."""
    return (
        json.dumps({"codes": [entry(catalog, m) for m in catalog.meanings]}, ensure_ascii=False, indent=1)
        + "\n"
    )


def as_csv(catalog: Catalog) -> str:
    """One table over all vendors; a column for each source document."""
    sources = [source.id for vendor in catalog.vendors.values() for source in vendor.sources]
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
