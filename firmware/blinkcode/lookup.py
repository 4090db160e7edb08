# blinkcode.lookup: a vendor's number in; a slot out, and for a slot a state, a level, a remedy and a text.
#
# A slot is the small int that find() gives; every other function takes it. What is no slot (None, a string, a number
# that is too large) is answered as an unknown code is. No function raises for a code or a slot, and none takes heap
# but text(). A frame of more than 11 words of variables and stack would come from the heap, so functions are short.
# The compiled table is described in docs/format.md.

from blinkcode import table
from blinkcode.const import const

_NOT_FOUND = const(-1)
_AMBIGUOUS = const(-2)
_STATES = const(18)
_UNKNOWN = const(17)
_CODE_MIN = const(-0x3FFFFFFF - 1)
_CODE_MAX = const(0x3FFFFFFF)
_BIAS = const(0x8000)  # added to what may be negative, a near code or the number of a page, to make it a key
_VENDOR = const(0x3F)  # in a range's owner: its vendor
_SHARED = const(0x40)  # in a range's owner: further clouds have these codes
_TIED = const(0x80)  # in a range's owner: the range before is one of the same codes
_SHIFT_BIAS = const(240)  # added to a shift, which may be negative, to make it a byte
_MARK_EVERY = const(20)  # slots; a mark says where the tokens of the first one start
_LONG = const(13)  # a head cannot count more tokens: the number stands in front of them

# Found at once; the name of a builtin is searched for, which takes longer than the look-up's first step. type() asks no
# object for its __class__, which may be another's, as a mock's is on CPython.
_INT = int
_TYPE = type


# The slot of a code; NOT_FOUND, also for what is no int; AMBIGUOUS where several clouds have the code.
# vendor: the constant of the vendor that sent it; None looks among the clouds alone.
def find(code, vendor=None):
    if _TYPE(code) is not _INT or code < _CODE_MIN or code > _CODE_MAX:
        return _NOT_FOUND
    key = code & 0xFFFF ^ _BIAS
    start = table.NEAR
    end = table.NEAR_END
    page = (code >> 15) + 1 >> 1  # as code + 0x8000 >> 16, but without a sum that may be no small int
    if page:
        page += _BIAS
        entry = _entry(page, 0, table.PAGES)
        if table.INDEX[entry] << 8 | table.INDEX[entry + table.KEYS_LOW] != page:
            return _NOT_FOUND
        start = table.INDEX[entry + table.VALUES] << 8 | table.INDEX[entry + table.VALUES_LOW]
        end = table.INDEX[entry + (table.VALUES + 1)] << 8 | table.INDEX[entry + (table.VALUES_LOW + 1)]
    entry = _entry(key, start, end)
    return _slot(entry, key, vendor)


# The last entry, from start to end - 1, whose key is at most the one given; else start.
def _entry(key, start, end):
    middle = start + end >> 1
    while middle > start:
        if table.INDEX[middle] << 8 | table.INDEX[middle + table.KEYS_LOW] > key:
            end = middle
        else:
            start = middle
        middle = start + end >> 1
    return start


# The slot of a key in the range at an entry, or in one of the ranges before it that are of the same codes.
def _slot(entry, key, vendor):
    slot = table.INDEX[entry + table.VALUES] << 8 | table.INDEX[entry + table.VALUES_LOW]
    size = (table.INDEX[entry + (table.VALUES + 1)] << 8 | table.INDEX[entry + (table.VALUES_LOW + 1)]) - slot
    first = table.INDEX[entry] << 8 | table.INDEX[entry + table.KEYS_LOW]
    if key < first or key - first >= size:
        return _NOT_FOUND
    slot += key - first
    owner = table.INDEX[entry + table.OWNERS]
    if vendor is None:
        if owner & (_SHARED | _VENDOR) >= table.CLOUDS:
            return _AMBIGUOUS if owner & _SHARED else _NOT_FOUND
    else:
        while owner & _VENDOR is not vendor:  # "is": 1.0 and True are no vendors
            if owner < _TIED:
                return _NOT_FOUND
            entry -= 1
            slot -= size
            owner = table.INDEX[entry + table.OWNERS]
    return _paired(slot) if table.DATA[slot + table.HEADS] == table.GAP else slot


# What a slot is paired with: the slot that an alias stands for, or the text of a code's own remedy; else NOT_FOUND.
def _paired(slot):
    entry = _entry(slot, table.PAIRS, table.PAIRS_END)
    if table.INDEX[entry] << 8 | table.INDEX[entry + table.KEYS_LOW] != slot:
        return _NOT_FOUND
    return table.INDEX[entry + table.VALUES] << 8 | table.INDEX[entry + table.VALUES_LOW]


