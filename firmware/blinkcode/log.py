# blinkcode.log: lines for what takes no bytes: a logger, or a text stream of CPython. Reporter() brings it in.

import blinkcode
from blinkcode import table


class Lines:
    def __init__(self, log):
        self.log = log
        self.line = b""

    # A piece of a line. A logger gets "broadlink -4012 PAIR ..." with the level of its state, a stream all.
    def write(self, piece):
        self.line += bytes(piece)
        if self.line[-1:] != b"\n":
            return
        line = self.line.decode()
        self.line = b""
        if not hasattr(self.log, "log"):
            self.log.write(line)
            return
        line = line[line.index(": ") + 2 : -1]
        word = line.split(" ")[2]
        level = 20 if word == "%d" % table.CODES else table.LEVELS[getattr(blinkcode, word)]
        self.log.log(level, "%s", line)
