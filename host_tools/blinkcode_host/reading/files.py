"""Decode whole files: in pieces of bounded size, with every core there is."""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO, TypeVar

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding
from blinkcode_host.reading.stream import LINE_END, MARGIN, Decoder, Part, Stream, ends_line, with_line_feeds
from blinkcode_host.reading.summary import Summary

BLOCK = 1 << 20
# Bytes that a worker takes at a time: less where it sends every finding back, which may be one for each line.
_RANGE, _RANGE_OF_FINDINGS = 2 << 20, 128 << 10
_BEGINNING = 256  # bytes of a line that a summary may want
_WORTH_WORKERS = 16 << 20
_MOST_WORKERS = 4  # each takes up to 30 MB
_SILENCE = 0.1  # seconds after which lines that wait for the next one are judged without it
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class Settings:
    """What a finder is made of, so that each worker can make its own."""

    catalog: Catalog
    vendors: tuple[str, ...] = ()
    verbose: bool = False
    min_confidence: float = 0.5
    language: str = "en"

    def decoder(self) -> Decoder:
        """A decoder; it looks at the less likely places too where so low a confidence is asked for."""
        return Decoder(Finder(self.catalog, self.vendors, self.verbose, everything=self.min_confidence < 0.5))

    def shows(self, finding: Finding) -> bool:
        """Whether the confidence and the vendors asked for allow it."""
        if finding.confidence < self.min_confidence:
            return False
        return (
            not self.vendors
            or any(m.vendor in self.vendors for m in finding.meanings)
            or not finding.meanings
        )


_Result = TypeVar("_Result")
# A line with findings: its number, from 1, how it begins, and the findings, which need not have the number.
_Line = tuple[int, str, list[Finding]]


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """A file's bytes as they come, UTF-16 with a mark turned into UTF-8."""
    reader = getattr(file, "read1", file.read)
    data = reader(BLOCK)
    while len(data) == 1 and data in b"\xff\xfe" and (more := reader(BLOCK)):  # half a mark
        data += more
    encoding = _UTF16.get(data[:2])
    if not encoding:
        while data:
            yield data
            data = reader(BLOCK)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    data = data[2:] or reader(BLOCK)
    while data:
        yield decoder.decode(data).encode("utf-8", "replace")
        data = reader(BLOCK)
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def is_quiet(file: BinaryIO) -> bool:
    """Whether nothing comes from a pipe or a terminal for a while; never so for a file, nor where one cannot wait."""
    try:
        return not select.select([file], [], [], _SILENCE)[0]
    except (OSError, ValueError):
        return False


def located(settings: Settings, file: BinaryIO, progress: Callable[[int], object]) -> Iterator[Finding]:
    """The findings of a file, in order."""
    path = _worth_workers(file)
    if path is None:
        for _, _, found in _streamed(settings, file, progress):
            yield from found
        return
    before = 0
    for size, lines, part in _in_workers(settings, path, _decode, _RANGE_OF_FINDINGS):
        progress(size)
        yield from (f._replace(line=f.line + before) for f in part)
        before += lines


def summarised(settings: Settings, file: BinaryIO, progress: Callable[[int], object]) -> Summary:
    """The tally of a file's findings."""
    summary = Summary(settings.language)
    path = _worth_workers(file)
    if path is None:
        for number, line, found in _streamed(settings, file, progress):
            for finding in found:
                summary.add(finding, line, number)
        return summary
    before = 0
    for size, lines, part in _in_workers(settings, path, _summarise, _RANGE):
        progress(size)
        summary.merge(part, before)
        before += lines
    return summary


def _streamed(settings: Settings, file: BinaryIO, progress: Callable[[int], object]) -> Iterator[_Line]:
    stream = Stream(settings.decoder())
    for data in blocks(file):
        progress(len(data))
        yield from _lines_of(settings, stream.feed(data))
        if is_quiet(file):
            yield from _lines_of(settings, stream.settle())
    yield from _lines_of(settings, stream.flush())


def _lines_of(settings: Settings, parts: Iterable[Part]) -> Iterator[_Line]:
    beginning = b""  # of a line that goes on in the next part
    for part, found in parts:
        body = part.rstrip(b"\r\n")
        start = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
        line = beginning if beginning and not start else part[start : start + _BEGINNING]
        beginning = b"" if ends_line(part) else line
        shown = [f for f in found if settings.shows(f)]
        if shown:
            yield shown[0].line, line.decode("utf-8", "replace"), shown


