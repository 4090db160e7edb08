"""How far a secret goes that begins at a place, and what stands in a secret's place and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from blinkcode_host.reading.secret_names import Family, Parting

Span = tuple[int, int]

# Words that stand in a secret's place and are none; they are what an engineer wants to read.
_TOLD = (
    r"null|none|nil|true|false|undefined|empty|missing|required|absent|invalid|valid|not|no|is|was|has|ok|okay|set|unset"
    r"|expired|wrong|incorrect|denied|error|err|failed|failure|fail|unknown|hidden|refreshed|refresh|needed|illegal"
    r"|rejected|mismatch|too|must|updated|changed|saved|received|sent|ready|found|loaded|retry|retrying|request"
    r"|requested|length|len|type|optional|yes|new|old|default|n/a|open|closed|opened|created|ended|timeout|success"
    r"|accepted|verified|disabled|enabled|redacted|and|or|for|from|to|in|on|at|by|with|of|the|a|an|will|can(?:not)?"
    r"|错误|无效|过期|空|已.{0,8}|不.{0,8}|未.{0,8}|没有|失败|正确|有效|异常"
)
_IS_TOLD = re.compile(rf"(?:{_TOLD})[.!]?", re.IGNORECASE)
_IS_NEGATIVE = re.compile(r"[-−]\d{1,10}")
_IS_SHORT = re.compile(r"\d{1,5}|0x[0-9a-f]{1,8}", re.IGNORECASE)
_IS_SHARE = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?%")  # of time: user=0.3%
_IS_BLANKED = re.compile(
    r"\*{2,}|x{3,}|•+|<[\w -]{1,24}>|\$?\{[\w.]{1,40}\}|%[sd]|[-–—?]{1,3}", re.IGNORECASE
)
# A word after a password that is no part of it.
_GOES_ON_NO_MORE = re.compile(
    rf"(?:{_TOLD}|(?:user|ssid|bssid|rssi|channel|ch|code|status|result|reason|attempt|try|after|before|while|because"
    r"|when|connect(?:ing|ed)?|disconnect(?:ed)?|login|auth\w*|proto|host|port|port=|next|now|again|then|but|so|as|via"
    r"|using|refused|broker|cloud|tuya|alibaba|broadlink|blinkcode|mqtt|wi-?fi|http|https|returned|got|line|file"
    r"|warn(?:ing)?|info|debug|end|done|start(?:ed|ing)?|stop(?:ped)?)\b.*)[.,:;!]?",
    re.IGNORECASE,
)
# A word that a pass phrase may have; it ends one only together with a word of those above.
_IN_BETWEEN = re.compile(
    r"(?:is|was|has|a|an|the|of|to|in|on|and|or|for|from|at|by|with|no|not|my|too|will|can)", re.IGNORECASE
)
_MAY_BEGIN = re.compile(
    r"(?:a|an|the|of|to|in|on|at|by|with|for|from|and|or)", re.IGNORECASE
)  # a pass phrase
_HAS_LETTER = re.compile(r"[^\W_]")
_YAML_BLOCK = re.compile(r"[|>][+-]?\d?")
_NUMBER = re.compile(r"[-−+]?\d[\d,.]*|[-−=|/<>(\[{#].*")

_WRAPPER = re.compile(
    r"[A-Za-z_][\w.]{0,24}\([ ]?(?=(?:[bru]{1,2})?\\{0,7}[\"'\[])|<Buffer[ ]|[bru]{1,2}(?=\\{0,7}[\"'])"
    r"|<!\[CDATA\[|#(?=\w)"
    r"|(?:bearer|basic|token)[ ]{1,2}(?=[\"'])",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\"\"\"(?=[^\"])|\"\"(?=[^\"\s,;}\])])|\\{0,7}[\"'`]|[“‘「『]|&quot;")
_CLOSING = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">", "【": "】"}
_BYTE = r"(?:0x)?[0-9a-f]{2}"
_DUMP = re.compile(
    rf"{_BYTE}(?:(?:[ ]{{1,2}}|[:-]|,[ ]?){_BYTE}){{3,}}(?![0-9a-z])"
    r"|[0-9a-f]{8,}(?:[ ][0-9a-f]{4,}){1,}(?![0-9a-z])|[0-9a-f]{4}(?:[ ]{1,2}[0-9a-f]{4}){3,}(?![0-9a-z])",
    re.IGNORECASE,
)
_MAC = re.compile(
    rf"[{{(\[]?[ ]?{_BYTE}(?:(?:[ ]|[.:-]|,[ ]?){_BYTE}){{5}}(?:(?:[ ]|[.:-]|,[ ]?){_BYTE}){{0,2}}(?![0-9a-z])"
    r"|[\[{(][ ]?\d{1,3}(?:,[ ]?\d{1,3}){5}(?:(?:,[ ]?\d{1,3}){2})?(?=[ ]?[\]})])"
    r"|(?:0x)?(?:[0-9a-f]{12}|[0-9a-f]{16})(?![0-9a-z])|[0-9a-f]{6}[:-][0-9a-f]{6}(?![0-9a-z])",
    re.IGNORECASE,
)
_NAMED_NEXT = r"[A-Za-z_\u4e00-\u9fff][\w.-]{0,40}\\{0,7}[\"']?\s?(?:[:=：]|->)|[A-Za-z_]{2,}\s"
_WORD = re.compile(
    r"(?:[^\s,;&\"'}\])>|<，。；、！】」”’\x1b]"
    rf"|[,;&|](?![\s,;&\"'{{}}\[\]()|]|$|{_NAMED_NEXT})"
    r"|[}\])>](?=[\w$!@#%^*+~-])|<(?![/A-Za-z!])|(?<=\w)'(?=\w))+"
)
_SCHEME = re.compile(r"(?:bearer|basic|token|negotiate|ntlm|aws4-hmac-sha256|apikey)[ ]{1,2}", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[ ]{1,2}(?![\w-]{1,32}(?:\[\d{0,4}\])?[ ]?[:=])")
_TO_TAG = re.compile(r"[^<\n]+")
_TO_QUOTE = re.compile(r"[^\"'\n]+")
_PLAIN_WORDS = re.compile(r"[A-Za-z]+(?:[_.-][A-Za-z]+\d?)*(?:[_.-]\d{1,2})?")
_ALGORITHM = re.compile(
    r"(?:sha|hmac|aes|md|utf|wpa|rsa|base|ecc?|tls|ssl|ed|curve|hs|rs|http)[\w-]*", re.IGNORECASE
)
_HARMLESS_KEYS = (
    "code",
    "msg",
    "message",
    "error",
    "status",
    "type",
    "expire",
    "expires_in",
    "success",
    "result",
    "t",
)
_WHAT_HAPPENED = re.compile(r"(?:code|msg|message|error|err|errno|status)[ ]?[:=]", re.IGNORECASE)
# A network's name of any words, up to the password that stands beside it.
_BEFORE_PASSWORD = re.compile(
    r"([^\s,;\"'=:][^,;\"'=:\n]{0,31}?)[ ]{1,2}(?:pass(?:word|wd|phrase)?|pwd|psk)(?:\[\d{0,4}\])?[ ]?[:=]",
    re.IGNORECASE,
)
_REMARK = re.compile(r"[(\[<【]\s?([^\s()\[\]<>【】]{3,128}|[0-9A-Fa-fx ,:-]{8,512})\s?[)\]>】]")
_QUOTE = re.compile(r"\\{0,7}[\"']")
_MEMBER = re.compile(r"([A-Za-z_]\w{0,40})\\{0,7}[\"']?\s?[:=]\s?")
_MOST_WORDS, _LONGEST_CONTAINER = 8, 1_024
_LOOSE = Family.TOKEN, Family.PASSWORD, Family.NETWORK  # families of which a value may stand without a sign
_LONGEST_TOLD, _LONGEST_WORD = 256, 40
_LEAST_OF_TOKEN, _LEAST_OF_RANDOM, _LEAST_OF_KEY = 3, 6, 12  # characters


def secrets_at(text: str, at: int, family: Family, parting: Parting) -> list[Span]:
    """The spans of the secrets in the value that begins at a place; none where it is no secret."""
    if family is Family.COOKIE:
        if quote := _OPENING.match(text, at):
            at = quote.end()
        match = _TO_QUOTE.match(text, at)
        return [match.span()] if match and parting is Parting.SIGN and not _is_told(match[0], family) else []
    while wrapper := _WRAPPER.match(text, at):
        at = wrapper.end()
    if family is Family.MAC:
        return _mac(text, at)
    if quote := _OPENING.match(text, at):
        return _if_secret(text, quote.end(), quoted_end(text, quote.end(), quote[0]), family, quoted=True)
    if dump := _DUMP.match(text, at):
        return [dump.span()]
    if text[at : at + 1] in _BRACKETS and text[at : at + 1]:
        return _in_brackets(text, at, family, parting)
    if text[at - 1 : at] == ">" and (inner := _TO_TAG.match(text, at)):
        return _if_secret(text, *inner.span(), family, quoted=True)
    if parting is Parting.QUOTE or _WHAT_HAPPENED.match(text, at):
        return []
    end = _word_end(text, at)
    if family is Family.NETWORK and parting is Parting.SIGN and (before := _BEFORE_PASSWORD.match(text, at)):
        return _if_secret(text, *before.span(1), family)
    if family is Family.NETWORK and parting is Parting.LOOSE and _is_last_word(text, at, end):
        return [(at, end)]
    if parting is Parting.LOOSE:
        return [(at, end)] if family in _LOOSE and looks_random(text[at:end]) else []
    if family in (Family.PASSWORD, Family.NETWORK):
        end = _words_end(text, at, end, family)
    return _if_secret(text, at, end, family)


def _is_last_word(text: str, at: int, end: int) -> bool:
    """Whether a line ends with the word text[at:end], which says nothing of what happened."""
    word = text[at:end].rstrip(".!?")
    return (
        bool(word)
        and not text[end:].strip(" .!?")
        and not _GOES_ON_NO_MORE.fullmatch(word)
        and word[0] not in "-+\\"
    )


def _if_secret(text: str, start: int, end: int, family: Family, quoted: bool = False) -> list[Span]:
    value = text[start:end].rstrip()
    end = start + len(value)
    if not value or _is_told(value, family, quoted):
        return []
    if family is Family.KEY:
        return [(start, end)] if _is_key(value, quoted and text[start - 2 : start - 1] in ("b", "B")) else []
    if family is Family.TOKEN and not quoted and len(value) < _LEAST_OF_TOKEN:
        return []
    return [(start, end)]


def _is_told(value: str, family: Family, quoted: bool = False) -> bool:
    value = value[:_LONGEST_TOLD].strip(" :.,;")
    if _IS_BLANKED.fullmatch(value) or _YAML_BLOCK.fullmatch(value) or _IS_TOLD.fullmatch(value):
        return True
    first = value.partition(" ")[0].rstrip(":,;.")
    tells = _IS_TOLD.fullmatch(first) and not (family is Family.PASSWORD and _MAY_BEGIN.fullmatch(first))
    if not quoted and first != value and tells and family is not Family.NETWORK:
        return True
    if family is not Family.PASSWORD and _IS_SHARE.fullmatch(value):
        return True
    if family in (Family.TOKEN, Family.KEY) and _IS_SHORT.fullmatch(value):
        return True
    return family is not Family.NETWORK and _IS_NEGATIVE.fullmatch(value) is not None


def _is_key(value: str, is_bytes: bool) -> bool:
    """Whether what stands after `key` alone is one: long enough, and no plain words."""
    if is_bytes or re.fullmatch(r"[0-9a-fA-F]{16,}", value):
        return True
    return len(value) >= _LEAST_OF_KEY and looks_random(value)


def looks_random(value: str) -> bool:
    """Whether a word is made of letters and digits, or has signs that words have not; a number alone is not."""
    value = value.rstrip(".,:;!?")
    if len(value) < _LEAST_OF_RANDOM or any(
        p.fullmatch(value) for p in (_PLAIN_WORDS, _ALGORITHM, _IS_SHORT)
    ):
        return False
    told = _IS_TOLD.match(value)
    if told and not value[told.end() : told.end() + 1].isalnum():
        return False
    if re.fullmatch(
        r"[-+]?[\d.,:/_-]+(?:ms|us|s|k?B|V|dBm|%)?|v\d[\w.]*|[\w.-]+\(.*|0x[0-9a-fA-F]{1,8}", value
    ):
        return False
    digits = sum(c.isdigit() for c in value)
    return 0 < digits < len(value) or any(c in "!@#$%^&*+~?" for c in value)


def quoted_end(text: str, at: int, quote: str) -> int:
    """Where the quotation that began before `at` ends, the closing mark not counted; the text's end if it does not."""
    close = _CLOSING.get(quote, quote)
    start = at
    while (end := text.find(close, at)) >= 0:
        escaped = 0
        while end - escaped > start and text[end - escaped - 1] == "\\":
            escaped += 1
        after = text[end + len(close) : end + 2 * len(close)]
        if len(close) == 1 and escaped % 2:  # \" in "..."
            at = end + 1
        elif len(close) > 1 and close[0] == "\\" and escaped:  # \\\" in \"...\"
            at = end + len(close)
        elif close == "'" == after and end > start and text[end + 2 : end + 3].isalnum():  # '' in '...'
            at = end + 2
        else:
            return end
    return len(text)


