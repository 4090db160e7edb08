"""Pack short texts into an n-ary grammar of byte tokens.

A token is a literal byte or a phrase, and a phrase stands for 2 to 15 tokens. Every text and every body gets
its shortest spelling, so a set of phrases has one definite cost. The packer looks for the set with the smallest
one: first greedily, then by simulated annealing that adds and removes one phrase at a time. A price on
phrases, adjusted along the way, holds their number near what the token range allows.

Work is counted, not timed, and only exact arithmetic decides: the result is the same on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace, heappop
from itertools import accumulate
from random import Random

MAX_TOKENS = 256
MAX_LITERALS = 243
MAX_BODY = 9
LONG_TEXT = 11
"""A text of this many tokens needs one more byte for its length."""

_SAMPLE_BYTES = 16_000
_PIECE_BYTES = 64
_MAX_CANDIDATES = 20_000
_FORBIDDEN = 1 << 40
_SWEEPS = 50
_WORK = 10_000_000
_HOT, _COLD = 0.15, 0.05
_REMOVALS = 0.2
_ADJUST = 0.006
_MIN_PRICE = 0.25


@dataclass(frozen=True)
class Grammar:
    """Packed texts.

    Token t < len(literals) stands for the byte literals[t], token len(literals) + k for the tokens bodies[k].
    Bodies are sorted by length; texts are in input order.
    """

    literals: bytes
    bodies: tuple[bytes, ...]
    texts: tuple[bytes, ...]

    @property
    def cost(self) -> int:
        """The bytes taken by texts and bodies."""
        return sum(map(len, self.bodies)) + sum(len(t) + (len(t) >= LONG_TEXT) for t in self.texts)


def pack(texts: Sequence[bytes]) -> Grammar:
    """Pack the texts; the same texts give the same grammar everywhere."""
    literals = bytes(sorted(set(b"".join(texts))))
    if len(literals) > MAX_LITERALS:
        raise ValueError(f"the texts use {len(literals)} different bytes, at most {MAX_LITERALS} can be packed")
    search = _Search(_sample(texts), MAX_TOKENS - len(literals))
    search.fill()
    search.anneal()
    search.fill()
    return _spell(texts, literals, search.phrases())


def unpack(grammar: Grammar, tokens: bytes) -> bytes:
    """Return the bytes that the tokens stand for."""
    first = len(grammar.literals)
    out = bytearray()
    pending = list(reversed(tokens))
    while pending:
        token = pending.pop()
        if token < first:
            out.append(grammar.literals[token])
        else:
            pending.extend(reversed(grammar.bodies[token - first]))
    return bytes(out)


def _sample(texts: Sequence[bytes]) -> dict[bytes, int]:
    """Map pieces of text to their weights: everything, or an even selection of bounded size."""
    counts = Counter(texts)
    stride = 1 + sum(map(len, counts)) // _SAMPLE_BYTES
    pieces: dict[bytes, int] = {}
    for text in list(counts)[::stride]:
        for i in range(0, min(len(text), _SAMPLE_BYTES), _PIECE_BYTES):
            piece = text[i : i + _PIECE_BYTES]
            pieces[piece] = pieces.get(piece, 0) + counts[text] * stride
    return pieces


def _candidates(texts: dict[bytes, int]) -> list[bytes]:
    """Return the repeated substrings, the most promising first.

    Long ones are left out if a longer one occurs as often.
    """
    found: dict[bytes, int] = {}
    known = {b""}
    for size in range(1, _PIECE_BYTES + 1):
        counts: Counter[bytes] = Counter()
        for text, weight in texts.items():
            for i in range(len(text) - size + 1):
                if text[i : i + size - 1] in known:
                    counts[text[i : i + size]] += weight
        repeated = {s: n for s, n in counts.items() if n > 1}
        for s, n in repeated.items():
            for part in (s[1:], s[:-1]):
                if len(part) > MAX_BODY and found.get(part) == n:
                    del found[part]
        known = set(repeated)
        found.update(repeated)
    ranked = sorted((s for s in found if len(s) > 1), key=lambda s: (-found[s] * (len(s) - 1), s))
    return ranked[:_MAX_CANDIDATES]


class _Search:
    """A set of phrases with the shortest spellings of all texts and bodies.

    Strings are numbered, candidates for phrases first. All lie in one line of positions, each string with one
    more position than bytes. For a position, head is the least number of tokens before it, and need is the
    least number of tokens in its string, less one token, less those after it: a new phrase from i to j saves
    need[j] - head[i] tokens if that is positive.
    """

    def __init__(self, texts: dict[bytes, int], limit: int) -> None:
        names = _candidates(texts)
        self.strings = names + list(texts)
        self.weight = [1] * len(names) + list(texts.values())
        self.limit = limit
        self.number = {name: c for c, name in enumerate(names)}
        self.base = [0, *accumulate(len(s) + 1 for s in self.strings)]
        self.owner = [k for k, s in enumerate(self.strings) for _ in range(len(s) + 1)]
        self.head = [0] * len(self.owner)
        self.need = [0] * len(self.owner)
        self.ends: list[list[int]] = [[] for _ in self.owner]
        self.starts: list[list[int]] = [[] for _ in self.owner]
        sizes = range(2 * _PIECE_BYTES)
        body_charge = [n + _FORBIDDEN * (n > MAX_BODY) for n in sizes]
        text_charge = [n + (n >= LONG_TEXT) for n in sizes]
        self.charge = [body_charge] * len(names) + [text_charge] * len(texts)
        self.active: list[int] = []
        self.live = [False] * len(names)
        self.work = 0
        self.inner: dict[int, list[tuple[int, int, int]]] = {}
        self.where: list[list[tuple[int, int]]] = [[] for _ in names]
        for k in range(len(names), len(self.strings)):
            self.measure(k)
            for c, i, j in self.inside(k):
                self.where[c].append((i, j))

    def inside(self, k: int) -> list[tuple[int, int, int]]:
        """List the candidates in a string, without itself, with their start and end positions."""
        text, base = self.strings[k], self.base[k]
        return [
            (c, base + i, base + j)
            for i in range(len(text))
            for j in range(i + 2, len(text) + 1)
            if (c := self.number.get(text[i:j])) is not None and c != k
        ]

    def measure(self, k: int) -> None:
        """Find the shortest spelling of a string anew."""
        head, need, first, last = self.head, self.need, self.base[k], self.base[k + 1] - 1
        self.work += 4 * (last - first)
        least = 0
        for p in range(first + 1, last + 1):
            for q in self.ends[p]:
                if head[q] < least:
                    least = head[q]
            least += 1
            head[p] = least
        most = need[last] = least - 1
        for p in range(last - 1, first - 1, -1):
            for q in self.starts[p]:
                if need[q] > most:
                    most = need[q]
            most -= 1
            need[p] = most

    def gain(self, c: int, least: float) -> int:
        """Return the bytes saved by adding a candidate; only a bound if that is below least."""
        head, need, where = self.head, self.need, self.where[c]
        self.work += 8 + len(where)
        saved = -2
        for i, j in where:
            tokens = need[j] - head[i]
            if tokens > 0:
                k = self.owner[j]
                charge, size = self.charge[k], head[self.base[k + 1] - 1]
                saved += (charge[size] - charge[size - tokens]) * self.weight[k]
        if saved < least:
            return saved
        i, j = where[0]
        sizes = [0]
        for p in range(i + 1, j + 1):
            size = sizes[-1]
            for q in self.ends[p]:
                if q >= i and sizes[q - i] < size:
                    size = sizes[q - i]
            sizes.append(size + 1)
        return saved + 2 - self.charge[c][sizes[-1]]

    def loss(self, c: int, most: float) -> int:
        """Return the bytes lost by removing a phrase; only a bound if that is above most."""
        head, need, ends = self.head, self.need, self.ends
        lost = -head[self.base[c + 1] - 1]
        for i, j in self.where[c]:
            self.work += 1
            if need[j] < head[i]:
                continue
            k = self.owner[j]
            last = self.base[k + 1] - 1
            kept = head[j : last + 1]
            self.work += 2 * len(kept)
            for p in range(j, last + 1):
                size = head[p - 1]
                for q in ends[p]:
                    if head[q] < size and (q != i or p != j):
                        size = head[q]
                head[p] = size + 1
            charge = self.charge[k]
            lost += (charge[head[last]] - charge[kept[-1]]) * self.weight[k]
            head[j : last + 1] = kept
            if lost > most:
                break
        return lost

    def add(self, c: int) -> None:
        """Make a candidate a phrase."""
        i, j = self.where[c][0]
        shift = self.base[c] - i
        for p in range(i, j + 1):
            self.ends[p + shift] = [q + shift for q in self.ends[p] if q >= i]
            self.starts[p + shift] = [q + shift for q in self.starts[p] if q <= j]
        for i, j in self.where[c]:
            self.ends[j].append(i)
            self.starts[i].append(j)
        if c not in self.inner:
            self.inner[c] = self.inside(c)
        for d, i, j in self.inner[c]:
            self.where[d].append((i, j))
        self.active.append(c)
        self.live[c] = True
        self.update(c)

    def remove(self, c: int) -> None:
        """Make a phrase a mere candidate again."""
        for i, j in self.where[c]:
            self.ends[j].remove(i)
            self.starts[i].remove(j)
        for d, i, j in self.inner[c]:
            self.where[d].remove((i, j))
        self.active.remove(c)
        self.live[c] = False
        self.update(c)

    def update(self, c: int) -> None:
        """Measure a phrase and the strings it occurs in."""
        self.work += 2 * len(self.inner[c])
        self.measure(c)
        for k in dict.fromkeys(self.owner[j] for _, j in self.where[c]):
            self.measure(k)

    def fill(self) -> None:
        """Drop the phrases that do not pay or do not fit, then add the best candidates while there is room."""
        while self.active:
            lost, c = min((self.loss(c, _FORBIDDEN), c) for c in self.active)
            if lost > 0 and len(self.active) <= self.limit:
                break
            self.remove(c)
        queue = [(-self.gain(c, 0), c) for c, live in enumerate(self.live) if not live]
        heapify(queue)
        while queue and queue[0][0] < 0 and len(self.active) < self.limit:
            bound, c = queue[0]
            gain = self.gain(c, 0)
            if gain < -bound:
                heapreplace(queue, (-gain, c))
            else:
                heappop(queue)
                self.add(c)

    def anneal(self) -> None:
        """Improve the set by random moves; heat is relative to the price, which is what the least phrase saves."""
        random = Random(1).random
        quantiles = list(accumulate(1 / (1024 - k) for k in range(1024)))
        price = float(min((self.loss(c, _FORBIDDEN) for c in self.active), default=0))
        for sweep in range(_SWEEPS):
            heat = price * (_HOT + (_COLD - _HOT) * sweep / _SWEEPS)
            pool = [c for c, live in enumerate(self.live) if live or self.gain(c, 1) > 0]
            stop = self.work + _WORK // _SWEEPS
            while pool and self.work < stop:
                slack = heat * quantiles[int(random() * 1024)]
                self.work += 1
                if random() < _REMOVALS and self.active:
                    c = self.active[int(random() * len(self.active))]
                    if self.loss(c, price + slack) <= price + slack:
                        self.remove(c)
                else:
                    c = pool[int(random() * len(pool))]
                    if not self.live[c] and self.gain(c, price - slack) >= price - slack:
                        self.add(c)
            price = max(_MIN_PRICE, price * (1 + _ADJUST * (len(self.active) - self.limit)))

    def phrases(self) -> list[bytes]:
        """Return the phrases, shorter ones first."""
        return sorted((self.strings[c] for c in self.active), key=lambda p: (len(p), p))


def _parse(text: bytes, tokens: dict[bytes, int], longest: int) -> bytes:
    """Spell a text with as few tokens as possible."""
    sizes, steps = [0], [0]
    for j in range(1, len(text) + 1):
        size, step = sizes[-1], 1
        for i in range(max(0, j - longest), j - 1):
            if sizes[i] < size and text[i:j] in tokens:
                size, step = sizes[i], j - i
        sizes.append(size + 1)
        steps.append(step)
    out = bytearray()
    j = len(text)
    while j:
        out.append(tokens[text[j - steps[j] : j]])
        j -= steps[j]
    return bytes(reversed(out))


def _spell(texts: Sequence[bytes], literals: bytes, phrases: list[bytes]) -> Grammar:
    """Write texts and bodies with the given phrases, shorter ones first."""
    tokens = {literals[k : k + 1]: k for k in range(len(literals))}
    bodies: list[tuple[bytes, int]] = []
    for phrase in phrases:
        bodies.append((_parse(phrase, tokens, len(phrase)), len(tokens)))
        tokens[phrase] = len(tokens)
    bodies.sort(key=lambda body: (len(body[0]), body[1]))
    rank = bytearray(range(MAX_TOKENS))
    for k, (_, token) in enumerate(bodies):
        rank[token] = len(literals) + k
    longest = max(map(len, tokens), default=1)
    spelled = {text: _parse(text, tokens, longest).translate(rank) for text in dict.fromkeys(texts)}
    return Grammar(literals, tuple(b.translate(rank) for b, _ in bodies), tuple(spelled[t] for t in texts))
