"""Watch a port: its lines as they come, annotations below them, the keyboard passed on."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from blinkcode_host.compiler.module import table_id
from blinkcode_host.console.display import annotation, harmless
from blinkcode_host.console.files import Settings
from blinkcode_host.console.finding import as_data, visible
from blinkcode_host.console.port import Port
from blinkcode_host.console.redact import Redactor
from blinkcode_host.console.shapes import BANNER
from blinkcode_host.console.stream import Part, Stream
from blinkcode_host.console.summary import Summary

LEAVE = 0x1D  # Ctrl-]
_SILENCE = 0.1  # seconds after which a part of a line is shown
_RETRY = 0.25
_UNFINISHED_ESCAPE = (b"\x1b", b"\x1b[")


@dataclass
class Options:
    """How a monitor shows what it sees."""

    raw: bool = False
    json: bool = False
    timestamps: bool = False
    redact: bool = False
    colour: bool = False
    line_end: bytes = b"\n"  # of our own lines; a terminal in raw mode needs a carriage return too
    log: BinaryIO | None = None


@dataclass
class Monitor:
    """What was seen on one port so far, and where it is shown."""

    settings: Settings
    options: Options
    out: BinaryIO
    say: Callable[[str], None]  # a line of our own, for the person
    summary: Summary = field(init=False)

    def __post_init__(self) -> None:
        self.summary = Summary(self.settings.language)
        self._stream = Stream(self.settings.decoder())
        self._redact = Redactor() if self.options.redact else None
        self._shown = 0  # how much of what the stream has not given out yet was shown
        self._new_line = True
        self._known_tables: set[str] = set()

    def take(self, data: bytes) -> None:
        """Show what came."""
        self._show(self._stream.feed(data))

    def settle(self) -> None:
        """Nothing more comes at present: judge what was held back, and show the part of a line that there is."""
        self._show(self._stream.settle())
        pending = self._stream.pending()
        if not self.options.raw:
            for unfinished in _UNFINISHED_ESCAPE:
                pending = pending.removesuffix(unfinished)
        if not self.options.json and len(pending) > self._shown and not self.options.redact:
            self._write(pending[self._shown :])
            self._shown = len(pending)

    def end(self) -> None:
        """Show all that is left."""
        self._show(self._stream.flush())
        if not self._new_line:
            self._emit(self.options.line_end)
        self.out.flush()

    def _show(self, parts: Iterable[Part]) -> None:
        for part, findings in parts:
            found = [f for f in findings if self.settings.shows(f)]
            data = self._redact(part, findings) if self._redact else part
            if self.options.log:
                self.options.log.write(data)
            if not self.options.json:
                self._write(data[self._shown :])
            self._shown = 0
            for banner in part.split(b"\n"):
                if b"blinkcode: table " in banner:
                    self._check_table(banner.decode("utf-8", "replace"))
            start = part.rfind(b"\n", 0, len(part) - 1) + 1
            line = part[start : start + 4096].decode("utf-8", "replace")
            for finding in found:
                self.summary.add(finding, line)
                if self.options.json:
                    text = json.dumps(as_data(self.settings.catalog, finding, self.settings.language, None))
                else:
                    text = annotation(
                        self.settings.catalog, finding, self.settings.language, self.options.colour
                    )
                    if not self._new_line:
                        self._emit(self.options.line_end)
                for one in text.rstrip("\n").split("\n"):
                    self._emit(one.encode() + self.options.line_end)
                self._new_line = True
        self.out.flush()

    def _write(self, data: bytes) -> None:
        """Show the device's bytes."""
        if not self.options.raw:
            data = harmless(data, editing=True)
        if self.options.timestamps and data:
            stamp = datetime.now().strftime("%H:%M:%S.%f")[:-3].encode() + b" "
            head = stamp if self._new_line else b""
            body = data[:-1].replace(b"\n", b"\n" + stamp) + data[-1:]
            self._emit(head + body)
        else:
            self._emit(data)
        if data:
            self._new_line = data.endswith(b"\n")

    def _emit(self, data: bytes) -> None:
        self.out.write(data)
        self.out.flush()

    def _check_table(self, line: str) -> None:
        """Compare a boot banner's table with what these tables compile to, and say once where they differ."""
        match = BANNER.search(line)
        if not match or match["id"] in self._known_tables:
            return
        self._known_tables.add(match["id"])
        vendors = [v for v in (match["vendors"] or "").split() if v in self.settings.catalog.vendors]
        catalog = self.settings.catalog.only(vendors)
        ours = [table_id(catalog, language=language) for language in ("en", "zh")]
        ours.append(table_id(catalog, text=False))
        if match["id"] not in ours:
            self.say(
                f"the board has table {match['id']}, these tables compile to {ours[0]}: "
                "its texts and states may differ from those below; flash it anew, or use its tables with --tables"
            )


def watch(monitor: Monitor, port: Port, keyboard: int | None) -> None:
    """Run until Ctrl-] is typed; the keyboard is a file descriptor, or None. Raises KeyboardInterrupt without one."""
    here, quiet = True, False
    typed = 0.0
    while True:
        keys = _typed(keyboard)
        if LEAVE in keys:
            if here and (before := keys[: keys.index(LEAVE)]):
                port.write(before)
            return
        if not here:
            time.sleep(_RETRY)
            here = port.reopen()
            if here:
                monitor.say(f"{port.name} is back")
            continue
        if keys:
            typed = time.monotonic()
            port.write(keys)
        interactive = time.monotonic() - typed < 1.0
        wait = 1.0 if quiet else 0.01 if interactive else _SILENCE
        data = port.read(wait, () if keyboard is None else (keyboard,))
        if data is None:
            monitor.settle()
            port.close()
            monitor.say(f"{port.name} has gone; waiting for it to come back, Ctrl-] leaves")
            here = False
        elif data:
            monitor.take(data)
            quiet = False
        elif not quiet:
            monitor.settle()
            quiet = True


def _typed(keyboard: int | None) -> bytes:
    """What was typed since the last look."""
    if keyboard is None:
        return b""
    if os.name == "nt":
        import msvcrt

        keys = b""
        while msvcrt.kbhit():  # type: ignore[attr-defined]
            keys += msvcrt.getch()  # type: ignore[attr-defined]
        return keys
    import select

    return os.read(keyboard, 4096) if select.select([keyboard], [], [], 0)[0] else b""


def say_on_stderr(line_end: str) -> Callable[[str], None]:
    """A function that prints our own lines, apart from the device's."""

    def say(text: str) -> None:
        sys.stderr.write(f"-- {visible(text)}{line_end}")
        sys.stderr.flush()

    return say