def _word_end(text: str, at: int) -> int:
    scheme = _SCHEME.match(text, at)
    word = _WORD.match(text, scheme.end() if scheme else at)
    return word.end() if word else at


def _words_end(text: str, at: int, end: int, family: Family) -> int:
    """Where the words end that begin with text[at:end]: before what no pass phrase goes on with."""
    if (
        _is_told(text[at:end], family)
        and family is not Family.NETWORK
        and not _MAY_BEGIN.fullmatch(text[at:end])
    ):
        return end
    between = end
    for _ in range(_MOST_WORDS):
        gap = _NEXT_WORD.match(text, between)
        word = _WORD.match(text, gap.end()) if gap else None
        if (
            not word
            or len(word[0]) > _LONGEST_WORD
            or not _HAS_LETTER.search(word[0])
            or _NUMBER.fullmatch(word[0])
        ):
            break
        between = word.end()
        if not _IN_BETWEEN.fullmatch(word[0]):
            if _GOES_ON_NO_MORE.fullmatch(word[0]):
                break
            end = between
    return end


def _mac(text: str, at: int) -> list[Span]:
    if quote := _OPENING.match(text, at):
        start, end = quote.end(), quoted_end(text, quote.end(), quote[0])
        is_bytes = text[at - 1 : at] in ("b", "B") and end - start >= 6
        return [(start, end)] if is_bytes or _MAC.fullmatch(text[start:end]) else []
    match = _MAC.match(text, at)
    if not match:
        return []
    start = match.start() + (match[0][0] in "{([")
    return [(start, match.end())]


