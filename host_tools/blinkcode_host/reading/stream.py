"""Findings in a stream of bytes, whatever its pieces, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

from blinkcode_host.finding.around import AROUND, AROUND_CHARACTERS, Lines, NeedMore
from blinkcode_host.finding.finder import MOST_FINDINGS, Finder
from blinkcode_host.finding.finding import Finding
from blinkcode_host.finding.shapes import ANSI, ANSI_BYTES, PLAIN_ENTRY
from blinkcode_host.reading.prefilter import Prefilter

#: A longer line is examined in pieces of this many bytes, each with some of its neighbours.
PIECE, OVERLAP = 32_768, 1_024
#: What lies before and after a line's block must hold this much for the lines around it.
_LONGEST = AROUND_CHARACTERS * 4  # bytes
MARGIN = AROUND * (_LONGEST + 1)

Part = tuple[bytes, list[Finding]]


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
            if end - line > PIECE + OVERLAP:
                found = list(self._pieces(block, line, end))
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

    def _pieces(self, block: bytes, line: int, end: int) -> Iterator[Finding]:
        before = given = 0
        for at in range(line, end, PIECE):
            piece = block[at : min(at + PIECE, end)]
            head = block[max(line, at - OVERLAP) : at]
            found = self.piece(head, piece, block[at + PIECE : min(at + PIECE + OVERLAP, end)])
            for finding in found[: MOST_FINDINGS - given]:
                yield finding._replace(column=finding.column + before)
            given += len(found)
            if given >= MOST_FINDINGS:
                return
            before += len(piece.decode("utf-8", "replace"))

    def piece(self, head: bytes, piece: bytes, tail: bytes) -> list[Finding]:
        """The findings in a piece of a very long line, by their column in the piece."""
        whole = head + piece + tail
        if next(self._prefilter.lines(whole, 0, len(whole)), None) is None:
            return []
        skip = len(head.decode("utf-8", "replace"))
        length = len(piece.decode("utf-8", "replace"))
        found = self._finder.find(whole.decode("utf-8", "replace"), Lines())
        return [f._replace(column=f.column - skip) for f in found if skip < f.column <= skip + length]


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
    """Splits what comes into parts: some bytes, and the findings of the line that ends them.

    The parts' bytes together are what was fed. Findings have line numbers. A line that may go on with the next
    one is held back until that has come; flush() gives up waiting.
    """

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._block = b""
        self._start = 0  # where in the block what is not yet given out begins
        self._seen = 0  # how far line ends have been looked for
        self._long = 0  # bytes of a very long line that were given out already
        self._columns = 0
        self._long_found: list[Finding] = []
        self.line = 1  # the number of the line at self._start

    def feed(self, data: bytes) -> Iterator[Part]:
        """The parts that are complete now."""
        self._block += data
        yield from self._lines(closed=False)
        while (
            len(self._block) - self._start > PIECE + 2 * OVERLAP and self._block.find(b"\n", self._start) < 0
        ):
            yield from self._piece(self._start + PIECE, newline=False)

    def flush(self) -> Iterator[Part]:
        """Everything that is left, its last line complete or not."""
        yield from self._lines(closed=True)
        if self._start < len(self._block):
            if self._long:
                yield from self._piece(len(self._block), newline=False)
            else:
                found: list[Finding] = []
                for _, _, last in self._decoder.examine(self._block, self._start, len(self._block)):
                    found = [f._replace(line=self.line) for f in last or ()]
                yield self._block[self._start :], found
        if self._long:
            yield b"", self._end_long()
        self._trim(len(self._block))

    def settle(self) -> Iterator[Part]:
        """The complete lines that are held back, judged by what has come so far."""
        yield from self._lines(closed=True)

    def pending(self) -> bytes:
        """What was fed and not yet given out."""
        return self._block[self._start :]

    def _lines(self, closed: bool) -> Iterator[Part]:
        """Give out the complete lines."""
        if self._long:
            newline = self._block.find(b"\n", self._start)
            if newline < 0:
                return
            yield from self._piece(newline, newline=True)
        stop = self._block.rfind(b"\n", self._seen) + 1
        self._seen = len(self._block)
        if closed:
            stop = self._block.rfind(b"\n") + 1
        if stop <= self._start:
            return
        given = self._start
        counted, number = self._start, self.line
        for line, end, found in self._decoder.examine(self._block, self._start, stop, closed):
            if found is None:
                stop = line
                break
            number += self._block.count(b"\n", counted, line)
            counted = line
            part = self._block[given : end + 1]
            given = end + 1
            yield part, [f._replace(line=number) for f in found]
        if given < stop:
            yield self._block[given:stop], []
        self._trim(max(stop, given))

    def _trim(self, start: int) -> None:
        self.line += self._block.count(b"\n", self._start, start)
        keep = max(0, start - MARGIN)
        self._block = self._block[keep:]
        self._start = start - keep
        self._seen = max(self._seen - keep, self._start)

    def _piece(self, stop: int, newline: bool) -> Iterator[Part]:
        """Give out a piece of a very long line, up to `stop`, and its end if the line ends there."""
        while self._start < stop:
            at = self._start
            until = min(at + PIECE, stop)
            piece = self._block[at:until]
            head = self._block[max(0, at - OVERLAP) : at] if self._long else b""
            room = MOST_FINDINGS - len(self._long_found)
            found = self._decoder.piece(head, piece, self._tail(until))[:room] if room else []
            self._long_found += [f._replace(line=self.line, column=f.column + self._columns) for f in found]
            self._columns += len(piece.decode("utf-8", "replace"))
            self._long += len(piece)
            self._trim(until)
            stop -= until - self._start
            yield piece, []
        if newline:
            self._trim(self._start + 1)
            yield b"\n", self._end_long()

    def _tail(self, at: int) -> bytes:
        tail = self._block[at : at + OVERLAP]
        end = tail.find(b"\n")
        return tail if end < 0 else tail[:end]

    def _end_long(self) -> list[Finding]:
        found, self._long_found = self._long_found, []
        self._long = self._columns = 0
        return found
