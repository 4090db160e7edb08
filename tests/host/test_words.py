"""The words of the tables: one voice, one term a thing, and advice that goes where the remedy points."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blinkcode_host.catalog import Catalog, Meaning, load
from blinkcode_host.catalog.thin import thin

TABLES = Path(__file__).parents[2] / "tables"

#: What is not written, and what is written instead. `(?i)`: also at the beginning of a sentence.
ENGLISH = {
    r"(?i)centre|colour|licence|synchronis|authoris|initialis": "American English",
    r"(?i)\b(?:mend|slips?|bears?|rightly|whilst|kindly|please)\b": "plain words",
    r"(?i)\btake out a|\bruns? out\b|\bbrings nothing\b|\bby this value\b": "plain words",
    r"(?i)\bthis number\b|\bthe number (?:does|tells|says|comes|returns|is not)\b": "the code",
    r"(?i)\blog(?:ged)? (?:in|on|out)\b|\bsign(?:ed)? on\b": "sign in",
    r"(?i)\bAPI's document|\bAPI description": "API document",
    r"(?i)\bwifi\b|\bWIFI\b": "Wi-Fi",
    r"(?i)\be-mail\b": "email",
    r"(?i)https?:|www\.": "no addresses: they age",
    r"!": "nobody is shouted at",
    "[\u2010-\u201f]": "plain ASCII marks",
}
CHINESE = {
    "(?<![申邀])请(?!求)": "the plain imperative",
    "接口说明|API 说明|API接口": "API 文档",
    "(?<![对响])应用(?!分区)": "App",
    "告知厂商|反馈给|询问厂商": "向厂商反馈, 联系厂商",
    "稍候": "稍后重试, 等待",
    "额度": "配额",
    "登陆": "登录",
    "帐": "账号",
    "凭证": "凭据",
    "[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]": "a blank between the scripts",
    r"[\u4e00-\u9fff] ?(?:[,;:!?]|\.(?!\w))|[,;:!?] ?[\u4e00-\u9fff]": "full-width marks",
    "[\u4e00-\u9fff] [\u4e00-\u9fff]|[，。；：！？、（）] | [，。；：！？、（）]": "no blank here",
}
#: Pairs that may not meet: what the lamp's remedy says, and what an advice beside it would take back.
CONTRADICTIONS = (
    (r"retry", r"(?i)\bretry(?:ing)? (?:does|will) not help|refused again|every retry gets"),
    (r"^retry later$", r"^(?:Correct|Pair|Update|Restart|Ask the owner)\b|(?i:do not retry)"),
    (r"nothing to do", r"^(?:Retry|Repeat|Pair|Report|Correct|Update|Restart|Sign in)\b"),
    (r"^check wi-fi; retry later$", r"^(?:Report|Pair|Sign in|Ask)\b"),
    (r"^check its power and network$", r"^(?:Report|Pair|Sign in|Correct|Ask)\b"),
    (
        r"^sign in again$",
        r"^(?:Wait|Pair|Restart the (?:module|device)|Ask)\b|(?i:signing in .*does not help)",
    ),
    (r"^pair the device$", r"^(?:Wait|Retry|Restart|Ask)\b|(?i:do not pair|never pair)"),
    (r"^ask the (?:owner|vendor)$", r"^(?:Wait|Retry|Repeat|Restart|Pair)\b"),
    (r"^delete something or pay$", r"^(?:Retry|Repeat|Restart|Correct|Pair)\b"),
    (r"^set up in vendor console$", r"^(?:Retry|Repeat|Restart|Pair|Wait)\b"),
    (r"^correct input or firmware$", r"^(?:Wait|Retry|Repeat|Restart|Ask the owner)\b|\bedit the scene\b"),
    (r"^update or choose another$", r"^(?:Wait|Retry|Repeat|Restart)\b"),
    (r"^check the name or id$", r"^(?:Wait|Retry|Repeat|Restart|Pair)\b"),
    (r"^refresh; then decide$", r"^(?:Retry|Repeat|Restart)\b"),
    (r"^retry once; then report$", r"(?i)\bdoes not help\b|^Pair"),
    (r"^wait; tell vendor$", r"^(?:Pair|Sign in|Correct|Update)\b"),
    (r"^restart module$", r"(?i)do not restart|^(?:Pair|Sign in|Ask)\b"),
)
#: Words that a document prints for two things; the notes tell them apart, so their states differ.
TWO_THINGS = {
    ("broadlink", "script resolution error"),  # -4020: no such file; -4031, -4032: it failed on what came
    ("tuya", "sign invalid"),  # 1004: the signature; -9999999: the sharing SDK's session
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def ours(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """(where, English, Chinese) of everything that we wrote, device texts first."""
    for m in catalog.meanings:
        where = f"{m.vendor} {m.code}"
        yield f"{where} text", m.text, m.text_zh
        yield f"{where} advice", m.advice, m.advice_zh
        yield f"{where} advice_dev", m.advice_dev, m.advice_dev_zh
        yield f"{where} remedy", m.remedy, m.remedy_zh
    for state in catalog.states.values():
        yield f"{state.name} means", state.means, state.means_zh
        yield f"{state.name} remedy", state.remedy, state.remedy_zh


def glossary() -> list[tuple[str, list[str]]]:
    """(English term, the Chinese ones that it may have) of the table in tables/README.md."""
    table = (TABLES / "README.md").read_text(encoding="utf-8").partition("| English | Chinese |")[2]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", table.partition("\n\n")[0], re.MULTILINE)
    return [(english, chinese.split(" / ")) for english, chinese in rows]


def test_one_voice(catalog: Catalog) -> None:
    wrong = []
    for where, english, chinese in ours(catalog):
        for text, rules in ((english, ENGLISH), (chinese, CHINESE)):
            for pattern, instead in rules.items():
                if found := re.search(pattern, text):
                    wrong.append(f"{where}: {found[0]!r}, but {instead}: {text}")
    assert wrong == []


def test_the_glossary_holds(catalog: Catalog) -> None:
    terms = [(re.compile(rf"(?i)\b{re.escape(term)}\b"), words) for term, words in glossary()]
    assert len(terms) > 20
    wrong = [
        f"{where}: {english!r} without {' or '.join(words)}: {chinese}"
        for where, english, chinese in ours(catalog)
        for term, words in terms
        if term.search(english) and not any(word in chinese for word in words)
    ]
    assert wrong == []


def test_the_same_words_have_the_same_state_and_remedy(catalog: Catalog) -> None:
    by_message: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_text: dict[str, set[tuple[str, str, str, str]]] = defaultdict(set)
    by_advice: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for m in catalog.meanings:
        remedies = catalog.remedy(m), catalog.remedy(m, "zh")
        by_text[m.text].add((m.state, m.text_zh, *remedies))
        by_advice[m.advice].add((m.advice_zh, remedies[0]))
        for words in m.messages.values():
            by_message[m.vendor, " ".join(re.findall(r"\w+", words.lower()))].add(m.state)
    assert {words for words, states in by_message.items() if len(states) > 1} == TWO_THINGS
    assert [text for text, said in by_text.items() if len(said) > 1] == []
    assert [advice for advice, said in by_advice.items() if len(said) > 1] == []


def test_no_advice_takes_back_the_remedy(catalog: Catalog) -> None:
    assert [f"{m.vendor} {m.code}: {catalog.remedy(m)} / {m.advice}" for m in contradicting(catalog)] == []


def contradicting(catalog: Catalog) -> list[Meaning]:
    """The meanings whose advice takes back what their remedy says."""
    return [
        m
        for m in catalog.meanings
        if any(
            re.search(remedy, catalog.remedy(m)) and re.search(advice, m.advice)
            for remedy, advice in CONTRADICTIONS
        )
    ]


def test_a_contradiction_is_seen(catalog: Catalog) -> None:
    good = catalog.lookup(1199, "tuya")[0]
    bad = dataclasses.replace(good, advice="Correct the request: retrying does not help.")
    assert contradicting(dataclasses.replace(catalog, meanings=(good, bad))) == [bad]


def test_what_goes_beyond_the_documents_says_so(catalog: Catalog) -> None:
    for m in catalog.meanings:
        if catalog.vendors[m.vendor].kind == "cloud" and catalog.field_only(m):
            assert "seen in the field" in m.note, m


def test_no_row_is_thin(catalog: Catalog) -> None:
    assert [f"{m.vendor} {m.code}: {what}" for m, what in thin(catalog)] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": "unknown error"}, "text 'unknown error' says no more than the code"),
        ({"advice": "Retry."}, "advice 'Retry.' is short"),
        ({"text": "send the request again", "advice": "Send the request again."}, "advice repeats the text"),
        ({"advice": "Wait a moment. Then retry it. Then report it."}, "advice has 3 sentences"),
        ({"advice_dev": "See https://example.com for the list of codes."}, "advice_dev has a link"),
        (
            {"advice": "Look at the clock first.", "advice_dev": "Look at the clock first."},
            "repeats the advice",
        ),
    ],
)
def test_a_thin_row_is_seen(catalog: Catalog, changes: dict[str, Any], expected: str) -> None:
    row = dataclasses.replace(catalog.meanings[0], **changes)
    found = [what for _, what in thin(dataclasses.replace(catalog, meanings=(row,)))]
    assert len(found) == 1 and expected in found[0]
