"""`blinkcode decode`: find the codes in logs, and explain them."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from blinkcode_host.commands import (
    OF_WRITING,
    Failure,
    add_json,
    add_language,
    add_tables,
    add_vendor,
    known_vendors,
    load_tables,
)
from blinkcode_host.finding.finding import Finding, as_data, visible
from blinkcode_host.reading.banner import Banners
from blinkcode_host.reading.display import FULL, PREFIX, UNFINISHED, annotation, harmless
from blinkcode_host.reading.files import Settings, blocks, is_quiet, located, summarised
from blinkcode_host.reading.redact import Redactor
from blinkcode_host.reading.stream import LINE_END, Part, Stream, ends_line
from blinkcode_host.reading.summary import LineCounter, Summary
from blinkcode_host.reading.terminal import console, wants_colour, width_of
from blinkcode_host.standard_streams import complain

HELP = "find the codes in what a device or a cloud says, and explain them"
_BANNER = b"blinkcode: table "
_PROGRESS_AFTER = 1.0  # seconds


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that decode and monitor share."""
    add_tables(parser)
    add_vendor(parser)
    add_language(parser)
    parser.add_argument(
        "--min-confidence",
        metavar="N",
        type=_confidence,
        default=0.5,
        help="show findings of at least this confidence, from 0 to 1 (default: 0.5)",
    )
    parser.add_argument(
        "--everything",
        action="store_const",
        dest="min_confidence",
        const=0.0,
        help="show bare numbers too that nobody is named for",
    )
    parser.add_argument("--verbose", action="store_true", help="show success codes too")
    parser.add_argument("--raw", action="store_true", help="let control characters in the lines through")
    add_json(parser)


def settings_of(arguments: argparse.Namespace) -> Settings:
    """What add_options() asked for. Raises Failure, TableErrors."""
    catalog = load_tables(arguments)
    known_vendors(catalog, arguments.vendor)
    return Settings(
        catalog, tuple(arguments.vendor), arguments.verbose, arguments.min_confidence, arguments.lang
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="*", default=["-"], help="a log; `-` or none: standard input"
    )
    add_options(parser)
    shapes = parser.add_mutually_exclusive_group()
    shapes.add_argument(
        "--only", action="store_true", help="print the annotations alone, each with its place"
    )
    shapes.add_argument(
        "--summary", action="store_true", help="print counts by code, with first and last time"
    )
    parser.add_argument(
        "--redact",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="blank tokens, keys, passwords, e-mail and MAC addresses, names of users and networks in the lines, and "
        "never a code (--summary, --only and --json print no lines)",
    )


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    found = 0
    summary = Summary(arguments.lang)
    troubles = []
    for name in arguments.files:
        try:
            with _opened(name) as file:
                if arguments.summary:
                    with _progress(file, name) as progress:
                        summary.merge(summarised(settings, file, progress))
                    found = len(summary)
                elif arguments.json or arguments.only:
                    found += _findings(arguments, settings, file, name)
                else:
                    found += _annotated(arguments, settings, file)
        except OSError as error:
            if error.errno in OF_WRITING:
                raise
            troubles.append(f"{visible(name) or repr(name)}: cannot be read ({error.strerror})")
    if arguments.summary and arguments.json:
        print(json.dumps(summary.as_data(), ensure_ascii=False, indent=1))
    elif arguments.summary and found:
        out = console(sys.stdout)
        out.print(summary.table(settings.catalog, out.width))
    if summary.full_lines:
        complain(f"blinkcode decode: on {summary.full_lines} of the lines, {FULL}")
    if troubles and len(troubles) < len(arguments.files):
        troubles[-1] += "; the other files were decoded"
    for trouble in troubles:
        complain(f"blinkcode decode: {trouble}")
    return 2 if troubles else 0 if found else 1


