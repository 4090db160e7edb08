# blinkcode.lookup_native: find, state and text_into as native code. They take the place of those in blinkcode.lookup
# where a board asks for the native emitter, and give the same answers.
#
# Viper cuts an argument that is declared int to a machine word, and raises for what is no int; so what may be
# anything is declared an object. `x & x is x` holds for an int of 31 bits and for nothing else that has "&".
# An entry or a slot is read through a pointer to it, since native code has constant offsets for that.

import micropython

from blinkcode import table
from blinkcode.const import const

_NOT_FOUND = const(-1)
_AMBIGUOUS = const(-2)
_STATES = const(18)
_UNKNOWN = const(17)
_BIAS = const(0x8000)
_VENDOR = const(0x3F)
_SHARED = const(0x40)
_TIED = const(0x80)
_SHIFT_BIAS = const(240)
_MARK_EVERY = const(16)
_LONG = const(13)
_BY_STATES = const(57)  # times a head, shifted down by 10: the head divided by 18, exact for 0 to 255

_INT = int
_FIRST_SLOT = 0  # objects, to compare objects with
_END_OF_SLOTS = table.SLOTS
_CLOUDS = None


def find(code, vendor=None):
    try:
        if code & code is code:
            return _find(code, table.NEAR, table.INDEX, vendor)
    except Exception:  # a code or a vendor without "&"; no memory for that of a longer int
        pass
    return _NOT_FOUND


# Parameters come first, and the first three variables are kept in registers: those of the searching loop.
@micropython.viper
def _find(key: int, entry: int, index: ptr8, vendor) -> int:  # noqa: C901 (a call would cost more than a search)
    code = key
    base = int(index)
    key += _BIAS
    end = table.NEAR_END
    if key >> 16:
        key = (code >> 16) + _BIAS
        entry = 0
        end = table.PAGES
    while True:
        while end - entry > 1:
            middle = (entry + end) >> 1
            index = ptr8(base + middle)
            if index[0] << 8 | index[table.KEYS_LOW] > key:
                end = middle
            else:
                entry = middle
        index = ptr8(base + entry)
        key -= index[0] << 8 | index[table.KEYS_LOW]
        slot = index[table.VALUES] << 8 | index[table.VALUES_LOW]
        end = index[table.VALUES + 1] << 8 | index[table.VALUES_LOW + 1]
        if entry >= table.PAGES:
            break
        if key:
            return _NOT_FOUND
        key = code & 0xFFFF
        entry = slot  # a page's value is the entry of its first range
    end -= slot
    if uint(key) >= uint(end):
        return _NOT_FOUND
    slot += key
    key = index[table.OWNERS]
    if vendor is _CLOUDS:
        if key & (_SHARED | _VENDOR) >= table.CLOUDS:
            return _NOT_FOUND - (key >> 6 & 1)  # AMBIGUOUS where the owner is SHARED
    else:
        if vendor & vendor is not vendor:
            return _NOT_FOUND
        code = int(vendor)
        while key & _VENDOR != code:
            if key < _TIED:
                return _NOT_FOUND
            slot -= end
            index = ptr8(int(index) - 1)
            key = index[table.OWNERS]
    if ptr8(int(ptr8(table.DATA)) + slot)[table.HEADS] != table.GAP:
        return slot
    entry = table.PAIRS
    while entry < table.PAIRS_END:
        index = ptr8(base + entry)
        if index[0] << 8 | index[table.KEYS_LOW] == slot:
            return index[table.VALUES] << 8 | index[table.VALUES_LOW]
        entry += 1
    return _NOT_FOUND


@micropython.viper
def state(slot) -> int:
    if slot.__class__ is _INT:
        if slot < _END_OF_SLOTS:
            if slot >= _FIRST_SLOT:
                head = ptr8(int(ptr8(table.DATA)) + int(slot))[table.HEADS]
                return head - (head * _BY_STATES >> 10) * _STATES
    return _UNKNOWN


def text_into(slot, buf):
    if len(buf) < table.TEXT_MAX or slot.__class__ is not _INT or not 0 <= slot < table.TEXT_SLOTS:
        return 0
    buf[0] = 0  # raises TypeError for what cannot be written to
    return _text_into(slot, table.DATA, buf)


@micropython.viper
def _text_into(slot: int, data: ptr8, buf: ptr8) -> int:
    base = int(data)
    start = int(buf)
    at = ptr8(base + (slot >> 3 & -2))
    tokens = ptr8(base + (at[table.MARKS] << 8 | at[table.MARKS + 1]))
    count = 0
    other = (slot & -_MARK_EVERY) - 1
    while other < slot:
        other += 1
        tokens = ptr8(int(tokens) + count)
        count = ptr8(base + other)[table.HEADS] * _BY_STATES >> 10
        if table.LONG_TEXTS:
            if count == _LONG:
                count = tokens[0]
                tokens = ptr8(int(tokens) + 1)
    waiting = start  # the waiting tokens are in front of buf[TEXT_MAX], here less TEXT_MAX
    while count:
        while count:  # tokens that are to be written next wait in front of the others
            count -= 1
            waiting -= 1
            ptr8(waiting)[table.TEXT_MAX] = tokens[count]
        while waiting - start:
            token = ptr8(waiting)[table.TEXT_MAX]
            waiting += 1
            at = ptr8(base + token)
            if token >= table.LITERALS:  # a phrase: its tokens are next
                count = 2
                at = ptr8(base + table.LITERALS)
                while token > at[0]:
                    count += 1
                    at = ptr8(int(at) + 1)
                tokens = ptr8(base + (token + at[table.SHIFTS] - _SHIFT_BIAS) * count)
                break
            buf[0] = at[0]
            buf = ptr8(int(buf) + 1)
    return int(buf) - start
