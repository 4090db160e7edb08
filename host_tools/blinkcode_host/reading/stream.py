"""Findings in a stream of bytes, whatever its pieces, in bounded memory.

A line ends with `\\n`, `\\r\\n`, or a `\\r` alone; several `\\r` count as one. A line longer than LONG is judged, and
given out, in pieces whose borders depend on its bytes alone.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from blinkcode_host.finding.around import AROUND, AROUND_CHARACTERS, Lines, NeedMore
from blinkcode_host.finding.finder import MOST_FINDINGS, Finder
from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.shapes import ANSI, ANSI_BYTES, PLAIN_ENTRY
from blinkcode_host.reading.prefilter import Prefilter

#: Bytes of a piece, and of its neighbours that are read with it.
PIECE, OVERLAP = 32_768, 1_024
#: A line of more bytes is judged in pieces.
LONG = PIECE + OVERLAP
#: What lies before and after a line's block must hold this much for the lines around it.
_LONGEST = AROUND_CHARACTERS * 4  # bytes
MARGIN = AROUND * (_LONGEST + 1) + 1
_AT_ONCE = 1 << 18  # bytes

#: Some bytes, and the findings in them. A part that ends no line is a piece of a long one, or the last of all.
Part = tuple[bytes, list[Finding]]

#: Where a line ends, in a block whose last byte may be one more line end's beginning.
LINE_END = re.compile(rb"\n|\r(?![\r\n]|\Z)")
_LONE_RETURN = re.compile(rb"\r(?![\r\n]|\Z)")


def with_line_feeds(block: bytes) -> bytes:
    """The block, as long as it is, with `\\n` for each `\\r` that ends a line alone; one at its end may not."""
    if block.count(b"\r") == block.count(b"\r\n"):
        return block
    return _LONE_RETURN.sub(b"\n", block)


def ends_line(part: bytes) -> bool:
    """Whether a stream's part is more than a piece of a long line."""
    return part.endswith((b"\n", b"\r"))


def characters(data: bytes) -> int:
    """How many characters a decoder that replaces what is damaged makes of the bytes."""
    return len(data.decode("utf-8", "replace"))


def piece_end(block: bytes, start: int, end: int) -> int:
    """Where the piece that begins at `start` ends, in a line that ends at `end`: never inside a character."""
    at = start + PIECE
    if at >= end:
        return end
    for back in range(1, 4):
        byte = block[at - back]
        if (
            byte & 0xC0 != 0x80
        ):  # no byte that goes on with a character: one of its own, or the first of several
            length = 1 + (byte >= 0xC2) + (byte >= 0xE0) + (byte >= 0xF0)
            return at - back if length > back else at
    return at


