# blinkcode.reporter: an error in; the lamp shows its state, the console gets a line, the journal a record.
#
#     reporter = Reporter(led=Pin(2, Pin.OUT), log=sys.stdout, journal=File("journal.bin"))
#     machine.Timer(0, period=20, callback=reporter.beat)  # the lamp blinks, whatever blocks
#     reporter.report(1010, blinkcode.TUYA)  # a number that a cloud or a device sent
#     reporter.catch(error, blinkcode.TUYA)  # an exception met while talking to it
#     reporter.clear(blinkcode.TUYA)  # it works again
#
# report, catch, clear and tick never raise, and never block but for what lamp, stream and storage do. They may be
# called from tasks and from a machine.Timer's callback; tick from a hard interrupt too. They take no heap but for a
# vendor that is named by a str, a code that is no int, and a line that is cut: up to 600 bytes, for the moment. Where
# there is none the state counts nevertheless. Without ticks the lamp stays as it is, lit or dark.

import blinkcode
import blinkcode.exceptions as exceptions
import blinkcode.line as line
from blinkcode import table
from blinkcode.const import const
from blinkcode.journal import Journal
from blinkcode.lamp import Lamp

_CLOCK = const(0x3FFFFFFF)  # the bits of a time in ms, which wraps
_OK = const(0)
_UNKNOWN = const(17)
_NOT_FOUND = const(-1)
_AMBIGUOUS = const(-2)
_CODE_MIN = const(-0x3FFFFFFF)
_CODE_MAX = const(0x3FFFFFFF)
_WIRE_MIN = const(0x8000)  # 16 bits without a sign, of a negative number
_WIRE_MAX = const(0xFFFF)
_WIRE_TURN = const(0x10000)
_STATE_NAMES = const(20)  # in table.NAMES: the space before the first state
_LINE_BYTES = const(128)  # of the longest line; for a longer one it grows
_RANK_SHIFT = const(5)
_SPACE = const(32)
_INFO = const(20)
_WARNING = const(30)
_ERROR = const(40)
_SILENT = const(60)

_ONE_SECOND = b"\x64\x1e\x00"  # a rhythm: see blinkcode.lamp

_NOTHING = const(0)  # what is to be done; of these one waits while another is at work
_REPORT = const(1)
_CATCH = const(2)
_NO_VENDOR = const(3)
_NO_LAMP = const(4)
_TEST = const(5)
_TABLE = const(6)


