"""The code book's search: numbers in any notation, words, filters."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from blinkcode_host.catalog import Catalog
from blinkcode_host.catalog.numbers import readings


def visible(page: Page) -> list[str]:
    """The ids of the codes that are listed, in their order."""
    ids: list[str] = page.eval_on_selector_all("#list > article:not([hidden])", "all => all.map(a => a.id)")
    return ids


def search(page: Page, words: str) -> list[str]:
    page.fill("#search", words)
    return visible(page)


def test_every_code_is_on_the_page_once(page: Page, catalog: Catalog) -> None:
    assert visible(page) == [f"{vendor}-{code}" for vendor, code, _ in catalog.slots()]


def test_every_number_of_the_tables_finds_its_code_first(page: Page, catalog: Catalog) -> None:
    found = page.evaluate(
        """codes => codes.map(code => {
            search.value = code;
            search.dispatchEvent(new Event("input"));
            return [...list.querySelectorAll("article:not([hidden])")].map(a => a.id);
        })""",
        [str(code) for code in catalog.codes()],
    )
    for code, ids in zip(catalog.codes(), found, strict=True):
        wanted = list(dict.fromkeys(f"{m.vendor}-{m.code}" for m in catalog.lookup(code)))
        assert sorted(ids[: len(wanted)]) == sorted(wanted), code


@pytest.mark.parametrize(
    ("written", "id_", "note"),
    [
        ("-4012", "broadlink--4012", ""),
        ("\u22124012", "broadlink--4012", ""),
        ("61524", "broadlink--4012", "61524 as a 16-bit two's complement is -4012."),
        ("0xF054", "broadlink--4012", "f054 as a 16-bit two's complement is -4012."),
        ("f054", "broadlink--4012", "f054 as a 16-bit two's complement is -4012."),
        ("54 F0", "broadlink--4012", "-4012"),
        ("4294963284", "broadlink--4012", "32-bit"),
        ("1,010", "tuya-1010", ""),
        ("tuya:2007", "tuya-2007", ""),
        ("-49010", "broadlink--490010", "-49010 most likely stands for -490010."),
    ],
)
def test_any_notation(page: Page, written: str, id_: str, note: str) -> None:
    assert search(page, written)[0] == id_
    assert note in page.inner_text("#readings")


def test_numbers_are_read_as_explain_reads_them(page: Page, catalog: Catalog) -> None:
    chance = random.Random(6)
    signs, marks = ("", "-", "+", "\u2212"), ("", "0x", "0X", "tuya:", "broadlink: ", "nobody:", "Tuya:0x")
    written = [
        "",
        "-",
        "0x",
        "F9 FF",
        "f9,ff",
        "0xF9 0xFF",
        "F9:FF",
        "1,00",
        "1,000,000",
        "12 34 56",
        "tuya:",
        ":7",
    ]
    for _ in range(3000):
        digits = chance.choice(("0123456789", "0123456789abcdefABCDEF", "0123456789abcdef ,:"))
        number = "".join(chance.choice(digits) for _ in range(chance.randint(1, 11)))
        written.append(chance.choice(signs) + chance.choice(marks) + number)
    for value in [2**15 - 1, 2**15, 2**16 - 1, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**32]:
        written += [str(value), hex(value), f"{value:,}", f"broadlink:{value}", f"alibaba:{value}"]

    def here(text: str) -> list[list[Any]] | None:
        try:
            return [[way.code, way.vendor] for way in readings(text, catalog)]
        except ValueError:
            return None

    there = page.evaluate(
        """all => all.map(written => {
            const ways = readings(written, facts.vendors);
            return ways && ways.map(way => [way.code, way.vendor]);
        })""",
        written,
    )
    for text, found in zip(written, there, strict=True):
        assert found == here(text), text


def test_unknown_number_names_its_section(page: Page) -> None:
    assert "broadlink--4999" not in search(page, "-4999")
    notes = page.inner_text("#readings")
    assert "-4999 is not in the tables." in notes
    assert "DNASDK related errors (-4999 … -4000)" in notes


def test_a_word_that_is_hexadecimal_too(page: Page) -> None:
    assert search(page, "bad")
    assert page.inner_text("#readings") == ""
    assert search(page, "fab") == []
    assert "4011 is not in the tables." in page.inner_text("#readings")


def test_odd_input_changes_nothing(page: Page, book: str) -> None:
    everything = visible(page)
    for hash_ in ("%E0%A4%A", "list", "nothing-here", "constructor", "tuya-", "<b>"):
        page.evaluate("hash => { location.hash = hash; }", hash_)
        assert visible(page) == everything
    for words in ("(", "[", "\\", "*", "tuya:", ":", "constructor", "__proto__", "<b>", "-", "+", ",", "0x"):
        search(page, words)
    assert search(page, "   ") == everything
    page.goto(f"{book}?lang=xx")
    assert page.is_visible("#tuya-1010 .text [lang=en]")


def test_words_in_both_languages(page: Page, catalog: Catalog) -> None:
    assert "tuya-1010" in search(page, "TOKEN expired")
    assert "broadlink--4012" in search(page, "配对") + search(page, "控制")
    assert search(page, "no such words at all") == []
    assert page.inner_text("#found") == "0 codes"
    for meaning in catalog.meanings[::40]:
        for words in (meaning.text, meaning.text_zh, *meaning.messages.values()):
            assert f"{meaning.vendor}-{meaning.code}" in search(page, words)


def test_filters_and_reset(page: Page, catalog: Catalog) -> None:
    page.click("#filters summary")
    page.select_option("#by-vendor", "tuya")
    page.select_option("#by-state", "SIGN_IN")
    wanted = {f"tuya-{m.code}" for m in catalog.meanings if (m.vendor, m.state) == ("tuya", "SIGN_IN")}
    assert set(visible(page)) == wanted
    assert page.inner_text("#found") == f"{len(wanted)} codes"
    page.select_option("#by-section", "tuya:service")
    sections = {f"tuya-{m.code}" for m in catalog.meanings if (m.vendor, m.section) == ("tuya", "service")}
    assert set(visible(page)) == wanted & sections
    page.select_option("#by-vendor", "broadlink")
    assert page.input_value("#by-section") == ""
    page.click("form [type=reset]")
    expect(page.locator("#list > article:not([hidden])")).to_have_count(len(list(catalog.slots())))


def test_state_card_lists_its_codes(page: Page, catalog: Catalog) -> None:
    page.fill("#search", "token")
    page.click("#state-PAIR button")
    pair = {f"{m.vendor}-{m.code}" for m in catalog.meanings if m.state == "PAIR"}
    expect(page.locator("#found")).to_have_text(f"{len(pair)} codes{len(pair)} 个错误码")
    assert set(visible(page)) == pair
    assert page.input_value("#by-state") == "PAIR"


def test_words_as_people_write_them(page: Page, catalog: Catalog) -> None:
    assert set(search(page, "wifi")) == set(search(page, "wi-fi")) == set(search(page, "Wi-Fi"))
    assert len(visible(page)) > 10
    pair = set(search(page, "pair"))
    assert pair and pair <= set(search(page, "pairing"))
    assert search(page, "tls")
    for vendor in catalog.vendors.values():
        wanted = {f"{vendor.id}-{m.code}" for m in catalog.meanings if m.vendor == vendor.id}
        assert wanted <= set(search(page, vendor.id)), vendor.id
        assert wanted <= set(search(page, vendor.name)), vendor.id
    for meaning in catalog.meanings:
        for source in catalog.vendors[meaning.vendor].sources:
            if source.kind == "field" and source.id in meaning.messages:
                words = meaning.messages[source.id]
                assert f"{meaning.vendor}-{meaning.code}" in search(page, words)
                break


@pytest.mark.parametrize(
    ("written", "cards"),
    [
        ("4 flashes", ["SIGN_IN"]),
        ("4 blinks", ["SIGN_IN"]),
        ("闪 4 次", ["SIGN_IN"]),
        ("8-2", ["UNSUPPORTED"]),
        ("9 flashes", ["SERVICE", "SYSTEM"]),
        ("conflict", ["CONFLICT"]),
        ("dark", ["Dark"]),
        ("steady", ["Steady light"]),
        ("spelling", ["A lamp that spells"]),
        ("baud", ["Read the console"]),
    ],
)
def test_cards_are_found(page: Page, written: str, cards: list[str]) -> None:
    page.fill("#search", written)
    found = [words.split(":")[0] for words in page.locator("#cards-found li").all_inner_texts()]
    assert found[: len(cards)] == cards


def test_results_stand_under_the_search(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.fill("#search", "tuya:1010")
    box = page.locator("#tuya-1010").bounding_box()
    assert box and box["y"] < 800
    page.fill("#search", "")
    assert page.evaluate("list.parentElement.id") == "codes"
