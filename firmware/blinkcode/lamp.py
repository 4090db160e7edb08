# blinkcode.lamp: one lamp. It shows the most severe live state, or spells a number once.
#
# A rhythm is bytes: how long its parts last, in 10 ms, lit and dark in turn, and 0. It begins again at its end. Those
# of the states are in table.PATTERNS, behind a byte for each state that tells where its own begins; that of a number
# is made by blinkcode.codes.
#
# tick may interrupt everything else, from a hard interrupt too, and takes no heap but what the driver takes. Times
# are ms of a clock that wraps after 2**30; no int gets larger than that, as it would be on the heap.

from blinkcode import table
from blinkcode.const import const

_CLOCK = const(0x3FFFFFFF)  # the bits of a time
_HALF_CLOCK = const(0x20000000)  # what is further ahead lies in the past
_LATEST_MS = const(0x100000)  # a tick that comes later than this, 17 minutes, does not catch up
_CHANGE_GAPS = const(2)  # dark before another rhythm, so that no change adds a fourth flash to a second
_UNIT_MS = const(10)  # of a rhythm's parts

_RANK_STATE = const(0x1F)  # a rank is severity << 5 | state; 0 where nothing is live
_NUMBER = const(0xFF)  # the rank of a number that is spelled: above all states
_ANEW = const(-1)  # the rank of no rhythm: the next tick begins one
_HEARTBEAT = b"\x14\xfa\x00"  # 200 ms and 2,500 ms
_HEARTBEAT_TIMES = const(4)  # that long is its dark part: 10 s

_BRIGHTEST = const(63)
_BRIGHTNESS_SHIFT = const(8)  # a light is brightness << 8 | state; 0 is dark
_HEARTBEAT_BRIGHTNESS = const(4)
_NO_STATE = const(18)  # the state in a light while a number is spelled


class Lamp:
    # drive: called with the light whenever it changes, first of all here; None for no lamp.
    # failed: called with the exception that it raises; it is left alone from then on.
    # subjects: of how many a state can be live. ms: the time now.
    def __init__(self, drive, failed, subjects, ms):
        self.live = bytearray(subjects)  # the rank of each subject's state
        self.brightness = _BRIGHTEST  # of every flash, 1 to 63; 0 is dark
        self.quiet = None  # called at the start of a flash: the brightest light allowed now, 0 to 63
        self.heartbeat = False  # whether a short dim flash every 10 s tells that nothing is live
        self._drive = drive
        self._failed = failed
        self._number = None  # the rhythm of the number to spell
        self._light = 0  # what the driver was given last
        self._due = ms  # when the part of the rhythm at hand ends
        self._begin(0)
        self.drive_again()

    # Ends what is shown, and begins a rhythm: for once, then the state returns.
    def spell(self, rhythm):
        self._number = rhythm
        self._rank = _ANEW

    # ms: a reading of the clock. Whether a part of the rhythm ended. Raises what the driver raises.
    def tick(self, ms):
        late = ms - self._due & _CLOCK
        if late >= _HALF_CLOCK:
            late = late - _CLOCK - 1  # below 0: the part at hand lasts
        rank = max(self.live) if self._number is None else _NUMBER
        if rank != self._rank:
            late = -self._begin(rank)
        elif late < 0:
            return False
        elif late > _LATEST_MS:
            late = 0
        while late >= 0:
            late -= self._next()
        self._due = ms - _CLOCK - 1 - late & _CLOCK
        light = self._light_now() if self._lit else 0
        if light != self._light and self._drive is not None:
            self._light = light
            self._drive(light)
        return True

    # Begins the rhythm of a rank. How long it is dark first.
    def _begin(self, rank):
        self._rank = rank
        self._lit = False
        self._first = 0
        dark = _CHANGE_GAPS * table.GAP_MS
        self._state = rank & _RANK_STATE
        if rank == _NUMBER:
            self._rhythm = self._number
            self._state = _NO_STATE
            dark += table.PAUSE_MS
        elif rank:
            self._rhythm = table.PATTERNS
            self._first = self._rhythm[self._state]
        else:
            self._rhythm = _HEARTBEAT
        self._at = self._first  # the next part
        return dark

    # Goes on to the next part of the rhythm. How long it lasts.
    def _next(self):
        at = self._at
        if not self._rhythm[at]:
            if self._rank == _NUMBER:  # it is spelled
                self._number = None
                return table.GAP_MS
            at = self._first
        self._at = at + 1
        self._lit = not at - self._first & 1
        units = self._rhythm[at]
        if self._rank or self._lit:
            return units * _UNIT_MS
        return units * _UNIT_MS * _HEARTBEAT_TIMES

    # The light of a flash that begins now; 0 where it stays dark.
    def _light_now(self):
        level = self.brightness
        if self.quiet is not None or not self._rank:
            level = self._limited(level)
        if level <= 0:
            return 0
        if level > _BRIGHTEST:
            level = _BRIGHTEST
        return level << _BRIGHTNESS_SHIFT | self._state

    # A level within what heartbeat and quiet allow. A quiet that raises is left alone.
    def _limited(self, level):
        if not self._rank:
            level = min(level, _HEARTBEAT_BRIGHTNESS) if self.heartbeat else 0
        try:
            if self.quiet is not None:
                level = min(level, self.quiet())
        except Exception:
            self.quiet = None
        return level

    # Calls the driver with the light given last; leaves it alone from then on if that raises. A tick that raised calls
    # this, as it would take heap to keep the exception there.
    def drive_again(self):
        try:
            if self._drive is not None:
                self._drive(self._light)
        except Exception as error:
            self._drive = None
            self._failed(error)