def _worth_workers(file: BinaryIO) -> Path | None:
    """The path of a large regular file that is read from its start and needs no recoding."""
    name = getattr(file, "name", None)
    if not isinstance(name, str) or not file.seekable() or file.tell() or _cores() < 2:
        return None
    if os.fstat(file.fileno()).st_size < _WORTH_WORKERS:
        return None
    with open(name, "rb") as again:
        return None if again.read(2) in _UTF16 else Path(name)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _in_workers(
    settings: Settings, path: Path, work: Callable[[Path, int, int], tuple[int, int, _Result]], size: int
) -> Iterator[tuple[int, int, _Result]]:
    """(bytes, lines, result) of one range of the file after the other; a result counts lines from its range on."""
    workers = min(_MOST_WORKERS, _cores())
    pool = _pool(settings, workers)
    try:
        waiting: deque[Future[tuple[int, int, _Result]]] = deque()
        for start, stop in _ranges(path, size):
            waiting.append(pool.submit(work, path, start, stop))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(settings: Settings, workers: int) -> ProcessPoolExecutor:
    """Workers that share what this process has made ready, where they can be forked safely."""
    if sys.platform == "linux" and threading.active_count() == 1:
        _prepare(settings)
        return ProcessPoolExecutor(workers, get_context("fork"), initializer=_leave_interrupts)
    return ProcessPoolExecutor(workers, initializer=_start, initargs=(settings,))


def _ranges(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """The file in ranges of about `size` bytes that begin where a line does."""
    end, start = path.stat().st_size, 0
    with path.open("rb") as file:
        while start < end:
            stop = _line_end(file, start + size, end)
            yield start, stop
            start = stop


def _line_end(file: BinaryIO, at: int, end: int) -> int:
    """Where the first line end at or after a place is over, in a file that ends at `end`."""
    while at < end:
        file.seek(at)
        data = file.read(BLOCK)
        if match := LINE_END.search(data):
            return at + match.end()
        at += max(1, len(data) - 1)  # a \r at its end may be half a line end
    return end


_decoder: Decoder
_settings: Settings


def _start(settings: Settings) -> None:
    _leave_interrupts()
    _prepare(settings)


def _prepare(settings: Settings) -> None:
    global _decoder, _settings
    _decoder, _settings = settings.decoder(), settings


def _leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; the one that has the workers ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _decode(path: Path, start: int, stop: int) -> tuple[int, int, list[Finding]]:
    """The bytes, the lines and the findings of a range."""
    found: list[Finding] = []
    number = 0
    for number, _, here in _examined(path, start, stop):
        found += [f._replace(line=number) for f in here]
    return stop - start, number, found


def _summarise(path: Path, start: int, stop: int) -> tuple[int, int, Summary]:
    """The bytes, the lines and the tally of a range."""
    summary = Summary(_settings.language)
    number = 0
    for number, line, here in _examined(path, start, stop):
        for finding in here:
            summary.add(finding, line, number)
    return stop - start, number, summary


def _examined(path: Path, start: int, stop: int) -> Iterator[_Line]:
    """The lines of a range that have findings, and at last none with how many lines the range has.

    A range that is far larger than others holds a very long line, and is streamed.
    """
    with path.open("rb") as file:
        if stop - start > 2 * _RANGE:
            stream = Stream(_decoder)
            file.seek(start)
            for at in range(start, stop, BLOCK):
                yield from _lines_of(_settings, stream.feed(file.read(min(BLOCK, stop - at))))
            yield from _lines_of(_settings, stream.flush())
            yield stream.line - 1, "", []
            return
        before = max(0, start - MARGIN)
        file.seek(before)
        block = with_line_feeds(file.read(stop - before + MARGIN))
    shows = _settings.shows
    counted, end, number = start - before, stop - before, 1
    for line, line_end, found in _decoder.examine(block, counted, end):
        shown = [f for f in found or () if shows(f)]
        if shown:
            number += block.count(b"\n", counted, line)
            counted = line
            yield number, block[line : min(line_end, line + _BEGINNING)].decode("utf-8", "replace"), shown
    yield number - 1 + block.count(b"\n", counted, end), "", []
