# blinkcode: a vendor's number in, a state, a text and a log level out.
#
# A slot is the small int that find() gives; every other call takes it. Nothing here allocates except text(),
# and nothing raises for a code or slot that is not in the table; viper cuts a slot to a machine word first.
# Byte layout: docs/format.md.

from blinkcode import table

# For ports with a native emitter the linker puts what follows "# viper:" in place of its line (nothing: the line
# goes) and what follows "# viper instead:" in place of the line above, starts a function with the lines below it
# as body at "# viper def:", and leaves out the rest of a function from "# viper end" on.

# These are constants too, looked up by __getattr__ so that they cost no RAM:
# NOT_FOUND (-1), AMBIGUOUS (-2), the states OK ... UNKNOWN, and the vendors of the table, BROADLINK ...


# code: int; vendor: a vendor constant, or None for any. The slot; NOT_FOUND; AMBIGUOUS where several vendors
# have the code and none is named. What is no int, bools included, is not found.
def find(code, vendor=None):
    # viper: try:
    # viper:     return _find(-0x40000000 if vendor is None else vendor, table.DATA, code)
    # viper: except:
    # viper:     return -1
    # viper def: _find(i: int, p: ptr8, code) -> int
    # viper: b = int(p)
    # viper: vendor = i
    # viper: low = int(code)
    if code.__class__ is int:  # viper: if code & code is code:
        b = table.DATA  # viper: key = low + 0x8000
        if -0x8000 <= code < 0x8000:  # viper:
            key = code + 0x8000  # viper:
            i = table.NEAR  # viper:
            n = table.NEAR_END  # viper:
        else:  # its page first  # viper:
            key = (code >> 16) + 0x8000  # viper:
            i = 0  # viper:
            n = table.PAGES  # viper:
        # viper: i = table.NEAR
        # viper: n = table.NEAR_END
        # viper: if key >> 16:
        # viper:     key = (low >> 16) + 0x8000
        # viper:     i = 0
        # viper:     n = table.PAGES
        while 1:
            while n - i > 1:
                m = i + n >> 1  # viper: p = ptr8((m := i + n >> 1) + b)
                if b[m + table.KEYS_HIGH] << 8 | b[m + table.KEYS_LOW] > key:
                    # viper instead: if p[table.KEYS_HIGH] << 8 | p[table.KEYS_LOW] > key:
                    n = m
                else:
                    i = m
            # viper: p = ptr8(b + i)
            m = b[i + table.KEYS_HIGH] << 8 | b[i + table.KEYS_LOW]  # viper:
            key -= m  # viper: key -= p[table.KEYS_HIGH] << 8 | p[table.KEYS_LOW]
            m = b[i + table.VALUES_HIGH] << 8 | b[i + table.VALUES_LOW]
            # viper instead: m = p[table.VALUES_HIGH] << 8 | p[table.VALUES_LOW]
            n = b[i + (table.VALUES_HIGH + 1)] << 8 | b[i + (table.VALUES_LOW + 1)]
            # viper instead: n = p[table.VALUES_HIGH + 1] << 8 | p[table.VALUES_LOW + 1]
            if i >= table.PAGES:
                break
            if key:  # viper:
                return -1  # viper:
            key = code & 0xFFFF  # viper: key = key << 16 | low & 0xFFFF
            i = m
        n -= m
        if 0 <= key < n:  # viper: if uint(key) < uint(n):
            m += key
            if vendor is not None:  # viper: if vendor != -0x40000000:
                # Ranges of the same codes follow one another, the last one of nobody.
                while b[i + table.OWNERS] & 127 != vendor:  # viper: while p[table.OWNERS] & 127 != vendor:
                    if b[i + table.OWNERS] < 128:  # viper: if p[table.OWNERS] < 128:
                        return -1
                    m -= n
                    i -= 1  # viper: p = ptr8(int(p) - 1)
            if b[m + table.HEADS] == table.GAP:  # viper: if ptr8(b + m)[table.HEADS] == table.GAP:
                i = table.ALIASES  # viper: p = ptr8(b + table.ALIASES)
                while b[i] << 8 | b[i + 1] < m:  # viper: while p[0] << 8 | p[1] < m:
                    i += 4  # viper: p = ptr8(int(p) + 4)
                m = (b[i + 2] << 8 | b[i + 3]) - 2  # viper: m = (p[2] << 8 | p[3]) - 2
            return m
    return -1


# The state of a slot, 0 ... 17; UNKNOWN for what is no slot.
# viper: @micropython.viper
def state(slot):  # viper: def state(slot: int) -> int:
    head = 17
    if 0 <= slot < table.SLOTS:  # viper: if uint(slot) < uint(table.SLOTS):
        head = table.DATA[slot + table.HEADS]
        # viper instead: head = ptr8(int(ptr8(table.DATA)) + slot)[table.HEADS]
    return head % 18  # viper: return head - (head * 57 >> 10) * 18


# The logging level of a slot's state: 20, 30, 40 or 50.
def level(slot):
    return table.LEVELS[state(slot)]


# Where the text of the state's remedy is: text() and text_into() take it like a slot.
def remedy(slot):
    return table.SLOTS - 18 + state(slot)