# The state of a slot, 0 to 17.
def state(slot):
    if _TYPE(slot) is not _INT or slot < 0 or slot >= table.SLOTS:
        return _UNKNOWN
    return table.DATA[slot + table.HEADS] % _STATES


# The logging level of a slot's state: 20, 30, 40 or 50.
def level(slot):
    return table.LEVELS[state(slot)]


# Where the text of a slot's remedy is, for text() and text_into(): the code's own remedy, else that of its state.
def remedy(slot):
    if table.REMEDIES and _range_of(slot) >= 0:
        own = _paired(slot)
        if own >= 0:
            return own
    return table.CODE_SLOTS + state(slot)


# The vendor of a slot; None for what is no slot.
def vendor(slot):
    entry = _range_of(slot)
    return None if entry < 0 else table.INDEX[entry + table.OWNERS] & _VENDOR


# The code of a slot; None for what is no slot. An alias has the slot of the code that it stands for.
def code(slot):
    entry = _range_of(slot)
    if entry < 0:
        return None
    key = table.INDEX[entry] << 8 | table.INDEX[entry + table.KEYS_LOW]
    key += slot - (table.INDEX[entry + table.VALUES] << 8 | table.INDEX[entry + table.VALUES_LOW])
    if entry < table.NEAR:
        page = table.PAGES - 1
        while table.INDEX[page + table.VALUES] << 8 | table.INDEX[page + table.VALUES_LOW] > entry:
            page -= 1
        key += (table.INDEX[page] << 8 | table.INDEX[page + table.KEYS_LOW]) - _BIAS << 16
    return key - _BIAS


# The entry of the range that a slot is in; NOT_FOUND for what is no slot of a code.
def _range_of(slot):
    if _TYPE(slot) is not _INT or slot < 0 or slot >= table.CODE_SLOTS:
        return _NOT_FOUND
    if table.DATA[slot + table.HEADS] == table.GAP:
        return _NOT_FOUND
    entry = table.PAGES + 1
    end = table.NEAR_END
    while end - entry > 1:
        middle = entry + end >> 1
        if table.INDEX[middle + table.VALUES] << 8 | table.INDEX[middle + table.VALUES_LOW] > slot:
            end = middle
        else:
            entry = middle
    return entry


# The text of a slot as a new str; "" for what is no slot. The only function that takes heap.
def text(slot):
    buf = bytearray(table.TEXT_MAX)
    return buf[: text_into(slot, buf)].decode()


# Writes the text of a slot into a bytearray or memoryview and gives its length in bytes; 0 for what is no slot, and
# where the buffer is shorter than the longest text (32 bytes do for ASCII, 48 for Chinese).
def text_into(slot, buf):
    if len(buf) < table.TEXT_MAX or _TYPE(slot) is not _INT or slot < 0 or slot >= table.TEXT_SLOTS:
        return 0
    mark = slot // _MARK_EVERY * 2 + table.MARKS
    at = table.DATA[mark] << 8 | table.DATA[mark + 1]
    head = slot + table.HEADS
    other = head - slot % _MARK_EVERY  # from this head up to that of the slot, the tokens follow one another
    count = 0
    while other <= head:
        at += count
        count = table.DATA[other] // _STATES
        if table.LONG_TEXTS and count == _LONG:
            count = table.DATA[at]
            at += 1
        other += 1
    return count and _write(at, count, buf)


# Writes out a row of tokens, one or more, that starts at a place of DATA; gives the number of bytes. Those that are
# still to be written wait at the end of buf, the next one first: each yields a byte or more, so what is written never
# reaches them.
def _write(start, count, buf):
    waiting = table.TEXT_MAX
    offset = 0
    while True:
        while count > 1:
            count -= 1
            waiting -= 1
            buf[waiting] = table.DATA[start + count]
        token = table.DATA[start]
        while token < table.LITERALS:
            buf[offset] = table.DATA[token]
            offset += 1
            if waiting == table.TEXT_MAX:
                return offset
            token = buf[waiting]
            waiting += 1
        count = 2  # a phrase: its tokens are next
        while token > table.DATA[count + (table.LITERALS - 2)]:
            count += 1
        start = (token + table.DATA[count + (table.LITERALS + table.SHIFTS - 2)] - _SHIFT_BIAS) * count


# The signed number of a 16-bit wire form: 65529 is -7. None for what is no int.
def int16(value):
    if _TYPE(value) is not _INT:
        return None
    value &= 0xFFFF
    return value - 0x10000 if value > 0x7FFF else value


# The signed number of two little-endian bytes: b"\xf9\xff" is -7. None where they are not there.
def from_bytes(buf, offset=0):
    try:
        return int16(buf[offset] | buf[offset + 1] << 8) if offset >= 0 else None
    except Exception:
        return None
