"""The names before secrets, and what may stand between a name and its value."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple


class Family(Enum):
    """What kind of value a name announces; it decides what else may stand in the value's place."""

    TOKEN = auto()  # one word; a short number there is a code
    PASSWORD = auto()  # any words, any number but a negative one
    USER = auto()  # a name of a person or an account: one word
    NETWORK = auto()  # a name of a network: words
    KEY = auto()  # `key` alone, which is often no secret: only what looks like one
    MAC = auto()  # hexadecimal digits alone
    COOKIE = auto()  # the rest of the line


class Parting(Enum):
    """How a name is parted from its value: the surer, the less the value must look like a secret itself."""

    SIGN = auto()  # `=`, `:`, `->`, a command's flag, a tag
    QUOTE = auto()  # only a blank, but then a quotation mark
    LOOSE = auto()  # only a blank, `is`, or a bracket


class Named(NamedTuple):
    """A name in a text, and where its value begins."""

    family: Family
    parting: Parting
    start: int
    value: int


_KINDS_OF_KEY = (
    "local|access|secret|api|app|private|auth|encryption|encrypt|aes|session|shared|sec|device|master"
    "|client|pre[_-]?shared|signing|sign|net|network|wep|wpa|root|storage|account|link|ble|mesh|dev"
)
_NAMES = {
    Family.TOKEN: (
        rf"tokens?|secrets?|(?:{_KINDS_OF_KEY})[ _-]?keys?(?:[_-]?(?:id|secret))?|credentials?|jwt|access[_-]?id"
        r"|auth(?:entication|orization)?[_-]?(?:code|data|info)|令牌|密钥|秘钥|凭证|签名"
        r"|(?<![a-z0-9])(?:sign|sig|signature|sid|session(?:[_-]?id)?|(?:proxy-)?authorization|auth(?=[=\\\"'])"
        r"|pmk|ptk|gtk|kck|kek|tk)"
        r"|(?:login|user|auth|web|app)[_-]?session(?:[_-]?id)?|(?<=[a-z])(?-i:Sign|Sig|Signature|Sid|Session(?:Id|ID)?)"
    ),
    Family.PASSWORD: (
        r"passwords?|passwd|passphrases?|passcode|pwd|pswd|passwort|psk|密码|口令"
        r"|(?:wi-?fi|wlan|ap|mqtt|admin|root|user|login)[_-]?pass|(?<![a-z0-9])pass|(?<=[a-z])(?-i:Pass)"
    ),
    Family.USER: (
        r"user[_-]?name|user[_-]?account|e-?mail(?:[_-]?address)?|用户名?|账号|账户|帐号|邮箱"
        r"|(?<![a-z0-9])(?<!://)(?:account|login[_-]?name|user)|(?:mqtt|login|admin|broker|db|web|http|api|auth)[_-]?user"
    ),
    Family.NETWORK: r"(?<!b)e?ssid|(?:wi-?fi|无线|网络|热点|路由器)名[称字]?",
    Family.KEY: r"(?<![a-z0-9])key|(?<=[a-z])(?-i:Key)",
    Family.MAC: r"(?<![a-z])(?:mac(?:[_ -]?addr(?:ess)?)?|eui(?:[_-]?(?:48|64))?)(?:地址)?|物理地址|bssid",
    Family.COOKIE: r"(?:set-)?cookies?",
}
#: What a line must have one of, in small letters, to be worth a look for names.
NEEDLES = tuple(
    "token secret key credential jwt access auth sign sig sid session pmk ptk gtk kck kek tk pass pwd pswd psk user"
    " mail account login mac eui cookie 令牌 密钥 秘钥 凭证 签名 密码 口令 用户 账号 账户 帐号 邮箱 名称 名字 无线名"
    " 网络名 热点名 wifi名 wi-fi名 路由器名 物理地址".split()
)
_NAME = re.compile(
    "(?:" + "|".join(f"(?P<{family.name}>{names})" for family, names in _NAMES.items()) + ")"
    r"(?:[ ](?:material|bytes|data|value|dump)(?= ?[:=])"
    r"|[_-]?(?:hex|raw|str|string|value|b64|base64|plain|text|bytes|data|hash|\d{1,2}))?(?![a-z0-9_])",
    re.IGNORECASE,
)
_FAMILIES = {family.name: family for family in Family}

