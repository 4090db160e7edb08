"""The runtime on CPython with random calls: nothing raises, the lamp gets only light that it has, a find is exact."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import blinkcode
from blinkcode.reporter import Reporter
from blinkcode_host.catalog import load
from properties import examples

_CATALOG = load()
_CODES = {meaning.code for meaning in _CATALOG.meanings}
_numbers = (
    st.sampled_from(sorted(_CODES))
    | st.integers(-70_000, 70_000)
    | st.integers(-(1 << 31), 1 << 32)
    | st.integers()
)
_things = (
    _numbers
    | st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.tuples(st.integers(), st.text(max_size=4))
)
_vendors = st.none() | st.integers(-2, 12) | st.sampled_from(sorted(_CATALOG.vendors)) | st.text(max_size=6)
_errors = st.builds(
    lambda kind, arguments: kind(*arguments),
    st.sampled_from((OSError, ValueError, KeyError, RuntimeError, MemoryError, TimeoutError, Exception)),
    st.lists(_things, max_size=3),
)
_steps = st.lists(
    st.tuples(st.just("report"), _things | _errors, _vendors)
    | st.tuples(st.just("catch"), _errors | _things, _vendors)
    | st.tuples(st.just("clear"), _vendors)
    | st.tuples(st.just("tick"), st.integers(0, 1 << 30))
    | st.tuples(st.just("test")),
    max_size=30,
)
_DARK, _BRIGHTEST, _MOST_STATE = 0, 63, 18


@examples(100)
@given(steps=_steps, broken=st.booleans())
def test_a_reporter_never_raises(steps: list[tuple[Any, ...]], broken: bool) -> None:
    lights: list[int] = []
    now = 0

    def lamp(light: int) -> None:
        lights.append(light)
        if broken:
            raise OSError(5)

    reporter = Reporter(led=lamp, log=io.StringIO(), journal=4, ticks=lambda: now)
    for name, *arguments in steps:
        if name == "tick":
            now = (now + arguments[0] % 5_000) & 0x3FFFFFFF
            reporter.tick(now)
        else:
            getattr(reporter, name)(*arguments)
    out = io.StringIO()
    reporter.dump(out)
    for light in lights:
        assert light == _DARK or (1 <= light >> 8 <= _BRIGHTEST and light & 0xFF <= _MOST_STATE)


@examples(300)
@given(code=_things)
def test_a_slot_is_of_its_code(code: Any) -> None:
    slot = blinkcode.find(code)
    if type(code) is not int:
        assert slot == blinkcode.NOT_FOUND
    elif slot >= 0:
        assert blinkcode.code(slot) == code
        assert 0 <= blinkcode.state(slot) <= blinkcode.UNKNOWN
        buffer = bytearray(64)
        length = blinkcode.text_into(slot, buffer)
        assert bytes(buffer[:length]).decode() == blinkcode.text(slot)
    else:
        assert slot in (blinkcode.NOT_FOUND, blinkcode.AMBIGUOUS)
