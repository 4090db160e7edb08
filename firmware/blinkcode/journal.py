# blinkcode.journal: the records of what was reported, in RAM and in a storage that outlives a power cut.
#
# A record is eight words of 32 bits, of which 31 are used, as more would be on the heap. Vendor, subject, boot number
# and code (or the first letters of what is no code) tell records apart; the rest are its state, how often it came
# in this boot, and when first and last. One slot is always free. A record's new version is written there, and only
# then the slot of the old one becomes free, so a power cut at any byte spoils nothing that is stored.
#
# Writes to the storage: the 1st, 2nd, 4th, 8th ... report since boot, then the first in each hour. A link that flaps
# for a day costs 40, each of 32 bytes. A new code in a full journal is two: the second empties the oldest one's slot.
# A storage that wears has an allowance for an hour; above it, what is new is kept in RAM alone.
#
# Nothing takes heap but what the storage takes. One report is entered at a time; follow may interrupt it.

import array

from blinkcode.const import const

_CHECK = const(0)
_KEY = const(1)  # boot number | vendor | subject | whether letters stand for the code; 0: the slot is free
_STATE = const(2)  # first time | state | reset cause
_LAST = const(3)  # last time
_COUNT = const(4)
_CODE = const(5)  # or, in three words, the first twelve letters of what is no code
_WORDS = const(8)
_WORD_BYTES = const(4)
_RECORD_BYTES = const(32)

_BOOT = const(0xFFFF)
_VENDOR_SHIFT = const(16)
_SUBJECT_SHIFT = const(22)
_LETTERED = const(0x10000000)
_TIME = const(0x3FFFFF)
_STATE_SHIFT = const(22)
_RESET_SHIFT = const(27)
_RESET = const(7)
_LETTER_BITS = const(7)
_LETTERS_IN_WORD = const(4)
_LETTERS_MOST = const(12)
_SPACE = const(32)
_COUNT_MAX = const(0x3FFFFFFF)
_HOURLY = const(32)  # writes an hour where a storage does not say how many it bears

# Times are units of 15 s since boot. The clock's ms wrap, so its half turns of 2**29 ms are counted, each of 35,791
# units and 5,912 ms.
_UNIT_MS = const(15000)
_MINUTE = const(4)
_HOUR = const(240)
_HALF_TURN_BITS = const(29)
_HALF_TURN = const(0x1FFFFFFF)
_HALF_TURN_UNITS = const(35791)
_HALF_TURN_REST = const(5912)


