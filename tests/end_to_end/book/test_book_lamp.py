"""The code book's lamps: tapping along, counting, spelled codes, and how the page's own lamps blink."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from blinkcode_host.catalog import Catalog
from targets import ROOT


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
    counts = {s.count: (s.flashes, s.second) for s in catalog.states.values() if s.flashes}
    cases = [
        (count, taps_of(steps, first, chance, held))
        for count, groups in counts.items()
        for steps in [catalog.pattern.steps(*groups)]
        for first in range(len(steps) // 2)
        for _ in range(10)
    ]
    best = page.evaluate(
        """all => all.map(taps => {
            const silent = taps[taps.length - 1][0] + 2600;
            return fitting(taps, silent, facts.lamps).map(fit => fit.count);
        })""",
        [taps for _, taps in cases],
    )
    for (count, taps), found in zip(cases, best, strict=True):
        assert found[0] == count, (taps, found)


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
    reporter.spell(code, vendor)
    end = now + 80000
    while now < end:
        reporter.tick(now)
        now += 10
    print(json.dumps(lit))
"""


def test_what_the_runtime_spells_is_read(page: Page, catalog: Catalog) -> None:
    chance = random.Random(6)
    numbers = {vendor: number for number, vendor in enumerate(catalog.vendors_of("cloud", "system"))}
    pairs = [(vendor, code) for vendor, code, _ in catalog.slots() if vendor in numbers]
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
            if held:
                assert is_spelled
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
    page.fill("#spelled", "- 1 9 9 8 9 9 1")
    assert ids() == []
    page.fill("#spelled", "eleven")
    assert "counts from 1 to 10" in page.inner_text("#heard")
    page.fill("#spelled", "")
    assert page.inner_text("#heard") == ""


def test_counted_flashes(page: Page, catalog: Catalog) -> None:
    page.click("button[data-count='8-2']")
    eight = [name for name, state in catalog.states.items() if state.count == "8-2"]
    assert page.eval_on_selector_all("#candidates strong", "all => all.map(e => e.textContent)") == eight
    assert page.get_attribute("button[data-count='8-2']", "aria-pressed") == "true"
    page.click("button[data-count='steady']")
    assert "OK" in page.inner_text("#candidates")


def test_lamps_blink_as_the_device_does(page: Page, catalog: Catalog) -> None:
    for name, state in catalog.states.items():
        steps = catalog.pattern.steps(state.flashes, state.second)
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


def test_one_cycle_tells_remedies_apart(page: Page, catalog: Catalog) -> None:
    """Times wrong by up to 20 %, one cycle and the first flash of the next: the state's count is the best fit."""
    chance = random.Random(11)
    counts = {s.count: (s.flashes, s.second) for s in catalog.states.values() if s.flashes}
    cases = []
    for count, groups in counts.items():
        for _ in range(40):
            now, taps = 0.0, []
            steps = catalog.pattern.steps(*groups)
            for lit, ms in [*steps, steps[0]]:
                lasts = ms * chance.uniform(0.8, 1.2)
                if lit:
                    taps.append([now, now + lasts])
                now += lasts
            cases.append((count, taps))
    best = page.evaluate(
        "all => all.map(taps => fitting(taps, taps[taps.length - 1][1] + 100, facts.lamps)[0]?.count)",
        [taps for _, taps in cases],
    )
    wrong = [(count, found) for (count, _), found in zip(cases, best, strict=True) if found != count]
    assert wrong == []


def test_the_answer_stands_under_the_button(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for button in page.locator(".counts > button").all():
        button.scroll_into_view_if_needed()
        button.click()
        own, answer = button.bounding_box(), page.locator("#answer").bounding_box()
        assert own and answer
        assert 0 < answer["y"] - own["y"] < 2.5 * own["height"] + 20


def test_dark_lamp_has_its_entry(page: Page) -> None:
    page.click("[data-help='help-dark']")
    assert "nothing is wrong" in page.inner_text("#candidates")
    assert "check its power" in page.inner_text("#candidates")


def test_share_carries_what_was_read(page: Page, book: str) -> None:
    page.evaluate(
        "navigator.share ? navigator.share = null : 0; Object.defineProperty(navigator, 'clipboard', "
        "{value: {writeText: async text => { window.copied = text; }}})"
    )
    page.click("button[data-count='8-4']")
    page.click("#share")
    expect(page.locator("#shared")).to_contain_text("ready")
    page.goto(page.evaluate("copied"))
    assert "CONFLICT" in page.inner_text("#candidates")
    page.goto(f"{book}?read=tuya:1010")
    assert "tuya 1010" in page.inner_text("#candidates")
    page.goto(f"{book}?read=<b>")
    assert page.locator("#candidates li").count() == 0
