"""The grammar packer: what it may produce, that nothing is lost, and that the result never varies."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkcode_host.compiler import packing
from blinkcode_host.compiler.packing import Grammar, pack, unpack

PARTS = [
    ["device", "server", "wi-fi", "token", "command", "storage", "password", "account", "message"],
    ["not found", "expired", "busy", "failed", "not supported", "wrong", "full", "offline"],
    ["", "; retry later", "; sign in again", "; pair again", "; check wi-fi", "; update"],
]


def sentences(count: int) -> list[bytes]:
    """Device-like texts, the first of every `count` combinations."""
    texts = [f"{a} {b}{c}" for a in PARTS[0] for b in PARTS[1] for c in PARTS[2]]
    return [texts[k * 7 % len(texts)].encode() for k in range(count)]


def cost(grammar: Grammar) -> int:
    return sum(map(len, grammar.bodies)) + sum(len(t) + (len(t) >= packing.LONG_TEXT) for t in grammar.texts)


def check(texts: Sequence[bytes], grammar: Grammar) -> None:
    """Assert everything that the format promises."""
    first = len(grammar.literals)
    assert grammar.literals == bytes(sorted(set(b"".join(texts))))
    assert first + len(grammar.bodies) <= 256
    sizes = [len(body) for body in grammar.bodies]
    assert sizes == sorted(sizes)
    assert all(2 <= size <= 15 for size in sizes)
    assert all(sizes.count(size) <= 255 for size in sizes)
    depth: dict[int, int] = dict.fromkeys(range(first), 0)
    while missing := [k for k in range(len(sizes)) if first + k not in depth]:
        ready = [k for k in missing if all(t in depth for t in grammar.bodies[k])]
        assert ready, "phrases refer to each other in a circle"
        depth.update((first + k, 1) for k in ready)
    assert [unpack(grammar, tokens) for tokens in grammar.texts] == list(texts)
    used = set(b"".join(grammar.texts + grammar.bodies))
    assert used == set(range(first + len(grammar.bodies)))
    assert cost(grammar) <= sum(len(t) + (len(t) >= packing.LONG_TEXT) for t in texts)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little work on the search."""
    monkeypatch.setattr(packing, "_MAX_WORK", 200_000)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "texts",
    [
        [],
        [b""],
        [b"", b"", b"a", b""],
        [b"a"],
        [b"a", b"b", b"a"],
        [b"ab"] * 3,
        [b"a" * n for n in range(80)],
        [b"sensor out of range, check the wiring"] * 50,
        [bytes(range(13, 256))],
        [bytes(range(200)), bytes(range(200))],
        [bytes((k * k * 31 + k * n * 7) % 243 for k in range(25)) for n in range(60)],
        [f"{a}{b}不支持，请重试".encode() for a in "设备云端令牌" for b in "离线过期错误已满"],
        [b"long " * 100, b"long " * 101],
    ],
    ids=lambda texts: f"{len(texts)}-texts-{len(b''.join(texts))}-bytes",
)
def test_odd_inputs(texts: list[bytes]) -> None:
    check(texts, pack(texts))


def test_a_phrase_must_pay() -> None:
    """Used n times, a body of m tokens saves n * (m - 1) - m."""
    assert pack([b"abc", b"abd"]).bodies == ()
    assert pack([b"ab"] * 2).bodies == ()
    assert cost(pack([b"ab"] * 3)) == 5
    assert cost(pack([b"abcdef"] * 4)) == 10


def test_the_byte_for_long_texts_counts() -> None:
    """A phrase that saves as much as it costs pays when it makes texts short."""
    texts = [b"abcdefghijXYk", b"lmnopqrstuXYv"]
    grammar = pack(texts)
    check(texts, grammar)
    assert cost(grammar) == 26
    assert [len(t) for t in grammar.texts] == [12, 12]


@pytest.mark.usefixtures("quick")
def test_identical_long_texts_share_nested_phrases() -> None:
    text = bytes(range(65, 65 + 40))
    grammar = pack([text] * 30)
    check([text] * 30, grammar)
    assert cost(grammar) <= 30 + 40 + 5


def test_too_many_different_bytes() -> None:
    with pytest.raises(ValueError, match="244 different bytes"):
        pack([bytes(range(244))])


@pytest.mark.usefixtures("quick")
def test_all_tokens_in_use() -> None:
    """With more repetition than 256 tokens can hold the limit still stands."""
    texts = [b"%d" % (k * k * 7919 % 1_000_003) for k in range(600)] * 6
    grammar = pack(texts)
    check(texts, grammar)
    assert len(grammar.literals) + len(grammar.bodies) == 256


@pytest.mark.usefixtures("quick")
def test_learns_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_SAMPLE_BYTES", 1000)
    texts = sentences(400)
    grammar = pack(texts)
    assert [unpack(grammar, tokens) for tokens in grammar.texts] == texts
    assert cost(grammar) < sum(map(len, texts)) // 3


@pytest.mark.usefixtures("quick")
def test_far_smaller_than_the_texts() -> None:
    texts = sentences(150)
    grammar = pack(texts)
    check(texts, grammar)
    assert cost(grammar) < sum(map(len, texts)) // 3


def test_the_search_improves_on_the_greedy_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = sentences(200)
    monkeypatch.setattr(packing, "_MAX_WORK", 0)
    greedy = cost(pack(texts))
    monkeypatch.setattr(packing, "_MAX_WORK", 2_000_000)
    monkeypatch.setattr(packing, "_ROUNDS", 3)  # few texts gain less from one than all of a table's
    assert cost(pack(texts)) < greedy


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text("abc ", max_size=30).map(str.encode), st.binary(max_size=8)), max_size=20))
def test_any_texts(texts: list[bytes]) -> None:
    literals = set(b"".join(texts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "_MAX_WORK", 20_000)
        if len(literals) <= packing.MAX_LITERALS:
            check(texts, pack(texts))


@pytest.mark.parametrize("seed", ["0", "1", "12345"])
def test_the_hash_seed_does_not_matter(seed: str) -> None:
    script = (
        "import sys; from blinkcode_host.compiler import packing; packing._MAX_WORK = 500_000;"
        "print(packing.pack(sys.stdin.buffer.read().split(b'|')))"
    )
    source = os.path.dirname(os.path.dirname(os.path.dirname(packing.__file__)))
    output = subprocess.run(
        [sys.executable, "-c", script],
        input=b"|".join(sentences(100)),
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": source},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    assert hashlib.sha256(output.strip()).hexdigest()[:16] == "a99b7eb5bce9b552", "for this packer, always"
