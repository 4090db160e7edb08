# blinkcode.reporter: a code in; the lamp shows its state, the console gets a line, the journal a record.
#
#     reporter = Reporter(led=Pin(2, Pin.OUT), log=sys.stdout, journal=File("journal.bin"))
#     reporter.report(-4012)
#     reporter.tick(time.ticks_ms())  # often: every 20 ms or so
#
# A device has one lamp and one console, so there is one reporter, and it is this module: Reporter() sets it up
# and returns it. A class and an object would take 200 bytes of heap more. What is needed seldom is elsewhere:
# spelling, dimming and run() in blinkcode.led, dump() in blinkcode.journal, drivers in blinkcode.hardware.
#
# report, catch, clear and tick never raise, and take no heap but for what lamp, clock, stream and storage take.
# All may be called from a machine.Timer's callback and from tasks; tick from a hard interrupt too.
#
# Where there is a native emitter, the loops are native (see "# viper:" in blinkcode) and the rest is bytecode,
# which takes a fifth of the flash. Many names are ones that MicroPython has anyway; a new one takes 15 bytes.

import blinkcode
from blinkcode import table

# data is words of 32 bits, of which 30 are used, but for codes. It begins with:
#  0 where the checks begin                   13 writes allowed in an hour; 0: no storage
#  1 ms of this report                        14 lowest logging level << 5
#  2 its vendor; how many there are: none      15 while the lamp spells, more than any rank; else 0
#  3 its code; -0x40000000: no number         16 where in group its next part is
#  4 its state                                17 brightness of the lamp << 8
#  5 how often it came since boot             18 rank of the state shown, 0: none; -1: look anew
#  6 1: report is at work                     19 where in group the first part is
#  7 1: a report waits in value, key          20 light of a flash
#  8 half turns of the clock                  21 how many vendors there are
#  9 reset cause << 22 | boot number          22 light given last
# 10 the journal's free slot                  23 when the next part begins
# 11 slot of this report's record             24 where the slots end
# 12 word 2 of what was in the now free slot  25 where the live states end
#
# Then come the journal's slots, each of 5 words:
#  0 check of the rest
#  1 code
#  2 state << 25 | reset cause << 22 | vendor << 16 | boot number; 0: a free slot
#  3 how often << 14 | low 14 bits of the first time in this boot, in 15 s
#  4 last time << 8 | the first one's high bits
# Code, vendor and boot number are the key. One slot is always free; every record is written there, and only then
# the slot of the version before it becomes free. So a cut spoils nothing that is stored already.
#
# Last come the live states: the rank, level << 5 | state, of vendor 0, and so on, and of no vendor; or 0.

# viper: globals().pop("__file__", 0)  # a place in the dictionary that is needed
value = key = None
group = table.PATTERNS


