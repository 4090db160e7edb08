"""Watch a port: its lines as they come, annotations below them, the keyboard passed on."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol

from blinkcode_host.finding.finding import Finding, as_data, visible
from blinkcode_host.live.echo import Echo
from blinkcode_host.live.keyboard import Keyboard
from blinkcode_host.live.keys import HELP, Action, Keys
from blinkcode_host.live.log_filter import LogFilter
from blinkcode_host.live.port import Port
from blinkcode_host.reading.banner import Banners
from blinkcode_host.reading.display import FULL, UNFINISHED, annotation, harmless
from blinkcode_host.reading.files import Settings
from blinkcode_host.reading.redact import Redactor
from blinkcode_host.reading.stream import LINE_END, Part, Stream, ends_line
from blinkcode_host.reading.summary import LineCounter, Summary
from blinkcode_host.reading.terminal import width_of

# What is shown of a line that is not complete although secrets are blanked: no secret begins with it.
_PROMPT = re.compile(
    rb"(?:>>>|\.\.\.|===|[\w~./-]{0,24}[$#>]|(?:[\w-]{1,16} )?(?:login|username|password):) ?", re.IGNORECASE
)
_LINE = re.compile(rb"[^\r\n]*(?:\r*\n|\r+)|[^\r\n]+")
# In seconds:
_SILENCE = 0.1  # after which a part of a line is shown, and what waits for the next line is judged without it
_PAUSE, _ECHO = 0.01, 1.0  # after a key is pressed, so short a silence will do, for so long
_IDLE = 1.0
_RETRY = 0.25


class Log(Protocol):
    """Where what the device sends is kept."""

    def write(self, data: bytes, /) -> object:
        """Keep it."""


@dataclass
class Options:
    """How a monitor shows what it sees."""

    raw: bool = False
    json: bool = False
    timestamps: bool = False
    redact: bool = False
    colour: bool = False
    log: Log | None = None
    filter: LogFilter | None = None


@dataclass
class Monitor:
    """What was seen on one port so far, and where it is shown."""

    settings: Settings
    options: Options
    out: BinaryIO
    tell: Callable[[str], None]  # prints a line of our own
    summary: Summary = field(init=False)

    def __post_init__(self) -> None:
        self.summary = Summary(self.settings.language)
        self._decoder = self.settings.decoder()
        self._stream = Stream(self._decoder)
        self._redactor = Redactor() if self.options.redact else None
        self._shown = 0  # how much of what the stream has not given out yet was shown
        self._new_line = True
        self._waiting: list[Finding] = []  # of a line that has not ended
        self._counter = LineCounter()
        self._echo = Echo()
        self._at_start, self._is_hidden, self._is_echo = True, False, False  # of the line that comes
        self._banners = Banners(self.settings.catalog)

    def take(self, data: bytes) -> None:
        """Show what came."""
        self._show(self._stream.feed(data))

    def settle(self) -> None:
        """Nothing more comes at present: judge what was held back, and show the part of a line that there is."""
        self._show(self._stream.settle())
        self.peek()

    def peek(self) -> None:
        """Show the part of a line that there is, unless a line before it is still held back."""
        part = self._stream.pending()
        if self.options.json or LINE_END.search(part):
            return
        if not self.options.raw:
            part = UNFINISHED.sub(b"", part)
        if self._redactor and self._redactor.waits:
            return
        if (self._redactor or self.options.filter) and not _PROMPT.fullmatch(part):
            return
        if len(part) > self._shown:
            self._write(part[self._shown :])
            self._shown = len(part)

    def lose(self) -> None:
        """The port has gone: show all that is left; what comes next is another line."""
        cut = self._stream.pending().rpartition(b"\n")[2]
        self.end()
        line = self._stream.line
        self._stream = Stream(self._decoder)
        self._stream.line = line + bool(cut)
        self._redactor = self._redactor and Redactor()

    def end(self) -> None:
        """Show all that is left."""
        self._show(self._stream.flush())
        if self._redactor:
            self._pass_on(self._redactor.end())
        self._shown, self._at_start, self._is_hidden = 0, True, False
        self._tell()
        self._end_line()

    def say(self, text: str) -> None:
        """A line of our own, for the person."""
        self._end_line()
        self.tell(text)

    def _end_line(self) -> None:
        if not self._new_line:
            self._emit(b"\n")
            self._new_line = True

    def typed(self, keys: bytes) -> None:
        """Keep in mind what is sent to the board, which repeats it."""
        self._echo.typed(keys)

    def _show(self, parts: Iterable[Part]) -> None:
        for part, findings in parts:
            lines = _LINE.findall(part)
            for line in lines[:-1]:
                self._show_line(line, [])
            self._show_line(lines[-1] if lines else b"", findings)

    def _show_line(self, line: bytes, findings: list[Finding]) -> None:
        """Show a line, or a piece of a long one."""
        text = line.decode("utf-8", "replace")
        if self._at_start:
            self._is_hidden = self.options.filter is not None and not self.options.filter.shows(text)
            self._is_echo = self._echo.is_echo(text)
        self._at_start = ends_line(line)
        if not (self._is_hidden or self._is_echo):
            self._waiting += [f for f in findings if self.settings.shows(f)]
        self._pass_on(self._redactor(line, findings, self._shown) if self._redactor else line)
        if b"blinkcode: table " in line:
            for sentence in self._banners.told(text):
                self.say(sentence)
        if self._at_start:
            self._tell()

    def _pass_on(self, data: bytes) -> None:
        """Show and log the device's bytes, but for what was shown of them before."""
        if self.options.log:
            self.options.log.write(data)
        if not self.options.json and not self._is_hidden:
            self._write(data[self._shown :])
        self._shown = max(0, self._shown - len(data))

    def _tell(self) -> None:
        """Show the findings of a line that has ended."""
        found, self._waiting = self._waiting, []
        now = datetime.now().astimezone()
        for finding in found:
            self.summary.add(finding, now.strftime("%Y-%m-%d %H:%M:%S"))
            self._end_line()
            self._emit(self._told(finding, now).encode())
            if self._counter.is_full(finding.line):
                self.say(FULL)

    def _told(self, finding: Finding, now: datetime) -> str:
        """What is shown of a finding."""
        catalog, language = self.settings.catalog, self.settings.language
        if not self.options.json:
            return annotation(catalog, finding, language, self.options.colour, width_of(sys.stdout))
        data = as_data(catalog, finding, language)
        if self.options.timestamps:
            data["time"] = now.isoformat(timespec="milliseconds")
        return json.dumps(data, ensure_ascii=False) + "\n"

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


