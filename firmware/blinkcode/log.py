# blinkcode.log: lines for what takes no bytes: a logger, or a text stream of CPython, which Reporter() puts in log.

import blinkcode.reporter
from blinkcode import table

log = None
line = bytearray()


# A piece of a line. A logger gets "broadlink -4012 PAIR ..." with the level of its state, a stream all.
def write(text):
    line.extend(text)
    if text[-1] == 10:
        text = line.decode()
        line[:] = b""
        if hasattr(log, "log"):
            text = text[text.index(" ", 2) + 12 : -1]  # after "I (1) blinkcode: "
            log.log(table.LEVELS[blinkcode.reporter.data[4]], text)  # type: ignore[attr-defined]
        else:
            log.write(text)  # type: ignore[attr-defined]
