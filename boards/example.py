# blinkcode on a board: Wi-Fi, a call to the vendor's cloud every minute, and one lamp that tells what is wrong.
#
# Copy it to the board as main.py, and change the lines below. It works however blinkcode came onto the board: with
# mip, as a ROMFS image, or frozen.

import asyncio
import json
import ssl
import sys

import network
import ntptime
from machine import Pin, Timer

import blinkcode
from blinkcode.reporter import Reporter

# The wiring. A lamp that lights when its pin is low: led=drivers.active_low(LAMP), from blinkcode import drivers.
LAMP = Pin(2, Pin.OUT, value=0)
BUTTON = Pin(0, Pin.IN, Pin.PULL_UP)  # BOOT on most boards; pressed, it reads 0

SSID, PASSWORD = "your network", "your password"
HOST, PORT, PATH = "openapi.tuyaeu.com", 443, "/v1.0/devices/your-device-id"
# The authority that signed the cloud's certificate, a .der file on the board. None: anybody may be the cloud.
CA_FILE = None

WIFI_EVERY_MS = 500  # how often Wi-Fi is looked at
RECONNECT_AFTER = 40  # looks without a connection, so 20 seconds
CLOUD_EVERY_S, CLOUD_PATIENCE_S = 60, 15

reporter = Reporter(led=LAMP, log=sys.stdout, journal=16)
# A timer drives the lamp, so that it blinks whatever blocks: a name lookup, a handshake, our own mistake.
timer = Timer(0, period=20, callback=reporter.beat)
wlan = network.WLAN(network.STA_IF)
last = [0, None]  # what the button spells: the code reported last, and whose it is


class HttpError(Exception):
    pass


# Keeps Wi-Fi up without waiting for it, and reports what it says of itself: 1010, connected, ends its trouble.
async def keep_wifi():
    wlan.active(True)
    status = None
    looks = RECONNECT_AFTER
    while True:
        try:
            if not wlan.isconnected():
                looks += 1
                if looks > RECONNECT_AFTER:
                    looks = 0
                    wlan.disconnect()
                    wlan.connect(SSID, PASSWORD)
            if wlan.status() != status:
                status = wlan.status()
                report(status, blinkcode.WIFI)
                if wlan.isconnected():
                    set_clock()
                else:
                    reporter.clear(blinkcode.TUYA)  # whether the cloud would answer is not known now
        except Exception as error:
            reporter.catch(error, blinkcode.WIFI)
        await asyncio.sleep_ms(WIFI_EVERY_MS)


# A certificate is valid from one day to another, and the clock begins in the year 2000.
def set_clock():
    try:
        ntptime.settime()
    except Exception as error:
        reporter.catch(error, blinkcode.WIFI)


async def call_cloud():
    while True:
        while not wlan.isconnected():
            await asyncio.sleep_ms(WIFI_EVERY_MS)
        try:
            judge(await asyncio.wait_for(get_json(), CLOUD_PATIENCE_S))
        except Exception as error:  # no name, no route, refused, reset, certificate, timeout, no JSON
            reporter.catch(error, blinkcode.TUYA)
        await asyncio.sleep(CLOUD_EVERY_S)


def judge(reply):
    if reply.get("success"):
        reporter.clear(blinkcode.TUYA)  # the lamp goes dark, or shows what else is wrong
    else:
        report(reply["code"], blinkcode.TUYA)


def report(code, vendor):
    last[0] = code
    last[1] = vendor
    reporter.report(code, vendor)


# The body of the cloud's answer. Raises HttpError for a status that is not 200 and what the connection raises.
async def get_json():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if CA_FILE:
        context.load_verify_locations(cafile=CA_FILE)
        context.verify_mode = ssl.CERT_REQUIRED
    else:
        context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(HOST, PORT, ssl=context, server_hostname=HOST)
    try:
        writer.write(f"GET {PATH} HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        await writer.drain()
        status = (await reader.readline()).decode().strip()
        while (await reader.readline()).strip():  # the headers
            pass
        if status.split(" ")[1:2] != ["200"]:
            raise HttpError(status or "empty answer")
        return json.loads(await reader.read())
    finally:
        writer.close()
        await writer.wait_closed()


# The button has the lamp spell the last code, for who has no console: a dash, the vendor, the digits.
async def watch_button():
    while True:
        if not BUTTON():
            reporter.spell(*last)
            while not BUTTON():
                await asyncio.sleep_ms(50)
        await asyncio.sleep_ms(50)


async def main():
    await asyncio.gather(keep_wifi(), call_cloud(), watch_button())


asyncio.run(main())