class Reporter:
    # led: called with its light when that changes: brightness << 8 | state, brightness 1 to 63, state 18 while it
    # spells; or 0, dark. A machine.Pin will do; see blinkcode.drivers.
    # log: a stream with write, or a logger with log(level, message). level: the lowest logging level written.
    # journal: a storage (see blinkcode.storages), or how many records to keep in RAM.
    # ticks: the clock in ms, that wraps after a multiple of 2**30. reset_cause: 0 to 7. None: the device's own.
    # Raises ValueError for a journal without room, and what a storage raises in load.
    def __init__(self, *, led=None, log=None, level=_INFO, journal=4, ticks=None, reset_cause=None):
        if ticks is None:
            import time

            ticks = getattr(time, "ticks_ms", None) or (lambda: time.monotonic_ns() // 1000000)
        if reset_cause is None:
            try:
                import machine

                reset_cause = machine.reset_cause()
            except Exception:
                reset_cause = 0
        self._ticks = ticks
        self._log = log
        self._level = _SILENT if log is None else level
        self._line = bytearray(_LINE_BYTES)
        self._text = bytearray(table.TEXT_MAX)
        self._whole = line.whole()
        try:
            self._names = memoryview(table.NAMES)  # where they are, in flash
        except TypeError:  # CPython
            self._names = table.NAMES.encode()
        self._vendors = len(_vendor_names()) - 1  # how many there are, and the number of none
        self._complained = False
        self._busy = False
        self._what = self._waiting = _NOTHING
        self._said = self._said_waiting = None
        self._named = self._named_waiting = None
        self._vendor = self._subject = self._slot = self._code = self._state = 0  # of the report at hand
        ms = ticks() & _CLOCK
        self._journal = Journal(journal, self._names, reset_cause, ms)
        self._do(_TABLE, None, None)
        self.lamp = Lamp(led, self._lamp_failed, self._vendors + 1, ms)

    # Reports a code; vendor: who sent it: its constant or its name; None for one of the clouds. The code is an int;
    # or a float without a fraction, decimal digits in a str, two little-endian bytes; or an exception. 16 bits without
    # a sign are taken for a negative number where the vendor named has that alone.
    def report(self, code, vendor=None):
        self._do(_CATCH if isinstance(code, BaseException) else _REPORT, code, vendor)

    # Reports an exception: see blinkcode.exceptions. vendor: whose trouble it is; clear(vendor) ends it.
    def catch(self, error, vendor=None):
        self._do(_CATCH, error, vendor)

    # Ends the live state of a vendor, or of all.
    def clear(self, vendor=None):
        subject = self._number_of(vendor)
        if vendor is None or subject < self._vendors:
            for other in range(self._vendors + 1):
                if vendor is None or other == subject:
                    self.lamp.live[other] = 0
        elif not self._complained and not self._waiting:
            self._complained = True
            self._do(_NO_VENDOR, vendor, None)

    # ms: a reading of the clock, however late. beat() and run() call it.
    def tick(self, ms):
        try:
            ms &= _CLOCK
            if self.lamp.tick(ms):
                self._journal.follow(ms)
        except Exception:
            self.lamp.drive_again()

    def _lamp_failed(self, error):
        self._do(_NO_LAMP, error, None)

    # For machine.Timer(0, period=20, callback=reporter.beat).
    def beat(self, _=None):
        self.tick(self._ticks())

    # For asyncio.create_task(reporter.run()). Takes heap.
    async def run(self, period_ms=20):
        import asyncio

        while True:
            self.beat()
            await asyncio.sleep(period_ms / 1000)

    # Does one thing at a time. What a callback asks for meanwhile waits; of several, the last.
    def _do(self, what, said, vendor):
        if self._busy:
            self._said_waiting = said
            self._named_waiting = vendor
            self._waiting = what
            return
        self._busy = True
        self._what = what
        self._said = said
        self._named = vendor
        self._work()

    def _work(self):
        while self._busy:
            try:
                self._try()
            finally:  # Ctrl-C too
                self._busy = False
            if self._waiting:
                self._busy = True
                self._what = self._waiting
                self._waiting = _NOTHING
                self._said = self._said_waiting
                self._named = self._named_waiting

    def _try(self):
        try:
            if self._what <= _CATCH:
                self._take()
            else:
                self._tell()
        except Exception:
            pass

    # Finds out what a report says, as far as there is heap for it, and enters it.
    def _take(self):
        self._slot = _NOT_FOUND
        self._state = _UNKNOWN
        self._code = None  # where the report has no code
        self._vendor = self._subject = self._vendors
        self._try_to_read()
        # OK of a system family ends what was live: a dark lamp means that all is well.
        rank = 0
        if self._state != _OK or self._vendor < table.CLOUDS or self._vendor == self._vendors:
            rank = table.LEVELS[self._state] // 10 - 1 << _RANK_SHIFT | self._state
        self.lamp.live[self._subject] = rank
        self._enter()
        self._said = None

    def _try_to_read(self):
        try:
            self._read()
        except Exception:  # no heap, or a nasty object
            pass

    def _read(self):
        self._subject = self._number_of(self._named)
        if self._what == _CATCH:
            if exceptions.read(self, self._said):
                self._look_up(False)
            return
        self._vendor = self._subject
        self._code = self._said if type(self._said) is int else _codes().code_of(self._said)
        if self._code is not None and not _CODE_MIN <= self._code <= _CODE_MAX:
            self._code = None
        if self._code is not None and (self._named is None or self._vendor < self._vendors):
            self._look_up(self._named is None)

    # Takes what an exception says, the name of a family and a code; whether the table has the family.
    def found(self, family, code):
        vendor = getattr(blinkcode, family, None)
        if vendor is None or type(code) is not int:
            return False
        self._vendor = vendor
        self._code = code
        if self._subject == self._vendors:
            self._subject = vendor
        return True

    # any_cloud: whether no vendor is named.
    def _look_up(self, any_cloud):
        code = self._code
        vendor = None if any_cloud else self._vendor
        self._slot = blinkcode.find(code, vendor)
        if self._slot == _NOT_FOUND and not any_cloud and _WIRE_MIN <= code <= _WIRE_MAX:
            self._slot = blinkcode.find(code - _WIRE_TURN, vendor)
            if self._slot >= 0:
                self._code = code - _WIRE_TURN
        if self._slot >= 0:
            self._state = blinkcode.state(self._slot)
            if any_cloud:
                self._vendor = self._subject = blinkcode.vendor(self._slot)
        elif self._slot == _AMBIGUOUS:
            self._state = self._common_state()

    # The state that the code has with all clouds that have it; UNKNOWN where it has several.
    def _common_state(self):
        common = -1
        for vendor in range(table.CLOUDS):
            slot = blinkcode.find(self._code, vendor)
            if slot >= 0:
                state = blinkcode.state(slot)
                common = state if common < 0 or common == state else _UNKNOWN
        return common

    # Enters the report into the journal; writes its line where it is news.
    def _enter(self):
        ms = self._ticks() & _CLOCK
        code = self._code_kept()
        self._journal.whose(self._vendor, self._subject)
        self._journal.enter(code, self._state, ms)
        level = table.LEVELS[self._state]
        if self._journal.is_news and level >= self._level:
            self._line[self._whole] = b""
            line.begin(self._line, level, ms)
            self._write()
            line.send(self._log, level, self._line)

    # The code that the journal keeps: in place of none, the first letters of what was said, or of its class's name.
    def _code_kept(self):
        self._line[self._whole] = b""  # its memory is kept for what follows
        if self._code is None:
            self._say(False)
        letters = self._journal.letters(self._line)
        return letters if self._code is None else self._code

    # W (12345) blinkcode: dns -202 NETWORK host name not found [tuya] (x4)
    def _write(self):
        text = self._line
        line.vendor(text, self._names, table.VENDOR_NAMES, self._vendor)
        text.extend(b" ")
        if self._code is not None:
            line.number(text, self._code)
            text.extend(b" ")
        line.state(text, self._names, _STATE_NAMES, self._state)
        if self._code is None:
            text.extend(b" ")
            self._say(True)
        elif self._slot == _AMBIGUOUS:
            self._write_claimants()
        else:
            self._write_meaning()
        if self._subject != self._vendor:
            text.extend(b" [")
            line.vendor(text, self._names, table.VENDOR_NAMES, self._subject)
            text.extend(b"]")
        if self._journal.count > 1:
            text.extend(b" (x")
            line.number(text, self._journal.count)
            text.extend(b")")

    def _write_meaning(self):
        length = blinkcode.text_into(self._slot, self._text)
        if length:
            self._line.append(_SPACE)
        for at in range(length):
            self._line.append(self._text[at])

    # The clouds that have the code.
    def _write_claimants(self):
        between = b" "
        for vendor in range(table.CLOUDS):
            if blinkcode.find(self._code, vendor) >= 0:
                self._line.extend(between)
                line.vendor(self._line, self._names, table.VENDOR_NAMES, vendor)
                between = b" or "

    # Adds what is said in place of a code: of an exception its class, and as a whole what follows it; else the value.
    # Where there is no heap for that, the class.
    def _say(self, whole):
        if self._what == _CATCH:
            line.text(self._line, type(self._said).__name__)
        if whole or self._what != _CATCH:
            self._say_value()

    def _say_value(self):
        try:
            line.text(self._line, _codes().said_of(self._said))
        except Exception:
            if self._what != _CATCH:
                line.text(self._line, type(self._said).__name__)

    # The number of a vendor, by its number or name; of none for None, and for what is no vendor.
    def _number_of(self, vendor):
        if type(vendor) is int and 0 <= vendor < self._vendors:
            return vendor
        if type(vendor) is str:
            try:
                return _vendor_names().index(vendor.lower())
            except Exception:
                pass
        return self._vendors

    # Says what is no report: which table this is, a complaint, or for test() all there is. Takes heap.
    def _tell(self):
        level = _INFO
        said = "table %s %d codes %s" % (table.ID, table.CODES, " ".join(_vendor_names()[:-1]))
        if self._what == _NO_VENDOR:
            level = _WARNING
            said = "clear: no vendor " + _codes().shown(self._said)
        elif self._what == _NO_LAMP:
            level = _ERROR
            said = "the lamp is left alone: " + _codes().shown(self._said)
        if self._what == _TEST:
            from blinkcode.dump import printer

            printer(self._log)("blinkcode: " + said)
            self.dump(self._log)
        elif level >= self._level:
            self._line[self._whole] = b""
            line.begin(self._line, level, self._ticks() & _CLOCK)
            self._line.extend(said.encode())
            line.send(self._log, level, self._line)

    # Blinks a number once, then returns to the state: a dash; the vendor's number counted from 1, ten for none; a dash
    # for a minus; the digits, ten for 0. Takes heap.
    def spell(self, code, vendor=None):
        if type(code) is int:
            if vendor is None:
                vendor = blinkcode.vendor(blinkcode.find(code))
            self.lamp.spell(_codes().rhythm_of(code, self._number_of(vendor), self._vendors))

    # Shows all there is: a second of light, a line that names the table, what the journal holds. Takes heap.
    def test(self):
        self.lamp.spell(_ONE_SECOND)
        self._do(_TEST, None, None)

    # Writes a line for each record of the journal, the oldest first: to what takes str or bytes, to a logger, or for
    # None to the console. Takes heap.
    def dump(self, file=None):
        from blinkcode.dump import dump, printer

        dump(self._journal.words, table.NAMES.split()[2:], _vendor_names(), printer(file))


# The vendors' names, and ? behind them.
def _vendor_names():
    return table.NAMES[table.VENDOR_NAMES :].lower().split()


# What is needed seldom is loaded when it is.
def _codes():
    import blinkcode.codes as codes

    return codes
