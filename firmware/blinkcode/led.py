# blinkcode.led: what the lamp does besides showing states: it spells numbers, is dimmed, runs by itself.

import blinkcode.reporter

_at = 0
_plan = b""
quiet = None


# Blinks a number once, then returns to the state. A dash (as long as two long flashes) begins it; then come the
# vendor's number counted from 1, a dash for a minus, and the digits. Each is flashes as in states, with a pause
# after it; 0, and no vendor, are ten. What is no int is not spelled.
def spell(code, vendor=None):
    global _at, _plan
    if type(code) is not int:
        return
    if vendor is None:
        vendor = blinkcode.vendor(blinkcode.find(code))
    plan = bytearray((254, 10 if vendor is None else vendor + 1))
    if code < 0:
        plan.append(254)
    for digit in str(abs(code)):
        plan.append(int(digit) or 10)
    _at = 0
    _plan = plan
    blinkcode.reporter._b[12] = 254


# What tick() asks for while the lamp spells: the flashes of the next cycle, 254 for a dash, -1 for the end.
def spelled():
    global _at
    if _at == len(_plan):
        return -1
    _at += 1
    return _plan[_at - 1]


# light: the brightness of every flash, 1 to 63; 0 is dark.
def dim(light):
    b = blinkcode.reporter._b
    b[4] = b[4] & 64 | min(max(light, 0), 63)
    b[1] = 253


def off():
    dim(0)


# limit(): the most light allowed now, 0 to 63; asked once a cycle. None for no limit.
def quiet_hours(limit):
    global quiet
    quiet = limit
    b = blinkcode.reporter._b
    b[4] = b[4] & 63 | (64 if limit else 0)


# For machine.Timer(0, period=20, callback=led.beat).
def beat(timer):
    blinkcode.reporter.tick(blinkcode.reporter._ticks())


# For asyncio.create_task(led.run()).
async def run(period_ms=20):
    import asyncio

    while True:
        beat(None)
        await asyncio.sleep(period_ms / 1000)
