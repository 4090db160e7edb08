"""Regular expressions that find, in a block of bytes, the lines worth a closer look. They never miss one."""

from __future__ import annotations

import heapq
import re as builtin_re
from collections.abc import Iterable, Iterator
from typing import Any

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.forms import FORMS, SAYS, names_of
from blinkcode_host.finding.languages import OTHER_LANGUAGES, spellings
from blinkcode_host.finding.names import read_data
from blinkcode_host.finding.questions import LARGE
from blinkcode_host.finding.shapes import PLAIN_ENTRY
from blinkcode_host.finding.windows import without_lookaround
from blinkcode_host.finding.words import Words, first_words, is_done

try:
    import re2
except ImportError:  # no wheel for this machine; the module of the standard library is slower, not different
    re2 = None

# Bytes, for the states of each of the two expressions; each worker has its own. One expression would have far more.
_MEMORY = 14 << 20
_CHINESE = tuple("码 错误 异常 故障 失败 报错 出错 编号 返回 状态 碼 錯誤 異常 失敗 報錯 編號 狀態".split())
_PLACES = read_data("places.toml")["place"]
_RANKED = [word for key in ("strong", "weak", "after_failing") for word in _PLACES[key].split()]
_OTHER_LANGUAGES = [
    word for english in OTHER_LANGUAGES if english in ("code", *_RANKED) for word in spellings(english)
]
_ALL_KEYS = ("code", *_RANKED, *_CHINESE, *_OTHER_LANGUAGES)
_KEYS = sorted({key for key in _ALL_KEYS if not any(key != k and key.endswith(k) for k in _ALL_KEYS)})
_CARRIERS = tuple(
    "byte bytes value field word num number no raw hex is was nr as int uint int16 uint16 int32 uint32 u16 dec".split()
)
_KEY = rf"(?:{'|'.join(_KEYS)})"
_CARRIER = rf"(?:[ _]?\(?(?:{'|'.join(_CARRIERS)})(?:_t)?[.)]?)*"
_PARTING = r"(?:[^0-9A-Za-z\n\-]|->)*"
_BETWEEN_WORDS = r"(?:\([0-9.,:x*]+\))?(?:\\u[0-9a-f]{4}|[^0-9A-Za-z\n])+"
_WIRE = r"0x[0-9a-f]|6[0-9]{4}|42949[0-9]{5}"
_BYTES = r"(?:b[\"'])?(?:0x|\\x)?[0-9a-f]{2}(?:[ ,] ?|\\x)(?:0x)?(?:e[c-f]|f[0-9a-f])"
_CUT = r"-?[0-9]{0,7}\r?$"
# What a line ends in that _CUT finds something in, and the words that are left before that.
_TAIL = b"0123456789-> \t\r\n\"':=([#\\."
_TAIL_LENGTH = 40
_TAIL_WORDS = tuple(sorted({word.rstrip("1236").encode() for word in (*_KEYS, *_CARRIERS)}))
_NO_TAIL = b"}]).,;!?"
_ANY = r"[1-9][0-9]{3,7}"
_NEGATIVE = r"-[1-9][0-9]{3,5}"
_NOTHING = r"[^\x00-\xff]"
_NAME_LENGTH = 9  # characters by which a code's name is known
_IN_BRACKETS = {"d": "0-9", "w": "0-9A-Za-z_", "t": "\t"}
_CLASSES = {"d": "[0-9]", "w": "[0-9A-Za-z_]", " ": " ", "-": "-", "/": "/", "t": "\t"}


def expression(catalog: Catalog, words: Words, verbose: bool = False, everything: bool = False) -> str:
    """One expression for all, for any library without look-around; letters' case is to be ignored.

    With `verbose` it also finds success codes, with `everything` the numbers in an error code's place that no
    table has.
    """
    return "|".join([_numbers_and_words(catalog, words, verbose, everything), _forms_and_names(catalog)])


def _numbers_and_words(catalog: Catalog, words: Words, verbose: bool, everything: bool) -> str:
    """Numbers of the clouds in their places, and the clouds' words."""
    known = [c for c in catalog.codes() if verbose or not all(map(is_done, catalog.lookup(c)))]
    clouds = {m.vendor for m in catalog.meanings if catalog.vendors[m.vendor].kind != "system"}
    codes = [c for c in known if any(m.vendor in clouds for m in catalog.lookup(c))]
    numbers = [str(abs(code)) for code in codes]
    grouped = [f"{abs(code):,}" for code in codes if 1000 <= abs(code) < 1_000_000]
    number = _tree({*numbers, *grouped})
    telling = _tree(str(-code) for code in codes if code <= -1000)
    large = _tree(str(code) for code in codes if code >= LARGE)
    if everything:
        number += "|" + _ANY
    phrases = _tree_of_words(first_words(words.phrases, 3))
    vendors = "|".join(builtin_re.escape(vendor) for vendor in sorted(clouds))
    after = r"(?:[^0-9A-Za-z_\n]|$)"
    ways = [
        rf"{_KEY}{_CARRIER}{_PARTING}(?:(?:[-+]|−)?(?:{number}){after}|{_NEGATIVE}{after}|{_WIRE}|{_BYTES}|{_CUT})",
        rf"(?:code|err(?:or|no)?){_CARRIER}{_PARTING}-?{_ANY}{after}",
        rf"code{_PARTING}[3-5][0-9][0-9]{after}",
        rf"(?:{vendors})[:#=/ ][ ]?-?[0-9]",
        phrases,
        r"0x22\]? ?[=:]",
        r"\[34 ?: ?36\]",
        rf"(?:^|[^0-9A-Za-z_\n])-(?:{telling}){after}",
        rf"(?:^|[^0-9A-Za-z_\n])(?:{large or 'x'}){after}",
        rf"[(\[]-?(?:{number})[)\]]",
        rf"(?:[`\"']|“|‘)-?(?:{number}) ?(?::|-|–|—)",
        r"blinkcode: ",
    ]
    return "|".join(f"(?:{way})" for way in ways)


