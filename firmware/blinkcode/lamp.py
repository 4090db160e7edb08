# blinkcode.lamp: one lamp. It shows the most severe live state, or spells a number once.
#
# A rhythm is a row of counts, each of which is a group of flashes: short ones, and in a count above LONG_WORTH long
# ones first, each worth that many. GAP_MS of dark part the flashes of a group, GROUP_MS the groups, and PAUSE_MS end
# the row. A state has one group or two, or none, which is a steady light: two bytes of table.PATTERNS. A spelled
# number has a group for each digit and more.
#
# tick may interrupt everything else, from a hard interrupt too, and takes no heap but what the driver takes. Times
# are ms of a clock that wraps after 2**30; no int gets larger than that, as it would be on the heap.

from blinkcode import table
from blinkcode.const import const

_CLOCK = const(0x3FFFFFFF)  # the bits of a time
_HALF_CLOCK = const(0x20000000)  # what is further ahead lies in the past
_LATEST_MS = const(0x100000)  # a tick that comes later than this, 17 minutes, does not catch up
_CHANGE_GAPS = const(2)  # dark before another rhythm, so that no change adds a fourth flash to a second
_HEARTBEAT_MS = const(10000)

_RANK_STATE = const(0x1F)  # a rank is severity << 5 | state; 0 where nothing is live
_NUMBER = const(0xFF)  # the rank of a number that is spelled: above all states
_ANEW = const(-1)  # the rank of no rhythm: the next tick begins one
_MOST = const(10)  # flashes in a group
_DASH = const(11)  # in place of a count: one flash, as long as two long ones
_TEST_MS = const(1000)  # of any greater count
_HEARTBEAT = b"\x01"
ONE_SECOND = b"\x0c"  # the row that lights the lamp for a second, once

_BRIGHTEST = const(63)
_BRIGHTNESS_SHIFT = const(8)  # a light is brightness << 8 | state; 0 is dark
_HEARTBEAT_BRIGHTNESS = const(4)
_NO_STATE = const(18)  # the state in a light while a number is spelled


class Lamp:
    # drive: called with the light whenever it changes, first of all here; None for no lamp.
    # subjects: of how many a state can be live. ms: the time now.
    def __init__(self, drive, subjects, ms):
        self.live = bytearray(subjects)  # the rank of each subject's state
        self.brightness = _BRIGHTEST  # of every flash, 1 to 63; 0 is dark
        self.quiet = None  # called while the lamp is lit: the brightest light allowed now, 0 to 63
        self.heartbeat = False  # whether a short dim flash every 10 s tells that nothing is live
        self.failure = None  # what the driver raised; it is left alone from then on
        self._drive = drive
        self._number = None  # the counts of the number to spell
        self._light = 0  # what the driver was given last
        self._due = ms  # when the part of the rhythm at hand ends
        self._begin(0)
        if drive is not None:
            self._try(0)

    # Ends what is shown, and begins a row of counts: for once, then the state returns.
    def spell(self, counts):
        self._number = counts
        self._rank = _ANEW

    # ms: a reading of the clock.
    def tick(self, ms):
        late = ms - self._due & _CLOCK
        if late >= _HALF_CLOCK:
            late = late - _CLOCK - 1  # below 0: the part at hand lasts
        rank = max(self.live) if self._number is None else _NUMBER
        if rank != self._rank:
            late = -self._begin(rank)
        elif late > _LATEST_MS:
            late = 0
        while late >= 0:
            late -= self._next()
        self._due = ms - _CLOCK - 1 - late & _CLOCK
        self._give()

    # Begins the rhythm of a rank. How long it is dark first.
    def _begin(self, rank):
        self._rank = rank
        self._lit = False
        self._longs = 0  # flashes left in the group at hand
        self._shorts = 0
        self._first = 0
        self._end = 1
        dark = _CHANGE_GAPS * table.GAP_MS
        if rank == _NUMBER:
            self._counts = self._number
            self._end = len(self._number)
            dark += table.PAUSE_MS
        elif rank:
            self._counts = table.PATTERNS
            self._first = 2 * (rank & _RANK_STATE)
            second = self._counts[self._first + 1]
            self._end = self._first + (2 if second else 1 if self._counts[self._first] else 0)
        else:
            self._counts = _HEARTBEAT
        self._at = self._first  # the next group
        return dark

    # Goes on to the next part of the rhythm. How long it lasts.
    def _next(self):
        if self._first == self._end:
            self._lit = True
            return table.PAUSE_MS
        if self._lit:
            self._lit = False
            if self._longs or self._shorts:
                return table.GAP_MS
            if self._at < self._end:
                return table.GROUP_MS
            return table.PAUSE_MS if self._rank else _HEARTBEAT_MS
        if not (self._longs or self._shorts or self._begin_group()):
            return table.GAP_MS
        self._lit = True
        if self._longs:
            self._longs -= 1
            return self._long_ms
        self._shorts -= 1
        return table.SHORT_MS

    # Begins the next group, after the last one the first; False where the number is spelled.
    def _begin_group(self):
        if self._at == self._end:
            if self._rank == _NUMBER:
                self._number = None
                return False
            self._at = self._first
        count = self._counts[self._at]
        self._at += 1
        self._long_ms = table.LONG_MS
        if count > _MOST:
            self._longs = 1
            self._long_ms = 2 * table.LONG_MS if count == _DASH else _TEST_MS
        elif count > table.LONG_WORTH:
            self._longs = count // table.LONG_WORTH
            self._shorts = count % table.LONG_WORTH
        else:
            self._shorts = count
        return True

    # Calls the driver where the light changes.
    def _give(self):
        if self._drive is None:
            return
        light = 0
        try:
            if self._lit:
                light = self._light_of_flash()
            if light != self._light:
                self._light = light
                self._drive(light)
        except Exception:
            self._try(light)

    # The light of a flash now, or 0.
    def _light_of_flash(self):
        level = min(self.brightness, _BRIGHTEST)
        if not self._rank:
            level = min(level, _HEARTBEAT_BRIGHTNESS) if self.heartbeat else 0
        if self.quiet is not None:
            level = min(level, self.quiet())
        if level <= 0:
            return 0
        return level << _BRIGHTNESS_SHIFT | (_NO_STATE if self._rank == _NUMBER else self._rank & _RANK_STATE)

    # Calls the driver, and leaves it alone from then on if that raises. To keep the exception takes a frame on the
    # heap; so that a tick needs none, what has raised in a tick is called once more here.
    def _try(self, light):
        try:
            self._drive(light)
        except Exception as error:
            self._drive = None
            self.failure = error