# The vendor of a slot, or None. What finds the slot's range stands here and in code(), as a function of its own
# would take 32 bytes of heap.
def vendor(slot):
    if type(slot) is int and 0 <= slot < table.SLOTS - 18 and table.DATA[slot + table.HEADS] != table.GAP:
        b = table.DATA
        i = table.PAGES + 1
        n = table.NEAR_END
        while n - i > 1:
            m = i + n >> 1
            if b[m + table.VALUES_HIGH] << 8 | b[m + table.VALUES_LOW] > slot:
                n = m
            else:
                i = m
        return b[i + table.OWNERS] & 127


# The code of a slot, or None. An alias's slot is that of the code it stands for.
def code(slot):
    if type(slot) is int and 0 <= slot < table.SLOTS - 18 and table.DATA[slot + table.HEADS] != table.GAP:
        b = table.DATA
        i = table.PAGES + 1
        n = table.NEAR_END
        while n - i > 1:
            m = i + n >> 1
            if b[m + table.VALUES_HIGH] << 8 | b[m + table.VALUES_LOW] > slot:
                n = m
            else:
                i = m
        slot += b[i + table.KEYS_HIGH] << 8 | b[i + table.KEYS_LOW]
        slot -= b[i + table.VALUES_HIGH] << 8 | b[i + table.VALUES_LOW]
        if i >= table.NEAR:
            return slot - 0x8000
        n = table.PAGES - 1
        while b[n + table.VALUES_HIGH] << 8 | b[n + table.VALUES_LOW] > i:
            n -= 1
        return slot + ((b[n + table.KEYS_HIGH] << 8 | b[n + table.KEYS_LOW]) - 0x8000 << 16)


# Writes the text of a slot into a bytearray or memoryview and gives its length in bytes. The buffer must hold
# table.TEXT_MAX bytes, 32 or 48; a shorter one gets nothing, and the answer is 0.
#
# Tokens that still have to be written out wait in front of buf[TEXT_MAX]: each yields a byte at least, so a
# buffer that holds the text holds them too. To stay below 12 words of locals and stack, slot becomes where the
# tokens start, then the token at hand.
def text_into(slot, buf):
    # viper: try:
    # viper:     buf[table.TEXT_MAX - 1] = 0
    # viper: except IndexError:
    # viper:     return 0
    # viper: return _text_into(slot, table.DATA, buf)
    # viper def: _text_into(i: int, s: ptr8, o: ptr8) -> int
    # viper: b = int(s)
    # viper: start = int(o)
    # viper: if uint(i) < uint(table.TEXT_SLOTS):
    # viper:     s = ptr8(b + (i >> 2 & -2))
    # viper:     s = ptr8(b + (s[table.MARKS] << 8 | s[table.MARKS + 1]))
    # viper:     n = 0
    # viper:     t = i
    # viper:     i = (i & -8) - 1
    # viper:     while i < t:
    # viper:         i += 1
    # viper:         s = ptr8(int(s) + n)
    # viper:         n = ptr8(b + i)[table.HEADS] * 57 >> 10
    # viper:         if table.LONG:
    # viper:             if n > 12:
    # viper:                 n = s[0]
    # viper:                 s = ptr8(int(s) + 1)
    # viper:     i = start
    # viper:     while n:
    # viper:         while n:
    # viper:             n -= 1
    # viper:             i -= 1
    # viper:             ptr8(i)[table.TEXT_MAX] = s[n]
    # viper:         while i - start:
    # viper:             t = ptr8(i)[table.TEXT_MAX]
    # viper:             i += 1
    # viper:             s = ptr8(b + t)
    # viper:             if t >= table.LITERALS:
    # viper:                 n = 2
    # viper:                 s = ptr8(b + table.LITERALS)
    # viper:                 while t > s[0]:
    # viper:                     n += 1
    # viper:                     s = ptr8(int(s) + 1)
    # viper:                 s = ptr8(b + (t + s[table.SHIFTS] - 240) * n)
    # viper:                 break
    # viper:             o[0] = s[0]
    # viper:             o = ptr8(int(o) + 1)
    # viper: return int(o) - start
    # viper end
    if len(buf) < table.TEXT_MAX or not 0 <= slot < table.TEXT_SLOTS:
        return 0
    b = table.DATA
    i = (slot & -8) + (table.HEADS - 1)
    n = slot // 8 * 2
    o = b[n + table.MARKS] << 8 | b[n + (table.MARKS + 1)]
    n = 0
    slot += table.HEADS
    while i < slot:
        i += 1
        o += n
        n = b[i] // 18
        if table.LONG:  # noqa: SIM102 (a constant, so that the compiler leaves it out)
            if n > 12:
                n = b[o]
                o += 1
    slot = o
    o = 0
    i = table.TEXT_MAX
    while n:
        i -= n
        n -= 1
        while n:
            buf[i + n] = b[slot + n]
            n -= 1
        i += 1
        slot = b[slot]
        while slot < table.LITERALS:
            buf[o] = b[slot]
            o += 1
            if i == table.TEXT_MAX:
                return o
            slot = buf[i]
            i += 1
        n = table.LITERALS
        while slot > b[n]:
            n += 1
        slot += b[n + table.SHIFTS] - 240
        n -= table.LITERALS - 2
        slot *= n
    return 0


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
    if name == "selftest":
        from blinkcode.checkup import selftest

        return selftest
    if name == "Reporter":
        from blinkcode.reporter import Reporter

        return Reporter
    names = table.NAMES
    i = names.find(name)
    if i < 1 or not names.startswith(" ", i - 1) or not names.startswith(" ", i + len(name)):
        raise AttributeError(name)
    i = names.count(" ", 0, i) - 3
    return i if i < 18 else i - 18