def _forms_and_names(catalog: Catalog) -> str:
    """Numbers in forms of their own, words and names that stand for a code."""
    names = _tree({name[:_NAME_LENGTH] for name in names_of(catalog)})
    ways = [
        *(_without_lookaround(form.hint) for form in FORMS if form.vendor in catalog.vendors),
        *(_without_lookaround(says.pattern.pattern) for says in SAYS if says.vendor in catalog.vendors),
        rf"\b(?:{names or _NOTHING})",
    ]
    return "|".join(f"(?:{way})" for way in ways)


def _without_lookaround(pattern: str) -> str:
    """An expression that matches wherever the given one does, for libraries that cannot look around."""
    return _plain(builtin_re.sub(r"\(\?(?:P<\w+>|-i:)", "(?:", without_lookaround(pattern)))


def _plain(pattern: str) -> str:
    """An expression without short names of classes, as grep knows none in brackets."""
    pieces, inside, escaped = [], False, False
    for character in pattern:
        if escaped:
            names = _IN_BRACKETS if inside else _CLASSES
            pieces.append(names.get(character, "\\" + character))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            inside = inside != (character == ("]" if inside else "["))
            pieces.append(character)
    return "".join(pieces)


class Prefilter:
    """Finds the lines that may hold a code. What it says of a line depends on that line and the one before alone."""

    def __init__(
        self, catalog: Catalog, words: Words, verbose: bool = False, everything: bool = False
    ) -> None:
        halves = _numbers_and_words(catalog, words, verbose, everything), _forms_and_names(catalog)
        self._scans = [_compile(f"(?m)(?:{half})[^\n]*") for half in halves]

    def lines(self, block: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """(start, end) of each line in block[start:stop] that may hold a code, without line ends, in order.

        `start` is where a line begins. A line after one that ends where a number should stand counts too.
        """
        given = -1
        if start:
            before = block.rfind(b"\n", 0, start - 1) + 1
            if _asks_for_more(block, before, start):
                for following, following_end in self._next(block, start, stop):
                    yield following, following_end
                    given = following
        examined = -1
        for first, end in heapq.merge(*(_spans(scan(block, start, stop)) for scan in self._scans)):
            line = block.rfind(b"\n", start, first) + 1 or start
            if line == examined:
                continue
            examined = line
            if line > given:
                yield line, end
                given = line
            if block[end - 1] not in _NO_TAIL and _asks_for_more(block, line, end):
                for following, following_end in self._next(block, end + 1, stop):
                    yield following, following_end
                    given = following

    def _next(self, block: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        if start < stop and not PLAIN_ENTRY.match(block, start):
            end = block.find(b"\n", start, stop)
            yield start, stop if end < 0 else end


def _spans(matches: Iterable[Any]) -> Iterator[tuple[int, int]]:
    return (match.span() for match in matches)


def _asks_for_more(block: bytes, line: int, end: int) -> bool:
    """Whether block[line:end] may end where a number should stand, or in the middle of one."""
    return block[max(line, end - _TAIL_LENGTH) : end].rstrip(_TAIL).lower().endswith(_TAIL_WORDS)


def _compile(pattern: str) -> Any:
    if re2 is None:
        return builtin_re.compile(pattern.encode(), builtin_re.IGNORECASE).finditer
    options = re2.Options()
    options.max_mem = _MEMORY
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern.encode(), options=options).finditer


def _tree(items: Iterable[str]) -> str:
    """An alternation that shares beginnings."""
    return _alternation([tuple(item) for item in items], "")


def _tree_of_words(items: Iterable[tuple[str, ...]]) -> str:
    return _alternation(list(items), _BETWEEN_WORDS)


def _alternation(items: list[tuple[str, ...]], joint: str) -> str:
    branches: dict[str, list[tuple[str, ...]]] = {}
    for item in items:
        branches.setdefault(item[0], []).append(item[1:])
    ways = []
    for head, tails in sorted(branches.items()):
        rest = [tail for tail in tails if tail]
        way = builtin_re.escape(head)
        if rest:
            deeper = f"(?:{joint}(?:{_alternation(rest, joint)}))"
            way += deeper + ("?" if len(rest) < len(tails) else "")
        ways.append(way)
    return "|".join(ways)
