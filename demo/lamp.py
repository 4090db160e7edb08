# A lamp in the terminal, driven by the Unix port in real time for a handful of codes; where the output is no
# terminal, their timelines. MICROPYPATH=.frozen:firmware micropython demo/lamp.py

import os
import sys
import time

import blinkcode
from blinkcode.drivers import colour
from blinkcode.reporter import Reporter

CODES = ((1004, blinkcode.TUYA), (1010, blinkcode.TUYA), (-4012, blinkcode.BROADLINK), (4711, None))
TERMINAL = os.system("test -t 1") == 0
MS_SHOWN = 5000  # of each code
now = 0
light = 0


def drive(value):
    global light
    light = value


def ticks():
    return time.ticks_ms() if TERMINAL else now


# One line in the terminal that is drawn again and again, the lamp in its colour at its start.
def draw():
    rgb = colour(light)
    sys.stdout.write(
        f"\r  \x1b[38;2;{rgb >> 16};{rgb >> 8 & 255};{rgb & 255}m\u25cf\x1b[0m " if light else "\r  \u25cb "
    )


def show(code, vendor):
    global now
    reporter.report(code, vendor)
    line = ""
    start = ticks()
    while ticks() - start < MS_SHOWN:
        reporter.tick(ticks())
        if TERMINAL:
            draw()
            time.sleep_ms(20)
        else:
            line += "\u2588" if light else "\u00b7"
            now += 100
    print("\r   " if TERMINAL else "  " + line)
    reporter.clear()
    for _ in range(2):  # dark, before the next
        now += 1000
        reporter.tick(ticks())


reporter = Reporter(led=drive, log=sys.stdout, ticks=ticks, level=21)
for one in CODES:
    show(*one)
