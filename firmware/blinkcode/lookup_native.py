# blinkcode.lookup_native: find, state and text_into as native code. They take the place of those in blinkcode.lookup
# where a board asks for the native emitter, and give the same answers.
#
# An argument that may be anything is an object to viper, whose int() of one raises for what is no int, and cuts a long
# one to a machine word. So the word that the object is gets looked at: that of a small int is its number shifted up by
# one, with the lowest bit set, and no other object has that bit (MICROPY_OBJ_REPR_A and C; the check at the end refuses
# another port). `object if always else 0` is that word, since for viper it has the type of its last part.
# An entry or a slot is read through a pointer to it, since native code has constant offsets for that.

import micropython

from blinkcode import table
from blinkcode.const import const

_NOT_FOUND = const(-1)
_STATES = const(18)
_UNKNOWN = const(17)
_BIAS = const(0x8000)
_VENDOR = const(0x3F)
_SHARED = const(0x40)
_TIED = const(0x80)
_SHIFT_BIAS = const(240)
_MARK_EVERY = const(20)
_LONG = const(13)

_INT = int


def find(code, vendor=None):
    return _find(table.INDEX, code, vendor, vendor is None)


# entry: the first one of the index; anyone: whether no vendor is named. The first variables are kept in registers.
@micropython.viper
def _find(entry: ptr8, code, vendor, anyone: bool) -> int:  # noqa: C901 (a call would cost more than a search)
    always = True
    word = code if always else 0
    if word & 1 == 0:
        return _NOT_FOUND
    number = word >> 1
    base = int(entry)
    low = number & 0xFFFF ^ _BIAS
    key = low
    start = table.NEAR
    end = table.NEAR_END
    page = ((number >> 15) + 1) >> 1
    if page:
        key = page + _BIAS
        start = 0
        end = table.PAGES
    while True:
        while end - start > 1:
            middle = (start + end) >> 1
            entry = ptr8(base + middle)
            if entry[0] << 8 | entry[table.KEYS_LOW] > key:
                end = middle
            else:
                start = middle
        entry = ptr8(base + start)
        offset = key - (entry[0] << 8 | entry[table.KEYS_LOW])
        value = entry[table.VALUES] << 8 | entry[table.VALUES_LOW]
        after = entry[table.VALUES + 1] << 8 | entry[table.VALUES_LOW + 1]
        if start >= table.PAGES:
            break
        if offset:
            return _NOT_FOUND
        key = low
        start = value
        end = after
    size = after - value
    if uint(offset) >= uint(size):
        return _NOT_FOUND
    slot = value + offset
    owner = entry[table.OWNERS]
    if anyone:
        if owner & (_SHARED | _VENDOR) >= table.CLOUDS:
            return _NOT_FOUND - (owner >> 6 & 1)  # AMBIGUOUS where the owner is SHARED
    else:
        named = vendor if always else 0
        while (owner & _VENDOR) << 1 | 1 != named:
            if owner < _TIED:
                return _NOT_FOUND
            slot -= size
            entry = ptr8(int(entry) - 1)
            owner = entry[table.OWNERS]
    if ptr8(table.DATA)[slot + table.HEADS] != table.GAP:
        return slot
    start = table.PAIRS
    while start < table.PAIRS_END:
        entry = ptr8(base + start)
        if entry[0] << 8 | entry[table.KEYS_LOW] == slot:
            return entry[table.VALUES] << 8 | entry[table.VALUES_LOW]
        start += 1
    return _NOT_FOUND


@micropython.viper
def state(slot) -> int:
    always = True
    word = slot if always else 0
    number = word >> 1
    if word & 1 and uint(number) < uint(table.SLOTS):
        return ptr8(table.DATA)[number + table.HEADS] % _STATES
    return _UNKNOWN


# __class__ is the type here: native code runs on MicroPython alone, where no object can say that it is of another.
def text_into(slot, buf):
    if len(buf) < table.TEXT_MAX or slot.__class__ is not _INT or slot < 0 or slot >= table.TEXT_SLOTS:
        return 0
    buf[0] = 0  # raises TypeError for what cannot be written to
    return _text_into(slot, table.DATA, buf)


@micropython.viper
def _text_into(slot: int, data: ptr8, buf: ptr8) -> int:
    mark = ptr8(int(data) + slot // _MARK_EVERY * 2)
    start = mark[table.MARKS] << 8 | mark[table.MARKS + 1]
    count = 0
    other = slot - slot % _MARK_EVERY
    while other <= slot:
        start += count
        count = data[other + table.HEADS] // _STATES
        if table.LONG_TEXTS:
            if count == _LONG:
                count = data[start]
                start += 1
        other += 1
    if count == 0:
        return 0
    waiting = table.TEXT_MAX
    offset = 0
    while True:
        while count > 1:
            count -= 1
            waiting -= 1
            buf[waiting] = data[start + count]
        token = data[start]
        while token < table.LITERALS:
            buf[offset] = data[token]
            offset += 1
            if waiting == table.TEXT_MAX:
                return offset
            token = buf[waiting]
            waiting += 1
        count = 2
        while token > data[count + (table.LITERALS - 2)]:
            count += 1
        start = (token + data[count + (table.LITERALS + table.SHIFTS - 2)] - _SHIFT_BIAS) * count


if find(table.PROBE_CODE, table.PROBE_VENDOR) < 0:
    raise ImportError("this port needs bytecode")
