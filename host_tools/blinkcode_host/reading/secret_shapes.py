"""Secrets that no name announces: told by their own shape, or by the command that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from blinkcode_host.reading.secret_values import quoted_end

Place = tuple[int, int, int]  # where what makes it a secret begins, where itself, and where it ends

_MAC = (
    r"(?<![0-9A-Za-z])(?<![0-9A-Fa-f]:)(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){2})?(?!:?[0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?<![0-9A-Fa-f]-)(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}(?:(?:-[0-9A-Fa-f]{2}){2})?(?!-?[0-9A-Za-z])"
    r"|(?<![0-9A-Za-z.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4})?(?![0-9A-Za-z]|\.[0-9A-Fa-f])"
)
_MAIL = r"(?<![\w.%+-])(?<!://)[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_NAMED_BY_MAC = (
    r"(?<![A-Za-z])(?i:esp|esp32|esp8266|shelly|tasmota|sta|station|peer|client|addr|address|ble|bt|device)[ :=_-]{1,2}"
    r"(?=[0-9A-Fa-f]{0,11}[A-Fa-f])([0-9A-Fa-f]{12})(?![0-9A-Za-z])"
)
_KEYS = (
    r"\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*){0,3}"  # JSON Web Token
    r"|\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[0-9A-Z]{12,}\b|\bLTAI[0-9A-Za-z]{8,}\b|\bAKID[0-9A-Za-z]{13,}\b"
    r"|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abeoprs]-[\w-]{8,}"
    r"|\bAIza[\w-]{30,}|\b[rs]k_(?:live|test)_\w{8,}|\bsk-[\w-]{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bnpm_\w{20,}|\bpypi-[\w-]{20,}|\bhf_\w{20,}|\bdop_v1_\w{20,}|\bAGE-SECRET-KEY-\w+"
    r"|(?<![\w:])\d{8,10}:[\w-]{35}(?![\w-])"  # a bot of Telegram's
)
_CONNECT_CALL = re.compile(  # WiFi.begin("ssid", "password"), wlan.connect('ssid', 'password')
    r"\b(?:wi-?fi\w*\.begin\w*|(?:wlan|sta|sta_if|wifi|nic)\.connect|wi-?fi_?connect|addAP)\([ ]?"
    r"(?:\"([^\"\n]*)\"|'([^'\n]*)')(?:,[ ]?(?:\"([^\"\n]*)\"|'([^'\n]*)'))?",
    re.IGNORECASE,
)
_USER = re.compile(
    r"\b(?:logged in as|log ?in as|(?:for|as|by) user|user (?=[\w.@-]{1,64} (?:logged|connected|authenticated|from)))"
    r"[ ]{0,2}[\"']?(?!name\b|is\b|the\b|not\b)([\w.@\\-]{2,64})",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"\(p\d, c\d, k\d{1,5}, u'([^'\n]{1,64})'\)"
)  # Mosquitto's line of a client that has connected
_NO_SCHEME = re.compile(
    r"(?<![\w/.+:-])([\w.+-]{1,64}:[^\s@:/\"'<>]{3,64})@[\w.-]{1,253}(?::\d{1,5})?(?=[\s/\"',;)]|$)"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----((?:(?!-----END)[^\n])*)")
_AFTER_SCHEME = re.compile(r"\b(?:bearer|basic)[ ]{1,2}([A-Za-z0-9._~+/=-]{8,})", re.IGNORECASE)
_CONNECTED = re.compile(  # ESP-IDF's and MicroPython's own line, and those that people write
    r"wifi: ?connected with ([^,\n]+)"
    r"|\bconnect(?:ing|ed)? to (?:the )?(?:network |wi-?fi |ap |ssid )?([^\s\"'“:,][^\n\"'“,]{0,63}?)"
    r" with (?:the )?pass"
    r"|\b(?:network|wi-?fi|wlan|hotspot|access point|ap|ssid)[ ]{1,2}[\"'“]([^\"'”\n]{1,64})[\"'”]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://([^\s\"'<>`]{1,320}@)")
_HOST = re.compile(r"(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?=[/?#\s\"'<>,;)\]}`\\]|$)")
_PORT_AND_PATH = re.compile(r"[^/:@]*:\d{1,5}[/?#]|[^/:@]*[/?#]")
_AT_COMMAND = re.compile(
    r"\+(?:CW(?:JAP|SAP|JEAP|LAP|LIF|STAPROTO|QAP)\w*|MQTT(?:USERCFG|USERNAME|PASSWORD|CLIENTID|LONG\w+)"
    r"|BLESEC\w*|CIP(?:STA|AP)MAC\w*|UMQTT\w*|QMT\w*|WJAP|WSAP|WSCONN|HTTPCLIENT)(?:=|:)([^\n]*)",
    re.IGNORECASE,
)
_STRING = re.compile(r"\\{0,7}\"")
_COMMAND = re.compile(
    r"\b(?:mosquitto_\w+|mqttx?|curl|wget|http|mysql|sshpass|ampy|webrepl_cli(?:\.py)?|smbclient|ftp)\b[^\n]*?[ ]"
)
_FLAG_VALUE = re.compile(
    r"(?<=[ ])-(?:u|P|pw)[ ]?(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s\"'-]\S*))"
    r"|(?<=[ ])--?user[ =](?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s\"'-]\S*))"
)
_SSHPASS = re.compile(
    r"\bsshpass[ ]-p[ ]?(\S+)|\bmysql\w*\b[^\n]{0,120}?[ ]-p(\S+)|\bredis-cli\b[^\n]{0,120}?[ ]-a[ ]?(\S+)"
    r"|\bwebrepl_cli(?:\.py)?[ ]-p[ ]?(\S+)"
)
_WPA_PASSPHRASE = re.compile(
    r"\bwpa_passphrase[ ]+(\"[^\"\n]+\"|'[^'\n]+'|\S+)[ ]+(\"[^\"\n]+\"|'[^'\n]+'|\S+)"
)
_WIFI_CONNECT = re.compile(r"\bwifi connect[ ]+(\"[^\"\n]+\"|'[^'\n]+'|\S+)", re.IGNORECASE)
_DIGEST = re.compile(
    r"\b(?:username|response|c?nonce|opaque)[ ]?=[ ]?(?:\\{0,7}\"([^\"\n\\]+)|([^\s,\"\\]+))", re.IGNORECASE
)

_ALONE = re.compile(f"({_MAC})|({_MAIL})|({_KEYS})")
_SIMPLE = (
    (("bearer", "basic"), _AFTER_SCHEME),
    (("connect", "network", "wi", "wlan", "hotspot", "ap", "ssid", "access point"), _CONNECTED),
    (("sshpass", "webrepl", "mysql", "redis-cli"), _SSHPASS),
    ((".begin", "connect", "addap"), _CONNECT_CALL),
    (("log", "user"), _USER),
    ((", u'",), _CLIENT),
    (("@",), _NO_SCHEME),
    (
        ("esp", "shelly", "tasmota", "sta", "peer", "client", "addr", "ble", "bt", "device"),
        re.compile(_NAMED_BY_MAC),
    ),
    (("wpa_passphrase",), _WPA_PASSPHRASE),
    (("wifi connect",), _WIFI_CONNECT),
    (("digest",), _DIGEST),
    (("private key",), _PRIVATE_KEY),
)


def shaped(text: str, small: str) -> Iterator[Place]:
    """The places of secrets in a line, in any order; `small` is the line in small letters."""
    for match in _ALONE.finditer(text):
        yield match.start(), *match.span()
    for needles, pattern in _SIMPLE:
        if any(needle in small for needle in needles):
            for match in pattern.finditer(text):
                yield from ((match.start(), *match.span(i)) for i in range(1, pattern.groups + 1) if match[i])
    if "://" in text:
        yield from _credentials(text)
    if "+" in text:
        for match in _AT_COMMAND.finditer(text):
            yield from _strings(text, match.start(), *match.span(1))
    if " -" in text and (command := _COMMAND.search(text)):
        for match in _FLAG_VALUE.finditer(text, command.end() - 1):
            yield match.start(), *match.span(match.lastindex or 0)


def _credentials(text: str) -> Iterator[Place]:
    """What stands between `://` and the `@` before a host."""
    for match in _ADDRESS.finditer(text):
        start, stop = match.span(1)
        if _PORT_AND_PATH.match(text, start, stop):
            continue
        at = text.find("@", start)
        while not _HOST.match(text, at + 1) and (later := text.find("@", at + 1, stop)) >= 0:
            at = later
        if at > start:
            yield match.start(), start, at


def _strings(text: str, name: int, at: int, end: int) -> Iterator[Place]:
    while quote := _STRING.search(text, at, end):
        stop = min(quoted_end(text, quote.end(), quote[0]), end)
        if stop > quote.end():
            yield name, quote.end(), stop
        at = stop + len(quote[0])
