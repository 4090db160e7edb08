# The Unix port has no lamp and no cloud: a star stands for the one, a list of replies for the other.
# Run it with: MICROPYPATH=.frozen:firmware micropython boards/UNIX/main.py

import sys
import time

import blinkcode
from blinkcode.reporter import Reporter

REPLIES = [
    {"success": False, "code": 1010, "msg": "token is expired"},
    {"success": False, "code": 2001, "msg": "device is offline"},
    {"success": True, "result": {}},
]


def star(light):
    print("*" if light else ".", end="")


# Runs the lamp for some seconds, as asyncio.create_task(reporter.run()) does beside other tasks.
def live(seconds):
    end = time.ticks_add(time.ticks_ms(), int(seconds * 1000))
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        reporter.tick(time.ticks_ms())
        time.sleep_ms(20)
    print()


reporter = Reporter(led=star, log=sys.stdout, journal=16)
for reply in REPLIES:
    if reply["success"]:
        reporter.clear(blinkcode.TUYA)
    else:
        reporter.report(reply["code"], blinkcode.TUYA)
    live(1.5)

reporter.spell(
    7, blinkcode.TUYA
)  # for who has no console: a dash, 2 flashes (Tuya), a long one and 2 short ones (7)
live(12)
reporter.dump(sys.stdout)
