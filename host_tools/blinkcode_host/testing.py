"""A pytest plugin: a device for the tests of a firmware's own error handling, on the host. See docs/testing.md.

The fixture `blinkcode_device` is a Device: the real reporter under CPython, with a lamp, a log and a clock that a test
can look at and move on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from blinkcode.reporter import Reporter

#: What a lamp shows instead of a state while it spells a number.
NUMBER = "NUMBER"
#: How often a clock that is advanced ticks the reporter, as a device's timer does; ms.
TICK_MS = 20
_CLOCK_BITS = 0x3FFFFFFF  # a device's clock wraps after 2**30 ms
# Of the light that a driver is called with: brightness << 8 | state.
_BRIGHTNESS_SHIFT, _STATE_BITS, _SPELLING = 8, 0xFF, 18
_FIRST_STATE = 2  # among the words of table.NAMES


class Clock:
    """Milliseconds since the device began. They pass only where a test says so."""

    def __init__(self) -> None:
        self.ms = 0
        self._reporter: Reporter | None = None

    def advance(self, ms: int) -> None:
        """Lets so many ms pass, with a tick every TICK_MS, and one at their end. Raises ValueError below 0."""
        if ms < 0:
            raise ValueError(f"advance: {ms} ms; a clock does not go back")
        end = self.ms + ms
        while self.ms < end:
            self.ms = min(self.ms + TICK_MS, end)
            if self._reporter is not None:
                self._reporter.tick(self.ticks())

    def ticks(self) -> int:
        """What `time.ticks_ms()` gives on a device."""
        return self.ms & _CLOCK_BITS


class Lamp:
    """A lamp that notes what its driver was called with, and when."""

    def __init__(self, clock: Clock) -> None:
        #: (ms, light) of each call, the first from when the reporter was made; light: brightness << 8 | state, or 0.
        self.calls: list[tuple[int, int]] = []
        self._clock = clock

    def __call__(self, light: int) -> None:
        """The driver: what Reporter() takes as `led`."""
        self.calls.append((self._clock.ms, light))

    @property
    def lit(self) -> bool:
        """Whether it is lit now."""
        return bool(self.calls) and self.calls[-1][1] > 0

    @property
    def brightness(self) -> int:
        """How bright it is now: 1 to 63, or 0 for dark."""
        return self.calls[-1][1] >> _BRIGHTNESS_SHIFT if self.calls else 0

    @property
    def state(self) -> str | None:
        """The state that it shows, such as "SIGN_IN"; NUMBER while it spells one; None where it shows nothing.

        Between two flashes it is that of the flash before. After a dark time that is longer than any of a rhythm, and
        before the first flash, it is None. A new report is shown from its first flash on: let a second pass first.
        """
        from blinkcode import table

        for i in range(len(self.calls) - 1, -1, -1):
            light = self.calls[i][1]
            if light:
                went_dark = self.calls[i + 1][0] if i + 1 < len(self.calls) else self._clock.ms
                if self._clock.ms - went_dark > table.PAUSE_MS + 2 * table.GAP_MS:
                    return None
                state = light & _STATE_BITS
                return NUMBER if state == _SPELLING else table.NAMES.split()[_FIRST_STATE + state]
        return None


class Log:
    """The console: a stream that keeps the lines written to it."""

    def __init__(self) -> None:
        self._text = ""

    def write(self, piece: str | bytes) -> int:
        """Takes a part of a line, a line or several."""
        self._text += piece if isinstance(piece, str) else bytes(piece).decode("utf-8", "replace")
        return len(piece)

    @property
    def lines(self) -> list[str]:
        """The lines so far, without their ends: "E (0) blinkcode: tuya 1010 SIGN_IN token expired; sign in again"."""
        return self._text.splitlines()

    def clear(self) -> None:
        """Forgets what was written."""
        self._text = ""


class Device:
    """A reporter with a lamp, a log and a clock of its own. What it said on starting is not in the log."""

    def __init__(self, journal: int = 16, level: int = 20) -> None:
        """`journal`: how many records it keeps. `level`: the lowest logging level that is logged.

        Raises what Reporter() raises.
        """
        from blinkcode.reporter import Reporter

        self.clock = Clock()
        self.lamp = Lamp(self.clock)
        self.log = Log()
        self.reporter = Reporter(
            led=self.lamp, log=self.log, level=level, journal=journal, ticks=self.clock.ticks, reset_cause=0
        )
        self.clock._reporter = self.reporter
        self.log.clear()

    @property
    def journal(self) -> list[str]:
        """The journal's lines, the oldest record first, as `reporter.dump()` prints them."""
        lines = Log()
        self.reporter.dump(lines)
        return lines.lines


@pytest.fixture
def blinkcode_device() -> Device:
    """A new device for each test."""
    return Device()
