# MicroPython's time with a clock of its own. It stands still while the program computes; whoever waits moves it on
# (see select.py), in steps of 10 ms, and each step runs the timers, as interrupts do on a board.

from utime import *
from utime import ticks_ms as _real_ticks_ms

STEP_MS = 10

now_ms = 0
# asyncio's own queue, which is written in C, reads the real clock; ours begins there and is always ahead of it.
_start_ms = _real_ticks_ms()
timers = []  # called with the time at each step
end_ms = None  # when the day is over


def ticks_ms():
    return _start_ms + now_ms & 0x3FFFFFFF


def advance(ms):
    global now_ms
    end = now_ms + ms
    while now_ms < end:
        now_ms += min(STEP_MS, end - now_ms)
        for call in timers:
            call(now_ms)
        if end_ms is not None and now_ms >= end_ms:
            raise SystemExit


def sleep_ms(ms):
    advance(ms)


def sleep(seconds):
    advance(int(seconds * 1000))
