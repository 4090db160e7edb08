# blinkcode: a vendor's number in, a state, a text and a log level out.
#
# A slot is the small int that find() gives; every other call takes it. Nothing here allocates except text(),
# and nothing raises for a code or slot that is not in the table. Byte layout: docs/format.md.

from blinkcode import table

# These are constants too, looked up by __getattr__ so that they cost no RAM:
# NOT_FOUND (-1), AMBIGUOUS (-2), the states OK ... UNKNOWN, and the vendors of the table, BROADLINK ...

# A byte of table.HEADS is state * 12 + tokens of the text; 11 tokens and more: their number stands before them.
# State 18 marks an alias (its two tokens are the slot meant) and 19 a gap.


# Where the last entry of table.INDEX from lo to before hi is whose key is at most key; else lo.
def _last(lo, hi, key):
    b = table.INDEX
    while hi - lo > 4:
        m = lo + hi >> 1 & -4
        if b[m] << 8 | b[m + 1] > key:
            hi = m
        else:
            lo = m
    return lo


# code: int; vendor: a vendor constant, or None for any. The slot; NOT_FOUND; AMBIGUOUS where several vendors
# have the code and none is named. What is no int, bools included, is not found.
def find(code, vendor=None):
    if type(code) is not int or not -0x40000000 <= code < 0x40000000:
        return -1
    b = table.INDEX
    code += 0x8000
    i = table.NEAR
    m = table.NEAR_END
    if code >> 16:
        m = (code >> 16) + 0x8000
        i = _last(0, (b[2] << 8 | b[3]) << 2, m)
        if b[i] << 8 | b[i + 1] != m:
            return -1
        m = (b[i + 6] << 8 | b[i + 7]) << 2
        i = (b[i + 2] << 8 | b[i + 3]) << 2
        code &= 0xFFFF
    i = _last(i, m, code)
    code -= b[i] << 8 | b[i + 1]
    m = b[i + 2] << 8 | b[i + 3]
    if code < 0 or code + (m >> table.VENDOR_BITS) >= (b[i + 6] << 8 | b[i + 7]) >> table.VENDOR_BITS:
        return -1
    if vendor is None:
        if m & table.SHARED:
            return -2
    else:
        while m & table.SHARED - 1 != vendor:
            if not m & table.SHARED:
                return -1
            i -= 4
            m = b[i + 2] << 8 | b[i + 3]
    code += m >> table.VENDOR_BITS
    m = table.HEADS[code]
    if m >= 216:
        if m >= 228:
            return -1
        m = _start(code)
        b = table.TEXTS
        return b[m] << 8 | b[m + 1]
    return code


# The state of a slot, 0 ... 17; UNKNOWN for what is no slot.
def state(slot):
    b = table.HEADS
    if type(slot) is int and 0 <= slot < len(b) and b[slot] < 216:
        return b[slot] // 12
    return 17


# The logging level of a slot's state: 20, 30, 40 or 50.
def level(slot):
    return table.LEVELS[state(slot)]


# Where the text of the state's remedy is: text() and text_into() take it like a slot.
def remedy(slot):
    return len(table.HEADS) - 18 + state(slot)


# Where the range of a slot is in table.INDEX, or -1.
def _range(slot):
    b = table.INDEX
    if type(slot) is not int or not 0 <= slot < len(table.HEADS) - 18 or table.HEADS[slot] >= 216:
        return -1
    lo = (b[2] << 8 | b[3]) << 2
    hi = len(b)
    while hi - lo > 4:
        m = lo + hi >> 1 & -4
        if (b[m + 2] << 8 | b[m + 3]) >> table.VENDOR_BITS > slot:
            hi = m
        else:
            lo = m
    return lo


# The vendor of a slot, or None.
def vendor(slot):
    slot = _range(slot)
    if slot >= 0:
        return table.INDEX[slot + 3] & table.SHARED - 1


# The code of a slot, or None. An alias's slot is that of the code it stands for.
def code(slot):
    b = table.INDEX
    i = _range(slot)
    if i >= 0:
        slot += (b[i] << 8 | b[i + 1]) - ((b[i + 2] << 8 | b[i + 3]) >> table.VENDOR_BITS)
        m = (b[2] << 8 | b[3]) << 2
        while (b[m + 2] << 8 | b[m + 3]) << 2 > i:
            m -= 4
        return slot + ((b[m] << 8 | b[m + 1]) - 0x8000 << 16) - 0x8000


# Where a slot's tokens start in table.TEXTS.
def _start(slot):
    b = table.MARKS
    i = slot >> 4
    t = i * 3
    t = b[t] << 16 | b[t + 1] << 8 | b[t + 2]
    i <<= 4
    b = table.HEADS
    while i < slot:
        n = b[i] % 12
        t += n
        if n == 11:
            t += table.TEXTS[t - 11] - 10
        i += 1
    return t


# Writes the text of a slot into a bytearray or memoryview and gives its length in bytes. A buffer of
# table.TEXT_MAX bytes always suffices; in a shorter one the text may stop early.
def text_into(slot, buf):
    b = table.HEADS
    if type(slot) is not int or not 0 <= slot < len(b) or 216 <= b[slot]:
        return 0
    n = b[slot] % 12
    slot = _start(slot)
    b = table.TEXTS
    if n == 11:
        n = b[slot]
        slot += 1
    i = len(buf) - n
    if i < 0:
        return 0
    while n:
        n -= 1
        buf[i + n] = b[slot + n]
    return _expand(b, buf, i)


# The tokens from buf[i] to its end, written out from its start on. Those still to come wait at the end of
# the buffer: each yields a byte at least, so a buffer that holds the text holds them too.
def _expand(b, buf, i):
    o = 0
    end = len(buf)
    while i < end:
        t = buf[i]
        i += 1
        while t >= table.LITERALS:
            n = 2
            while t > b[n]:
                n += 1
            t = t * n + (b[n + 8] << 8 | b[n + 16]) & 0xFFFF
            i -= n
            if i < o:
                return o
            while n > 1:
                n -= 1
                buf[i + n] = b[t + n]
            i += 1
            t = b[t]
        buf[o] = b[26 + t]
        o += 1
    return o


# The text of a slot as a new str; "" for what is no slot. Allocates.
def text(slot):
    buf = bytearray(table.TEXT_MAX)
    return str(memoryview(buf)[: text_into(slot, buf)], "utf-8")


# The signed code of a 16-bit wire form: 65529 -> -7. None for what is no int.
def int16(value):
    if type(value) is int:
        value &= 0xFFFF
        return value - 0x10000 if value > 0x7FFF else value


# The signed code of two little-endian bytes: b"\xf9\xff" -> -7. None where they are not there.
def from_bytes(buf, offset=0):
    try:
        return int16(buf[offset] | buf[offset + 1] << 8) if offset >= 0 else None
    except Exception:
        return None


def __getattr__(name):
    names = table.NAMES
    i = names.find(name)
    if i < 1 or not names.startswith(" ", i - 1) or not names.startswith(" ", i + len(name)):
        raise AttributeError(name)
    i = names.count(" ", 0, i) - 3
    return i if i < 18 else i - 18
