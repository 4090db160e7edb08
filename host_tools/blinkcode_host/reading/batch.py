"""Decode a batch of log lines: an Arrow table in, an Arrow table out.

Engines that speak Arrow run this where the logs are: DuckDB, Spark's mapInArrow, Polars. It needs pyarrow, which
the extra `fleet` brings. See docs/fleets.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

import pyarrow as pa

from blinkcode_host.catalog import Catalog, load
from blinkcode_host.finding.around import AROUND
from blinkcode_host.finding.finding import Finding, visible
from blinkcode_host.reading.files import Settings
from blinkcode_host.reading.stream import with_line_feeds

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


@dataclass
class _Rows:
    """A batch, its rows' texts, and the numbers of the rows of each log in it."""

    batch: pa.RecordBatch
    texts: list[bytes]
    logs: dict[object, list[int]]

    def of(self, log: object) -> list[bytes]:
        """The texts of a log's rows."""
        return [self.texts[row] for row in self.logs.get(log, ())]


class Annotator:
    """Decodes batches. Make one for each worker: it holds the catalog and nothing of the batches.

    The rows of a batch are the lines of a log, in its order: what is spread over several is found as in a file.
    `log` names a column that says which log a row is of, where a batch has rows of several. With `in_order=False`
    the rows are in no order, and each stands alone.
    """

    def __init__(
        self,
        catalog: Catalog | None = None,
        *,
        column: str = "line",
        log: str | None = None,
        in_order: bool = True,
        vendors: Iterable[str] = (),
        min_confidence: float = 0.5,
        language: str = "en",
        verbose: bool = False,
    ) -> None:
        self._settings = Settings(catalog or load(), tuple(vendors), verbose, min_confidence, language)
        self._decoder = self._settings.decoder()
        self._column, self._log, self._in_order = column, log, in_order

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the answer for a batch with the columns `given`.

        Raises ValueError for a column that is named and not there, or that the findings have too.
        """
        for name in (self._column, self._log):
            if name is not None and name not in given.names:
                raise ValueError(f"no column {name!r}; there are {', '.join(given.names)}")
        taken = sorted(set(given.names) & {field.name for field in FIELDS})
        if taken:
            raise ValueError(f"the column {taken[0]!r} is one that the findings have too; rename it")
        return pa.schema([*given, *FIELDS])

    def annotate(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A row for each finding: the columns of the row that it is in, and FIELDS.

        A row's text is one line, or one entry with line ends in it. Null is an empty line.
        """
        return self._annotated(self._rows(batch), {}, None)

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """annotate() of each in turn, whose first and last lines see those of the batches beside it.

        The shape of function that Spark's mapInArrow takes. It is one batch behind.
        """
        heads: dict[object, list[bytes]] = {}
        here = None
        for batch in batches:
            if batch.num_rows:
                after = self._rows(batch)
                if here:
                    yield self._annotated(here, heads, after)
                    heads = {log: [*heads.get(log, ()), *here.of(log)][-AROUND:] for log in here.logs}
                here = after
        if here:
            yield self._annotated(here, heads, None)

    def _rows(self, batch: pa.RecordBatch) -> _Rows:
        self.schema(batch.schema)
        texts = [
            text if isinstance(text, bytes) else (text or "").encode("utf-8", "replace")
            for text in batch.column(self._column).to_pylist()
        ]
        logs: dict[object, list[int]] = {}
        if not self._in_order:
            logs = {row: [row] for row in range(len(texts))}
        elif self._log is None:
            logs[None] = list(range(len(texts)))
        else:
            for row, log in enumerate(batch.column(self._log).to_pylist()):
                logs.setdefault(log, []).append(row)
        return _Rows(batch, texts, logs)

    def _annotated(
        self, here: _Rows, heads: dict[object, list[bytes]], after: _Rows | None
    ) -> pa.RecordBatch:
        found: list[tuple[int, Finding]] = []
        for log, rows in here.logs.items():
            head = heads.get(log, []) if self._in_order else []
            tail = after.of(log)[:AROUND] if after and self._in_order else []
            found += self._found(head, rows, [here.texts[row] for row in rows], tail)
        found.sort(key=itemgetter(0))
        columns = (
            zip(*(self._values(finding) for _, finding in found), strict=True)
            if found
            else ((),) * len(FIELDS)
        )
        added = [pa.array(values, field.type) for values, field in zip(columns, FIELDS, strict=True)]
        kept = here.batch.take(pa.array([row for row, _ in found], pa.int64()))
        return pa.RecordBatch.from_arrays([*kept.columns, *added], schema=self.schema(here.batch.schema))

    def _found(
        self, head: list[bytes], rows: list[int], texts: list[bytes], tail: list[bytes]
    ) -> Iterator[tuple[int, Finding]]:
        """(row, finding) for the rows' texts, `head` and `tail` being the lines before and after them."""
        starts = [sum(map(len, head)) + len(head)]
        for text in texts:
            starts.append(starts[-1] + len(text) + 1)
        block = with_line_feeds(b"\n".join([*head, *texts, *tail]))
        for start, _, found in self._decoder.examine(block, starts[0], starts[-1] - 1):
            i = bisect_right(starts, start) - 1
            line = 1 + block.count(b"\n", starts[i], start)
            yield from ((rows[i], f._replace(line=line)) for f in found or () if self._settings.shows(f))

    def _values(self, f: Finding) -> tuple[object, ...]:
        first = f.meanings[0] if f.meanings else None
        language = self._settings.language
        text = first and first.text_in(language)
        advice = first and first.advice_in(language)
        candidates = [f"{m.vendor}:{m.code}" for m in f.meanings]
        return (
            *(f.line, f.column, visible(f.matched), f.vendor, f.code, f.state, text, advice),
            *(f.form, f.confidence, f.times, visible(f.why), candidates),
        )


def annotate(
    table: pa.Table, *, column: str = "line", log: str | None = None, catalog: Catalog | None = None
) -> pa.Table:
    """Annotator.batches() for a whole table, with the default settings."""
    annotator = Annotator(catalog, column=column, log=log)
    schema = annotator.schema(table.schema)
    return pa.Table.from_batches(annotator.batches(table.to_batches()), schema=schema)