class Journal:
    # storage: see blinkcode.storages; or how many records to keep in RAM. vendors: their names, which are part of
    # each record's check, as with others a record means something else. ms: the time now.
    # Raises ValueError for a storage without room, and what that raises in load.
    def __init__(self, storage, vendors, reset_cause, ms):
        self.count = 0  # how often the report entered last came in this boot
        self.is_news = False  # whether it was the 1st, 2nd, 4th ..., or the first in its minute
        self._half_turns = ms >> _HALF_TURN_BITS
        self._storage = None
        self._hour = -1  # the one that writes are counted in
        self._allowed = 0  # how many are left in it
        self._seed = 0
        for byte in vendors:
            self._seed = (self._seed * 31 + byte) % 0x7FFFFF
        stored = b""
        if type(storage) is int:
            size = (storage + 1) * _RECORD_BYTES
        else:
            self._storage = storage
            size = storage.size
        if size < 2 * _RECORD_BYTES:
            raise ValueError("a journal of %d bytes; it takes 32 for each record and 32 more" % size)
        size -= size % _RECORD_BYTES
        if self._storage is not None:
            stored = bytes(storage.load())[:size]
        self.words = array.array("i", stored + bytes(size - len(stored)))
        self._boot = 0
        self._load()
        self._boot = min(self._boot + 1, _BOOT)
        self._reset_cause = (reset_cause & _RESET) << _RESET_SHIFT
        self._free = self._oldest(-1)  # if that is a record, it stays until a report takes its slot

    # Empties the slots that are not whole, and those of older versions; finds the boot number of the latest record.
    def _load(self):
        words = self.words
        for slot in range(0, len(words), _WORDS):
            if words[slot + _CHECK] != self._check(slot):
                for at in range(_WORDS):
                    words[slot + at] = 0
        for slot in range(0, len(words), _WORDS):
            other = self._version(slot)
            if other >= 0:
                older = other if words[slot + _COUNT] > words[other + _COUNT] else slot
                words[older + _KEY] = 0
            self._boot = max(self._boot, words[slot + _KEY] & _BOOT)

    # Counts the clock's half turns; to be called at least once in each, six days.
    def follow(self, ms):
        half_turns = self._half_turns  # who interrupts here sets the same
        if (ms >> _HALF_TURN_BITS ^ half_turns) & 1:
            self._half_turns = half_turns + 1

    # The units of time since boot.
    def _time(self, ms):
        self.follow(ms)
        rest = self._half_turns * _HALF_TURN_REST + (ms & _HALF_TURN)
        return rest // _UNIT_MS + self._half_turns * _HALF_TURN_UNITS & _TIME

    # Enters a report. word: bytes that stand for a code where it has none. ms: when.
    def enter(self, report, word, ms):
        words = self.words
        new = self._free
        words[new + _KEY] = self._boot | report.vendor << _VENDOR_SHIFT | report.subject << _SUBJECT_SHIFT
        words[new + _CODE] = words[new + _CODE + 1] = words[new + _CODE + 2] = 0
        if report.code is None:
            self._enter_letters(word)
        else:
            words[new + _CODE] = report.code
        words[new + _LAST] = self._time(ms)
        words[new + _STATE] = report.state << _STATE_SHIFT | self._reset_cause | words[new + _LAST]
        words[new + _COUNT] = 1
        self._replace(self._version(new))

    # Puts the first twelve letters of a word, up to a space, in place of a code.
    def _enter_letters(self, word):
        words = self.words
        words[self._free + _KEY] |= _LETTERED
        at = 0
        while at < len(word) and at < _LETTERS_MOST and word[at] > _SPACE:
            to = self._free + _CODE + at // _LETTERS_IN_WORD
            words[to] = words[to] << _LETTER_BITS | word[at]
            at += 1

    # Keeps the new record in place of its version before, which is in another slot; -1: there is none.
    def _replace(self, old):
        self._keep(old, self._count(old))

    # Makes it a later version of that. Whether it is due to be stored.
    def _count(self, old):
        words = self.words
        new = self._free
        before = -_HOUR  # when it came last
        if old >= 0:
            before = words[old + _LAST]
            words[new + _COUNT] = min(words[old + _COUNT] + 1, _COUNT_MAX)
            words[new + _STATE] = words[new + _STATE] & ~_TIME | words[old + _STATE] & _TIME
        words[new + _CHECK] = self._check(new)
        self.count = words[new + _COUNT]
        return self._is_due(before, words[new + _LAST])

    # before: when it came the time before.
    def _is_due(self, before, now):
        doubled = not self.count & self.count - 1
        self.is_news = doubled or before // _MINUTE != now // _MINUTE
        return doubled or before // _HOUR != now // _HOUR

    # Frees the old version's slot, without one the oldest record's; stores the new version where it is due.
    def _keep(self, old, is_due):
        new = self._free
        self._free = old if old >= 0 else self._oldest(new)
        dropped = old < 0 and self.words[self._free + _KEY]  # no slot was left
        self.words[self._free + _KEY] = 0
        if self._storage is None:
            return
        hour = self.words[new + _LAST] // _HOUR
        if hour != self._hour:
            self._hour = hour
            self._allowed = getattr(self._storage, "hourly", _HOURLY)
        if is_due and self._store(new):
            if dropped:
                self._store(self._free)
        elif old >= 0:  # what is stored stays
            self._put_back(new)

    # Moves the new version into the free slot, where the old one was.
    def _put_back(self, new):
        words = self.words
        for at in range(_WORDS):
            words[self._free + at] = words[new + at]
        words[new + _KEY] = 0
        self._free = new

    # Writes a slot to the storage. Whether it is safe there.
    def _store(self, slot):
        if self._allowed <= 0:
            return False
        self._allowed -= 1
        slot *= _WORD_BYTES
        try:
            self._storage.store(slot, self.words, slot)  # type: ignore[union-attr]
        except Exception:
            return False
        return True

    # The slot of another version of a record; -1 for none.
    def _version(self, slot):
        words = self.words
        for other in range(0, len(words), _WORDS):
            if (
                words[other + _KEY] == words[slot + _KEY]
                and words[other + _CODE] == words[slot + _CODE]
                and other != slot
                and words[other + _CODE + 1] == words[slot + _CODE + 1]
                and words[other + _CODE + 2] == words[slot + _CODE + 2]
                and words[slot + _KEY]
            ):
                return other
        return -1

    # The first slot, but for one, that is free, or else the one of the oldest record.
    def _oldest(self, but):
        words = self.words
        oldest = 0 if but else _WORDS
        slot = 0
        while slot < len(words):
            younger = (words[slot + _KEY] & _BOOT) - (words[oldest + _KEY] & _BOOT)  # boots
            if not younger:
                younger = words[slot + _LAST] - words[oldest + _LAST]
            if younger < 0 and slot != but:
                oldest = slot
            slot += _WORDS
        return oldest

    # The check of a slot: what its first word is where the others are whole.
    def _check(self, slot):
        check = self._seed
        at = 1
        while at < _WORDS:
            check = (check & 0x7FFF) * 32717 + (check >> 15) ^ self.words[slot + at]
            at += 1
        return check
