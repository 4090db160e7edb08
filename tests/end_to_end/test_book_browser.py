"""The code book in a real browser: search, language, links, tapping, motion, print, accessibility."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pypdf import PdfReader

from blinkcode_host.book import build
from blinkcode_host.catalog import Catalog, load
from blinkcode_host.console.numbers import readings
from targets import ROOT

FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def book(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's address."""
    file = tmp_path_factory.mktemp("book") / "index.html"
    file.write_text(build(catalog, "0123abcd"), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        reason = "browser tests skipped: apt-get install chromium fonts-noto-cjk, or set CHROMIUM"
        if os.environ.get("BLINKCODE_NO_SKIP") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS + sandbox)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, book: str) -> Iterator[Page]:
    """The book, opened; fails when it complains on the console or asks for anything but itself."""
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda request: troubles.append(request.url) if request.url[:5] != "file:" else None)
    page.goto(book)
    yield page
    assert troubles == []


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
    assert len(visible(page)) == len(list(catalog.slots()))


def test_state_card_lists_its_codes(page: Page, catalog: Catalog) -> None:
    page.fill("#search", "token")
    page.click("#state-PAIR button")
    pair = {f"{m.vendor}-{m.code}" for m in catalog.meanings if m.state == "PAIR"}
    expect(page.locator("#found")).to_have_text(f"{len(pair)} codes{len(pair)} 个错误码")
    assert set(visible(page)) == pair
    assert page.input_value("#by-state") == "PAIR"


def test_language_switch(page: Page, book: str) -> None:
    assert page.is_visible("#tuya-1010 .text [lang=en]")
    assert page.is_hidden("#tuya-1010 .text [lang=zh]")
    page.click("text=中文")
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert page.is_visible("#tuya-1010 .text [lang=zh]")
    assert page.is_hidden("#tuya-1010 .text [lang=en]")
    assert page.inner_text("#by-state option >> nth=0") == "全部"
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


def in_view(page: Page, id_: str) -> bool:
    box = page.locator(f"[id='{id_}']").bounding_box()
    return box is not None and 0 <= box["y"] < 900


def test_link_to_a_code(page: Page, book: str) -> None:
    page.goto(f"{book}#tuya-1010")
    page.reload()
    assert in_view(page, "tuya-1010")
    assert page.evaluate("document.activeElement.textContent") == "tuya 1010"
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


def taps_of(
    steps: list[tuple[bool, int]], first: int, chance: random.Random, held: bool
) -> list[list[float]]:
    """Two cycles' taps of a person who starts with the given flash: late, uneven, holding or only tapping."""
    taps: list[list[float]] = []
    now = 0.0
    for lit, ms in (steps * 3)[2 * first : 2 * first + 2 * len(steps) - 1]:
        if lit:
            down = now + chance.uniform(-60, 60)
            taps.append([down, down + (max(90, ms + chance.uniform(-120, 120)) if held else 110)])
        now += ms
    return taps


@pytest.mark.parametrize("held", [True, False], ids=["held", "tapped"])
def test_rhythm_from_anywhere_in_the_cycle(page: Page, catalog: Catalog, held: bool) -> None:
    chance = random.Random(6)
    counts = sorted({s.flashes for s in catalog.states.values()} - {0})
    cases = [
        (flashes, taps_of(steps, first, chance, held))
        for flashes in counts
        for steps in [catalog.pattern.steps(flashes)]
        for first in range(len(steps) // 2)
        for _ in range(10)
    ]
    best = page.evaluate(
        """all => all.map(taps => {
            const silent = taps[taps.length - 1][0] + 2600;
            return fitting(taps, silent, facts.lamps).map(fit => fit.flashes);
        })""",
        [taps for _, taps in cases],
    )
    for (flashes, taps), found in zip(cases, best, strict=True):
        assert found[0] == flashes, (taps, found)


def test_tapping_five_flashes_by_keyboard(page: Page) -> None:
    page.focus("#tap")
    for wait in (
        500,
        500,
        500,
        500,
        2000,
        500,
        500,
    ):  # joins at the first, leaves after the third of the next
        page.keyboard.down("Space")
        page.wait_for_timeout(150)
        page.keyboard.up("Space")
        page.wait_for_timeout(wait - 150)
    expect(page.locator("#candidates li").first).to_contain_text("PAIR")
    assert "pair the device" in page.inner_text("#candidates li >> nth=0")
    assert "taps" in page.inner_text("#heard")
    page.click("#again")
    assert page.locator("#candidates li").count() == 0


def test_tapping_six_flashes_by_pointer(page: Page) -> None:
    box = page.locator("#tap").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    for hold, wait in ((200, 1800), (900, 300), (200, 1800), (900, 300), (200, 0)):  # from the short one on
        page.mouse.down()
        page.wait_for_timeout(hold)
        page.mouse.up()
        page.wait_for_timeout(wait)
    expect(page.locator("#candidates li").first).to_contain_text("DENIED")
    page.click("#candidates li >> nth=0 >> button")
    expect(page.locator("#by-state")).to_have_value("DENIED")


# Prints when the lamp is lit while the runtime itself spells codes: [[from, to], ...] in ms for each.
SPELL = """
import json, sys
import blinkcode.led
from blinkcode.reporter import Reporter

now, lit = 0, []
def drive(light):
    if light:
        lit.append([now, 0])
    elif lit:
        lit[-1][1] = now
reporter = Reporter(led=drive, ticks=lambda: now)
for code, vendor in json.loads(sys.argv[1]):
    lit.clear()
    blinkcode.led.spell(code, vendor)
    end = now + 80000
    while now < end:
        reporter.tick(now)
        now += 10
    print(json.dumps(lit))
"""


def test_what_the_runtime_spells_is_read(page: Page, catalog: Catalog) -> None:
    chance = random.Random(6)
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors)}
    pairs = [(vendor, code) for vendor, code, _ in catalog.slots()]
    asked = [("broadlink", -4012), ("tuya", 1000), ("alibaba", 200), *chance.sample(pairs, 25)]
    done = subprocess.run(
        [sys.executable, "-c", SPELL, json.dumps([(code, numbers[vendor]) for vendor, code in asked])],
        env={**os.environ, "PYTHONPATH": str(ROOT / "firmware")},
        capture_output=True,
        text=True,
        check=True,
    )
    lit = [json.loads(line) for line in done.stdout.splitlines()]
    for held in (True, False):
        taps = [
            [
                [start + chance.uniform(-60, 60), (end if held else start + 130) + chance.uniform(-60, 60)]
                for start, end in flashes
            ]
            for flashes in lit
        ]
        read = page.evaluate(
            """all => all.map(taps => {
                const groups = tappedGroups(taps, facts.pattern);
                return [isSpelled(groups), spelled(groups, entries, facts.vendors).map(entry => entry.id)];
            })""",
            taps,
        )
        for (vendor, code), (is_spelled, ids) in zip(asked, read, strict=True):
            assert is_spelled
            if held:
                assert ids[0] == f"{vendor}-{code}"
            else:  # the last flash's length cannot be told then
                assert ids == [] or f"{vendor}-{code}" == ids[0] or code % 10 > 4 or code % 10 == 0


