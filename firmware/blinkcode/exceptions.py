# blinkcode.exceptions: what an exception says on MicroPython: of which system family it is, and with which code.
#
# The type tells first, then a text, then the number's sign and size. A number without a text is one of the ESP32's own
# only on the ESP32; on other ports errno has other numbers, and is read by its names (blinkcode.ports). An exception's
# number is never taken for a cloud's. Nothing here takes heap but a hexadecimal number inside a text (32 bytes).
#
# The sources: MicroPython's ports/esp32/modsocket.c, mphalport.c, network_common.c, machine_i2c.c,
# extmod/modtls_mbedtls.c; umqtt.simple and asyncio of micropython-lib.

import sys

import blinkcode
from blinkcode.const import const

PLATFORM = sys.platform

# errno, as the ESP32's C library numbers them.
_ENOMEM = const(12)
_ETIMEDOUT = const(116)
_ERRNO_OTHERS = const(44)  # from here on most numbers are System V's, which nothing on an ESP32 raises

# esp_err. Translated ones arrive with an errno number, and their name as text.
_ESP_FAIL = const(-1)
_ESP_NO_MEM = const(0x101)
_ESP_NOT_SUPPORTED = const(0x106)
_ESP_TIMEOUT = const(0x107)
_ESP_MIN = const(0x101)
_ESP_MAX = const(0xFFFFF)
_ESP_WIFI = const(0x3000)

# getaddrinfo: -2 where it found nothing, EAI_* negated; -257 ... -259 come from mDNS.
_DNS_NOTHING = const(-2)
_EAI_FIRST = const(-200)
_EAI_LAST = const(-204)
_MDNS_FIRST = const(-257)
_MDNS_LAST = const(-259)

# mbedtls: a sum of a high part, which names it, and a low part.
_TLS_MIN = const(-0x7FFF)
_TLS_MAX = const(-4224)
_TLS_HIGH = const(0xFF80)
_TLS_LOW = const(0x7F)
_TLS_MPI_ALLOC = const(0x10)  # the low parts that mean out of memory
_TLS_ASN1_ALLOC = const(0x6A)
_TLS_VERIFY = const(-0x2700)
_TLS_INVALID_KEY = const(-0x3E80)
_TLS_INVALID_CERT = const(-0x2800)
_ERRNO_UNDER_TLS_MIN = const(-143)
_ERRNO_UNDER_TLS_MAX = const(-3)
_CLOSED = const(-1)

_WIFI_HEX = const(21)  # where the number starts in "Wifi Unknown Error 0x0102"

# What the WLAN calls say instead of ESP_ERR_WIFI_BASE + 0, + 1 and so on; None: another form.
_WIFI_TEXTS = (
    None,
    "Wifi Not Initialized",
    "Wifi Not Started",
    "Wifi Not Stopped",
    "Wifi Invalid Interface",
    "Wifi Invalid Mode",
    "Wifi Internal State Error",
    "Wifi Internal Error",
    "Wifi Internal NVS Error",
    "Wifi Invalid MAC Address",
    "Wifi SSID Invalid",
    "Wifi Invalid Password",
    None,  # a timeout arrives as errno
    "Wifi Wakeup Failure",
    "Wifi Would Block",
    "Wifi Not Connected",
)


# Reads an exception: calls report.found(family, code) where it says one, and gives what that does: whether the
# table has the family.
def read(report, error):
    kind = type(error).__name__
    first = error.args[0] if error.args else None
    if kind == "MQTTException":
        return report.found("MQTT", first)
    if isinstance(error, MemoryError):
        return report.found("ERRNO", _ENOMEM)
    if kind == "TimeoutError" and first is None:  # of asyncio
        return report.found("ERRNO", _ETIMEDOUT)
    if type(first) is str:
        if isinstance(error, ValueError):
            return _read_certificate(report, first)
        return isinstance(error, (OSError, RuntimeError)) and _read_wifi(report, first)
    if type(first) is not int or not isinstance(error, OSError):
        return False
    if len(error.args) > 1 and type(error.args[1]) is str and _read_named(report, first, error.args[1]):
        return True
    return _read_number(report, first)


