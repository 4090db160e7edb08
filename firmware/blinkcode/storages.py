# blinkcode.storages: where a journal outlives a reset.
#
# A storage has size (32 bytes for each record and 32 more), load() and store(index, buf, start). load gives what was
# stored, in any length; store keeps the 32 bytes of buf from byte start on at its byte index, and returns when they
# are safe. It may be cut at any byte: the other records stay, and what is damaged reads as empty. It may have hourly,
# how many writes it bears in an hour (32 if it has none).

from blinkcode.const import const

_RECORD_BYTES = const(32)


# How many bytes so many records take.
def size_of(records):
    return (records + 1) * _RECORD_BYTES


# The bytes of one record as an object of their own. Takes heap.
def _record(buf, start):
    return bytes(memoryview(buf))[start : start + _RECORD_BYTES]


# Any bytearray or memoryview, for tests or for memory that outlives a reset.
class Buffer:
    hourly = 1000000  # it does not wear

    def __init__(self, memory):
        self.size = len(memory)
        self._memory = memory

    def load(self):
        return self._memory

    def store(self, index, buf, start):
        self._memory[index : index + _RECORD_BYTES] = _record(buf, start)


# A file on any filesystem; it is made if it is not there.
class File:
    def __init__(self, path, records=16):
        self.size = size_of(records)
        self._path = path

    def load(self):
        open(self._path, "ab").close()
        self._file = open(self._path, "r+b")  # noqa: SIM115
        stored = self._file.read(self.size)
        self._file.write(bytes(self.size - len(stored)))
        return stored

    def store(self, index, buf, start):
        self._file.seek(index)
        try:
            self._file.write(buf, start, _RECORD_BYTES)
        except TypeError:  # CPython
            self._file.write(_record(buf, start))
        self._file.flush()


# A region of what machine.RTC().memory() keeps over a reset, on an ESP32 2,048 bytes; the rest is left alone.
class RTC:
    hourly = 1000000  # it does not wear

    def __init__(self, records=16, offset=0, memory=None):
        if memory is None:
            import machine

            memory = machine.RTC().memory
        self.size = size_of(records)
        self._offset = offset
        self._memory = memory

    def load(self):
        return self._memory()[self._offset : self._offset + self.size]

    def store(self, index, buf, start):
        memory = bytearray(self._memory())
        memory.extend(bytes(max(0, self._offset + self.size - len(memory))))
        index += self._offset
        memory[index : index + _RECORD_BYTES] = _record(buf, start)
        self._memory(memory)
