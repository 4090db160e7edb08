# MicroPython's select on the clock of time.py: a wait moves the clock on. Where sockets are waited for, each step of
# the clock gives the real server a few real milliseconds.

import time

from uselect import *
from uselect import poll as _poll

REAL_MS = 4


class Poll:
    def __init__(self):
        self._real = _poll()
        self._many = 0

    def register(self, *words):
        self._many += 1
        return self._real.register(*words)

    def unregister(self, stream):
        self._many -= 1
        return self._real.unregister(stream)

    def modify(self, *words):
        return self._real.modify(*words)

    def ipoll(self, ms=-1, flags=0):
        waited = 0
        while True:
            ready = self._real.poll(REAL_MS if self._many and ms else 0)
            if ready or (ms >= 0 and waited >= ms):
                return iter([entry[:2] for entry in ready])
            step = time.STEP_MS if ms < 0 else min(time.STEP_MS, ms - waited)
            time.advance(step)
            waited += step


def poll():
    return Poll()
