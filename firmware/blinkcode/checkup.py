# blinkcode.selftest(): what is on this device, and whether every answer is the one that was compiled in.
#
# blinkcode loads this module when selftest is asked for; it allocates.

import gc
import sys
from binascii import crc32

import blinkcode
from blinkcode import table

_FAILED = "FAILED: the table is damaged; install it again"


# Prints four lines and gives True where the table is whole. Never raises, never changes anything.
def selftest():
    vendors = table.NAMES[table.VENDOR_NAMES + 1 : -3].lower()
    print("blinkcode: table", table.ID, table.CODES, "codes", vendors)
    print("blinkcode: loaded from", _source())
    print("blinkcode: heap", _heap())
    try:
        good = _check() == table.CHECK
        print("blinkcode: check", "passed" if good else _FAILED)
    except AttributeError as left_out:
        good = False
        print("blinkcode: check not possible, this build leaves something out:", left_out)
    except Exception as damage:
        good = False
        print("blinkcode: check", _FAILED, damage)
    return good


def _source():
    path = blinkcode.__path__
    if type(path) is not str:  # CPython has a list of them
        path = path[0]
    if path.startswith(".frozen"):
        return "frozen"
    return ("ROMFS " if path.startswith("/rom/") else "file ") + path


# What importing blinkcode costs, found by importing it once more.
def _heap():
    if not hasattr(gc, "mem_alloc"):
        return "not measured"
    names = ("blinkcode", "blinkcode.table", "blinkcode.const", "blinkcode.lookup")
    loaded = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    gc.collect()
    used = gc.mem_alloc()
    try:
        again = __import__("blinkcode")
        gc.collect()
        used = gc.mem_alloc() - used
    finally:
        for name, module in loaded.items():
            sys.modules[name] = module
    del again
    return "%d bytes for importing it; free %d" % (used, gc.mem_free())


# The checksum over code, vendor, state, level and text of every slot, as blinkcode itself gives them.
def _check():
    buf = bytearray(table.TEXT_MAX)
    view = memoryview(buf)
    head = bytearray(7)
    known = 0
    for slot in range(table.SLOTS):
        code = blinkcode.code(slot)
        if code is not None:
            head[0] = code >> 24 & 0xFF
            head[1] = code >> 16 & 0xFF
            head[2] = code >> 8 & 0xFF
            head[3] = code & 0xFF
            head[4] = blinkcode.vendor(slot)  # type: ignore[assignment]
            if blinkcode.find(code, head[4]) != slot:
                return -1
        head[5] = blinkcode.state(slot)
        head[6] = blinkcode.level(slot)
        known = crc32(head if code is not None else head[5:], known)
        known = crc32(view[: blinkcode.text_into(slot, buf)], known)
    return known & 0x3FFFFFFF
