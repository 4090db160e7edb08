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

import blinkcode
from blinkcode import table

# _b is words of 32 bits, of which 30 are used. It begins with:
#  0 hash of NAMES << 21 | its length << 12 | lowest logging level << 6 | how many vendors
#  1 state shown; 254 spelling         6 1: report is at work        11 hour << 8 | writes in this hour
#  2 flashes of this cycle             7 the code that waits         12 254 while spelling, else 0
#  3 light of this cycle << 6 | now    8 half turns of the clock     13 when the cycle began
#  4 light to give; + 64: ask quiet    9 (see below)                 14 live states, 5 bits each; 31 none
#  5 vendor + 3 of a code that waits  10 where the journal's free slot is
# 15 to 20: where the state's names are in NAMES, three to a word
#  9 writes allowed in an hour (255: any number; 0: no storage) << 20 | reset cause << 16 | boot number
#
# Then come the journal's slots, each of 5 words:
#  0 check of the rest                        3 boot number >> 8 << 22 | first time in this boot, in 15 s
#  1 code; -0x40000000: no number             4 boot number & 255 << 22 | last time
#  2 vendor << 24 | reset cause << 21 | state << 16 | how often; vendor 63: none; 0: a free slot
# Code, vendor and boot number are the key. One slot is always free; every record is written there, and only then
# the slot of the version before it becomes free. So a cut spoils nothing that is stored already.


