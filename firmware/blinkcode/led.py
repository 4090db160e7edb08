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
    if code < 0:
        counts.append(0)
    for digit in str(abs(code)):
        counts.append(int(digit) or 10)
    plan = bytearray(table.PATTERNS)
    short, long, gap, pause, worth = plan[19:24]
    plan[18] = len(plan)
    for n in counts:
        longs = n // worth if n > worth else 0
        n -= longs * (worth - 1)
        if n == 0:
            plan.append(2 * long)
            plan.append(pause)
        while n:
            plan.append(long if longs > 0 else short)
            plan.append(gap)
            longs -= 1
            n -= 1
        plan[-1] = pause
    plan.append(0)
    b = reporter.data
    b[15] = 0
    reporter.group = plan
    b[18] = -1
    b[16] = b[19]
    b[23] = reporter.ticks() + 20 * gap + 10 * pause & 0x3FFFFFFF  # dark till then
    b[15] = 0xFFF2


# light: the brightness of every flash, 1 to 63; 0 is dark.
def dim(light):
    b = reporter.data
    b[17] = light = min(max(light, 0), 63) << 8
    b[20] = b[18] and light | b[18] & 31


def off():
    dim(0)


# limit(): the most light allowed now, 0 to 63; asked at every tick while there is one. None for no limit.
def quiet_hours(limit):
    global threshold, led
    if reporter.led is not filter:
        led = reporter.led
        reporter.led = filter
    threshold = limit
    reporter.data[22] = -1


def filter(light):
    if threshold:
        reporter.data[22] = -1
        if light:
            most = min(threshold(), light >> 8)
            light = most and most << 8 | light & 31
    led(light)


# For machine.Timer(0, period=20, callback=led.beat).
def beat(timer):
    reporter.tick(reporter.ticks())


# For asyncio.create_task(led.run()).
async def run(period_ms=20):
    import asyncio

    while True:
        beat(None)
        await asyncio.sleep(period_ms / 1000)
