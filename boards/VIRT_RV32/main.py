# QEMU's machine has neither clock nor lamp nor cloud, so all three are simulated here; it also runs on the Unix
# port. Paste it into the REPL (Ctrl-E, Ctrl-D), or run it with: mpremote connect /dev/pts/N run main.py

import sys

import blinkcode
from blinkcode.reporter import Reporter

now = 0
REPLIES = [{"success": False, "code": 1010}, {"success": False, "code": 2001}, {"success": True}]


# The clock: milliseconds, here as many as the program says.
def ticks():
    return now


# The driver of the lamp.
def star(light):
    print(now, "ms:", "lit" if light else "dark")


def live(ms):
    global now
    for _ in range(ms // 20):
        now += 20
        reporter.tick(now)


reporter = Reporter(led=star, log=sys.stdout, journal=16, ticks=ticks)
for reply in REPLIES:
    if reply["success"]:
        reporter.clear(blinkcode.TUYA)
    else:
        reporter.report(reply["code"], blinkcode.TUYA)
    live(4000)
reporter.dump(sys.stdout)
