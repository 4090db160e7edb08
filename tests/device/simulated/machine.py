# A board's pins and timer. A pin that is written keeps what it was given, with the time.

import time

written = {}  # pin number -> [(ms, value), ...]
inputs = {}  # pin number -> value


class Pin:
    IN, OUT, PULL_UP = 0, 1, 2

    def __init__(self, number, mode=IN, pull=None, value=None):
        self._number = number
        if value is not None:
            self(value)

    def __call__(self, *value):
        if not value:
            return inputs.get(self._number, 1)
        written.setdefault(self._number, []).append((time.now_ms, value[0]))


class Timer:
    PERIODIC = 1

    def __init__(self, number, period, callback, mode=PERIODIC):
        self._period, self._callback, self._due = period, callback, time.now_ms + period
        time.timers.append(self._tick)

    def _tick(self, ms):
        if ms >= self._due:
            self._due += self._period
            self._callback(self)


def reset_cause():
    return 1
