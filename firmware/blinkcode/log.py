# blinkcode.log: lines for what takes no bytes: a logger, or a text stream of CPython. Reporter() brings it in.

import blinkcode
from blinkcode import table


class Lines:
    def __init__(self, log):
        self._log = log
        self._line = b""

    # A piece of a line. A logger gets "broadlink -4012 PAIR ..." with the level of its state, a stream all.
    def write(self, piece):
        self._line += bytes(piece)
        if self._line[-1:] != b"\n":
            return
        line = self._line.decode()
        self._line = b""
        if not hasattr(self._log, "log"):
            self._log.write(line)
            return
        line = line[line.index(": ") + 2 : -1]
        word = line.split(" ")[2]
        level = 20 if word == "%d" % table.CODES else table.LEVELS[getattr(blinkcode, word)]
        self._log.log(level, "%s", line)
