# blinkcode.dump: a journal as lines of text. Takes heap.

from blinkcode.const import const

# A record's words and their parts, as in blinkcode.journal, where they are explained.
_KEY = const(1)
_STATE = const(2)
_LAST = const(3)
_COUNT = const(4)
_CODE = const(5)
_WORDS = const(8)
_BOOT = const(0xFFFF)
_VENDOR = const(0x3F)
_VENDOR_SHIFT = const(16)
_SUBJECT_SHIFT = const(22)
_LETTERED = const(0x10000000)
_TIME = const(0x3FFFFF)
_STATE_MASK = const(0x1F)
_STATE_SHIFT = const(22)
_RESET_SHIFT = const(27)
_LETTER = const(0x7F)
_LETTER_BITS = const(7)
_SECONDS = const(15)  # in a unit of time
_INFO = const(20)  # a logging level


# Calls write with a line for each record, the oldest first; times are seconds since that boot.
#     J (boot 12) blinkcode: dns -202 NETWORK [tuya] x8 first 1230 last 99990 reset 3
# words: a journal's. states, vendors: their names.
def dump(words, states, vendors, write):
    slots = []
    for slot in range(0, len(words), _WORDS):
        slots.append((words[slot + _KEY] & _BOOT, words[slot + _LAST], slot))
    for boot, last, slot in sorted(slots):
        if boot:  # no free slot
            key = words[slot + _KEY]
            state = words[slot + _STATE]
            vendor = vendors[key >> _VENDOR_SHIFT & _VENDOR]
            subject = vendors[key >> _SUBJECT_SHIFT & _VENDOR]
            line = "J (boot %d) blinkcode: %s " % (boot, vendor)
            if not key & _LETTERED:
                line += "%d " % words[slot + _CODE]
            line += states[state >> _STATE_SHIFT & _STATE_MASK]
            if key & _LETTERED:
                line += " " + _said(words, slot)
            if subject != vendor:
                line += " [%s]" % subject
            first = (state & _TIME) * _SECONDS
            last *= _SECONDS
            write(
                line
                + " x%d first %d last %d reset %d"
                % (words[slot + _COUNT], first, last, state >> _RESET_SHIFT)
            )


# The letters that stand for a record's code.
def _said(words, slot):
    said = ""
    for at in range(slot + _CODE, slot + _WORDS):
        word, letters = words[at], ""
        while word:
            letters = chr(word & _LETTER) + letters
            word >>= _LETTER_BITS
        said += letters
    return said


# A function that writes a line: to what takes str, or bytes where it does not; to a logger; for None to the console.
def printer(file):
    def write(line):
        if file is None:
            print(line)
        elif hasattr(file, "log"):
            file.log(_INFO, line)
        else:
            try:
                file.write(line + "\n")
            except TypeError:
                file.write((line + "\n").encode())

    return write
