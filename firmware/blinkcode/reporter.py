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
from blinkcode.lamp import ONE_SECOND, Lamp

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

_NOTHING = const(0)  # what is to be done; of these one waits while another is at work
_REPORT = const(1)
_CATCH = const(2)
_NOTE = const(3)
_TEST = const(4)


class Reporter:
    # led: called with its light when that changes: brightness << 8 | state, brightness 1 to 63, state 18 while it
    # spells; or 0, dark. A machine.Pin will do; see blinkcode.drivers.
    # log: a stream with write, or a logger with log(level, message). level: the lowest logging level written.
    # journal: a storage (see blinkcode.storages), or how many records to keep in RAM.
    # ticks: the clock in ms, that wraps after a multiple of 2**30. reset_cause: 0 to 7. None: the device's own.
    # Raises ValueError for a journal without room, and what a storage raises in load.
    def __init__(self, *, led=None, log=None, level=_INFO, journal=4, ticks=None, reset_cause=None):
        self._ticks = ticks or _clock()
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
        self._busy = False
        self._waiting = _NOTHING
        self._complained = False
        ms = self._ticks() & _CLOCK
        self._journal = Journal(
            journal, self._names, _reset_cause() if reset_cause is None else reset_cause, ms
        )
        self.lamp = Lamp(led, self._vendors + 1, ms)
        self._note(_INFO, self._about())

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
            self._do(_NOTE, vendor, _WARNING)

    # ms: a reading of the clock, however late. beat() and run() call it.
    def tick(self, ms):
        try:
            self._tick(ms & _CLOCK)
        except Exception:
            pass

    def _tick(self, ms):
        self._journal.follow(ms)
        self.lamp.tick(ms)
        failure = self.lamp.failure
        if failure is not None and not self._waiting:
            self.lamp.failure = None
            self._do(_NOTE, failure, _ERROR)

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
            if self._what == _NOTE:
                self._complain()
            elif self._what == _TEST:
                self._show_all()
            elif self._what:
                self._take()
        except Exception:
            pass

    # Finds out what a report says, as far as there is heap for it, and enters it.
    def _take(self):
        self._slot = _NOT_FOUND
        self._state = _UNKNOWN
        self._code = None  # where the report has no code
        self._vendor = self._subject = self._vendors
        self._try_to_read()
        self._show()
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

    # Makes the state live; OK of a system family ends what was live instead, as a lamp that is dark means all is well.
    def _show(self):
        rank = table.LEVELS[self._state] // 10 - 1 << _RANK_SHIFT | self._state
        if self._state == _OK and table.CLOUDS <= self._vendor < self._vendors:
            rank = 0
        self.lamp.live[self._subject] = rank

    # Enters the report into the journal; writes its line where it is news.
    def _enter(self):
        ms = self._ticks() & _CLOCK
        code = self._code_kept()
        self._journal.whose(self._vendor, self._subject)
        self._journal.enter(code, self._state, ms)
        level = table.LEVELS[self._state]
        if self._journal.is_news and level >= self._level:
            self._empty()
            line.begin(self._line, level, ms)
            self._write()
            line.send(self._log, level, self._line)

    # The code that the journal keeps: in place of none, the first letters of what was said, or of its class's name.
    def _code_kept(self):
        self._empty()
        if self._code is None:
            self._say(False)
        letters = self._journal.letters(self._line)
        return letters if self._code is None else self._code

    # Empties the line. It keeps its memory for what follows.
    def _empty(self):
        self._line[self._whole] = b""

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

    # Writes a line that is no report. Takes heap.
    def _note(self, level, said):
        if level >= self._level:
            self._empty()
            line.begin(self._line, level, self._ticks() & _CLOCK)
            self._line.extend(said.encode())
            line.send(self._log, level, self._line)

    # Says which vendor does not exist, or what the driver of the lamp has raised. Takes heap.
    def _complain(self):
        about = _codes().shown(self._said)
        if self._named == _WARNING:
            self._note(_WARNING, "clear: no vendor " + about)
        else:
            self._note(_ERROR, "the lamp is left alone: " + about)

    def _about(self):
        return "table %s %d codes %s" % (table.ID, table.CODES, " ".join(_vendor_names()[:-1]))

    # Blinks a number once, then returns to the state: a dash; the vendor's number counted from 1, ten for none; a dash
    # for a minus; the digits, ten for 0. Takes heap.
    def spell(self, code, vendor=None):
        if type(code) is int:
            if vendor is None:
                vendor = blinkcode.vendor(blinkcode.find(code))
            self.lamp.spell(_codes().counts_of(code, self._number_of(vendor), self._vendors))

    # Shows all there is: a second of light, a line that names the table, what the journal holds. Takes heap.
    def test(self):
        self.lamp.spell(ONE_SECOND)
        self._do(_TEST, None, None)

    def _show_all(self):
        from blinkcode.dump import printer

        printer(self._log)("I (%d) blinkcode: %s" % (self._ticks() & _CLOCK, self._about()))
        self.dump(self._log)

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


def _clock():
    import time

    return getattr(time, "ticks_ms", None) or (lambda: time.monotonic_ns() // 1000000)


def _reset_cause():
    try:
        import machine

        return machine.reset_cause()
    except Exception:
        return 0
