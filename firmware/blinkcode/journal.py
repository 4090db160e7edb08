# blinkcode.journal: where the journal is kept, and how it is read.
#
# A storage has size (20 bytes for each record and 20 more), load() and store(index, buf, start). load gives what
# was stored, in any length; store keeps the 20 bytes of buf from byte start on at its byte index, and returns when
# they are safe. It may be cut at any byte: the other records stay, and what is damaged reads as empty. It may have
# hourly, how many writes it bears in an hour (32 if it has none); above that, what is new is kept in RAM alone.
#
# Writes: the 1st, 2nd, 4th, 8th ... report of a code since boot, then the first in each hour. A link that flaps for
# a day costs 40, each of 20 bytes. A new code in a full journal is two: the second empties the oldest one's slot.
#
# dump() prints, oldest first, a line for each record, times in seconds since that boot:
#     J (boot 12) blinkcode: broadlink -4012 PAIR x8 first 1230 last 99990 reset 3
# The vendor is ? where it is not known, the code ? where it was no number.

import blinkcode.reporter
from blinkcode import table

store = None


# Stores the report's record if n, and if the hour allows it. phase is the hour of the writes that are counted, and
# count how many are left in it.
def insert(n, b):
    global phase, count
    new = b[11]
    old = b[10]
    i = b[new + 4] // 61440
    if i != phase:
        phase = i
        count = b[13]
    if n and count > 0 and write(new, b):
        if b[5] == 1 and b[12]:  # no slot was left: the oldest record goes
            write(old, b)
    elif b[5] > 1:  # what is stored stays; the new version takes the old one's place here
        for i in range(5):
            b[old + i] = b[new + i]
        b[new + 2] = 0
        b[10] = new


# Stores a slot. Whether it is safe.
def write(at, b):
    global count
    count -= 1
    try:
        store((at - 26) * 4, b, at * 4)
        return 1
    except Exception:
        return 0


# file: takes str, or bytes where it does not.
def dump(file):
    b = blinkcode.reporter.data
    names = table.NAMES.split()
    found = []
    for i in range(28, b[24], 5):
        found.append((b[i] & 0xFFFF, b[i + 2], i))
    for boot, last, i in sorted(found):
        if not boot:  # a free slot
            continue
        key = b[i] >> 16
        line = "J (boot %d) blinkcode: %s %s %s x%d first %d last %d reset %d\n" % (
            boot,
            names[20 + (key & 63)].lower(),
            "?" if b[i - 1] == -0x40000000 else b[i - 1],
            names[2 + (key >> 9)],
            b[i + 1] >> 14,
            ((last & 255) << 14 | b[i + 1] & 0x3FFF) * 15,
            (last >> 8) * 15,
            key >> 6 & 7,
        )
        try:
            file.write(line)
        except TypeError:
            file.write(line.encode())


# The 20 bytes of a store() as an object of their own.
def read(buf, start):
    return bytes(memoryview(buf))[start : start + 20]


# Any bytearray or memoryview, for tests or for memory that outlives a reset.
class Buffer:
    hourly = 1000000  # does not wear

    def __init__(self, memory):
        self.size = len(memory)
        self.memory = memory

    def load(self):
        return self.memory

    def store(self, index, buf, start):
        self.memory[index : index + 20] = read(buf, start)


# A file on any filesystem; it is made if it is not there.
class File:
    def __init__(self, path, records=16):
        self.size = records * 20 + 20
        self.path = path

    def load(self):
        open(self.path, "ab").close()
        self.file = open(self.path, "r+b")  # noqa: SIM115
        buffer = self.file.read(self.size)
        self.file.write(bytes(self.size - len(buffer)))
        return buffer

    def store(self, index, buf, start):
        self.file.seek(index)
        try:  # viper: if 1:
            self.file.write(buf, start, 20)
        except TypeError:  # viper: if 0: # CPython
            self.file.write(read(buf, start))
        self.file.flush()


# A region of what machine.RTC().memory() keeps over a reset, on an ESP32 2,048 bytes; the rest is left alone.
class RTC(Buffer):
    def __init__(self, records=16, offset=0, memory=None):
        if not memory:
            import machine

            memory = machine.RTC().memory
        self.size = records * 20 + 20
        self.offset = offset
        self.memory = memory

    def load(self):
        return self.memory()[self.offset : self.offset + self.size]

    def store(self, index, buf, start):
        file = bytearray(self.memory())
        file.extend(bytes(max(0, self.offset + self.size - len(file))))
        index += self.offset
        file[index : index + 20] = read(buf, start)
        self.memory(file)
