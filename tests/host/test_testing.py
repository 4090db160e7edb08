"""The pytest plugin's device: lamp, log and clock around the real reporter."""

from __future__ import annotations

import pytest

import blinkcode
from blinkcode_host.catalog.reader import load
from blinkcode_host.testing import NUMBER, TICK_MS, Device


@pytest.fixture
def device() -> Device:
    return Device()


def test_a_new_device_is_dark_and_silent(device: Device) -> None:
    assert device.lamp.calls == [(0, 0)]
    assert (device.lamp.state, device.lamp.lit, device.lamp.brightness) == (None, False, 0)
    assert (device.log.lines, device.journal, device.clock.ms) == ([], [], 0)


def test_every_state_that_has_a_code_is_told(device: Device) -> None:
    """Throughout: between its flashes too, for two of its cycles."""
    seen = set()
    for meaning in load().meanings:
        if meaning.vendor != "tuya" or meaning.state in seen:
            continue
        seen.add(meaning.state)
        device.reporter.clear()
        device.clock.advance(5000)
        assert device.lamp.state is None
        device.reporter.report(meaning.code, "tuya")
        device.clock.advance(1000)
        for _ in range(0, 16_000, 100):
            assert device.lamp.state == meaning.state, (meaning, device.clock.ms)
            device.clock.advance(100)
    assert len(seen) > 12


def test_the_calls_say_what_and_when(device: Device) -> None:
    device.clock.advance(500)
    device.reporter.report(2001, blinkcode.TUYA)  # OFFLINE: three flashes
    device.clock.advance(3000)
    lit = [(ms, light) for ms, light in device.lamp.calls if light]
    assert len(lit) == 3
    assert {light for _, light in lit} == {63 << 8 | blinkcode.OFFLINE}
    assert all(
        0 < later - ms < 1000 and ms % TICK_MS == 0 for (ms, _), (later, _) in zip(lit, lit[1:], strict=False)
    )
    device.reporter.lamp.brightness = 10
    while not device.lamp.lit:
        device.clock.advance(TICK_MS)
    assert device.lamp.brightness == 10


def test_log_and_journal(device: Device) -> None:
    device.clock.advance(1234)
    device.reporter.report(1010, "tuya")
    device.reporter.report(-4012, "broadlink")
    assert device.log.lines == [
        "E (1234) blinkcode: tuya 1010 SIGN_IN token expired; sign in again",
        "E (1234) blinkcode: broadlink -4012 PAIR control id mismatch; pair again",
    ]
    assert [line.split()[4:6] for line in device.journal] == [["tuya", "1010"], ["broadlink", "-4012"]]
    device.log.clear()
    assert device.log.lines == []


def test_settings(device: Device) -> None:
    silent = Device(level=60, journal=4)
    silent.reporter.report(1010, "tuya")
    assert silent.log.lines == []
    assert device.journal == []  # the other's is not this one's
    with pytest.raises(ValueError, match="journal"):
        Device(journal=-1)


def test_a_number_that_is_spelled(device: Device) -> None:
    device.reporter.spell(7, "tuya")
    device.clock.advance(4000)
    assert device.lamp.state == NUMBER


def test_the_clock(device: Device) -> None:
    device.clock.advance(25)
    assert (device.clock.ms, device.clock.ticks()) == (25, 25)
    device.clock.ms = 2**30 + 3
    assert device.clock.ticks() == 3
    with pytest.raises(ValueError, match="does not go back"):
        device.clock.advance(-1)
