# blinkcode: a vendor's number in, a state, a text and a log level out.
#
# A slot is the small int that find() gives; every other call takes it. Nothing here allocates except text(),
# and nothing raises for a code or slot that is not in the table. Byte layout: docs/format.md.

from blinkcode import table

# For ports with a native emitter the linker puts what follows "# viper:" in place of its line, and starts a
# function of its own, with the lines below it as body, at "# viper def:".

# These are constants too, looked up by __getattr__ so that they cost no RAM:
# NOT_FOUND (-1), AMBIGUOUS (-2), the states OK ... UNKNOWN, and the vendors of the table, BROADLINK ...

# A byte of table.HEADS is state * 12 + tokens of the text; 11 tokens and more: their number stands before them.
# 216 marks an alias and 228 a gap.


# code: int; vendor: a vendor constant, or None for any. The slot; NOT_FOUND; AMBIGUOUS where several vendors
# have the code and none is named. What is no int, bools included, is not found.
def find(code, vendor=None):
    if type(code) is not int or not -0x40000000 <= code <= 0x3FFFFFFF:  # viper: try:
        return -1  # viper: if code & -1 is code:
    # viper:         return _find(code, -1 if vendor is None else vendor)
    # viper: except Exception:
    # viper:     pass
    # viper: return -1
    # viper def: _find(code: int, vendor: int) -> int
    b = table.INDEX  # viper: b = ptr8(table.INDEX)
    code += 0x8000
    i = table.NEAR
    n = table.NEAR_END
    key = code >> 16
    if key:  # a far code: its page first
        i = 0
        n = table.PAGES_END
        key += 0x8000
    else:
        key = code
    while 1:
        while n - i > 4:
            m = i + n >> 1 & -4
            if b[m] << 8 | b[m + 1] > key:
                n = m
            else:
                i = m
        m = b[i] << 8 | b[i + 1]
        key -= m
        if i >= table.PAGES_END:
            break
        if key:
            return -1
        n = (b[i + 6] << 8 | b[i + 7]) << 2
        i = (b[i + 2] << 8 | b[i + 3]) << 2
        key = code & 0xFFFF
    if key < 0:
        return -1
    while 1:
        n = b[i + 2] << 8 | b[i + 3]
        if (
            vendor is None or n & table.SHARED - 1 == vendor
        ):  # viper: if vendor == -1 or n & table.SHARED - 1 == vendor:
            break
        if not n & table.SHARED:
            return -1
        i -= 4
    key += n >> table.VENDOR_BITS
    m = b[i + 6] << 8 | b[i + 7]
    if key >= m >> table.VENDOR_BITS:
        return -1
    if vendor is None and n & table.SHARED:  # viper: if vendor == -1 and n & table.SHARED:
        return -2
    b = table.HEADS  # viper: b = ptr8(table.HEADS)
    n = b[key]
    if n < 216:
        return key
    if n >= 228:
        return -1
    n = table.ALIASES
    b = table.TEXTS  # viper: b = ptr8(table.TEXTS)
    while b[n] << 8 | b[n + 1] != key:
        n += 4
    return b[n + 2] << 8 | b[n + 3]


# The state of a slot, 0 ... 17; UNKNOWN for what is no slot.
# viper: @micropython.viper
def state(slot):  # viper: def state(slot: int) -> int:
    b = table.HEADS  # viper: b = ptr8(table.HEADS)
    return b[slot] // 12 if 0 <= slot < table.SLOTS and b[slot] < 216 else 17


# The logging level of a slot's state: 20, 30, 40 or 50.
def level(slot):
    return table.LEVELS[state(slot)]


# Where the text of the state's remedy is: text() and text_into() take it like a slot.
def remedy(slot):
    return table.SLOTS - 18 + state(slot)


# Where the range of a slot is in table.INDEX, or -1.
def _range(slot):
    b = table.INDEX
    start = table.PAGES_END
    stop = len(b)
    if type(slot) is not int or not 0 <= slot < table.SLOTS - 18 or table.HEADS[slot] >= 216:
        return -1
    while stop - start > 4:
        i = start + stop >> 1 & -4
        if (b[i + 2] << 8 | b[i + 3]) >> table.VENDOR_BITS > slot:
            stop = i
        else:
            start = i
    return start


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
        i >>= 2
        n = table.PAGES_END - 4
        while b[n + 2] << 8 | b[n + 3] > i:
            n -= 4
        return slot + ((b[n] << 8 | b[n + 1]) - 0x8000 << 16) - 0x8000


# Writes the text of a slot into a bytearray or memoryview and gives its length in bytes. The buffer must hold
# table.TEXT_MAX bytes, 32 or 48; a shorter one gets nothing, and the answer is 0.
#
# Tokens that still have to be written out wait at the end of the buffer: each yields a byte at least, so a
# buffer that holds the text holds them too. To stay below 12 words of locals and stack, slot becomes where the
# tokens start, then the token at hand.
def text_into(slot, buf):
    end = len(buf)
    if end < table.TEXT_MAX or not 0 <= slot < table.SLOTS:
        return 0
    buf[0] = 0
    # viper: return _text_into(slot, buf, end)
    # viper def: _text_into(slot: int, buf: ptr8, end: int) -> int
    b = table.HEADS  # viper: b = ptr8(table.HEADS)
    if not b[slot] % 12:
        return 0
    b = table.TEXTS  # viper: b = ptr8(table.TEXTS)
    i = slot // 8
    n = i * 2 + table.MARKS
    n = (b[n] << 8 | b[n + 1]) + i * table.MARK_STEP
    i *= 8
    b = table.HEADS  # viper: b = ptr8(table.HEADS)
    while i < slot:
        o = b[i] % 12
        n += o
        if o == 11:
            n += table.TEXTS[n - 11] - 10  # viper: n += ptr8(table.TEXTS)[n - 11] - 10
        i += 1
    o = b[slot] % 12
    slot = n
    n = o
    b = table.TEXTS  # viper: b = ptr8(table.TEXTS)
    if n == 11:
        n = b[slot]
        slot += 1
    o = 0
    i = end
    while 1:
        i -= n
        n -= 1
        while n:
            buf[i + n] = b[slot + n]
            n -= 1
        i += 1
        slot = b[slot]
        while slot < table.LITERALS:
            buf[o] = b[table.BOOK + slot]
            o += 1
            if i == end:
                return o
            slot = buf[i]
            i += 1
        n = 2
        while slot > b[n]:
            n += 1
        slot = (slot + b[n + table.SHIFTS] - 240) * n


# The text of a slot as a new str; "" for what is no slot. Allocates.
def text(slot):
    buf = bytearray(table.TEXT_MAX)
    return buf[: text_into(slot, buf)].decode()


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
