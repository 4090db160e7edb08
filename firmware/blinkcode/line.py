# blinkcode.line: a line for the console, put together in one bytearray, and the stream or logger that it goes to.
#
# A stream gets a line's bytes in one write; a text stream of CPython, which has an encoding, a str; a logger, which has
# log(level, message), what follows "blinkcode: ". The last two take heap, and so does a text that has to be cut: 80
# bytes for the moment. The bytearray belongs to one line at a time.

import sys

import blinkcode
from blinkcode import table
from blinkcode.const import const
from blinkcode.report import codes, names

_BYTES = const(128)  # of the longest line; for a longer one the bytearray grows
_CUT = const(48)  # characters of a text that are shown
_SILENT = const(60)  # above all levels
_FIRST_LEVEL = const(20)
_LEVEL_STEP = const(10)
_LEVELS = b"IWEE"  # of the levels 20, 30, 40, 50
_STATE_NAMES = const(20)  # in table.NAMES: the space before the first state
_AMBIGUOUS = const(-2)
_SPACE = const(32)
_MINUS = const(45)
_ZERO = const(48)
_QUESTION = const(63)
_DELETE = const(127)
_UPPER_A = const(65)
_UPPER_Z = const(90)
_TO_LOWER = const(32)


# The slice that is a whole bytearray, taken from an object that gives what it is indexed with. Written as bytes[:] it
# would be made anew, on the heap, each time.
def _whole_slice():
    return type("", (), {"__getitem__": lambda self, index: index})()[:]


class Line:
    # log: None for none. level: the lowest logging level that is written.
    def __init__(self, log, level):
        self.log = log
        self.level = _SILENT if log is None else level
        self._bytes = bytearray(_BYTES)
        self._whole = _whole_slice()
        self._text = bytearray(table.TEXT_MAX)
        self._str_is_bytes = sys.implementation.name == "micropython"
        # In flash, where the names are; CPython has a copy.
        self.names = memoryview(names()) if self._str_is_bytes else names().encode()

    # W (12345) blinkcode: dns -202 NETWORK host name not found [tuya] (x4)
    def write(self, report, count, level, ms):
        self._begin(level, ms)
        self._vendor(report.vendor)
        if report.code is not None:
            self._bytes.append(_SPACE)
            self._number(report.code)
        self._bytes.append(_SPACE)
        self._name(_STATE_NAMES, report.state)
        self._write_meaning(report)
        if report.subject != report.vendor:
            self._bytes.extend(b" [")
            self._vendor(report.subject)
            self._bytes.extend(b"]")
        if count > 1:
            self._bytes.extend(b" (x")
            self._number(count)
            self._bytes.extend(b")")
        self._end(level)

    # Writes a line that is a str. Takes heap.
    def note(self, said, level, ms):
        if level >= self.level:
            self._begin(level, ms)
            self._bytes.extend(said.encode())
            self._end(level)

    # What stands for the code of a report that has none, as bytes: what is said, or the class of an exception.
    def word(self, report):
        self._bytes[self._whole] = b""  # its memory is kept for what follows
        if report.code is None:
            self._write_word(report)
        return self._bytes

    def _begin(self, level, ms):
        self._bytes[self._whole] = b""
        self._bytes.append(_LEVELS[(level - _FIRST_LEVEL) // _LEVEL_STEP])
        self._bytes.extend(b" (")
        self._number(ms)
        self._bytes.extend(b") blinkcode: ")

    def _end(self, level):
        log = self.log
        if hasattr(log, "log"):
            said = bytes(self._bytes).decode()
            log.log(level, said[said.index(": ") + 2 :])
            return
        self._bytes.extend(b"\n")
        log.write(bytes(self._bytes).decode() if hasattr(log, "encoding") else self._bytes)

    # Adds a number.
    def _number(self, value):
        if value < 0:
            self._bytes.append(_MINUS)
            value = -value
        power = 1
        while value // power > 9:
            power *= 10
        while power:
            self._bytes.append(value // power % 10 + _ZERO)
            power //= 10

    # Adds the name of a vendor; ? for the number of none.
    def _vendor(self, vendor):
        line = self._bytes
        at = len(line)
        self._name(table.VENDOR_NAMES, vendor)
        while at < len(line):
            if _UPPER_A <= line[at] <= _UPPER_Z:
                line[at] += _TO_LOWER
            at += 1

    # Adds the name in table.NAMES that stands behind so many others from a space on.
    def _name(self, at, others):
        names = self.names
        while others >= 0:
            if names[at] == _SPACE:
                others -= 1
            at += 1
        while names[at] != _SPACE:
            self._bytes.append(names[at])
            at += 1

    # Adds what the report means: a text, the clouds that have the code, or what is said where there is none.
    def _write_meaning(self, report):
        if report.code is None:
            self._bytes.append(_SPACE)
            self._write_word(report)
            if report.is_error:
                self._write_said(report.said)
        elif report.slot == _AMBIGUOUS:
            self._write_claimants(report.code)
        else:
            self._write_text(blinkcode.text_into(report.slot, self._text))

    # Adds the text of a slot, of which so many bytes are in _text.
    def _write_text(self, length):
        if length:
            self._bytes.append(_SPACE)
        for at in range(length):
            self._bytes.append(self._text[at])

    # Adds the clouds that have a code.
    def _write_claimants(self, code):
        between = b" "
        for vendor in range(table.CLOUDS):
            if blinkcode.find(code, vendor) >= 0:
                self._bytes.extend(between)
                self._vendor(vendor)
                between = b" or "

    # Adds the name of an exception's class, or a value; where there is no heap for that, the name of its class.
    def _write_word(self, report):
        word = type(report.said).__name__
        try:
            if not report.is_error:
                word = codes().shown(report.said)
        except Exception:
            pass
        self._add(word)

    # Adds what an exception says besides its class, if there is heap for it.
    def _write_said(self, error):
        try:
            self._add(codes().said_of(error))
        except Exception:
            pass

    # Adds a str, cut, in one line of ASCII.
    def _add(self, said):
        line = self._bytes
        at = len(line)
        if len(said) > _CUT:
            said = said[:_CUT]
        line.extend(said if self._str_is_bytes else said.encode())
        while at < len(line):
            if not _SPACE <= line[at] < _DELETE:
                line[at] = _SPACE if line[at] < _SPACE else _QUESTION
            at += 1