def _in_brackets(text: str, at: int, family: Family, parting: Parting) -> list[Span]:
    """The secrets in a list, an object or a remark that begins at a place."""
    if parting is Parting.LOOSE:
        remark = _REMARK.match(text, at)
        return [remark.span(1)] if remark and (looks_random(remark[1]) or _DUMP.match(remark[1])) else []
    end = _bracket_end(text, at)
    inner = text[at + 1 : end]
    if not inner.strip() or _is_told(inner.strip(), family):
        return []
    if text[at] == "{" and re.search(r"[:=]", inner):
        return list(_members(text, at + 1, end, family))
    if "'" in inner or '"' in inner:
        return [
            span for span in _strings(text, at + 1, end) if not _is_told(text[slice(*span)], family, True)
        ]
    return [(at + 1, end)]


def _bracket_end(text: str, at: int) -> int:
    """Where the bracket at a place is closed, or where looking for that ends."""
    opened, closed = text[at], _BRACKETS[text[at]]
    depth = 0
    stop = min(len(text), at + _LONGEST_CONTAINER)
    for match in re.compile(rf"[{re.escape(opened + closed)}\"']").finditer(text, at, stop):
        if match.start() < at:  # inside a quotation
            continue
        if match[0] == opened:
            depth += 1
        elif match[0] != closed:
            at = quoted_end(text, match.end(), match[0])
        elif depth == 1:
            return match.start()
        else:
            depth -= 1
    return stop


def _strings(text: str, at: int, end: int) -> Iterator[Span]:
    while at < end:
        quote = _QUOTE.search(text, at, end)
        if not quote:
            return
        start = quote.end()
        stop = min(quoted_end(text, start, quote[0]), end)
        if stop > start:
            yield start, stop
        at = stop + len(quote[0])


def _members(text: str, at: int, end: int, family: Family) -> Iterator[Span]:
    """The values of an object's members, but of those that say what happened."""
    while match := _MEMBER.search(text, at, end):
        at = match.end()
        if match[1].lower() in _HARMLESS_KEYS or text[at : at + 1] in ("{", "["):
            if text[at : at + 1] not in ("{", "["):
                quote = _OPENING.match(text, at)
                at = quoted_end(text, quote.end(), quote[0]) if quote else _word_end(text, at)
            continue
        for start, stop in secrets_at(text, at, family, Parting.SIGN):
            stop = min(stop, end)
            yield start, stop
            at = max(at, stop)