# Whether the table has a code of a family.
def _knows(family, code):
    vendor = getattr(blinkcode, family, None)
    return vendor is not None and blinkcode.find(code, vendor) >= 0


# A ValueError of ssl: a key or certificate that cannot be read, or one that the check refuses, a line a reason.
def _read_certificate(report, text):
    if text == "invalid key":
        return report.found("MBEDTLS", _TLS_INVALID_KEY)
    if text == "invalid cert":
        return report.found("MBEDTLS", _TLS_INVALID_CERT)
    start = 1 if text.startswith("\n") else 0
    if (
        text.startswith("The certificate ", start)
        or text.startswith("The CRL ", start)
        or text.startswith("Certificate ", start)
        or text.startswith("Usage does not match ", start)
        or text.startswith("Other reason ", start)
    ):
        return report.found("MBEDTLS", _TLS_VERIFY)
    return False


# What a call of network.WLAN raises: a text alone.
def _read_wifi(report, text):
    if text.startswith("Wifi Unknown Error 0x"):
        code = int(text[_WIFI_HEX:], 16)
        return report.found("ESP_ERR", _ESP_FAIL if code > _ESP_MAX else code)
    if text == "WiFi Out of Memory":
        return report.found("ESP_ERR", _ESP_NO_MEM)
    if text in _WIFI_TEXTS:
        return report.found("ESP_ERR", _ESP_WIFI + _WIFI_TEXTS.index(text))
    return False


# An OSError of a number and a text, which tells the family.
def _read_named(report, number, text):
    if text == "ESP_FAIL":
        return report.found("ESP_ERR", _ESP_FAIL)
    if text == "ESP_ERR_NO_MEM":
        return report.found("ESP_ERR", _ESP_NO_MEM)
    if text == "ESP_ERR_TIMEOUT":
        return report.found("ESP_ERR", _ESP_TIMEOUT)
    if text == "ESP_ERR_NOT_SUPPORTED":
        return report.found("ESP_ERR", _ESP_NOT_SUPPORTED)
    if number < 0 and (text.startswith("ESP_ERR_") or text == "ERROR"):  # ERROR: a name that is not built in
        return report.found("ESP_ERR", -number)
    if text.startswith("MBEDTLS_ERR_") or number <= _TLS_MAX and " - " in text:  # " - ": MicroPython 1.21
        return _read_tls(report, number)
    return False


# A code of mbedtls: as it is, or its high part; out of memory whatever failed for the lack of it.
def _read_tls(report, code):
    low = -code & _TLS_LOW
    if low in (_TLS_MPI_ALLOC, _TLS_ASN1_ALLOC):
        code = -low
    elif not _knows("MBEDTLS", code):
        code = -(-code & _TLS_HIGH)
    return report.found("MBEDTLS", code)


# An OSError of a number alone.
def _read_number(report, number):
    if PLATFORM != "esp32":
        from blinkcode.ports import errno_of

        return report.found("ERRNO", errno_of(number))
    if number > 0:
        return _read_positive(report, number)
    if number == _CLOSED:  # umqtt: the broker has closed the connection; else the network interface
        return report.found("MQTT" if _knows("MQTT", _CLOSED) else "ERRNO", _CLOSED)
    if number == _DNS_NOTHING or _EAI_LAST <= number <= _EAI_FIRST or _MDNS_LAST <= number <= _MDNS_FIRST:
        return report.found("DNS", number)
    if _ERRNO_UNDER_TLS_MIN <= number <= _ERRNO_UNDER_TLS_MAX:  # MicroPython 1.13 to 1.27
        return report.found("ERRNO", -number)
    if number < _TLS_MIN:
        return report.found("ESP_ERR", -number)
    return number <= _TLS_MAX and _read_tls(report, number)


# One of errno; a greater one of esp_err, as I2C and watchdog raise it; of mbedtls, where nothing but that has it.
def _read_positive(report, number):
    if number >= _ESP_MIN:
        return report.found("ESP_ERR", number)
    if number >= _ERRNO_OTHERS and not _knows("ERRNO", number) and _knows("MBEDTLS", -number):
        return report.found("MBEDTLS", -number)
    return report.found("ERRNO", number)
