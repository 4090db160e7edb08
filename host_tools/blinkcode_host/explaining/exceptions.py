"""Exceptions as MicroPython prints them, or as repr() shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The families whose codes come in an OSError. Wi-Fi's come from WLAN.status(), MQTT's in a class of their own.
RAISING = ("errno", "dns", "esp_err", "mbedtls")

_EXCEPTION = re.compile(
    r"(MQTTException|OSError|RuntimeError|ValueError)\s*(?::\s*|(?=[(\[]))(.*)", re.DOTALL
)
# Exceptions that mean one code whatever they say, as on the device; the lines of a certificate that was refused.
_WITHOUT_NUMBER = (
    (re.compile(r"MemoryError\b"), "errno", 12),
    (re.compile(r"(?:asyncio\.)?TimeoutError\b"), "errno", 116),
    (
        re.compile(
            r"(?:ValueError\W*)?(?:\\n)?(?:The (?:certificate|CRL) |Certificate (?:was missing|verification )"
            r"|Usage does not match |Other reason \(can be used by verify)"
        ),
        "mbedtls",
        -0x2700,
    ),
)
_ERRNO = re.compile(r"\[Errno (?P<number>-?\d{1,20})\](?: (?P<name>E[A-Z0-9]+)\b)?:?\s*(?P<words>.*)")
_ARGUMENTS = re.compile(r"\(\s*(-?\d{1,20})\s*,?\s*(?:(['\"])(.*)\2)?\s*,?\s*\)")
# What ESP-IDF prints, and MicroPython before 1.13, which leaves out the 0x.
_HANDSHAKE = re.compile(r"(?:\S*: )?mbedtls_\w+\b[ a-z:]*-(?:0x)?([0-9a-f]{2,4})", re.IGNORECASE)
_UNKNOWN_WIFI = re.compile(r"wifi unknown error (0x[0-9a-f]+)", re.IGNORECASE)
# The errno numbers that Linux and newlib have alike.
_ALIKE_ON_LINUX = {*range(1, 35), 95, 104, 105, 111}


@dataclass(frozen=True)
class Written:
    """A code as somebody wrote it. `text` is what is left of it without a vendor or an exception's name."""

    text: str
    vendor: str | None  # the vendor that is named
    name: str = ""  # the name or words that stand beside the number, and say more than it does
    raised: bool = False  # an exception: no cloud raises one


def read_exception(text: str, vendor: str | None) -> Written | None:
    """What an exception's text, or mbedTLS's line of a failed call, holds; None for anything else.

    `vendor` is named before it.

    Raises ValueError for the words of a computer's system, where its numbers differ from the ESP32's.
    """
    for expression, family, code in _WITHOUT_NUMBER:
        if expression.match(text):
            return Written(str(code), vendor or family, raised=True)
    if handshake := _HANDSHAKE.fullmatch(text):
        return Written(f"-0x{handshake[1]}", vendor or "mbedtls", raised=True)
    match = _EXCEPTION.fullmatch(text)
    body = match[2].strip() if match else text
    if match and match[1] == "MQTTException":
        vendor = vendor or "mqtt"
    if unknown := _UNKNOWN_WIFI.fullmatch(body):
        return Written(unknown[1], vendor or "esp_err", raised=True)
    if errno := _ERRNO.fullmatch(body):
        return _errno(errno, vendor)
    if arguments := _ARGUMENTS.fullmatch(body):
        return Written(arguments[1], vendor, arguments[3] or "", raised=True)
    return Written(body.strip("()'\""), vendor, raised=True) if match else None


def _errno(match: re.Match[str], vendor: str | None) -> Written:
    """`[Errno 113] ECONNABORTED`, `[Errno 116] ETIMEDOUT: ESP_ERR_TIMEOUT`, or the words of a computer."""
    number, name, words = match["number"], match["name"] or "", match["words"]
    if words and not name and int(number) not in _ALIKE_ON_LINUX:
        raise ValueError(
            f"[Errno {number}] {words}: these are the words of a computer, where errno has other numbers than on the "
            "ESP32; look up the name, such as EHOSTUNREACH"
        )
    return Written(number, vendor, words if words.startswith(("ESP_", "MBEDTLS_")) else name, raised=True)
