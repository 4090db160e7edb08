# What `make` shows, run by MicroPython: codes as SDKs and clouds really hand them over, each turned into a lamp
# and a console line.
import sys

import blinkcode
from blinkcode.reporter import Reporter

now = 0  # the demonstration's own clock, in ms
light = 0


def led(value):
    global light
    light = value


# One cycle of the lamp, a character for 100 ms.
def lamp(reporter, cycle):
    global now
    drawn = ""
    for _ in range(10):  # the lamp starts with the next cycle
        now += 100
        reporter.tick(now)
    while len(drawn) < cycle:
        reporter.tick(now)
        drawn += "#" if light else "."
        now += 100
    return drawn


received = (
    ("DNA SDK, signed", -4012, blinkcode.BROADLINK),
    ("DNA SDK, unsigned 16 bits: 61536", blinkcode.int16(61536), blinkcode.BROADLINK),
    ("module, bytes F9 FF", blinkcode.from_bytes(b"\xf9\xff"), blinkcode.BROADLINK),
    ("an alias of -490010", -49010, blinkcode.BROADLINK),
    ('Tuya cloud {"code":1010,"msg":"token is expired"}', 1010, blinkcode.TUYA),
    ("Tuya cloud, plan expired", 28841002, blinkcode.TUYA),
    ("Tuya cloud, nothing to update", 2064, blinkcode.TUYA),
    ("Alibaba IoT", 28504, blinkcode.ALIBABA),
    ("500 without a vendor: Tuya's and Alibaba's", 500, None),
    ("2062 without a vendor", 2062, None),
    ("in no table", 4711, None),
)

reporter = Reporter(led=led, log=sys.stdout, ticks=lambda: now)
for source, code, vendor in received:
    print("\n" + source)
    reporter.report(code, vendor)
    print("  lamp " + lamp(reporter, 48))
    reporter.clear()
    lamp(reporter, 10)
