# blinkcode.led: what the lamp does besides showing states: it spells numbers, is dimmed, runs by itself.

import blinkcode.reporter as reporter
from blinkcode import table

threshold = led = None


# Blinks a number once, then returns to the state. A dash (as long as two long flashes) begins it; then come the
# vendor's number counted from 1, a dash for a minus, and the digits. Each is flashes as in states, with a pause
# after it; 0, and no vendor, are ten. What is no int is not spelled.
def spell(code, vendor=None):
    if type(code) is not int:
        return
    blinkcode = reporter.blinkcode
    if vendor is None:
        vendor = blinkcode.vendor(blinkcode.find(code))
    counts = [0, 10 if vendor is None else vendor + 1]
    for digit in str(code).encode():  # or the minus
        counts.append(0 if digit < 48 else digit - 48 or 10)
    plan = bytearray(table.PATTERNS)
    short, long, gap, pause, worth = plan[19:24]
    plan[18] = len(plan)
    for n in counts:
        longs = n // worth if n > worth else 0
        n -= longs * worth
        plan.extend(bytes([long, gap]) * longs + bytes([short, gap]) * n or bytes([min(2 * long, 255), gap]))
        plan[-1] = pause
    plan.append(0)
    b = reporter.data
    b[15] = 0
    reporter.group = plan
    b[18] = -1
    b[16] = b[19]
    b[23] = reporter.ticks() + 20 * gap + 10 * pause & 0x3FFFFFFF  # dark till then
    b[15] = 0xFFF2


# level: the brightness of every flash, 1 to 63; 0 is dark.
def dim(level):
    b = reporter.data
    b[17] = level = min(max(level, 0), 63) << 8
    b[20] = b[18] and level | b[18] & 31


def off():
    dim(0)


# level(): the most light allowed now, 0 to 63; asked at every tick while there is one. None for no limit.
def quiet_hours(level):
    global threshold, led
    if reporter.led is not filter:
        led = reporter.led
        reporter.led = filter
    threshold = level
    reporter.data[22] = -1


def filter(value):
    if threshold:
        reporter.data[22] = -1
        if value:
            most = min(threshold(), value >> 8)
            value = most and most << 8 | value & 31
    led(value)


# For machine.Timer(0, period=20, callback=led.beat).
def beat(_):
    reporter.tick(reporter.ticks())


# For asyncio.create_task(led.run()).
async def run(period_ms=20):
    import asyncio

    while True:
        beat(None)
        await asyncio.sleep(period_ms / 1000)