_CLOSED = r"(?:\\{0,7}[\"'`”’\]]){0,2}"  # what ends a name that is quoted
_GAP = r"[ \t]{0,8}"
_REMARK = r"(?:\[\w{0,16}\]|[ ]?[(（][\w ,/-]{1,24}[)）])?(?:[ ]?-?[ ]?hexdump(?:[ ]?\(len=\d{1,5}\))?)?"
_SIGNS = (
    r"(?:=>|[-=~]{1,3}>|>>|[→⇒⟶➔➜⟹↦]|:=|={1,3}|[:：＝]|(?:为|是(?!否))[:：]?|【|】[:：]?|\|(?=[ ]?[^|\s]))"
)
_SIGN = re.compile(rf"{_CLOSED}{_REMARK}(?:[ ](?:is|was))?{_GAP}{_SIGNS}{_GAP}")
_COMPANION = re.compile(  # the value has a name of its own: name=password value=x
    rf"{_CLOSED}{_GAP},?{_GAP}\\{{0,7}}[\"']?(?:value|val|data){_CLOSED}{_GAP}[:=]?{_GAP}(?=\\{{0,7}}[\"']?[^\s\"'\\]{{3}})"
)
_PAIR = re.compile(r"\\{0,7}[\"'],[ ]?(?=\\{0,7}[\"'][^\"'\n]{1,512}[\"'](?![ ]?[:=]))")  # ("password", "x")
_TYPED = re.compile(rf"{_CLOSED}=>{_GAP}string\(\d{{1,6}}\){_GAP}")  # PHP's var_dump
_TAG = re.compile(r"(?:[ \t][^<>\n]{0,120})?(?<!/)>[ \t]{0,8}(?=[^\s<]|<!\[CDATA\[|$)")
_TAG_OF_ATTRIBUTE = re.compile(r"[\"'][^<>\n]{0,120}(?<!/)>(?=[^\s<]|<!\[CDATA\[)")
_IN_TAG = re.compile(r"<(?:[\w.-]{1,40}:)?[\w.-]{0,40}$")
_FLAG = re.compile(r"[ \t]{1,8}(?=[^\s-])")
_FLAG_BEFORE = re.compile(r"(?:^|[\s\"'(`])--?[a-z][\w-]{0,40}$|(?:^|[\s\"'(`])--?$", re.IGNORECASE)
_WITH = re.compile(r"\bwith (?:the )?$", re.IGNORECASE)
_QUOTED = re.compile(r"(?:[ \t]{1,8}(?:is|was)?[ \t]{0,8}|[ \t]{0,8})(?=b?\\{0,7}[\"'`“‘「『])")
_LOOSE = re.compile(r"[ \t]{1,8}(?:is|was)[ \t]{1,8}|[ \t]{0,8}(?=[(\[<【])|[ \t]{1,8}#?|为|是")
_KEY_AT_END = re.compile(
    rf"(?:\b(?:{_KINDS_OF_KEY})?[ _-]?key|\b[pg]tk|\bp[ms]k|secret)(?: \(hex\))?[ :]{{0,3}}$", re.IGNORECASE
)
_ONE_OF_TWO = re.compile(r"\b(?:or|nor) $", re.IGNORECASE)
_CODE = re.compile(r"[ ]?[:=(]?[ ]?\d{1,5}(?![\w.])")
_BEFORE = 96  # characters before a name that are looked at


def named(text: str, at: int) -> tuple[Named | None, int]:
    """The next name with a value from a place on, and from where to look for the one after it."""
    for match in _NAME.finditer(text, at):
        family = _FAMILIES[str(match.lastgroup)]
        start, end = match.span()
        if after := _parting(text, start, end, family):
            return Named(family, after[0], start, after[1]), end
    return None, len(text)


def ends_with_key(text: str) -> bool:
    """Whether a text ends with the name of a key, which a dump on the next line may be the value of."""
    return _KEY_AT_END.search(text[-_BEFORE:]) is not None


def _parting(text: str, start: int, end: int, family: Family) -> tuple[Parting, int] | None:
    """How the name text[start:end] is parted from its value, and where that begins."""
    before = text[max(0, start - _BEFORE) : start]
    if _ONE_OF_TWO.search(before) and _CODE.match(text, end):
        return None  # "bad user name or password: 134" says what was wrong
    if match := _COMPANION.match(text, end):
        return Parting.SIGN, match.end()
    if (
        before[-1:] in ("'", '"')
        and (match := _PAIR.match(text, end))
        and not _NAME.match(text, match.end() + 1)
    ):
        return Parting.SIGN, match.end()
    if match := _TYPED.match(text, end) or _SIGN.match(text, end):
        return Parting.SIGN, match.end()
    if _IN_TAG.search(before) and (match := _TAG.match(text, end)):
        return Parting.SIGN, match.end()
    if (match := _TAG_OF_ATTRIBUTE.match(text, end)) and "<" in before:
        return Parting.SIGN, match.end()
    if (_FLAG_BEFORE.search(before) or _WITH.search(before)) and (match := _FLAG.match(text, end)):
        return Parting.SIGN, match.end()
    if (match := _QUOTED.match(text, end)) and match.end() > end:
        return Parting.QUOTE, match.end()
    if match := _LOOSE.match(text, end):
        return (Parting.LOOSE, match.end()) if match.end() > end or text[end : end + 1] in "([<【" else None
    return None
