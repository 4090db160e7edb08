"""Blank what must not leave a log: tokens, passwords, e-mail addresses, MAC addresses and network names."""

from __future__ import annotations

import re
from collections.abc import Iterable

BLANK = "***"
_SECRET = re.compile(
    r"(?P<key>\b(?:access_?|refresh_?|id_?|iot_?|device_?|session_?)?token|\bpass(?:word|wd|phrase)?|\bpwd|\bpsk"
    r"|\b(?:client|device|app|product)?_?secret|\b(?:local|access|secret|api|app|private)_?key|\bauthorization|\bcookie"
    r"|\bb?ssid|\bsign(?:ature)?|\busername|\be?mail)(?P<parting>\\?[\"']?\s{0,3}[:=]\s{0,3})"
    r"(?P<value>\\?\"[^\"\n]{1,512}\\?\"|\\?'[^'\n]{1,512}\\?'|(?:bearer |basic )?[^\s,;&\"'}\])]{3,512})",
    re.I,
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MAC = re.compile(
    r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?P<m>[:-])(?:[0-9A-Fa-f]{2}(?P=m)){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,2048}", re.I)


def redact(text: str, keep: Iterable[tuple[int, int]] = ()) -> str:
    """The text with secrets blanked, but for the spans `keep`, which hold codes."""
    kept = sorted(keep)
    if not kept:
        return _blank(text)
    parts, at = [], 0
    for start, end in kept:
        if start >= at:
            parts += [_blank(text[at:start]), text[start:end]]
            at = end
    return "".join((*parts, _blank(text[at:])))


def _blank(text: str) -> str:
    text = _SECRET.sub(_value, text)
    text = _BEARER.sub(rf"\1 {BLANK}", text)
    return _MAC.sub(BLANK, _EMAIL.sub(BLANK, text)) if "@" in text else _MAC.sub(BLANK, text)


def _value(match: re.Match[str]) -> str:
    value = match["value"]
    quote = re.match(r"\\?[\"']", value)
    return match["key"] + match["parting"] + (quote[0] + BLANK + quote[0] if quote else BLANK)
