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

from blinkcode import table
from blinkcode.const import const
from blinkcode.journal import Journal
from blinkcode.lamp import Lamp
from blinkcode.line import Line
from blinkcode.report import Report, names, vendor_names

_CLOCK = const(0x3FFFFFFF)  # the bits of a time in ms, which wraps
_OK = const(0)
_RANK_SHIFT = const(5)  # a rank is severity << 5 | state: see blinkcode.lamp
_INFO = const(20)
_WARNING = const(30)
_ERROR = const(40)
_ONE_SECOND = const(b"\x64\x1e\x00")  # a rhythm: see blinkcode.lamp

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
        self._complained = False  # whether clear() has said that a vendor does not exist
        self._busy = False
        self._said = None
        self._named = None
        self._waiting = _NOTHING
        self._waiting_said = None
        self._waiting_named = None
        ms = ticks() & _CLOCK
        self._report = Report()
        self._line = Line(log, level)
        self._journal = Journal(journal, self._line.names, reset_cause, ms)
        self._do(_TABLE, None, None)
        self.lamp = Lamp(led, self._lamp_failed, self._report.vendors + 1, ms)

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
        subject = self._report.number_of(vendor)
        if vendor is None:
            for subject in range(self._report.vendors + 1):
                self.lamp.show(subject, 0)
        elif subject < self._report.vendors:
            self.lamp.show(subject, 0)
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

    # For machine.Timer(0, period=20, callback=reporter.beat).
    def beat(self, _=None):
        self.tick(self._ticks())

    # For asyncio.create_task(reporter.run()). Takes heap.
    async def run(self, period_ms=20):
        import asyncio

        while True:
            self.beat()
            await asyncio.sleep(period_ms / 1000)

    # Blinks a number once, then returns to the state: a dash; the vendor's number counted from 1, ten for none; a dash
    # for a minus; the digits, ten for 0. Takes heap.
    def spell(self, code, vendor=None):
        if type(code) is int:
            from blinkcode.codes import rhythm_of

            self.lamp.spell(rhythm_of(code, vendor, self._report))

    # Shows all there is: a second of light, a line that names the table, what the journal holds. Takes heap.
    def test(self):
        self.lamp.spell(_ONE_SECOND)
        self._do(_TEST, None, None)

    # Writes a line for each record of the journal, the oldest first: to what takes str or bytes, to a logger, or for
    # None to the console. Takes heap.
    def dump(self, file=None):
        from blinkcode.dump import dump, printer

        dump(self._journal.words, names().split()[2:], vendor_names(), printer(file))

    # Does one thing at a time. What a callback asks for meanwhile waits; of several, the last.
    def _do(self, what, said, named):
        if self._busy:
            self._waiting_said = said
            self._waiting_named = named
            self._waiting = what
            return
        self._busy = True
        self._said = said
        self._named = named
        self._work(what)
        while self._waiting:
            self._busy = True
            what = self._waiting  # nothing, where a callback came between these two lines and did it
            self._waiting = _NOTHING
            self._said = self._waiting_said
            self._named = self._waiting_named
            self._waiting_said = None
            self._work(what)

    def _work(self, what):
        try:
            self._try(what)
        finally:  # Ctrl-C too
            self._busy = False

    def _try(self, what):
        try:
            if what in (_REPORT, _CATCH):
                self._report.read(self._said, self._named, what == _CATCH)
                self._enter()
            elif what != _NOTHING:
                self._tell(what)
        except Exception:
            pass
        self._said = self._report.said = None

    # Makes a report's state live, enters it into the journal, and writes its line where it is news.
    def _enter(self):
        report = self._report
        level = table.LEVELS[report.state]
        rank = level // 10 - 1 << _RANK_SHIFT | report.state
        if report.state == _OK and table.CLOUDS <= report.vendor < report.vendors:
            rank = 0  # a system family is well again: a dark lamp means that all is
        self.lamp.show(report.subject, rank)
        ms = self._ticks() & _CLOCK
        self._journal.enter(report, self._line.word(report), ms)
        if self._journal.is_news and level >= self._line.level:
            self._line.write(report, self._journal.count, level, ms)

    # Called by the lamp with what its driver has raised.
    def _lamp_failed(self, error):
        self._do(_NO_LAMP, error, None)

    # Says what is no report: which table this is, a complaint, or for test() all there is. Takes heap.
    def _tell(self, what):
        level = _INFO
        said = "table %s %d codes %s" % (table.ID, table.CODES, " ".join(vendor_names()[:-1]))
        if what in (_NO_VENDOR, _NO_LAMP):
            from blinkcode.codes import shown

            level = _WARNING if what == _NO_VENDOR else _ERROR
            said = "clear: no vendor " if what == _NO_VENDOR else "the lamp is left alone: "
            said += shown(self._said)
        if what == _TEST:
            from blinkcode.dump import printer

            printer(self._line.log)("blinkcode: " + said)
            self.dump(self._line.log)
        else:
            self._line.note(said, level, self._ticks() & _CLOCK)
