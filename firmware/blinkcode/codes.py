# blinkcode.codes: codes and vendors as people have them, where they are no int. Takes heap.

import blinkcode
from blinkcode import table
from blinkcode.const import const

_CUT = const(48)  # characters of a value or a text that are shown
_UNIT_MS = const(10)
_DASH = const(0)
_TEN = const(10)


# The code that a value stands for: a float without a fraction, decimal digits in a str, or two little-endian bytes;
# None for what is none.
def code_of(value):
    try:
        if type(value) is str or type(value) is float:
            code = int(value)
            return code if type(value) is str or code == value else None
        if type(value) in (bytes, bytearray, memoryview) and len(value) == 2:
            return blinkcode.from_bytes(value)
    except (ValueError, OverflowError):  # OverflowError: infinity
        pass
    return None


# A value as it is printed where it is no code; of an exception the class and, if whole, the numbers and texts that it
# was made with. Cut.
def shown(value, whole=True):
    if isinstance(value, BaseException):
        said = " ".join(str(part) for part in value.args if type(part) in (int, str) and part != "")
        name = type(value).__name__[:_CUT]
        return name + ": " + said[:_CUT] if said and whole else name
    if value is None or type(value) in (bool, int, float, str, bytes):
        return str(value)[:_CUT] or "?"
    return type(value).__name__


# The rhythm that spells a code of a vendor, by its number or its name: see blinkcode.lamp. Groups of flashes: a dash,
# the vendor's number counted from 1, ten for none; a dash for a minus; the digits, ten for 0.
def rhythm_of(code, vendor, report):
    if vendor is None:
        vendor = blinkcode.vendor(blinkcode.find(code))
    number = report.number_of(vendor)
    counts = [_DASH, _TEN if number == report.vendors else number + 1]
    for digit in str(code):
        counts.append(_DASH if digit == "-" else int(digit) or _TEN)
    rhythm = bytearray()
    for count in counts:
        if rhythm:
            rhythm[-1] = table.GROUP_MS // _UNIT_MS
        if count == _DASH:
            flashes = (2 * table.LONG_MS,)
        elif count > table.LONG_WORTH:
            longs = count // table.LONG_WORTH
            flashes = longs * (table.LONG_MS,) + (count - longs * table.LONG_WORTH) * (table.SHORT_MS,)
        else:
            flashes = count * (table.SHORT_MS,)
        for ms in flashes:
            rhythm.append(ms // _UNIT_MS)
            rhythm.append(table.GAP_MS // _UNIT_MS)
    rhythm[-1] = table.PAUSE_MS // _UNIT_MS
    rhythm.append(0)
    return rhythm