def _findings(arguments: argparse.Namespace, settings: Settings, file: BinaryIO, name: str) -> int:
    """Print the findings of a file without its lines."""
    printed = 0
    colour, width = wants_colour(sys.stdout, os.environ), width_of(sys.stdout)
    at_once = not file.seekable()
    counter = LineCounter()
    with _progress(file, name) as progress:
        for finding in located(settings, file, progress):
            printed += 1
            if arguments.json:
                print(
                    json.dumps(as_data(settings.catalog, finding, arguments.lang, name), ensure_ascii=False)
                )
            else:
                print(f"{visible(name)}:{finding.line}:{finding.column}:", end="")
                print(annotation(settings.catalog, finding, arguments.lang, colour, width), end="")
            if counter.is_full(finding.line):
                complain(f"blinkcode decode: {name}:{finding.line}: {FULL}")
            if at_once:
                sys.stdout.flush()
    return printed


def _annotated(arguments: argparse.Namespace, settings: Settings, file: BinaryIO) -> int:
    """Print a file's lines with annotations below them."""
    out = sys.stdout.buffer
    colour, width = wants_colour(sys.stdout, os.environ), width_of(sys.stdout)
    number = 0
    stream = Stream(settings.decoder())
    redact = Redactor() if arguments.redact else None

    live = not file.seekable()  # a console that somebody looks at, not a file

    waiting: list[Finding] = []  # of a line that has not ended
    shown = 0  # bytes that were shown of what the stream has not given out yet
    counter = LineCounter()

    banners = Banners(settings.catalog)

    def show(parts: Iterable[Part]) -> None:
        nonlocal shown
        for part, findings in parts:
            data = redact(part, findings) if redact else part[shown:]
            shown = max(0, shown - len(part))
            out.write(data if arguments.raw else harmless(data, editing=live))
            waiting.extend(f for f in findings if settings.shows(f))
            if _BANNER in part:
                for sentence in banners.told(part.decode("utf-8", "replace")):
                    complain(f"blinkcode decode: {sentence}")
            if waiting and ends_line(part):
                tell(b"" if part.endswith(b"\n") else b"\n")
        out.flush()

    def tell(line_end: bytes) -> None:
        nonlocal number
        out.write(line_end)
        for finding in waiting:
            out.write(annotation(settings.catalog, finding, arguments.lang, colour, width).encode())
            if counter.is_full(finding.line):
                out.write(f"{PREFIX}{FULL}\n".encode())
        number += len(waiting)
        waiting.clear()

    def peek() -> None:
        """Show the part of a line that there is, such as a prompt, unless a line before it is still held back."""
        nonlocal shown
        part = UNFINISHED.sub(b"", stream.pending()).rstrip(b"\r")
        if redact or len(part) <= shown or LINE_END.search(part):
            return
        out.write(part[shown:] if arguments.raw else harmless(part[shown:], editing=live))
        out.flush()
        shown = len(part)

    for data in blocks(file):
        show(stream.feed(data))
        if is_quiet(file):
            show(stream.settle())
            peek()
    show(stream.flush())
    if redact:
        rest = redact.end()
        out.write(rest if arguments.raw else harmless(rest, editing=live))
    if waiting:
        tell(b"\n")
    out.flush()
    return number


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        if sys.stdin is None:
            raise Failure("-: standard input is closed; name a file, or give it a log")
        yield sys.stdin.buffer
    else:
        with open(name, "rb") as file:
            yield file


@contextmanager
def _progress(file: BinaryIO, name: str) -> Iterator[Callable[[int], object]]:
    """A bar on standard error, if that is a terminal and it takes longer than a second."""
    if not sys.stderr.isatty() or name == "-":
        yield lambda size: None
        return
    from rich.markup import escape
    from rich.progress import Progress

    begin = time.monotonic()
    done = 0
    with Progress(console=console(sys.stderr), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(escape(visible(name)), total=os.fstat(file.fileno()).st_size, visible=False)

        def advance(size: int) -> None:
            nonlocal done
            done += size
            if time.monotonic() - begin > _PROGRESS_AFTER:
                bar.update(task, completed=done, visible=True, refresh=True)

        yield advance


def _confidence(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value
