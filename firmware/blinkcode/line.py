# blinkcode.line: puts a line for the console together in a bytearray, and hands it to a stream or a logger.
#
# Nothing takes heap but text() of a long text, and what is said at send().

import sys

from blinkcode.const import const

CAPACITY = 128  # bytes of the longest line; for a longer one the bytearray grows
_CUT = const(48)  # characters of a text that are shown
_FIRST_LEVEL = const(20)
_LEVEL_STEP = const(10)
_STR_IS_BYTES = sys.implementation.name == "micropython"  # where bytes are wanted
_LETTERS = b"IWEE"  # of the levels 20, 30, 40, 50
_SPACE = const(32)
_MINUS = const(45)
_ZERO = const(48)
_QUESTION = const(63)
_DELETE = const(127)
_UPPER_A = const(65)
_UPPER_Z = const(90)
_TO_LOWER = const(32)


# The slice that is a whole bytearray. Written as line[:] it would be made anew, on the heap, each time.
def whole():
    class Given:
        def __getitem__(self, index):
            return index

    return Given()[:]


# Begins a line that has been emptied: "W (12345) blinkcode: ".
def begin(line, level, ms):
    line.append(_LETTERS[(level - _FIRST_LEVEL) // _LEVEL_STEP])
    line.extend(b" (")
    number(line, ms)
    line.extend(b") blinkcode: ")


# Adds an int.
def number(line, value):
    if value < 0:
        line.append(_MINUS)
        value = -value
    power = 1
    while value // power > 9:
        power *= 10
    while power:
        line.append(value // power % 10 + _ZERO)
        power //= 10


# Adds the name in names, between two spaces, that stands behind so many others from a space on; in small letters.
def vendor(line, names, at, others):
    start = len(line)
    state(line, names, at, others)
    while start < len(line):
        if _UPPER_A <= line[start] <= _UPPER_Z:
            line[start] += _TO_LOWER
        start += 1


# The same, as it is.
def state(line, names, at, others):
    while others >= 0:
        if names[at] == _SPACE:
            others -= 1
        at += 1
    while names[at] != _SPACE:
        line.append(names[at])
        at += 1


# Adds a str, cut, in one line of ASCII. One that is cut takes 80 bytes of heap for the moment.
def text(line, said):
    at = len(line)
    if len(said) > _CUT:
        said = said[:_CUT]
    line.extend(said if _STR_IS_BYTES else said.encode())
    while at < len(line):
        if not _SPACE <= line[at] < _DELETE:
            line[at] = _SPACE if line[at] < _SPACE else _QUESTION
        at += 1


# Writes a line. A stream gets its bytes, with an end of line; a text stream of CPython, which has an encoding, a str;
# a logger, which has log(level, message), what follows "blinkcode: ". The last two take heap.
def send(log, level, line):
    if hasattr(log, "log"):
        said = bytes(line).decode()
        log.log(level, said[said.index(": ") + 2 :])
        return
    line.extend(b"\n")
    log.write(bytes(line).decode() if hasattr(log, "encoding") else line)
