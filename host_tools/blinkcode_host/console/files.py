"""Decode whole files: in pieces of bounded size, with every core there is."""

from __future__ import annotations

import codecs
import os
import select
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.console.finder import Finder
from blinkcode_host.console.finding import Finding
from blinkcode_host.console.stream import MARGIN, PIECE, Decoder, Stream
from blinkcode_host.console.summary import Summary

BLOCK = 1 << 20
_RANGE = 4 << 20  # bytes that a worker takes at a time
_WORTH_WORKERS = 16 << 20
_MOST_WORKERS = 8
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
Located = tuple[Finding, str]  # a finding and the line that it stands in


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """A file's bytes as they come, UTF-16 with a mark turned into UTF-8."""
    reader = getattr(file, "read1", file.read)
    data = reader(BLOCK)
    encoding = _UTF16.get(data[:2])
    decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
    if encoding:
        data = data[2:]
    while data:
        yield decoder.decode(data).encode("utf-8", "replace") if decoder else data
        data = reader(BLOCK)


def is_quiet(file: BinaryIO) -> bool:
    """Whether nothing comes from a pipe or a terminal for a while; never so for a file, nor where one cannot wait."""
    try:
        return not select.select([file], [], [], _SILENCE)[0]
    except (OSError, ValueError):
        return False


def located(settings: Settings, file: BinaryIO, progress: Callable[[int], object]) -> Iterator[Located]:
    """The findings of a file, in order, each with its line cut to what a summary needs."""
    path = _worth_workers(file)
    if path is None:
        yield from _streamed(settings, file, progress)
        return
    before = 0
    for size, lines, found in _in_workers(settings, path, _decode):
        progress(size)
        yield from ((f._replace(line=f.line + before), line) for f, line in found)
        before += lines


def summarised(settings: Settings, file: BinaryIO, progress: Callable[[int], object]) -> Summary:
    """The tally of a file's findings."""
    summary = Summary(settings.language)
    path = _worth_workers(file)
    if path is None:
        for finding, line in _streamed(settings, file, progress):
            summary.add(finding, line)
        return summary
    before = 0
    for size, lines, part in _in_workers(settings, path, _summarise):
        progress(size)
        summary.merge(part, before)
        before += lines
    return summary


def _streamed(settings: Settings, file: BinaryIO, progress: Callable[[int], object]) -> Iterator[Located]:
    stream = Stream(settings.decoder())
    for data in blocks(file):
        progress(len(data))
        for part, found in stream.feed(data):
            yield from _with_line(settings, part, found)
        if is_quiet(file):
            for part, found in stream.settle():
                yield from _with_line(settings, part, found)
    for part, found in stream.flush():
        yield from _with_line(settings, part, found)


def _with_line(settings: Settings, part: bytes, found: list[Finding]) -> Iterator[Located]:
    if found:
        start = part.rfind(b"\n", 0, len(part) - 1) + 1
        line = part[start : start + PIECE].decode("utf-8", "replace")
        yield from ((f, line) for f in found if settings.shows(f))


def _worth_workers(file: BinaryIO) -> Path | None:
    """The path of a large regular file that is read from its start and needs no recoding."""
    name = getattr(file, "name", None)
    if not isinstance(name, str) or not file.seekable() or file.tell() or (os.cpu_count() or 1) < 2:
        return None
    if os.fstat(file.fileno()).st_size < _WORTH_WORKERS:
        return None
    with open(name, "rb") as again:
        return None if again.read(2) in _UTF16 else Path(name)


def _in_workers(
    settings: Settings, path: Path, work: Callable[[str, int, int], tuple[int, int, _Result]]
) -> Iterator[tuple[int, int, _Result]]:
    """(bytes, lines, result) of one range of the file after the other; a result counts lines from its range on."""
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(settings,)) as pool:
        waiting: list[Future[tuple[int, int, _Result]]] = []
        for start, stop in _ranges(path):
            waiting.append(pool.submit(work, str(path), start, stop))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _ranges(path: Path) -> Iterator[tuple[int, int]]:
    """The file in ranges that begin where a line does."""
    size, start = path.stat().st_size, 0
    with path.open("rb") as file:
        while start < size:
            stop = min(start + _RANGE, size)
            if stop < size:
                file.seek(stop)
                while chunk := file.read(BLOCK):
                    newline = chunk.find(b"\n")
                    if newline >= 0:
                        stop += newline + 1
                        break
                    stop += len(chunk)
            yield start, stop
            start = stop


_decoder: Decoder
_settings: Settings


def _start(settings: Settings) -> None:
    global _decoder, _settings
    _decoder, _settings = settings.decoder(), settings


def _decode(path: str, start: int, stop: int) -> tuple[int, int, list[Located]]:
    """The findings of a range; one that is far larger than others holds a very long line, which is streamed."""
    found: list[Located] = []
    with open(path, "rb") as file:
        before = max(0, start - MARGIN)
        file.seek(before)
        if stop - start > 2 * _RANGE:
            return _decode_long(file, start, stop)
        block = file.read(stop - before + MARGIN)
    at, end = start - before, stop - before
    counted, lines = at, 1
    for line, line_end, here in _decoder.examine(block, at, end):
        lines += block.count(b"\n", counted, line)
        counted = line
        text = block[line : min(line_end, line + PIECE)].decode("utf-8", "replace")
        found += [(f._replace(line=lines), text) for f in here or () if _settings.shows(f)]
    return stop - start, lines - 1 + block.count(b"\n", counted, end), found


def _summarise(path: str, start: int, stop: int) -> tuple[int, int, Summary]:
    size, lines, found = _decode(path, start, stop)
    summary = Summary(_settings.language)
    for finding, line in found:
        summary.add(finding, line)
    return size, lines, summary


def _decode_long(file: BinaryIO, start: int, stop: int) -> tuple[int, int, list[Located]]:
    file.seek(start)
    stream, found, left = Stream(_decoder), [], stop - start
    while left and (data := file.read(min(BLOCK, left))):
        left -= len(data)
        for part, here in stream.feed(data):
            found += list(_with_line(_settings, part, here))
    for part, here in stream.flush():
        found += list(_with_line(_settings, part, here))
    return stop - start, stream.line - 1, found
