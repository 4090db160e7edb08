"""The code book as a page: languages, links, accessibility, width, keyboard, print."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from blinkcode_host.catalog import Catalog

WIDTHS = (360, 768, 1280)


def in_view(page: Page, id_: str) -> bool:
    box = page.locator(f"[id='{id_}']").bounding_box()
    return box is not None and 0 <= box["y"] < 900


def accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_language_switch(page: Page, book: str) -> None:
    assert page.is_visible("#tuya-1010 .text [lang=en]")
    assert page.is_hidden("#tuya-1010 .text [lang=zh]")
    page.click("text=中文")
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert page.is_visible("#tuya-1010 .text [lang=zh]")
    assert page.is_hidden("#tuya-1010 .text [lang=en]")
    assert page.text_content("#by-state option >> nth=0") == "全部"
    assert page.title() == "blinkcode 错误码手册"
    address = page.url
    assert address.endswith("?lang=zh")
    page.goto(book)
    assert page.is_visible("#tuya-1010 .text [lang=en]")
    page.goto(address + "#tuya-1010")
    assert page.is_visible("#tuya-1010 .text [lang=zh]")
    assert "token" not in page.inner_text("#tuya-1010 .advice").lower()


def test_chinese_browser_gets_chinese(browser: Browser, book: str) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(book)
        assert page.evaluate("document.documentElement.lang") == "zh"


def test_link_to_a_code(page: Page, book: str) -> None:
    page.goto(f"{book}#tuya-1010")
    page.reload()
    assert in_view(page, "tuya-1010")
    assert page.evaluate("document.activeElement.textContent") == "tuya 1010"
    page.click("#filters summary")
    page.select_option("#by-vendor", "alibaba")
    page.evaluate("location.hash = '#broadlink--49010'")  # an alias, of a code that the filter hides
    expect(page.locator("[id='broadlink--490010']")).to_have_class("here")
    assert in_view(page, "broadlink--490010")
    assert page.get_attribute("#tuya-1010 h3 a", "href") == "#tuya-1010"
    page.fill("#search", "tuya:2007")
    page.press("#search", "Enter")
    expect(page.locator("#tuya-2007")).to_have_class("here")
    assert page.url.endswith("#tuya-2007")


def test_without_scripts_everything_can_be_read(browser: Browser, book: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{book}#broadlink--49010")
        assert in_view(page, "broadlink--490010")
        assert page.locator("#list article").count() > 300


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_accessible(page: Page, book: str, language: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{book}?lang={language}")
    page.click("#still")
    accessible(page)
    page.set_viewport_size({"width": 360, "height": 900})
    page.click("button[data-count='5']")
    page.fill("#search", "61524")
    accessible(page)
    page.evaluate("tap.replaceChildren()")  # the checker does find what is wrong
    with pytest.raises(AssertionError, match="button-name"):
        accessible(page)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", WIDTHS)
def test_fits_the_width(page: Page, book: str, width: int, language: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{book}?lang={language}")
    page.click("button[data-count='8-3']")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_keyboard_alone(page: Page) -> None:
    seen = []
    page.click("#filters summary")
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    page.focus("[data-language=en]")
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('href')"))
    for stop in (
        "#find",
        "#lamp",
        "#states",
        "#codes",
        "still",
        "tap",
        "search",
        "by-vendor",
        "by-state",
        "by-section",
    ):
        assert stop in seen
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_print(page: Page, book: str, catalog: Catalog, language: str) -> None:
    page.goto(f"{book}?lang={language}")
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]
    states = list(catalog.states)
    assert [[name in texts[n] for name in states[9 * n : 9 * n + 9]] for n in (0, 1)] == [[True] * 9] * 2
    assert ("错误码" if language == "zh" else "Codes") in texts[2]
    together = "\n".join(texts)
    for vendor, code, _ in catalog.slots():
        assert f"{vendor} {code}" in together
    assert len(pages) < 60
    assert "Tap along" not in together


def test_nothing_sticks_out_of_its_card(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        outside = page.evaluate(
            """() => [...document.querySelectorAll(".state, .counts button, #list article")].flatMap(card => {
                const { left, right } = card.getBoundingClientRect();
                return [...card.querySelectorAll("*")].filter(part => {
                    const box = part.getBoundingClientRect();
                    return box.width > 1 && (box.right > right + 1 || box.left < left - 1);
                });
            }).map(part => part.outerHTML.slice(0, 80))"""
        )
        assert outside == []