def test_spelled_counts(page: Page) -> None:
    def ids() -> list[str]:
        found: list[str] = page.eval_on_selector_all(
            "#candidates a", "all => all.map(a => a.getAttribute('href').slice(1))"
        )
        return found

    page.fill("#spelled", "- 1 - 4 10 1 2")
    assert ids() == ["broadlink--4012"]
    assert page.inner_text("#heard") == "This is the code."
    page.fill("#spelled", "- 1 1 10 1 10")  # by a device that knows Tuya alone
    assert "tuya-1010" in ids()
    page.fill("#spelled", "10 1 2")
    assert "broadlink--4012" in ids()
    page.fill("#spelled", "\u2013, 2, 2, 0, 0, 7")
    assert ids() == ["tuya-2007"]
    page.fill("#spelled", "- 1 9 9 9 9 9")
    assert ids() == []
    page.fill("#spelled", "eleven")
    assert "counts from 1 to 10" in page.inner_text("#heard")
    page.fill("#spelled", "")
    assert page.inner_text("#heard") == ""


def test_counted_flashes(page: Page, catalog: Catalog) -> None:
    page.click("[data-flashes='8']")
    eight = [name for name, state in catalog.states.items() if state.flashes == 8]
    assert page.eval_on_selector_all("#candidates strong", "all => all.map(e => e.textContent)") == eight
    assert page.get_attribute("[data-flashes='8']", "aria-pressed") == "true"
    page.click("[data-flashes='0']")
    assert "OK" in page.inner_text("#candidates")


def test_lamps_blink_as_the_device_does(page: Page, catalog: Catalog) -> None:
    for name, state in catalog.states.items():
        steps = catalog.pattern.steps(state.flashes)
        if not state.flashes:
            steps = [(True, 1000)]
        middles, now = [], 0
        for _, ms in steps:
            middles += [now + 5, now + ms - 5]
            now += ms
        shown = page.evaluate(
            """([name, times]) => {
                const bulb = document.querySelector(`#state-${name} .bulb i`);
                const animation = bulb.getAnimations()[0];
                if (!animation) return times.map(() => getComputedStyle(bulb).opacity);
                animation.pause();
                return [animation.effect.getTiming().duration, ...times.map(time => {
                    animation.currentTime = time;
                    return getComputedStyle(bulb).opacity;
                })];
            }""",
            [name, middles],
        )
        if state.flashes:
            assert shown.pop(0) == now
        assert [float(opacity) == 1 for opacity in shown] == [lit for lit, _ in steps for _ in range(2)], name


def test_reduced_motion_and_the_stop_button(page: Page) -> None:
    running = "document.getAnimations().filter(a => a.playState === 'running').length"
    assert page.evaluate(running) > 0
    page.click("#still")
    assert page.evaluate(running) == 0
    assert page.get_attribute("#still", "aria-pressed") == "true"
    page.click("#still")
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(running) == 0
    assert page.evaluate("getComputedStyle(document.querySelector('#state-PAIR .bulb i')).opacity") == "1"


def accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_accessible(page: Page, book: str, language: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{book}?lang={language}")
    page.click("#still")
    accessible(page)
    page.set_viewport_size({"width": 360, "height": 900})
    page.click("[data-flashes='5']")
    search(page, "61524")
    accessible(page)
    page.evaluate("tap.replaceChildren()")  # the checker does find what is wrong
    with pytest.raises(AssertionError, match="button-name"):
        accessible(page)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", WIDTHS)
def test_fits_the_width(page: Page, book: str, width: int, language: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{book}?lang={language}")
    page.click("[data-flashes='8']")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_keyboard_alone(page: Page) -> None:
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('href')"))
    for stop in (
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
    texts = [page.extract_text() for page in pages]
    states = list(catalog.states)
    assert [[name in texts[n] for name in states[9 * n : 9 * n + 9]] for n in (0, 1)] == [[True] * 9] * 2
    assert ("错误码" if language == "zh" else "Codes") in texts[2]
    together = "\n".join(texts)
    for vendor, code, _ in catalog.slots():
        assert f"{vendor} {code}" in together
    assert len(pages) < 30
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
