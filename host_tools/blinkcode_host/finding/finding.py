"""What the finder hands out: one code, where it stands, and why it is believed to be one."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from blinkcode_host.catalog.records import Catalog, Meaning

#: Why a device's report is believed, where these tables say the same.
SAYS_SO = "the device says so"
# Control characters, both halves, what turns text around, and what a damaged file may hold.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Finding(NamedTuple):
    """A code in a line.

    `confidence` is between 0 and 1: 1 the device's own report, else the measured share of right findings among those
    that stood as this one does (`row`, which names a row of table.toml). Below 0.5 it is shown only where asked for.
    """

    line: int  # from 1
    column: int  # from 1, in characters of the line as it came
    matched: str  # the code, or the words, as written
    code: int | None  # None where words alone do not decide
    vendor: str | None  # None where several vendors are possible, or none
    form: str  # "device", "journal", "pair", "text", "errno", "hex", "words"
    confidence: float
    why: str
    meanings: tuple[Meaning, ...]  # the likeliest first
    state: str  # the first meaning's, or UNKNOWN, or AMBIGUOUS where vendors disagree
    times: int = 1  # how often, as a device's repeat count says
    row: str = ""  # the row of table.toml that it is


def shared_state(meanings: tuple[Meaning, ...]) -> str:
    """The state that all the vendors' first meanings have, UNKNOWN without meanings, else AMBIGUOUS."""
    if not meanings:
        return "UNKNOWN"
    firsts: dict[str, str] = {}
    for meaning in meanings:
        firsts.setdefault(meaning.vendor, meaning.state)
    return meanings[0].state if len(set(firsts.values())) == 1 else "AMBIGUOUS"


def visible(text: str) -> str:
    """The text with control characters written as \\x1b or \\u202e."""
    return _CONTROLS.sub(lambda m: f"\\x{ord(m[0]):02x}" if ord(m[0]) < 256 else f"\\u{ord(m[0]):04x}", text)


def as_data(
    catalog: Catalog, finding: Finding, language: str = "en", file: str | None = None
) -> dict[str, Any]:
    """The finding as plain data, for --json; no string in it holds a control character."""
    return {
        "file": None if file is None else visible(file),
        "line": finding.line,
        "column": finding.column,
        "matched": visible(finding.matched),
        "vendor": finding.vendor,
        "code": finding.code,
        "state": finding.state,
        "form": finding.form,
        "confidence": finding.confidence,
        "count": finding.times,
        "why": visible(finding.why),
        "meanings": [meaning_as_data(catalog, m, language) for m in finding.meanings],
    }


def meaning_as_data(catalog: Catalog, meaning: Meaning, language: str = "en") -> dict[str, Any]:
    """What one vendor means by a code, in a language of the catalog's."""
    state = catalog.states[meaning.state]
    return {
        "vendor": meaning.vendor,
        "code": meaning.code,
        "state": meaning.state,
        "level": state.level,
        "flashes": state.flashes,
        "text": meaning.text_in(language),
        "advice": meaning.advice_in(language),
        "advice_dev": meaning.advice_dev_in(language),
        "remedy": catalog.remedy(meaning, language),
        "messages": dict(meaning.messages),
    }


def as_lines(finding: Finding, language: str = "en") -> list[str]:
    """The annotation: one line a meaning, without prefix or colour."""
    stop = "。" if language == "zh" else ". "
    lines = []
    code = "" if finding.code is None else f" {finding.code}"
    times = f" (x{finding.times})" if finding.times > 1 else ""
    reported = finding.form in ("device", "journal")
    if reported and not finding.meanings:
        lines.append(f"{finding.vendor or '?'}{code} {finding.state}{times}  {visible(finding.why)}")
    elif not finding.meanings:
        lines.append(f"{finding.vendor or '?'}{code} UNKNOWN{times}  not in the tables")
    elif finding.vendor is None and finding.state == "UNKNOWN" and finding.form != "device":
        lines.append(f"?{code} UNKNOWN{times}  not in the tables; the words are those of")
    for i, m in enumerate(finding.meanings):
        said = f"{m.text_in(language)}{stop}{m.advice_in(language)}"
        if m.advice_dev:
            said += f"固件：{m.advice_dev_zh}" if language == "zh" else f" Firmware: {m.advice_dev}"
        lead = "or " if i else "   " if lines else ""
        # What a device says of the one code that it names is so, whatever these tables have.
        state = finding.state if reported and finding.vendor else m.state
        lines.append(f"{lead}{m.vendor} {m.code} {state}{times if not i else ''}  {said}")
    told = lines[0].endswith("those of") or (reported and not finding.meanings)  # the reason, in other words
    differs = reported and bool(finding.meanings) and finding.why != SAYS_SO
    if not told and (finding.confidence < 0.65 or finding.form == "hex" or differs):
        lines[0] += f"  [{visible(finding.why)}]"
    return lines