# Options, each by name (default values would take heap):
# led: called with its light when that changes: brightness << 8 | state, brightness 1 to 63, state 18
# while it spells; or 0, dark.
# log: a stream with write, or a logger with log(level, message). level: the lowest logging level written.
# journal: a storage (see blinkcode.journal), or how many records to keep in RAM; 4 without it.
# ticks: the clock, in ms, that wraps after a multiple of 2**30. reset_cause: 0 to 7; machine's, without it.
# Raises TypeError for another option, ValueError for a journal without room, what a storage raises in load.
def Reporter(**options):
    global led, log, ticks, line, slice, text, data, names
    import array

    # First what is used most: the first 16 variables take a byte less each time.
    key = cause = 0
    for i in table.NAMES.encode():
        key = (key * 31 + i) % 0x7FFFFF  # of other vendors another one
    vendors = table.NAMES.split()
    b = b""
    hourly = 0
    try:
        import machine

        cause = machine.reset_cause()
    except Exception:
        pass
    option = options.pop
    led = option("led", None) or bool
    log = option("log", None)
    level = option("level", 20)
    journal = option("journal", 4)
    ticks = option("ticks", None)
    cause = option("reset_cause", cause)
    if options:
        raise TypeError("unknown: %s" % options)
    if not ticks:
        import time

        ticks = getattr(time, "ticks_ms", None) or (lambda: time.monotonic_ns() // 1000000)
        # viper instead: ticks = time.ticks_ms
    if type(journal) is int:
        size = 20 * journal + 20
    else:
        import blinkcode.journal as file

        file.store = journal.store
        file.phase = -1
        size = journal.size
        b = bytes(journal.load())
        hourly = getattr(journal, "hourly", 32)
    if size < 40:
        raise ValueError("a journal of %d bytes; it takes 20 for each record and 20 more" % size)
    if hasattr(log, "log") or hasattr(log, "encoding"):
        import blinkcode.log as lines

        lines.log = log
        log = lines
    slice = type("", (), {"__getitem__": lambda self, index: index})()[0:]
    line = bytearray(max(64, 53 + max(map(len, vendors))))
    text = bytearray(line)
    text[63] = 32
    try:  # viper: if 1:
        names = memoryview(table.NAMES)  # viper: pass
    except TypeError:  # viper: if 1: # CPython
        names = table.NAMES.encode()  # viper: pass
    size = size // 20 * 5
    i = ticks() & 0x3FFFFFFF
    vendors = len(vendors) - 21
    b = b[: size * 4]
    b = array.array("i", b + bytes((size + vendors + 1) * 4 - len(b)))
    data = b = array.array("i", [
        key, i, 0, 0, 0, 0, 0, 0, i >> 29, 0, 0, 0, 0, hourly, (level if log else 60) << 5, 0, 1,
        63 << 8,
        0, 0, 0, vendors, 0, i, 26 + size, 27 + size + vendors,
    ]) + b  # fmt: skip
    for at in range(28, b[24], 5):
        if insert(at - 2, b, 0, 0, 0, 0):
            b[at] = 0
        for i in range(28, at, 5):
            if b[i] == b[at] and b[i - 1] == b[at - 1]:  # two versions: the later one counts
                b[i if b[at + 1] > b[i + 1] else at] = 0
    slots = []
    for at in range(28, b[24], 5):
        slots.append((b[at] & 0xFFFF, b[at + 2], at - 2))
    at = max(slots)[0]
    b[9] = (cause & 7) << 22 | at + (at < 65535)
    b[10] = min(slots)[2]
    if b[14] <= 640:
        banner = "I (%d) blinkcode: table %s %d codes%s\n"
        log.write(
            (banner % (b[1], table.ID, table.CODES, table.NAMES[table.VENDOR_NAMES : -3].lower())).encode()
        )
    return blinkcode.reporter


# code: an int; or an exception, or what else has args, the first of which is the code. vendor: a vendor constant.
def report(code, vendor=None):
    global value, key
    if data[6]:  # called from a callback while it is at work: one such report waits
        value = code
        key = vendor
        data[7] = 1
        return
    while 1:
        data[6] = 1
        try:
            register(code, vendor)
        except Exception:
            pass
        except BaseException:
            data[6] = 0
            raise
        data[6] = 0
        if not data[7]:
            return
        data[7] = 0
        code = value
        vendor = key


catch = report


# Ends the live state of a vendor; without one, of all.
def clear(vendor=None):
    for i in range(data[21] + 1):
        if vendor is None or vendor is i:
            data[data[24] + i] = 0


# ms: a reading of the clock, however late; after 17 minutes without one the pattern goes on with its next part.
def tick(ms):
    try:
        ms = phase(ms & 0x3FFFFFFF)  # viper: ms = phase(ms & 0x3FFFFFFF, data, group)
        if ms < 256:
            ms = 0
        if ms != data[22]:
            data[22] = ms
            led(ms)
    except Exception:
        pass


# The light to give at this time. (Native code for b[8] += 1 is thrice that for b[8] = b[8] + 1.)
# viper: @micropython.viper
def phase(d):  # viper: def phase(d: int, b: ptr32, p: ptr8) -> int:
    b = data  # viper: m = d
    m = d  # viper:
    b[8] = b[8] + ((m >> 29 ^ b[8]) & 1)
    d = (d - b[23] + 0x20000000 & 0x3FFFFFFF) - 0x20000000  # below 0: the part at hand lasts
    n = b[15]  # the most severe live state
    i = b[24]
    while i < b[25]:
        k = b[i]
        i += 1
        if k > n:
            n = k
    i = b[16]
    if n != b[18]:
        b[18] = n
        if i != b[19]:  # dark for two gaps, so that no change adds a fourth flash to a second
            d = -20 * group[21]  # viper: d = -20 * p[21]
        i = group[n & 31]  # viper: i = ptr8(int(p) + (n & 31))[0]
        b[19] = i
        if n:
            n = n & 31 | b[17]
        b[20] = n
    if d > 0xFFFFF:
        d = 0
    while d > -1:
        if group[i] == 0:  # viper: if p[i] == 0:
            if b[15]:
                b[15] = 0
                break
            i = b[19]
        d -= 10 * group[i]  # viper: d -= 10 * p[i]
        i += 1
    b[16] = i
    b[23] = m - d & 0x3FFFFFFF  # viper: b[23] = m - d
    return (i - b[19] & 1) * b[20]


# Looks a report up and enters it; has it stored and its line written where that is due.
def register(code, vendor):
    slot = blinkcode.find(code, vendor)
    if slot < 0:
        code = integer(code, 0)
        slot = blinkcode.find(code, vendor)
    if slot >= 0 and (vendor is None or vendor + 0 is vendor):  # no bool
        state = blinkcode.state(slot)
        if vendor is None:
            vendor = blinkcode.vendor(slot)
    else:
        state = 17
        if slot == -2:
            state = integer(code, data[21])
        slot = min(slot, -1)
        if vendor.__class__ is not code.__class__ or not 0 <= vendor < data[21]:
            vendor = data[21]
    state |= table.LEVELS[state] << 5
    insert(data[10], data, ticks() & 0x3FFFFFFF, vendor, code, state)
    code = 3  # 1: to be stored, 2: to be logged
    vendor = data[5]
    if vendor & vendor - 1:  # not the 1st, 2nd, 4th, 8th ...
        vendor = data[data[11] + 4] >> 10
        code = data[data[10] + 4] >> 10
        if vendor == code:  # not the first in this minute
            code = 0
        else:  # the first in this hour, or not
            code = 2 + (vendor // 60 != code // 60)
    if data[13]:
        blinkcode.journal.insert(code & 1, data)
    if code & 2 and state >= data[14]:
        write(slot, state // 320)


# The number to report; -0x40000000 for none. With n vendors: the state of the code in all of them that have it.
# (A further variable, and the frame would be taken from the heap.)
def integer(code, n):
    try:
        if n:
            data[4] = 99
            data[5] = n
            while data[5]:
                data[5] -= 1
                n = blinkcode.find(code, data[5])
                if n >= 0:
                    n = blinkcode.state(n)
                    data[4] = n if data[4] == 99 or data[4] == n else 17
            return data[4]
        if type(code) is not int:
            code = code.args[0]
        if type(code) is int and -0x40000000 < code <= 0x3FFFFFFF:
            return code
    except Exception:
        pass
    return -0x40000000


# Enters a report, for which at is the free slot: into the live states and as a record. Another slot is free then.
# For another at: 0 if the record there is whole.
# viper: @micropython.viper
def insert(at, b, ms, vendor, code, state):
    # viper instead: def insert(p: ptr32, b: ptr32, ms: int, vendor: int, code: int, state: int) -> int:
    # viper: at = int(p)
    # viper: p = ptr32(int(b) + 4 * at)
    if at == b[10]:
        b[1] = ms
        b[2] = vendor
        b[3] = code
        b[4] = state & 31
        b[b[24] + vendor] = state  # viper: ptr32(int(b) + 4 * (b[24] + vendor))[0] = state
        b[at + 1] = code  # viper: p[1] = code
        b[at + 2] = b[4] << 25 | vendor << 16 | b[9]  # viper: p[2] = b[4] << 25 | vendor << 16 | b[9]
        b[8] = b[8] + ((ms >> 29 ^ b[8]) & 1)
        ms = (b[8] * 5912 + (ms & 0x1FFFFFFF)) // 15000 + b[8] * 35791 & 0x3FFFFF
        b[at + 3] = 0x4000 | ms & 0x3FFF  # viper: p[3] = 0x4000 | ms & 0x3FFF
        b[at + 4] = ms << 8 | ms >> 14  # viper: p[4] = ms << 8 | ms >> 14
        state = 65536  # boot number and time of the oldest record
        code = 0
        vendor = 26
        while vendor < b[24]:
            # viper: q = ptr32(int(b) + 4 * vendor)
            if vendor != at:
                if b[at + 1] == b[vendor + 1] and (b[at + 2] ^ b[vendor + 2]) & 0x1FFFFFF == 0:
                    # viper instead: if (p[1] ^ q[1] | (p[2] ^ q[2]) & 0x1FFFFFF) == 0:
                    b[10] = vendor
                    code = b[vendor + 3]  # viper: code = q[3]
                    if code < 0x3FFFC000:
                        code += 0x4000
                    b[at + 3] = code  # viper: p[3] = code
                    b[at + 4] = b[at + 4] >> 8 << 8 | b[vendor + 4] & 255
                    # viper instead: p[4] = p[4] >> 8 << 8 | q[4] & 255
                    break
                n = b[vendor + 2] & 0xFFFF  # viper: n = q[2] & 0xFFFF
                if n <= state:  # noqa: SIM102
                    if n < state or b[vendor + 4] < code:  # viper: if n < state or q[4] < code:
                        b[10] = vendor
                        state = n
                        code = b[vendor + 4]  # viper: code = q[4]
            vendor += 5
        b[5] = b[at + 3] >> 14  # viper: b[5] = p[3] >> 14
        # viper: q = ptr32(int(b) + 4 * b[10])
        b[12] = b[b[10] + 2]  # viper: b[12] = q[2]
        b[b[10] + 2] = 0  # viper: q[2] = 0
        b[11] = at
    code = b[0]
    vendor = 1
    while vendor < 5:
        code = (code & 0x7FFF) * 32717 + (code >> 15) ^ b[at + vendor]
        # viper instead: code = (code & 0x7FFF) * 32717 + (code >> 15) ^ p[vendor]
        vendor += 1
    code ^= b[at]  # viper: code ^= p[0]
    b[at] ^= code  # viper: p[0] = p[0] ^ code
    return code


# Writes the report's line, in two pieces.
def write(slot, n):
    b = data
    o = line
    o[slice] = b""
    format(0, b"I (\1) blinkcode: \2 \3 \4")
    # viper instead: format(0, b"I (\1) blinkcode: \2 \3 \4", b, text, table.NAMES, o)
    o[0] = b"  IWEE"[n]
    if slot >= 0:
        if table.TEXT_MAX:
            o.append(32)
        log.write(o)
        n = blinkcode.text_into(slot, text)
    else:
        n = 0
        if slot == -2:
            o.append(32)
        log.write(o)
        if slot == -2:  # the vendors that claim the code
            slot = 0
            while slot < b[21] and n < 38:
                if blinkcode.find(b[3], slot) >= 0:
                    b[2] = slot
                    n = format(n, b"\2 or ")
                    # viper instead: n = format(n, b"\2 or ", b, text, table.NAMES, o)
                slot += 1
            n -= 4
    o[slice] = b""
    format(n, b" (x\5)\n" if b[5] > 1 else b"\n")
    # viper instead: format(n, b" (x\5)\n" if b[5] > 1 else b"\n", b, text, table.NAMES, o)
    log.write(o)


# Formats into text from i on, where what is before is kept, and gives the end. line becomes a copy that has
# just that length, as a slice would take heap. In the format 1 to 5 stand for the words of data: the odd ones for
# numbers, 2 for the vendor's name, 4 for the state's.
# viper: @micropython.viper
def format(i, f):  # viper: def format(i: int, f: ptr8, b: ptr32, t: ptr8, names: ptr8, o) -> int:
    t = text  # viper:
    k = 0  # viper:
    c = f[0]
    while c:
        if c < 6:
            n = data[c]  # viper: n = b[c]
            if n == -0x40000000:
                c = 63
        if c > 5:
            t[i] = c
            i += 1
        else:
            m = 0
            if c & 1:
                if n < 0:
                    n = -n  # viper: n = 0 - n
                    t[i] = 45
                    i += 1
                q = t  # from the last digit on, at the end of text
                # viper instead: q = ptr8(int(t) + 63)
                j = 63  # viper:
                while 1:
                    c = n // 10
                    j -= 1  # viper: q = ptr8(int(q) - 1)
                    t[j] = n - c * 10 + 48  # viper: q[0] = n - c * 10 + 48
                    n = c
                    if n == 0:
                        break
            else:
                q = names  # viper: q = ptr8(int(names) + 20)
                j = 20  # viper:
                if c == 2:
                    m = 26  # capital letters to be made small
                    j = table.VENDOR_NAMES  # viper: q = ptr8(int(names) + table.VENDOR_NAMES)
                while n >= 0:
                    if q[j] == 32:  # viper: if q[0] == 32:
                        n -= 1
                    j += 1  # viper: q = ptr8(int(q) + 1)
            c = q[j]  # viper: c = q[0]
            while c != 32:
                if 0 <= c - 65 < m:  # viper: if uint(c - 65) < uint(m):
                    c += 32
                t[i] = c
                i += 1
                j += 1  # viper: q = ptr8(int(q) + 1)
                c = q[j]  # viper: c = q[0]
        k += 1  # viper: f = ptr8(int(f) + 1)
        c = f[k] if k < len(f) else 0  # viper: c = f[0]
    o = line  # viper:
    n = i
    while n > 7:
        o += b"\0\0\0\0\0\0\0\0"
        n -= 8
    while n:
        o += b"\0"
        n -= 1
    # viper: p = ptr8(o)
    while n < i:
        o[n] = t[n]  # viper: p[n] = t[n]
        n += 1
    return i