# Options, each by name (default values would take heap):
# led: called with its light when that changes: brightness << 24 | 0xRRGGBB, brightness 1 to 63; or 0, dark.
# log: a stream with write, or a logger with log(level, message). level: the lowest logging level written.
# journal: a storage (see blinkcode.journal), or how many records to keep in RAM; 4 without it.
# ticks: the clock, in ms, that wraps after a multiple of 2**30. reset_cause: 0 to 7; machine's, without it.
# Raises TypeError for another option, ValueError for a journal without room, what a storage raises in load.
def Reporter(**options):
    global _drive, _log, _store, _ticks, _line, _all, _text, _b, _names
    import sys
    from array import array

    option = options.pop
    log = option("log", None)
    level = option("level", 20) if log else 63  # which is above all
    journal = option("journal", 4)
    reset_cause = option("reset_cause", None)
    _drive = option("led", None) or bool
    _ticks = option("ticks", None)
    if options:
        raise TypeError(
            "no option %s; there are led, log, level, journal, ticks, reset_cause" % sorted(options)
        )
    if _ticks is None:
        try:
            from time import ticks_ms as _ticks
        except ImportError:  # CPython
            from time import monotonic_ns

            def _ticks():
                return monotonic_ns() // 1000000

    if reset_cause is None:
        try:
            from machine import reset_cause

            reset_cause = reset_cause()
        except (ImportError, AttributeError):
            reset_cause = 0
    if hasattr(log, "log") or hasattr(log, "encoding"):
        from blinkcode.log import Lines

        log = Lines(log)

    class Slice:
        def __getitem__(self, index):
            return index

    _all = Slice()[0:]
    _log = log
    _line = bytearray(64)
    _text = bytearray(64)
    _store = getattr(journal, "store", None)
    size = journal.size if _store else 20 * journal + 20
    if size < 40:
        raise ValueError("a journal of %d bytes; it takes 20 for each record and 20 more" % size)
    image = bytes(journal.load())[:size] if _store else b""
    _b = b = array("i", bytes(84) + image + bytes(size // 20 * 20 - len(image)))
    names = table.NAMES.lower().split()[20:]
    n = table.NAMES.encode()
    try:  # viper: if 1:
        _names = memoryview(table.NAMES)  # viper: pass
    except TypeError:  # viper: if 1: # CPython
        _names = n  # viper: pass
    salt = 0
    for i in n:
        salt = (salt * 31 + i) % 509
    b[0] = salt << 21 | len(n) << 12 | min(level, 63) << 6 | len(names)
    boot = 0
    for at in range(21, len(b), 5):
        if b[at] != _check(b, at) or not b[at + 2] & 0xFFFF:
            b[at + 2] = 0
        else:
            boot = max(boot, b[at + 3] >> 22 << 8 | b[at + 4] >> 22)
            old = _scan(b, len(b), at)
            if 0 < old < at:  # two versions of one record: the later one counts
                late = (b[old + 2] & 0xFFFF, b[old + 4]) > (b[at + 2] & 0xFFFF, b[at + 4])
                b[at + 2 if late else old + 2] = 0
    ms = _ticks()
    b[1] = b[2] = 255
    b[4] = 63
    b[8] = ms >> 29 & 1
    b[9] = (
        (getattr(journal, "hourly", 32) if _store else 0) << 20
        | (reset_cause & 7) << 16
        | min(boot + 1, 65535)
    )
    b[10] = -_scan(b, len(b), 0)
    b[13] = ms & 0x3FFFFFFF
    b[14] = 0x3FFFFFFF
    at = 0
    for i in range(20):
        at = table.NAMES.index(" ", at) + 1
        if i > 1:
            b[15 + (i - 2) // 3] |= at << (i - 2) % 3 * 10
    if level <= 20:
        banner = "I (%d) blinkcode: table %s %d codes %s\n"
        log.write((banner % (ms, table.ID, table.CODES, " ".join(names))).encode())
    return sys.modules[__name__]


# code: an int; or an exception, or what else has args, the first of which is the code. vendor: a vendor constant.
# viper: @micropython.native
def report(code, vendor=None):
    try:
        if type(code) is not int:
            code = code.args[0] | 0
        if code < -0x40000000 or code > 0x3FFFFFFF:
            code = -0x40000000
    except Exception:
        code = -0x40000000
    if vendor is None:
        vendor = -1
    elif type(vendor) is not int or vendor < 0 or vendor >= _b[0] & 63:
        vendor = 62
    if _b[6]:  # called from a callback while it is at work: one such report waits
        _b[7] = code
        _b[5] = vendor + 3
        return
    _take(code, vendor)
    vendor = _b[5] - 3
    if vendor > -3:
        _b[5] = 0
        _take(_b[7], vendor)


catch = report


# Ends the live state of a vendor; without one, of all.
def clear(vendor=None):
    if vendor is None:
        _b[14] = 0x3FFFFFFF
    elif type(vendor) is int and 0 <= vendor < 62:
        _b[14] |= 31 << 5 * min(vendor, 5)


# ms: a reading of the clock, however late.
# viper: @micropython.viper
def tick(ms):
    try:
        b = _b  # viper: b = ptr32(_b)
        p = table.PATTERNS  # viper: p = ptr8(table.PATTERNS)
        # viper: time = int(ms) & 0x3FFFFFFF
        time = ms & 0x3FFFFFFF  # viper: pass
        if (time >> 29 ^ b[8]) & 1:
            b[8] += 1
        d = (time - b[13] + 0x20000000 & 0x3FFFFFFF) - 0x20000000  # below 0: the cycle is still to begin
        new = 0
        n = b[12]
        if n == 0:  # not spelling: the most severe live state
            n = 255
            size = 0
            m = b[14]
            while m:
                lit = m & 31
                m >>= 5
                if lit < 18:
                    rank = table.LEVELS[lit] << 5 | lit  # viper: rank = ptr8(table.LEVELS)[lit] << 5 | lit
                    if rank > size:
                        size = rank
                        n = lit
        if n != b[1]:  # dark for two gaps at first, so that no change adds a fourth flash to a second
            new = 1
            b[1] = n
            b[2] = 255
            if n < 18:
                b[2] = p[5 + n]
            if d >= 0:
                d = -20 * p[2]
        while 1:
            lit = 0
            size = 1000
            n = b[2]
            if n == 0:
                lit = 1
            elif n == 254:  # a dash
                size = 20 * p[1]
                if d < size:
                    lit = 1
                size += 10 * p[3]
            elif n < 254:
                size = 0
                if n > p[4]:
                    m = 10 * (p[1] + p[2])
                    size = n // p[4] * m
                    n %= p[4]
                    if d < size and d % m < 10 * p[1]:
                        lit = 1
                m = 10 * (p[0] + p[2])
                n = size + n * m
                if size <= d and d < n and (d - size) % m < 10 * p[0]:
                    lit = 1
                size = n + 10 * (p[3] - p[2])
            if d < size:
                break
            new = 1
            if b[12]:
                d = 0
                n = blinkcode.led.spelled()  # viper: n = int(blinkcode.led.spelled())
                b[2] = n
                if n < 0:
                    b[2] = 255
                    b[12] = 0
            else:
                d %= size
        if new:
            n = b[4]
            if n > 63:
                n -= 64
                m = blinkcode.led.quiet()  # viper: m = int(blinkcode.led.quiet())
                if m < n:
                    n = m
            b[3] = n << 6 | b[3] & 63
            b[13] = time - d & 0x3FFFFFFF
        n = b[3] >> 6
        if d < 0 or lit == 0:
            n = 0
        if n != b[3] & 63:
            b[3] = b[3] >> 6 << 6 | n
            if n:
                n <<= 24
                m = b[1] * 3
                if m > 51:
                    n |= 0xFFFFFF
                else:
                    p = table.COLOURS  # viper: p = ptr8(table.COLOURS)
                    n |= p[m] << 16 | p[m + 1] << 8 | p[m + 2]
            _drive(n)
    except Exception:
        pass


# code: -0x40000000 for no number; vendor: -1 for any, 62 for none of the table.
# viper: @micropython.viper
def _take(code, vendor):  # viper: def _take(code: int, vendor: int):
    b = _b  # viper: b = ptr32(_b)
    b[6] = 1
    try:
        slot = -1
        state = 17
        who = 63
        i = b[0] & 63
        if vendor >= 0 and vendor < i:
            who = vendor
        while i:
            i -= 1
            if vendor < 0 or vendor == i:
                n = blinkcode.find(code, i)  # viper: n = int(blinkcode.find(code, i))
                if n >= 0:
                    m = blinkcode.state(n)  # viper: m = int(blinkcode.state(n))
                    if slot == -1:
                        slot = n
                        who = i
                        state = m
                    else:
                        slot = -2
                        who = 63
                        if m != state:
                            state = 17
        i = 25
        if who < 5:
            i = who * 5
        b[14] = b[14] & ~(31 << i) | state << i
        m = _ticks()  # viper: m = int(_ticks())
        n = _note(code, who, state, m)  # viper: n = int(_note(code, who, state, m))
        if n:
            _say(n, slot, m)
    except Exception:
        pass
    finally:
        b[6] = 0


# Counts a report in the journal. Where its record is if a line is due, else 0.
# viper: @micropython.viper
def _note(code, vendor, state, ms):  # viper: def _note(code: int, vendor: int, state: int, ms: int) -> int:
    b = _b  # viper: b = ptr32(_b)
    if (ms >> 29 ^ b[8]) & 1:
        b[8] += 1
    now = (b[8] * 5912 + (ms & 0x1FFFFFFF)) // 15000 + b[8] * 35791 & 0x3FFFFF
    boot = b[9] & 0xFFFF
    new = b[10]
    b[new + 1] = code
    b[new + 2] = vendor << 24
    b[new + 3] = boot >> 8 << 22 | now
    b[new + 4] = (boot & 255) << 22 | now
    old = _scan(_b, len(_b), new)  # viper: old = int(_scan(_b, len(_b), new))
    spare = -old
    if old < 0:
        old = 0
    n = 1
    due = 3  # 1: to be stored, 2: to be logged
    if old:
        n = (b[old + 2] & 0xFFFF) + 1
        if n > 65535:
            n = 65535
        b[new + 3] = b[old + 3]
        if n & n - 1:  # not the 1st, 2nd, 4th, 8th ...
            due = 0
            old_time = b[old + 4] & 0x3FFFFF
            if now >> 2 != old_time >> 2:  # the first in this minute
                due = 2
                if now // 240 != old_time // 240:  # the first in this hour
                    due = 3
    b[new + 2] |= (b[9] >> 16 & 7) << 21 | state << 16 | n
    b[new] = _check(_b, new)  # viper: b[new] = int(_check(_b, new))
    stored = 0
    if b[9] >> 20:
        if now // 240 != b[11] >> 8 or b[9] >> 20 == 255:
            b[11] = now // 240 << 8
        if due & 1 and b[11] & 255 < b[9] >> 20:
            b[11] += 1
            try:
                _store((new - 21) * 4, _b, new * 4)
                stored = 1
            except Exception:
                pass
        if stored == 0 and old:  # what is stored stays; the new version takes the old one's place here
            n = 0
            while n < 5:
                b[old + n] = b[new + n]
                n += 1
            n = new
            new = old
            old = n
    if old == 0:
        old = spare
        if b[old + 2] and stored:  # no slot was left: the oldest record goes
            b[old + 2] = 0
            b[11] += 1
            try:
                _store((old - 21) * 4, _b, old * 4)
            except Exception:
                pass
    b[old + 2] = 0
    b[10] = old
    return new if due & 2 else 0


# Where the other record with the key of the one at key is. Without one, minus the place of a free slot, or else of
# the oldest other record.
# viper: @micropython.viper
def _scan(b, size, key):  # viper: def _scan(b: ptr32, size: int, key: int) -> int:
    found = 0
    boot = 65536
    time = 0
    at = 16
    while at + 5 < size:
        at += 5
        if at == key:
            continue
        if b[at + 2] == 0:
            if boot >= 0:
                found = at
                boot = -1
            continue
        n = b[at + 3] >> 22 << 8 | b[at + 4] >> 22
        if (
            b[at + 1] == b[key + 1]
            and b[at + 2] >> 24 == b[key + 2] >> 24
            and n == b[key + 3] >> 22 << 8 | b[key + 4] >> 22
        ):
            return at
        if n < boot or n == boot and b[at + 4] < time:
            found = at
            boot = n
            time = b[at + 4]
    return -found


# The check of a record. It begins otherwise for other vendors, whose numbers mean others.
# viper: @micropython.viper
def _check(b, at):  # viper: def _check(b: ptr32, at: int) -> int:
    n = b[0] >> 12
    end = at + 4
    while at < end:
        at += 1
        m = b[at]
        n = (n & 0x7FFF) * 32717 + (n >> 15) ^ m & 0xFFFF
        n = (n & 0x7FFF) * 32717 + (n >> 15) ^ m >> 16 & 0xFFFF
    return n


# Writes the line of the record at i, in two pieces that are put together in _text.
# viper: @micropython.viper
def _say(i, slot, ms):  # viper: def _say(i: int, slot: int, ms: int):
    b = _b  # viper: b = ptr32(_b)
    t = _text  # viper: t = ptr8(_text)
    code = b[i + 1]
    who = b[i + 2] >> 24
    n = b[i + 2] >> 16 & 31
    m = table.LEVELS[n]  # viper: m = ptr8(table.LEVELS)[n]
    if m < b[0] >> 6 & 63:
        return
    t[0] = 69  # E, W, I
    if m < 40:
        t[0] = 87
    if m < 30:
        t[0] = 73
    t[1] = 32
    t[2] = 40
    m = _put(0, ms, 3)  # viper: m = int(_put(0, ms, 3))
    t[m] = 41  # ) blinkcode:
    t[m + 1] = 32
    t[m + 2] = 98
    t[m + 3] = 108
    t[m + 4] = 105
    t[m + 5] = 110
    t[m + 6] = 107
    t[m + 7] = 99
    t[m + 8] = 111
    t[m + 9] = 100
    t[m + 10] = 101
    t[m + 11] = 58
    t[m + 12] = 32
    m += 13
    if who < 63:
        m = _put(2, who, m)  # viper: m = int(_put(2, who, m))
    else:
        t[m] = 63
        m += 1
    t[m] = 32
    t[m + 1] = 63
    if code == -0x40000000:
        m += 2
    else:
        m = _put(0, code, m + 1)  # viper: m = int(_put(0, code, m + 1))
    t[m] = 32
    m = _put(1, n, m + 1)  # viper: m = int(_put(1, n, m + 1))
    if slot == -2 or slot >= 0 and table.TEXT_MAX:
        t[m] = 32
        m += 1
    _put(3, 0, m)
    m = 0
    if slot == -2:  # the vendors that claim the code
        n = 0
        while n < b[0] & 63 and m < 35:
            if blinkcode.find(code, n) >= 0:  # viper: if int(blinkcode.find(code, n)) >= 0:
                if m:
                    t[m] = 32  # or
                    t[m + 1] = 111
                    t[m + 2] = 114
                    t[m + 3] = 32
                    m += 4
                m = _put(2, n, m)  # viper: m = int(_put(2, n, m))
            n += 1
    elif slot >= 0:
        m = blinkcode.text_into(slot, _text)  # viper: m = int(blinkcode.text_into(slot, _text))
    n = b[i + 2] & 0xFFFF
    if n > 1:
        t[m] = 32
        t[m + 1] = 40
        t[m + 2] = 120
        m = _put(0, n, m + 3)  # viper: m = int(_put(0, n, m + 3))
        t[m] = 41
        m += 1
    t[m] = 10
    _put(3, 0, m + 1)


# Puts into _text at i, and gives where that ends, for kind 0 the number n, for 1 the name of state n, for 2 of
# vendor n, 12 characters of it at most. Kind 3 writes what is before i to the log.
# viper: @micropython.viper
def _put(kind, n, i):  # viper: def _put(kind: int, n: int, i: int) -> int:
    t = _text  # viper: t = ptr8(_text)
    size = 1
    if kind == 0:
        if n < 0:
            n = -n
            t[i] = 45
            i += 1
        m = n // 10
        while m:
            size += 1
            m //= 10
        i += size
        kind = i
        while size:
            size -= 1
            i -= 1
            m = n // 10
            t[i] = 48 + n - m * 10
            n = m
        return kind
    if kind == 3:  # a copy that has just that length, as a slice would take heap
        o = _line
        o[_all] = b""
        m = i
        while m > 15:
            o += b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
            m -= 16
        if m > 7:
            o += b"\0\0\0\0\0\0\0\0"
            m -= 8
        if m > 3:
            o += b"\0\0\0\0"
            m -= 4
        while m:
            o.append(0)
            m -= 1
        p = o  # viper: p = ptr8(o)
        while m < i:
            p[m] = t[m]
            m += 1
        _log.write(o)
        return 0
    b = _names  # viper: b = ptr8(table.NAMES)
    if kind == 2:  # from the end
        m = _b[0]  # viper: m = int(_b[0])
        n = (m & 63) - n
        m = (m >> 12 & 511) - 1
        while n:
            m -= 1
            if b[m] == 32:
                n -= 1
        m += 1
    else:
        m = n * 11 >> 5  # n // 3
        n -= m * 3
        m = _b[15 + m]  # viper: m = int(_b[15 + m])
        m = m >> n * 10 & 1023
    size = 12
    while size:
        n = b[m]
        if n == 32:
            break
        if kind == 2 and n > 64 and n < 91:
            n += 32
        t[i] = n
        i += 1
        m += 1
        size -= 1
    return i
