"""The shapes of numbers and of lines that the finder looks at, as regular expressions."""

from __future__ import annotations

import re

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
ANSI_BYTES = re.compile(ANSI.pattern.encode())

# A standing-alone number: -4012, 1010, 1,000, 0xfff9; what may follow it is checked apart.
NUMBER = re.compile(
    r"(?<![^\W\u4e00-\u9fff])(?<![.,−–-])(?:0[xX][0-9A-Fa-f]{1,8}|[-−–+]?(?:\d{1,3}(?:,\d{3})+|\d{1,10}))(?![^\W\u4e00-\u9fff])"
)
_CHINESE_UNIT = "(?:元|个|次|秒|毫秒|分|小时|字节|条|台|页|天|行|年|月|日|号|度|℃|人|家|米|块)"
# After a number: it was a date, a version, a time, a fraction, an address, a unit, or a count of something.
AFTER_NUMBER = re.compile(
    r"[.,:/–—-]\d|[.]\w|\.{2,}|[ \t](?:[!=<>]=|[<>+*])\s|-[A-Za-z]|[%°µΩ]|[ \t]?(?:ms|us|µs|ns|s|sec|secs"
    r"|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?"
    r"|bytes?|[kKMG]i?[bB]|bits?|bps|baud|dBm?|dB|[mkMG]?Hz|[mk]?V|m?A(?! [A-Za-z])|[mk]?W|kWh|[mck]?m|mm|kg|g|°?[CFK]"
    r"|lux|lx|ppm|rpm|hPa|Pa"
    r"|times|of|items|errors|devices|requests|packets|frames|rows|lines|entries|retries|retry|attempts"
    r"|samples|ticks"
    r"|dropped|lost|bad|occurrences|warnings|messages|users|people|records|files|pages|points|units|USD|EUR|CNY"
    r"|RMB|yuan|degrees?|deg|percent|tests|cases|events|steps|iterations|cycles|pulses"
    r"|pcs|x)(?![\w])"
    rf"|{_CHINESE_UNIT}|[ \t]{_CHINESE_UNIT}(?![\u4e00-\u9fff])"
)
WIRE_BYTES = re.compile(
    r"(?<![\w\[])(?:\w{0,16}(\[))?0x22\]?\s?[=:]\s?(?:0x)?(?P<low>[0-9A-Fa-f]{2})\s?[,; ]\s?"
    r"(?:\w{0,16}\[)?0x23\]?\s?[=:]\s?(?:0x)?(?P<high>[0-9A-Fa-f]{2})(?![\w])"
)
WIRE_NEIGHBOUR = re.compile(r"0x(?:21|24|20|25)\]?\s?[=:]", re.I)
WIRE_SLICE = re.compile(r"\[(?:0x22|34)\s?:\s?(?:0x24|36)\]\)?[ \w]{0,16}(?:[=:]|->)\s?$", re.I)
BYTE_PAIR = re.compile(
    r"(?<![\w])(?:(?:0x)?([0-9A-Fa-f]{2})[ ,]\s?(?:0x)?([0-9A-Fa-f]{2})"
    r"|(?:b[\"'])?\\x([0-9a-f]{2})\\x([0-9a-f]{2}))(?![\w]|[ ,]\s?"
    r"(?:0x)?[0-9A-Fa-f]{2}(?![\w])|\\x)"
)
DEVICE = re.compile(
    r"(?<![\w])blinkcode: (?:(?P<vendor>\?|[a-z][a-z0-9_-]{0,31}) )?(?P<code>\?"
    r"|-?\d{1,10}) (?P<state>[A-Z][A-Z_]{1,15})\b"
    r"(?P<text>[^\x00-\x1f]{0,160}?)(?: \(x(?P<times>\d{1,9})\))?(?=\s*$|[\r\n])"
)
JOURNAL = re.compile(r" x(?P<times>\d{1,9}) first (?P<first>\d{1,10}) last (?P<last>\d{1,10}) reset \d{1,2}$")
BANNER = re.compile(
    r"(?<![\w])blinkcode: table (?P<id>[0-9a-f]{8}) (?P<codes>\d{1,6}) codes"
    r"(?P<vendors>(?: [a-z][a-z0-9_-]{0,31}){1,32})?"
)
# What the runtime says of itself: numbers in it are no reports.
DEVICE_NOTE = re.compile(r"(?<![\w])blinkcode: (?:the lamp is left alone|clear: no vendor)\b")
MESSAGE_KEY = re.compile(
    r"\\?[\"']?\b(?:msg|message|error_?msg|err_?msg|error_?message|err_?message|localized_?msg|desc|description"
    r"|error_?description|error_?desc|detail|reason|info|errstr|strerror"
    r"|error(?=\\?[\"']\s?:\s?\\?[\"'][A-Za-z]))"
    r"\\?[\"']?\s{0,4}(?:[:=]|=>|：)\s{0,40}",
    re.I,
)
# A line that begins like a new log entry does not go on with the one before.
LOG_START = re.compile(
    r"\s|\[|\{|\d{4}[-/]\d\d|\d\d:\d\d|[EWIDVCJ] \(|(?:ERROR|WARN|INFO|DEBUG|TRACE|FATAL|CRITICAL|WARNING)\b"
    r"|<\d+>|>>>|[A-Z][a-z]{2} +\d"
    r"|Traceback|#|[A-Za-z_]\w{0,23}: |(?:\d{1,3}\.){3}\d{1,3} -"
)
# Like that, and no member of an object that began above either.
ENTRY_START = re.compile(
    r"[{\[]|\d{4}[-/]\d\d|\d\d:\d\d|[EWIDVCJ] \(|(?:ERROR|WARN|INFO|DEBUG|TRACE|FATAL|CRITICAL|WARNING)\b|<\d+>"
    r"|>>>"
    r"|[A-Z][a-z]{2} +\d|Traceback|#|(?:\d{1,3}\.){3}\d{1,3} -"
)
# The commonest of those, in bytes: for a quick look.
PLAIN_ENTRY = re.compile(
    rb"[EWIDV] \([0-9]|[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:"
    rb"|(?:[0-9]{1,3}\.){3}[0-9]{1,3} -"
)
TIME = re.compile(
    r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\[?\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d\d:\d\d"
    r"(?: [AP]M)?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?"
    r"|(?<=[EWIDV] \()\d{1,12}(?=\))"
)
# Digits that are no code whatever stands around them: times, addresses, long ids. They are examined as zeros.
IRRELEVANT = re.compile(
    r"[0-9](?<![\w.][0-9])(?:[0-9]{3}[-/][0-9]{2}[-/][0-9]{2}(?:[T ][0-9]{2}:[0-9]{2})?"
    r"(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"|[0-9]?/[0-9]{1,2}/[0-9]{4}|[0-9]:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
    r"|[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![0-9.])"
    r"|[0-9A-Fa-f]{11,}(?!\w))"
)
TICKS = re.compile(r"\s{0,8}[EWIDVCJ] \((?:boot )?[0-9]{1,12}\)")
