# MicroPython's socket with the names that the day's script gives it: see day.py.

import time

from usocket import *
from usocket import getaddrinfo as _getaddrinfo

LOOKUP_MS = 3000  # how long a lookup blocks everything but interrupts

port = None  # of the local server that answers for every name; None: the lookup fails


def getaddrinfo(host, _port, *words):
    time.advance(LOOKUP_MS)
    if port is None:
        raise OSError(-202)
    return _getaddrinfo("127.0.0.1", port, *words)
