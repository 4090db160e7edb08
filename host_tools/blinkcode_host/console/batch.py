"""Decode a batch of log lines: an Arrow table in, an Arrow table out.

Engines that speak Arrow run this where the logs are: DuckDB, Spark's mapInArrow, Polars. It needs pyarrow, which
`pip install blinkcode[fleet]` brings. See docs/fleets.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from blinkcode_host.catalog import Catalog, load
from blinkcode_host.console.files import Settings
from blinkcode_host.console.finder import Finder
from blinkcode_host.console.finding import Finding, visible
from blinkcode_host.console.stream import Decoder

#: What annotate() adds to a row's columns, one row for each finding.
FIELDS = (
    pa.field("log_line", pa.int64()),  # from 1, in the text of the row
    pa.field("log_column", pa.int64()),  # from 1, in characters
    pa.field("matched", pa.string()),
    pa.field("vendor", pa.string()),  # null where several vendors are possible
    pa.field("code", pa.int64()),
    pa.field("state", pa.string()),
    pa.field("text", pa.string()),
    pa.field("advice", pa.string()),
    pa.field("form", pa.string()),
    pa.field("confidence", pa.float64()),
    pa.field("times", pa.int64()),
    pa.field("why", pa.string()),
    pa.field("candidates", pa.list_(pa.string())),  # "vendor:code", the likeliest first
)


class Annotator:
    """Decodes batches. Make one for each worker: it holds the catalog and nothing of the batches."""

    def __init__(
        self,
        catalog: Catalog | None = None,
        *,
        column: str = "line",
        vendors: Iterable[str] = (),
        min_confidence: float = 0.5,
        language: str = "en",
        verbose: bool = False,
    ) -> None:
        self._settings = Settings(catalog or load(), tuple(vendors), verbose, min_confidence, language)
        self._finder = Finder(self._settings.catalog, vendors, verbose, everything=min_confidence < 0.5)
        self._decoder = Decoder(self._finder)
        self._column = column

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the answer for a batch with the columns `given`. Raises ValueError on a clash."""
        if self._column not in given.names:
            raise ValueError(f"no column {self._column!r}; there are {', '.join(given.names)}")
        taken = sorted(set(given.names) & {field.name for field in FIELDS})
        if taken:
            raise ValueError(f"the column {taken[0]!r} is one that the findings have too; rename it")
        return pa.schema([*given, *FIELDS])

    def annotate(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A row for each finding: the columns of the row that it is in, and FIELDS.

        A row's text is one log entry: a line, or several with line ends between. Null gives nothing.
        """
        schema = self.schema(batch.schema)
        rows: list[int] = []
        columns: list[list[object]] = [[] for _ in FIELDS]
        for row, finding in self._found(batch.column(self._column)):
            rows.append(row)
            for values, value in zip(columns, self._values(finding), strict=True):
                values.append(value)
        kept = batch.take(pa.array(rows, pa.int64()))
        added = [pa.array(values, field.type) for values, field in zip(columns, FIELDS, strict=True)]
        return pa.RecordBatch.from_arrays([*kept.columns, *added], schema=schema)

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """annotate() of each; the shape of function that Spark's mapInArrow takes."""
        for batch in batches:
            yield self.annotate(batch)

    def _found(self, texts: pa.Array) -> Iterator[tuple[int, Finding]]:
        """(row, finding) for the rows in turn; only rows that the prefilter picks are looked at closely."""
        for row, text in enumerate(texts.to_pylist()):
            data = (text or "").encode("utf-8", "replace") if not isinstance(text, bytes) else text
            number, counted = 1, 0
            for start, _, found in self._decoder.examine(data, 0, len(data)):
                number += data.count(b"\n", counted, start)
                counted = start
                yield from ((row, f._replace(line=number)) for f in found or () if self._settings.shows(f))

    def _values(self, f: Finding) -> tuple[object, ...]:
        first = f.meanings[0] if f.meanings else None
        chinese = self._settings.language == "zh"
        text = first and (first.text_zh if chinese else first.text)
        advice = first and (first.advice_zh if chinese else first.advice)
        candidates = [f"{m.vendor}:{m.code}" for m in f.meanings]
        return (
            *(f.line, f.column, visible(f.matched), f.vendor, f.code, f.state, text, advice),
            *(f.form, f.confidence, f.times, visible(f.why), candidates),
        )


def annotate(table: pa.Table, *, column: str = "line", catalog: Catalog | None = None) -> pa.Table:
    """Annotator.annotate() for a whole table, with the default settings."""
    annotator = Annotator(catalog, column=column)
    schema = annotator.schema(table.schema)
    return pa.Table.from_batches(annotator.batches(table.to_batches()), schema=schema)
