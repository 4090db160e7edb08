# blinkcode.lamp: one lamp. It shows the most severe live state, or spells a number once.
#
# A rhythm is bytes: how long its parts last, lit and dark in turn, and 0. It begins again at its end. Those of the
# states are in table.PATTERNS, behind a byte for each state that tells where its own begins; that of a number is made
# by blinkcode.codes.
#
# tick may interrupt everything else, from a hard interrupt too, and takes no heap but what the driver takes. Times
# are ms of a clock that wraps after 2**30; no int gets larger than that, as it would be on the heap.

from blinkcode import table
from blinkcode.const import const

_CLOCK = const(0x3FFFFFFF)  # the bits of a time
_HALF_CLOCK = const(0x20000000)  # what is further ahead lies in the past
_LATEST_MS = const(0x100000)  # a tick that comes later than this, 17 minutes, does not catch up
_CHANGE_GAPS = const(2)  # dark before another rhythm, so that no change adds a fourth flash to a second

_RANK_STATE = const(0x1F)  # a rank is severity << 5 | state; 0 where nothing is live
_NUMBER = const(0xF2)  # the rank of a number that is spelled: above all states, and 18 for a state
_ANEW = const(0xFF)  # the rank of no rhythm: the next tick begins one

_UNIT_MS = const(10)  # of the parts of a rhythm
_HEARTBEAT = const(b"\x05\xfa\x00")  # 200 ms lit and 10 s dark, in units of its own
_HEARTBEAT_UNIT_MS = const(40)  # as a part has at most 255 units

_BRIGHTEST = const(63)
_BRIGHTNESS_SHIFT = const(8)  # a light is brightness << 8 | state; 0 is dark
_HEARTBEAT_BRIGHTNESS = const(4)


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
        self._highest = 0  # the highest rank that is live
        self._begin()
        self.drive_again()

    # Makes a state live; rank 0 ends it.
    def show(self, subject, rank):
        self.live[subject] = rank
        highest = max(self.live)
        while self._highest != highest:  # once more, as something may interrupt here and do the same
            self._highest = highest
            highest = max(self.live)

    # Ends what is shown, and begins a rhythm: for once, then the state returns.
    def spell(self, rhythm):
        self._number = rhythm
        self._rank = _ANEW

    # ms: a reading of the clock. Whether there is time for something else: when a part of the rhythm begins, which is
    # at least every 10 s, but not when it lights the lamp, as that takes longest. Raises what the driver raises.
    def tick(self, ms):
        late = (ms - self._due & _CLOCK ^ _HALF_CLOCK) - _HALF_CLOCK  # below 0 while the part at hand lasts
        if self._rank != self._highest and self._rank != _NUMBER:
            late = -self._begin()
        elif late < 0:
            return False
        elif late > _LATEST_MS:
            late = 0
        while late >= 0:
            late -= self._next()
        self._due = ms - _CLOCK - 1 - late & _CLOCK
        light = self._light_now() if self._lit else 0
        if light == self._light or self._drive is None:
            return True
        self._light = light
        self._drive(light)
        return not light

    # Begins the rhythm of the number, or of the highest rank. How long it is dark first.
    def _begin(self):
        self._lit = False
        self._unit_ms = _UNIT_MS
        first = 0
        dark = _CHANGE_GAPS * table.GAP_MS
        rank = self._highest
        if self._number is not None:
            rank = _NUMBER
            self._rhythm = self._number
            dark += table.PAUSE_MS
        elif rank:
            self._rhythm = table.PATTERNS
            first = self._rhythm[rank & _RANK_STATE]
        else:
            self._rhythm = _HEARTBEAT
            self._unit_ms = _HEARTBEAT_UNIT_MS
        self._rank = rank  # of what is shown
        self._first = first
        self._at = first  # the next part
        return dark

    # Goes on to the next part of the rhythm. How long it lasts.
    def _next(self):
        at = self._at
        rhythm = self._rhythm
        if not rhythm[at]:
            if self._rank >= _NUMBER:  # it is spelled
                self._number = None
                self._rank = _ANEW
                return table.GAP_MS
            at = self._first
        self._at = at + 1
        self._lit = (self._rank or self.heartbeat) and not at - self._first & 1
        return rhythm[at] * self._unit_ms

    # The light of a flash that begins now; 0 where it stays dark. A quiet that raises is left alone.
    def _light_now(self):
        level = _BRIGHTEST if self._rank else _HEARTBEAT_BRIGHTNESS
        try:
            if self.quiet is not None:
                level = min(level, self.quiet())
        except Exception:
            self.quiet = None
        if level > self.brightness:
            level = self.brightness
        return level << _BRIGHTNESS_SHIFT | self._rank & _RANK_STATE if level > 0 else 0

    # Calls the driver with the light given last; leaves it alone from then on if that raises. A tick that raised calls
    # this, as it would take heap to keep the exception there.
    def drive_again(self):
        try:
            if self._drive is not None:
                self._drive(self._light)
        except Exception as error:
            self._drive = None
            self._failed(error)
