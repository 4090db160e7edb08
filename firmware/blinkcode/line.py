# blinkcode.line: a line for the console, put together in one bytearray, and the stream or logger that it goes to.
#
# A stream gets a line's bytes in one write; a text stream of CPython, which has an encoding, a str; a logger, which has
# log(level, message), what follows "blinkcode: ". The last two take heap, and so does a text that has to be cut: 80
# bytes for the moment. The bytearray belongs to one line at a time.

import sys

import blinkcode
from blinkcode import table
from blinkcode.const import const
from blinkcode.report import names

_BYTES = const(128)  # of the longest line; for a longer one the bytearray grows
_SILENT = const(60)  # above all levels
_FIRST_LEVEL = const(20)
_LEVEL_STEP = const(10)
_LEVELS = const(b"IWEE")  # of the levels 20, 30, 40, 50
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


class Line:
    # log: None for none. level: the lowest logging level that is written.
    def __init__(self, log, level):
        self.log = log
        self.level = _SILENT if log is None else level
        self._bytes = bytearray(_BYTES)
        # The slice that is a whole bytearray, taken from an object that gives what it is indexed with. Written as
        # bytes[:] it would be made anew, on the heap, each time.
        self._whole = type("", (), {"__getitem__": lambda self, index: index})()[:]
        self._text = bytearray(table.TEXT_MAX)
        self._str_is_bytes = sys.implementation.name == "micropython"
        # In flash, where the names are; CPython has a copy.
        self.names = memoryview(names()) if self._str_is_bytes else names().encode()

    # W (12345) blinkcode: dns -202 NETWORK host name not found [tuya] (x4)
    def write(self, report, count, level, ms):
        self._begin(level, ms)
        self._add_name(table.VENDOR_NAMES, report.vendor, _TO_LOWER)
        if report.code is not None:
            self._bytes.append(_SPACE)
            self._add_number(report.code)
        self._bytes.append(_SPACE)
        self._add_name(_STATE_NAMES, report.state, 0)
        self._add_meaning(report)
        if report.subject != report.vendor:
            self._bytes.extend(b" [")
            self._add_name(table.VENDOR_NAMES, report.subject, _TO_LOWER)
            self._bytes.extend(b"]")
        if count > 1:
            self._bytes.extend(b" (x")
            self._add_number(count)
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
            self._add_said(report.said, False)
        return self._bytes

    def _begin(self, level, ms):
        self._bytes[self._whole] = b""
        self._bytes.append(_LEVELS[(level - _FIRST_LEVEL) // _LEVEL_STEP])
        self._bytes.extend(b" (")
        self._add_number(ms)
        self._bytes.extend(b") blinkcode: ")

    def _end(self, level):
        log = self.log
        if hasattr(log, "log"):
            said = bytes(self._bytes).decode()
            log.log(level, said[said.index(": ") + 2 :])
            return
        self._bytes.extend(b"\n")
        log.write(bytes(self._bytes).decode() if hasattr(log, "encoding") else self._bytes)

    def _add_number(self, value):
        if value < 0:
            self._bytes.append(_MINUS)
            value = -value
        power = 1
        while value // power > 9:
            power *= 10
        while power:
            self._bytes.append(value // power % 10 + _ZERO)
            power //= 10

    # Adds the name in table.NAMES that stands behind so many others from a space on. case: what is added to a letter.
    def _add_name(self, at, others, case):
        names = self.names
        while others >= 0:
            if names[at] == _SPACE:
                others -= 1
            at += 1
        while names[at] != _SPACE:
            letter = names[at]
            self._bytes.append(letter + case if _UPPER_A <= letter <= _UPPER_Z else letter)
            at += 1

    # Adds what the report means: a text, the clouds that have the code, or what is said where there is none.
    def _add_meaning(self, report):
        if report.slot == _AMBIGUOUS:
            self._add_claimants(report.code)
            return
        length = blinkcode.text_into(report.slot, self._text)
        if length or report.code is None:
            self._bytes.append(_SPACE)
        for at in range(length):
            self._bytes.append(self._text[at])
        if report.code is None:
            self._add_said(report.said, True)

    # Adds the clouds that have a code.
    def _add_claimants(self, code):
        between = b" "
        for vendor in range(table.CLOUDS):
            if blinkcode.find(code, vendor) >= 0:
                self._bytes.extend(between)
                self._add_name(table.VENDOR_NAMES, vendor, _TO_LOWER)
                between = b" or "

    # Adds a value, or an exception's class and, if so asked, what it says, cut, in one line of ASCII. Where there is no
    # heap for that, the name of the class.
    def _add_said(self, said, whole):
        word = type(said).__name__
        try:
            from blinkcode.codes import shown

            word = shown(said, whole)
        except Exception:
            pass
        line = self._bytes
        at = len(line)
        line.extend(word if self._str_is_bytes else word.encode())  # type: ignore[arg-type]
        while at < len(line):
            if not _SPACE <= line[at] < _DELETE:
                line[at] = _SPACE if line[at] < _SPACE else _QUESTION
            at += 1
