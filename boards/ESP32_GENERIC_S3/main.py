# Wi-Fi up, a call to the vendor's cloud every minute, and when something fails: the lamp, the line, the journal.
# Copy it to the board as main.py. On the Unix port, which has no Wi-Fi, the cloud's replies are simulated.

import asyncio
import sys
import time

import blinkcode
import blinkcode.drivers as drivers
import blinkcode.storages as storages
from blinkcode.reporter import Reporter

try:
    import network
    import requests
except ImportError:
    network = None

SSID, PASSWORD = "your network", "your password"
URL = "https://openapi.tuyaeu.com/v1.0/token?grant_type=1"

# What Tuya's cloud answers, for the Unix port.
REPLIES = [
    {"success": False, "code": 1010, "msg": "token is expired"},
    {"success": False, "code": 1010, "msg": "token is expired"},
    {"success": False, "code": 2001, "msg": "device is offline"},
    {"success": True, "result": {}},
]


# The lamp of the Unix port: a star for lit.
def star(light):
    print("*" if light else ".", end="")


# On the board, the lamp is wired as [led] in its blinkcode.toml says, and the journal outlives a reset.
if network:
    reporter = Reporter(led=drivers.lamp(), log=sys.stdout, journal=storages.RTC())
else:
    reporter = Reporter(led=star, log=sys.stdout, journal=16)


def wifi_up():
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    if not wlan.isconnected():
        wlan.connect(SSID, PASSWORD)
        deadline = time.ticks_add(time.ticks_ms(), 15_000)
        while not wlan.isconnected() and time.ticks_diff(deadline, time.ticks_ms()) > 0:
            time.sleep_ms(100)


def call_cloud():
    if not network:
        return REPLIES.pop(0)
    wifi_up()
    return requests.get(URL, timeout=10).json()


async def main():
    lamp = asyncio.create_task(reporter.run())  # the lamp blinks while everything else goes on
    while network or REPLIES:
        try:
            reply = call_cloud()
            if reply.get("success"):
                reporter.clear(blinkcode.TUYA)  # the lamp goes out, or shows what else is wrong
            else:
                reporter.report(reply["code"], blinkcode.TUYA)
        except Exception as error:  # no Wi-Fi, no answer, no JSON
            reporter.catch(error, blinkcode.TUYA)
        await asyncio.sleep(60 if network else 1.5)
    lamp.cancel()
    print()
    reporter.dump(sys.stdout)


asyncio.run(main())