def watch(monitor: Monitor, port: Port, keyboard: Keyboard | None) -> None:
    """Run until Ctrl-] is typed. Raises KeyboardInterrupt where there is no keyboard to pass on."""
    leave = f"{'Ctrl-]' if keyboard else 'Ctrl-C'} leaves"
    monitor.say(f"{port.name}, {leave}")
    if keyboard:
        monitor.say("Ctrl-T Ctrl-H tells the other keys")
    here, settled = True, True
    heard, typed = time.monotonic(), float("-inf")
    keys = Keys()
    while True:
        pressed = keyboard.typed() if keyboard else b""
        now = time.monotonic()
        for action, data in keys.read(pressed):
            if action is Action.LEAVE:
                return
            if here:
                _act(monitor, port, action, data)
        if not here:
            time.sleep(_RETRY)
            here = port.reopen()
            if here:
                monitor.say(f"{port.name} is back")
            continue
        if pressed:
            typed = now
        echoing = now - typed < _ECHO
        heard_now = port.read(
            _IDLE if settled else _PAUSE if echoing else _SILENCE, keyboard.descriptors if keyboard else ()
        )
        if heard_now is None:
            port.close()
            monitor.lose()
            monitor.say(f"{port.name} has gone; waiting for it to come back, {leave}")
            here, settled = False, True
        elif heard_now:
            monitor.take(heard_now)
            heard, settled = time.monotonic(), False
        elif not settled and time.monotonic() - heard >= _SILENCE:
            monitor.settle()
            settled = True
        elif echoing:
            monitor.peek()


def _act(monitor: Monitor, port: Port, action: Action, data: bytes) -> None:
    """Do what the keys mean, but to leave."""
    if action is Action.SEND:
        monitor.typed(data)
        port.write(data)
    elif action is Action.HELP:
        monitor.say(HELP)
    elif port.reset():
        monitor.say(f"{port.name} was reset")
    else:
        monitor.say(f"{port.name} has no line that resets the board; Ctrl-D restarts MicroPython")


def say_on_stderr(text: str) -> None:
    """Print a line of our own, apart from the device's."""
    sys.stderr.write(f"-- {visible(text)}\n")
    sys.stderr.flush()