class Decoder:
    """Finds codes in bytes. It keeps nothing between calls but a cache."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._prefilter = Prefilter(finder.catalog, finder.words, finder.verbose, finder.everything)

    def examine(
        self, block: bytes, start: int, stop: int, closed: bool = True
    ) -> Iterator[tuple[int, int, list[Finding] | None]]:
        """(start, end, findings) of the lines in block[start:stop] that have codes; the rest of the block is context.

        Lines are as yet without number. `stop` is a line's end. Findings are None for a line that cannot be
        judged before more lines come, which ends the iteration; that happens only where not `closed`.
        """
        for line, end in self._candidates(block, start, stop):
            if end - line > LONG:
                found = list(self._in_pieces(block, line, end))
            else:
                try:
                    text = block[line:end].decode("utf-8", "replace")
                    found = self._finder.find(text, _Neighbours(block, line, end, closed))
                except NeedMore:
                    yield line, end, None
                    return
            if found:
                yield line, end, found

    def _candidates(self, block: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        if block.find(b"\x1b", start, stop) < 0:
            yield from self._prefilter.lines(block, start, stop)
            return
        before = block.rfind(b"\n", 0, max(0, start - 1)) + 1
        head = ANSI_BYTES.sub(b"", block[before:start])
        plain = head + ANSI_BYTES.sub(b"", block[start:stop])
        at, there = start, len(head)
        for line, _ in self._prefilter.lines(plain, len(head), len(plain)):
            for _ in range(plain.count(b"\n", there, line)):
                at = block.index(b"\n", at) + 1
            there = line
            end = block.find(b"\n", at, stop)
            yield at, stop if end < 0 else end

    def _in_pieces(self, block: bytes, line: int, end: int) -> Iterator[Finding]:
        progress, at = LongLine(), line
        while at < end:
            stop = piece_end(block, at, end)
            yield from self.piece(progress, block, max(line, at - OVERLAP), at, stop, end)
            at = stop

    def piece(
        self, progress: LongLine, block: bytes, head: int, start: int, stop: int, end: int
    ) -> list[Finding]:
        """The findings in a piece of a long line, block[start:stop], by their column in the line.

        What is read with it begins at `head`; the line, or what has come of it, ends at `end`.
        """
        before = progress.columns
        length = characters(block[start:stop])
        progress.columns += length
        room = MOST_FINDINGS - progress.findings
        whole = block[head : min(stop + OVERLAP, end)]
        if not room or next(self._prefilter.lines(whole, 0, len(whole)), None) is None:
            return []
        skip = characters(block[head:start])
        found = [
            f._replace(column=f.column - skip + before)
            for f in self._finder.find(whole.decode("utf-8", "replace"), Lines())
            if skip < f.column <= skip + length
        ]
        progress.findings += len(found[:room])
        return found[:room]


class LongLine:
    """How far a line has come that is judged in pieces."""

    def __init__(self) -> None:
        self.columns = 0  # characters in the pieces before
        self.findings = 0  # and findings


class _Neighbours:
    """The lines around block[line:end]; none beyond one that is too long to be part of a message."""

    def __init__(self, block: bytes, line: int, end: int, closed: bool) -> None:
        self._block, self._closed = block, closed
        self._earlier = line - 1  # where the line before those taken ends
        self._later: int | None = end + 1  # where the line after those taken begins; None where none follows
        self._before: list[str] = []
        self._after: list[str] = []

    def preceding(self, i: int) -> str | None:
        """See Around."""
        while len(self._before) <= i < AROUND and self._earlier >= 0:
            low = max(0, self._earlier - _LONGEST)
            begin = self._block.rfind(b"\n", low, self._earlier) + 1
            if not begin and low:
                return None
            self._before.append(_plain(self._block[begin : self._earlier])[-AROUND_CHARACTERS:])
            self._earlier = begin - 1
        return self._before[i] if i < len(self._before) else None

    def entry_follows(self) -> bool:
        """See Around."""
        return (
            not self._after
            and self._later is not None
            and PLAIN_ENTRY.match(self._block, self._later) is not None
        )

    def following(self, i: int) -> str | None:
        """See Around."""
        while len(self._after) <= i < AROUND and self._later is not None:
            begin = self._later
            stop = self._block.find(b"\n", begin, begin + _LONGEST)
            if stop < 0 and not self._closed and len(self._block) < begin + _LONGEST:
                raise NeedMore
            if stop < 0 and (begin >= len(self._block) or len(self._block) >= begin + _LONGEST):
                return None
            self._after.append(_plain(self._block[begin : stop if stop >= 0 else None])[:AROUND_CHARACTERS])
            self._later = stop + 1 if stop >= 0 else None
        return self._after[i] if i < len(self._after) else None


def _plain(line: bytes) -> str:
    text = line.decode("utf-8", "replace").rstrip("\r")
    return ANSI.sub("", text) if "\x1b" in text else text


class Stream:
    """Splits what comes into parts; the parts' bytes together are what was fed.

    A part's findings are those of its last line, or of its piece of a long line; they have line numbers and the
    line's columns. A line that may go on with the next one is held back until that has come; settle() and flush()
    give up waiting.
    """

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._block = b""  # as it came
        self._ended = b""  # the same with_line_feeds()
        self._start = 0  # where in the block what is not yet given out begins
        self._seen = 0  # how far line ends have been looked for
        self._long: LongLine | None = None  # the line at self._start, if pieces of it were given out
        self.line = 1  # the number of the line at self._start

    def feed(self, data: bytes) -> Iterator[Part]:
        """The parts that are complete now."""
        for at in range(0, len(data), _AT_ONCE):
            self._add(data[at : at + _AT_ONCE])
            yield from self._parts(closed=False, last=False)

    def _add(self, data: bytes) -> None:
        if self._ended.endswith(b"\r") and data[0] not in b"\r\n":
            self._ended = self._ended[:-1] + b"\n"
            self._seen = min(self._seen, len(self._ended) - 1)
        self._block += data
        self._ended += with_line_feeds(data)

    def settle(self) -> Iterator[Part]:
        """The complete lines that are held back, judged by what has come so far."""
        yield from self._parts(closed=True, last=False)

    def flush(self) -> Iterator[Part]:
        """Everything that is left, its last line complete or not."""
        yield from self._parts(closed=True, last=True)
        self._long = None
        self._trim(len(self._block))

    def pending(self) -> bytes:
        """What was fed and not yet given out."""
        return self._block[self._start :]

    def _parts(self, closed: bool, last: bool) -> Iterator[Part]:
        """What can be given out; `closed` as for examine(), `last` where nothing more comes."""
        while self._start < len(self._ended):
            if self._long or self._is_long(self._start):
                given = yield from self._piece(last)
            else:
                given = yield from self._short_lines(closed, last)
            if not given:
                return

    def _is_long(self, at: int) -> bool:
        """Whether the line that begins there is known to be a long one."""
        return self._come() - at > LONG and self._ended.find(b"\n", at, at + LONG + 1) < 0

    def _come(self) -> int:
        """Where what has come ends, but for a `\\r` that may be a line end's beginning."""
        return len(self._ended) - self._ended.endswith(b"\r")

    def _short_lines(self, closed: bool, last: bool) -> Generator[Part, None, bool]:
        """Give out the complete lines before the next long one; whether all of them were."""
        stop = self._start
        while (end := self._ended.rfind(b"\n", stop, stop + LONG + 1)) >= 0:
            stop = end + 1
        over = self._is_long(stop)
        if not (closed or over or self._ended.find(b"\n", self._seen) >= 0):
            return False
        self._seen = len(self._ended)
        if last and not over:
            stop = len(self._ended)
        given = self._start
        counted, number = self._start, self.line
        for line, end, found in self._decoder.examine(self._ended, self._start, stop, closed):
            if found is None:
                stop = line
                break
            number += self._ended.count(b"\n", counted, line)
            counted = line
            part = self._block[given : end + 1]
            given = end + 1
            yield part, [f._replace(line=number) for f in found]
        if given < stop:
            yield self._block[given:stop], []
        self._trim(stop)
        return over and self._is_long(self._start)

    def _piece(self, last: bool) -> Generator[Part, None, bool]:
        """Give out the next piece of the long line at self._start, if all of it and of its neighbour has come."""
        start = self._start
        end = self._ended.find(b"\n", start)
        complete = end >= 0 or last
        if not complete and self._come() - start <= LONG:
            return False
        end = end if end >= 0 else len(self._ended)
        head = max(0, start - OVERLAP) if self._long else start
        self._long = self._long or LongLine()
        stop = piece_end(self._ended, start, end)
        head = max(head, self._ended.rfind(b"\n", head, start) + 1)
        found = self._decoder.piece(self._long, self._ended, head, start, stop, end)
        found = [f._replace(line=self.line) for f in found]
        if stop == end:
            self._long = None
            stop = min(end + 1, len(self._ended))
        part = self._block[start:stop]
        self._trim(stop)
        yield part, found
        return True

    def _trim(self, start: int) -> None:
        self.line += self._ended.count(b"\n", self._start, start)
        keep = max(0, start - MARGIN)
        self._block, self._ended = self._block[keep:], self._ended[keep:]
        self._start = start - keep
        self._seen = max(self._seen - keep, self._start)
