"""What stands around a number: names of vendors, names of other systems, and the word that it belongs to."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from blinkcode_host.catalog.records import Catalog

# Names under which a vendor's software, cloud or products show up in logs, besides its id and its name.
_NAMES = {
    "broadlink": r"broad ?link|bl[-_ ]?sdk|dna[-_ ]?(?:sdk|kit|proxy)|\brm ?(?:[234] ?(?:mini|pro|plus|c)|mini|pro)\b"
    r"|\brm[234]\b|\bsp[234][a-z]?\b|\bbestcon\b|\bihc\b",
    "tuya": r"tuya|smart[-_ ]?life|thing[-_ ]?clips|涂鸦",
    "alibaba": r"ali(?:baba|yun|cloud|iot|genie)|\balink\b|link[-_ ]?kit|link[-_ ]?living|living[-_ ]?(?:link|iot)|\bilop\b"
    r"|iot[-_]?(?:Id|Token)\b|identity[-_]?id|localized_?msg|飞燕|阿里|生活物联网",
}
# Keys of an answer that only one vendor's cloud gives together.
_SHAPES = {
    "tuya": (re.compile(r"[\"']?success[\"']?\s*[:=]\s*false", re.I), re.compile(r"[\"'](?:t|tid)[\"']\s*:"))
}

_FOREIGN_ALWAYS = re.compile(
    r"NSURL|NSError|ErrorDomain|Error Domain|kCFError|\bUserInfo=|mysql|mariadb|sqlstate|\bHY000\b|postgres"
    r"|mongo|\bORA-|sqlite|mbed ?tls|getaddrinfo|\bgai\b|\bsyscall\b|\blibuv\b|openssl|\bwebsocket|\bwss?://"
    r"|\bsocket\.io\b|cloudflare|\bE(?:TIMEDOUT|CONN(?:REFUSED|RESET|ABORTED)|HOSTUNREACH|NETUNREACH|NOENT|PIPE"
    r"|PERM|ACCES|ADDRINUSE|PROTO|ROFS|AGAIN|INVAL|IO|NODEV|BUSY|SRCH|SPIPE|SHUTDOWN|AI_\w+|NOTFOUND)\b",
    re.I,
)
_FOREIGN_SMALL = re.compile(
    r"\b(?:kernel|usb|i2c|spi|uart|adc|dac|gpio|dma|nvs|spiffs|littlefs|fatfs|mmc|sdmmc|sdio|mmcblk\d|brcmfmac"
    r"|firmware load|lwip|netconn|pbuf|netif|tcp|udp|socket|sendto|recv(?:from)?|connect|mdns|dns|name resolution"
    r"|name or service|hostname|esp[-_]tls|wlan0|ath\d+k|rssi|snr|dbm|offset|delta|drift|priority|nice|timezone"
    r"|utc|gmt|temp(?:erature)?|systemd|probe|driver|OSError|ffmpeg|alsa|jpeg|opus|vfs|ble|gatt|hci|mount|ioctl"
    r"|errno=\d|exit(?:ed|ing|code|status)?|sig(?:nal|kill|term|segv|abrt|int)|killed|return ?code|pid)\b",
    re.I,
)
_FOREIGN_CLOSE = re.compile(
    r"\bclos(?:e|ed|ing|ure)\b|disconnect|\bws\b|\bsse\b|\bpeer\b|\bchannel\b|\breason\b", re.I
)
_FOREIGN_WIFI = re.compile(
    r"\b(?:wlan|wi-?fi|sta|station|stat_\w+|sta_if|got_?ip|ifconfig|isconnected|network\.\w+|nic)\b|\.status\(",
    re.I,
)
_FOREIGN_HTTP = re.compile(
    r"\bhttps?\b|\b(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS)\b|\burl\b|\bnginx\b|\bapache\b|\bproxy\b|\brest\b|\bweb\b"
    r"|\bserver error\b|\bnot found\b|\bunauthorized\b|\bforbidden\b|\bgateway\b|\bbad request\b",
    re.I,
)
_CLOSE_CODES = range(1000, 1016)  # RFC 6455, 7.4.1
_WIFI_STATUSES = (1000, 1001, 1010)  # MicroPython's STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP
_HTTP_STATUSES = range(100, 600)


class Place(enum.IntEnum):
    """How much the word before a number says that it is an error code."""

    NONE = 0
    WEAK = 1  # status, ret, failed: many numbers stand there
    STRONG = 2  # error, err, code, errno


class Vendors:
    """Which vendors a text names, or whose answers it looks like."""

    def __init__(self, catalog: Catalog, given: Iterable[str] = ()) -> None:
        self._given = frozenset(given)
        self._names = {}
        for id_, vendor in catalog.vendors.items():
            own = "|".join(rf"\b{re.escape(name)}\b" for name in dict.fromkeys((id_, vendor.name)))
            self._names[id_] = re.compile(f"{own}|{_NAMES[id_]}" if id_ in _NAMES else own, re.I)
        self._shapes = {id_: keys for id_, keys in _SHAPES.items() if id_ in catalog.vendors}

    def named_in(self, text: str) -> frozenset[str]:
        """The ids of the vendors that the text points to, and those that the user named."""
        found = {id_ for id_, name in self._names.items() if name.search(text)}
        found |= {id_ for id_, keys in self._shapes.items() if all(key.search(text) for key in keys)}
        return self._given | found


def is_foreign(code: int, text: str) -> bool:
    """Whether the text speaks of another system that uses such numbers: an exit status, HTTP, WebSocket, MySQL."""
    return bool(
        _FOREIGN_ALWAYS.search(text)
        or (-100 < code < 0 and _FOREIGN_SMALL.search(text))
        or (code in _CLOSE_CODES and _FOREIGN_CLOSE.search(text))
        or (code in _WIFI_STATUSES and _FOREIGN_WIFI.search(text))
        or (code in _HTTP_STATUSES and _FOREIGN_HTTP.search(text))
    )


# The last one to three words before a number, and what parts them from it.
_BEFORE = re.compile(
    r"(?P<words>(?:[A-Za-z_][\w.]{0,40}[ \t]{1,2}){0,2}[A-Za-z_][\w.]{0,40}|[\u4e00-\u9fff]{1,8})"
    r"(?P<parting>(?:\\?[\"'])?[ \t]{0,4}[\])]?(?:=>|->|:=|==|[=:：|#>]|(?<=[\w)])\s(?:is|was|no\.?|number|nr\.?)\b)?\s{0,12}"
    r"[\[({<#]{0,2}[ \t]?(?:\\?[\"'])?)$"
)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_STRONG = frozenset(["error", "err", "errno", "errcode", "errorcode", "errorno"])
_WEAK = frozenset(
    [
        "status",
        "stat",
        "ret",
        "rc",
        "result",
        "returned",
        "returns",
        "return",
        "failed",
        "failure",
        "fail",
        "fails",
        "exception",
        "res",
        "resp",
        "response",
        "got",
        "retcode",
        "statuscode",
        "resultcode",
        "retval",
        "rv",
    ]
)
_AFTER_FAILING = frozenset(["with", "by"])
_FAILING = frozenset(
    [
        "failed",
        "failing",
        "fails",
        "fail",
        "failure",
        "ended",
        "rejected",
        "refused",
        "error",
        "errored",
        "aborted",
        "exited",
    ]
)
_CARRIERS = frozenset(["bytes", "byte", "value", "field", "word", "number", "num", "no", "raw", "hex"])
_NO_CODE = frozenset(
    [
        "zip",
        "postal",
        "post",
        "area",
        "country",
        "city",
        "dial",
        "exit",
        "http",
        "https",
        "close",
        "scan",
        "key",
        "product",
        "item",
        "coupon",
        "promo",
        "discount",
        "voucher",
        "bar",
        "qr",
        "sms",
        "verification",
        "verify",
        "pin",
        "access",
        "security",
        "pairing",
        "setup",
        "door",
        "unlock",
        "lock",
        "colour",
        "color",
        "source",
        "byte",
        "op",
        "char",
        "unicode",
        "event",
        "menu",
        "dp",
        "part",
        "branch",
        "store",
        "course",
        "room",
        "tracking",
        "order",
        "airport",
        "swift",
        "machine",
        "region",
        "language",
        "currency",
        "use",
        "enter",
        "your",
        "type",
        "my",
        "invite",
        "referral",
        "gift",
        "card",
        "bank",
        "sort",
        "stock",
        "district",
        "building",
        "function",
        "feature",
        "category",
        "brand",
        "model",
        "passcode",
        "reset",
        "backup",
        "otp",
        "mfa",
        "2fa",
        "morse",
        "gray",
        "huffman",
        "start",
        "stop",
        "activation",
        "license",
        "licence",
        "serial",
        "redeem",
        "disconnect",
        "shutdown",
        "wake",
        "keypad",
        "ir",
        "rf",
        "dtc",
        "trouble",
        "opening",
        "closing",
        "vendor",
        "manufacturer",
        "device",
        "profile",
        "company",
        "tax",
        "hs",
        "hotel",
        "flight",
        "class",
    ]
)
_NO_ERROR = frozenset(
    [
        "http",
        "https",
        "crc",
        "checksum",
        "parity",
        "frame",
        "framing",
        "sql",
        "mysql",
        "exit",
        "max",
        "min",
        "mean",
        "rms",
        "average",
        "avg",
        "position",
        "offset",
        "count",
        "timing",
        "rounding",
        "abs",
        "absolute",
        "std",
        "phase",
        "tracking",
        "steady",
        "clock",
        "relative",
        "bit",
        "symbol",
        "prediction",
        "tolerance",
        "margin",
        "per",
        "packet",
        "total",
        "rate",
        "quantization",
        "gain",
        "drift",
        "measurement",
        "estimation",
        "standard",
        "squared",
        "mse",
        "train",
        "training",
        "test",
        "validation",
        "loss",
    ]
)
_WEAK_BEFORE_CODE = frozenset(["status", "return", "response", "result", "resp", "ret", "reason", "http"])
_CHINESE = re.compile(r"(?:错误|异常|故障|失败)(?:代?码|编?号|码)?$|(?<!邮)(?<!验)(?<!证)代码$|(?<!证)码$")
_CHINESE_WEAK = re.compile(r"(?:返回|状态|响应)码$|返回$|状态$")


def place(before: str) -> tuple[Place, str, str]:
    """(how good the place is, the word that the number belongs to, what parts them), from the text before it."""
    match = _BEFORE.search(before[-72:])
    if not match:
        return Place.NONE, "", ""
    words, parting = match["words"], match["parting"]
    if words[0] >= "\u4e00":
        if _CHINESE_WEAK.search(words):
            return Place.WEAK, words, parting
        return (Place.STRONG if _CHINESE.search(words) else Place.NONE), words, parting
    parts = [part.lower() for part in _CAMEL.findall(words.replace(".", " "))]
    if parts and parts[-1] in _CARRIERS and len(parts) > 1:
        parts.pop()
    if not parts:
        return Place.NONE, "", ""
    last, previous = parts[-1], parts[-2] if len(parts) > 1 else ""
    return _rank(last, previous, parts, parting), last, parting


def _rank(last: str, previous: str, parts: list[str], parting: str) -> Place:
    bare = not parting.strip(" \t\"'\\")
    if last == "code":
        if previous in _NO_CODE or (bare and previous in ("is", "the", "a")) or "is" in parting.split():
            return Place.STRONG if "error" in parts[:-1] else Place.NONE
        if previous in _WEAK_BEFORE_CODE:
            return Place.WEAK
        return Place.STRONG
    if last in _STRONG:
        if previous in _NO_ERROR or (bare and previous in ("no", "without", "an")):
            return Place.NONE
        return Place.STRONG
    if last in _WEAK or (last in _AFTER_FAILING and previous in _FAILING):
        return Place.WEAK
    return Place.NONE
