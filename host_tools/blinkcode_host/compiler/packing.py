"""Pack short texts into an n-ary grammar of byte tokens.

With every text and phrase spelled as short as possible, a set of phrases has one definite cost. The search
for the cheapest is greedy, then annealing; it counts work, not time: the result is the same everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise
from random import Random

MAX_TOKENS, MAX_LITERALS, MAX_BODY, LONG_TEXT = 256, 243, 9, 13  # a long text takes one more byte

_SAMPLE_BYTES, _MAX_CANDIDATES = 48_000, 20_000  # phrases are learned from no more than this
_PIECE_BYTES = 64  # long texts are cut up, so this is also the longest phrase
_SHORT, _EXTRA, _MOST = LONG_TEXT - 2, 3, 9  # charge for each token above, in all: best is no long text
_FORBIDDEN = 1 << 40  # the charge for too long a body
_EFFORT, _MAX_WORK = 1_500, 20_000_000  # work for each byte, at most; 0.1 to 0.2 microseconds each
_ROUNDS, _SWEEPS = 1, 30  # price and heat change after each sweep; two rounds more save 0.3 per cent
_HOT, _COLD, _REMOVALS = 0.2, 0.05, 0.15  # parts of the price; part of the moves
_MIN_PRICE, _ADJUST, _EXCESS = 0.25, 0.006, 30  # change for each phrase above the limit; most of those


@dataclass(frozen=True)
class Grammar:
    """Packed texts: token t < len(literals) is literals[t], token len(literals) + k is bodies[k]."""

    literals: bytes
    bodies: tuple[bytes, ...]  # shorter ones first
    texts: tuple[bytes, ...]  # in input order


def pack(texts: Sequence[bytes]) -> Grammar:
    """Pack the texts; the same texts give the same grammar everywhere."""
    literals = bytes(sorted(set(b"".join(texts))))
    if len(literals) > MAX_LITERALS:
        raise ValueError(f"the texts use {len(literals)} different bytes, at most {MAX_LITERALS} will do")
    search = _Search(_sample(texts), MAX_TOKENS - len(literals))
    found = [search.fill()]
    for _ in range(_ROUNDS):
        search.anneal()
        found.append(search.fill())
    return _spell(texts, literals, min(found)[1])


def unpack(grammar: Grammar, tokens: bytes) -> bytes:
    """Return the bytes that the tokens stand for."""
    first = len(grammar.literals)
    return b"".join(grammar.literals[t : t + 1] or unpack(grammar, grammar.bodies[t - first]) for t in tokens)


def _sample(texts: Sequence[bytes]) -> dict[bytes, int]:
    """Map pieces of text to their weights: everything, or an even selection of bounded size."""
    counts = Counter(texts)
    stride = 1 + sum(map(len, counts)) // _SAMPLE_BYTES
    pieces: Counter[bytes] = Counter()
    for text in list(counts)[::stride]:
        for i in range(0, min(len(text), _SAMPLE_BYTES), _PIECE_BYTES):
            pieces[text[i : i + _PIECE_BYTES]] += counts[text] * stride
    return pieces


def _candidates(texts: dict[bytes, int]) -> list[bytes]:
    """Return the repeated substrings, except long parts of equally frequent ones; the best first."""
    found: dict[bytes, int] = {}
    known = {b"": 0}
    for size in range(1, _PIECE_BYTES + 1):
        counts: Counter[bytes] = Counter()
        for text, weight in texts.items():
            for i in range(len(text) - size + 1):
                if text[i : i + size - 1] in known:
                    counts[text[i : i + size]] += weight
        known = {s: n for s, n in counts.items() if n > 1}
        for s, n in known.items():
            for part in (s[1:], s[:-1]):
                if len(part) > MAX_BODY and found.get(part) == n:
                    del found[part]
        found.update(known)
    found = {s: n for s, n in found.items() if len(s) > 1}
    return sorted(found, key=lambda s: (-found[s] * (len(s) - 1), s))[:_MAX_CANDIDATES]


class _Search:
    """A set of phrases; strings are numbered, candidates first, and share one line of positions.

    Head is the least number of tokens before a position; need is that of the whole string, less those after
    the position, less one: a new phrase from i to j saves need[j] - head[i] tokens, if any.
    """

    def __init__(self, texts: dict[bytes, int], limit: int) -> None:
        names = _candidates(texts)
        self.strings = names + list(texts)
        self.weight = [1] * len(names) + list(texts.values())
        self.number = {name: c for c, name in enumerate(names)}
        self.base = [0, *accumulate(len(s) + 1 for s in self.strings)]
        self.owner = [k for k, s in enumerate(self.strings) for _ in range(len(s) + 1)]
        self.head, self.need = [0] * len(self.owner), [0] * len(self.owner)
        self.ends: list[list[int]] = [[] for _ in self.owner]
        self.starts: list[list[int]] = [[] for _ in self.owner]
        sizes = range(2 * _PIECE_BYTES)
        self.charge = [[n + _FORBIDDEN * (n > MAX_BODY) for n in sizes]] * len(names)
        self.charge += [[n + min(max(0, n - _SHORT) * _EXTRA, _MOST) for n in sizes]] * len(texts)
        self.active: list[int] = []
        self.live, self.limit, self.work = [False] * len(names), limit, 0
        self.inner: dict[int, list[tuple[int, int, int]]] = {}
        self.where: list[dict[tuple[int, int], None]] = [{} for _ in names]
        for k in range(len(names), len(self.strings)):
            self.measure(k)
            for c, i, j in self.inside(k):
                self.where[c][i, j] = None

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
        for p in range(first + 1, last + 1):
            best = head[p - 1]
            for q in self.ends[p]:
                if head[q] < best:
                    best = head[q]
            head[p] = best + 1
        need[last] = head[last] - 1
        for p in range(last - 1, first - 1, -1):
            best = need[p + 1]
            for q in self.starts[p]:
                if need[q] > best:
                    best = need[q]
            need[p] = best - 1

    def gain(self, c: int, least: float) -> int:
        """Return the bytes saved by adding a candidate; only a bound if that is below least."""
        head, need, where = self.head, self.need, self.where[c]
        self.work += 8 + len(where)
        saved = -2
        for i, j in where:
            tokens = need[j] - head[i]
            if tokens > 0:
                k = self.owner[j]
                size = head[self.base[k + 1] - 1]
                saved += (self.charge[k][size] - self.charge[k][size - tokens]) * self.weight[k]
        if saved < least:
            return saved
        i, j = next(iter(where))
        sizes = {i: 0}
        for p in range(i + 1, j + 1):
            sizes[p] = 1 + min([sizes[p - 1], *[sizes[q] for q in self.ends[p] if q >= i]])
        return saved + 2 - self.charge[c][sizes[j]]

    def loss(self, c: int, most: float) -> int:
        """Return the bytes lost by removing a phrase; only a bound if that is above most."""
        head, need, where, size = self.head, self.need, self.where[c], len(self.strings[c])
        lost, done = -head[self.base[c + 1] - 1], c
        for i, j in where:
            self.work += 1
            if need[j] < head[i] or self.owner[j] == done:
                continue
            done = self.owner[j]
            first, last = self.base[done], self.base[done + 1]
            self.work += 2 * (last - first)
            kept = head[first:last]
            for p in range(first + 1, last):
                best = head[p - 1]
                for q in self.ends[p]:
                    if head[q] < best and (q + size != p or (q, p) not in where):
                        best = head[q]
                head[p] = best + 1
            charge = self.charge[done]
            lost += (charge[head[last - 1]] - charge[kept[-1]]) * self.weight[done]
            head[first:last] = kept
            if lost > most:
                break
        return lost

    def add(self, c: int) -> None:
        """Make a candidate a phrase."""
        i, j = next(iter(self.where[c]))
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
            self.where[d][i, j] = None
        self.active.append(c)
        self.live[c] = True
        self.update(c)

    def remove(self, c: int) -> None:
        """Make a phrase a mere candidate again."""
        for i, j in self.where[c]:
            self.ends[j].remove(i)
            self.starts[i].remove(j)
        for d, i, j in self.inner[c]:
            del self.where[d][i, j]
        self.active.remove(c)
        self.live[c] = False
        self.update(c)

    def update(self, c: int) -> None:
        """Measure a phrase and the strings it occurs in."""
        self.measure(c)
        for k in dict.fromkeys(self.owner[j] for _, j in self.where[c]):
            self.measure(k)

    def drop(self) -> None:
        """Remove the phrases that do not pay or fit, the worst first."""
        while self.active:
            lost, c = min((self.loss(c, _FORBIDDEN), c) for c in self.active)
            if lost > 0 and len(self.active) <= self.limit:
                break
            self.remove(c)

    def fill(self) -> tuple[int, list[bytes]]:
        """Add the best candidates while there is room; return the cost and the phrases."""
        self.drop()
        gains = ((self.gain(c, 1), c) for c, live in enumerate(self.live) if not live)
        queue = [(-gain, c) for gain, c in gains if gain > 0]
        heapify(queue)
        while queue and len(self.active) < self.limit:
            gain = self.gain(c := heappop(queue)[1], 0)
            if queue and gain < -queue[0][0]:
                heappush(queue, (-gain, c))
            elif gain > 0:
                self.add(c)
                if self.loss(c, 0) <= 0:
                    self.remove(c)
        self.drop()
        paid = self.active + list(range(len(self.live), len(self.strings)))
        cost = sum(self.weight[k] * self.charge[k][self.head[self.base[k + 1] - 1]] for k in paid)
        return cost, [self.strings[c] for c in self.active]

    def anneal(self) -> None:
        """Improve the set by random moves; the price settles at what the least phrase saves."""
        random = Random(1).random
        quantiles = list(accumulate(1 / (1024 - k) for k in range(1024)))
        losses = sorted(self.loss(c, _FORBIDDEN) for c in self.active) or [0]
        price = max(_MIN_PRICE, losses[len(losses) // 10])
        work = min(_MAX_WORK, _EFFORT * (len(self.owner) - self.base[len(self.live)])) // _SWEEPS
        for sweep in range(_SWEEPS):
            heat = price * (_HOT + (_COLD - _HOT) * sweep / _SWEEPS)
            pool = [c for c, live in enumerate(self.live) if live or self.gain(c, 1) > 0]
            stop = self.work + work
            while pool and self.work < stop:
                slack = heat * quantiles[int(random() * 1024)]
                self.work += 1
                if random() < _REMOVALS and self.active:
                    c = self.active[int(random() * len(self.active))]
                    if self.loss(c, price + slack) <= price + slack:
                        self.remove(c)
                elif len(self.active) < self.limit + _EXCESS:
                    c = pool[int(random() * len(pool))]
                    if not self.live[c] and self.gain(c, price - slack) >= price - slack:
                        self.add(c)
            price = max(_MIN_PRICE, price * (1 + _ADJUST * (len(self.active) - self.limit)))


def _parse(text: bytes, tokens: dict[bytes, int], longest: int) -> bytes:
    """Spell a text with as few tokens as possible."""
    best = [(0, 0)]
    for j in range(1, len(text) + 1):
        starts = [i for i in range(max(0, j - longest), j) if text[i:j] in tokens]
        best.append(min([(best[i][0] + 1, i) for i in starts]))
    stops = [len(text)]
    while stops[-1]:
        stops.append(best[stops[-1]][1])
    return bytes(tokens[text[i:j]] for j, i in pairwise(stops))[::-1]


def _spell(texts: Sequence[bytes], literals: bytes, phrases: list[bytes]) -> Grammar:
    """Write texts and bodies with the given phrases."""
    tokens = {literals[k : k + 1]: k for k in range(len(literals))}
    bodies: dict[int, bytes] = {}
    for phrase in sorted(phrases, key=lambda phrase: (len(phrase), phrase)):
        body = _parse(phrase, tokens, len(phrase))
        if len(body) <= MAX_BODY:
            tokens[phrase] = len(tokens)
            bodies[tokens[phrase]] = body
    longest = max(map(len, tokens), default=1)
    spelled = {text: _parse(text, tokens, longest) for text in dict.fromkeys(texts)}
    order = sorted(bodies, key=lambda token: len(bodies[token]))
    final = bytes.maketrans(bytes(order), bytes(range(len(literals), len(tokens))))
    renamed = tuple(bodies[token].translate(final) for token in order)
    return Grammar(literals, renamed, tuple(spelled[text].translate(final) for text in texts))
