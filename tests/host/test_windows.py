"""Windows of a text: the quick pass over the whole text never hides what is found in a window taken alone."""

from __future__ import annotations

import random

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.finding.forms import FORMS
from blinkcode_host.finding.names import NAMES, Names, any_of
from blinkcode_host.finding.windows import Expression, Windows, loosened, plain_bytes
from corpus.labelled import FIELD, WRITTEN, from_the_field, written

pytest.importorskip("re2")

_LARGE = {
    f"{kind}.{name}": any_of(patterns)
    for kind in ("names", "platform", "foreign")
    for name, patterns in NAMES[kind].items()
}


def _texts() -> list[str]:
    texts = [case.text for name in FIELD for case in from_the_field(name)]
    texts += [case.text for name in WRITTEN for case in written(name)]
    return [text for text in texts if plain_bytes(text) is not None]


@pytest.mark.parametrize("expression", _LARGE.values(), ids=_LARGE)
def test_a_window_is_answered_as_if_it_stood_alone(expression: Expression) -> None:
    rng = random.Random(1)
    found = 0
    for text in rng.sample(_texts(), 600):
        windows = Windows(text)
        for _ in range(5):
            low = rng.randrange(len(text) + 1)
            high = low + rng.randrange(len(text) + 1 - low)
            wanted = expression.exact.search(text[low:high]) is not None
            assert windows.is_in(expression, low, high) is wanted, text[low:high]
            found += wanted
    assert found or expression in (_LARGE["foreign.small"], _LARGE["foreign.wifi"])


def test_a_form_is_looked_for_wherever_it_is() -> None:
    found = 0
    for text in _texts():
        plain = plain_bytes(text)
        assert plain is not None
        for form in FORMS:
            if form.expression.exact.search(text):
                found += 1
                assert form.expression.may_be_in(plain), (form.what, text)
    assert found >= 200


def test_a_word_that_the_window_cuts_is_found() -> None:
    names = Names(load())
    text = "the mutuyama of -4012"
    windows = Windows(text)
    assert names.named_in(windows, text.index("tuya"), text.index("tuya") + 4) == {"tuya"}
    assert windows.is_in(any_of([r"\bya\b"]), text.index("ya"), text.index("ma"))
    assert not windows.is_in(any_of([r"\bya\b"]), 0, len(text))


def test_no_anchor_is_left() -> None:
    assert loosened(r"(?:^|[^a\]$])\bx(?!y[)])(?<=(?:x))\$$") == r"(?:|[^a\]$])x\$"


def test_text_beyond_ascii_is_searched_as_it_is() -> None:
    windows = Windows("涂鸦 -4012")
    assert plain_bytes(windows.text) is None
    assert windows.is_in(any_of(["涂鸦"]), 0, 2)
    assert not windows.is_in(any_of(["涂鸦"]), 1, 3)
