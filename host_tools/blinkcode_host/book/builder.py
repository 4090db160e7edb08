"""Lay a catalog out as one self-contained HTML page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import resources
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from blinkcode_host import __version__
from blinkcode_host.book.qr_code import qr_code
from blinkcode_host.catalog import Catalog, Meaning, State

#: In the order in which they are loaded: each uses the ones before it.
SCRIPTS = (
    "numbers.js",
    "taps.js",
    "spelling.js",
    "eyes.js",
    "spots.js",
    "rhythm.js",
    "cycles.js",
    "verdict.js",
    "answers.js",
    "page.js",
    "search.js",
    "reader.js",
    "camera.js",
)
#: Languages that the page itself speaks, not its codes alone.
PAGE_LANGUAGES = ("en", "zh")
STEADY = "steady"


@dataclass(frozen=True)
class Maker:
    """Who made the device, for the card that is printed; each may be empty."""

    title: str = ""
    contact: str = ""
    url: str = ""  # where the page will be found


@dataclass(frozen=True)
class Options:
    """How a page is laid out."""

    maker: Maker = field(default_factory=Maker)
    languages: tuple[str, ...] = ()  # those that the page has, the first one first; empty: all there are
    site: bool = False  # whether a manifest and a service worker lie beside the page


@dataclass(frozen=True)
class Block:
    """One lit stretch of a timeline, in milliseconds from the start of the cycle."""

    start: int
    length: int


@dataclass(frozen=True)
class Group:
    """Flashes of one kind of count: how many are long, how many short."""

    longs: int
    shorts: int


@dataclass(frozen=True)
class Lamp:
    """What the page shows of a number of flashes: words, a timeline, a blinking circle."""

    count: str  # "steady", "3", "8-1"
    flashes: int
    second: int
    cycle: int  # milliseconds
    blocks: tuple[Block, ...]
    groups: tuple[Group, ...]

    @property
    def keyframes(self) -> Markup:
        """The CSS keyframes of one cycle; brightness changes in steps, as the lamp's does."""
        frames = []
        for block in self.blocks:
            frames += [(block.start, 1.0), (block.start + block.length, 0.1)]
        return Markup("".join(f"{100 * at / self.cycle:.3f}%{{opacity:{lit:g}}}" for at, lit in frames))


def lamp(catalog: Catalog, state: State) -> Lamp:
    """The lamp of a state, by the catalog's timing; a steady light is one second lit."""
    pattern = catalog.pattern
    if not state.flashes:
        return Lamp(STEADY, 0, 0, 1000, (Block(0, 1000),), ())
    blocks, now = [], 0
    for lit, length in pattern.steps(state.flashes, state.second):
        if lit:
            blocks.append(Block(now, length))
        now += length
    groups = []
    for flashes in filter(None, (state.flashes, state.second)):
        lengths = [length for lit, length in pattern.steps(flashes) if lit]
        longs = lengths.count(pattern.long_ms)
        groups.append(Group(longs, len(lengths) - longs))
    return Lamp(state.count, state.flashes, state.second, now, tuple(blocks), tuple(groups))


def languages_of(catalog: Catalog) -> tuple[str, ...]:
    """The languages that a catalog's texts are in: English, Chinese, then any others by name."""
    return catalog.languages


def build(catalog: Catalog, table_id: str, options: Options | None = None) -> str:
    """The page, as HTML. `table_id` names the compiled table that it describes.

    Raises ValueError for a language that no text is in, and where a QR code cannot be made.
    """
    options = options or Options()
    known = languages_of(catalog)
    languages = options.languages or known
    for language in languages:
        if language not in known:
            raise ValueError(f"no text is in {language!r}; there are {', '.join(known)}")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    lamps = {state.count: lamp(catalog, state) for state in _by_flashes(catalog)}
    entries = [
        (vendor, code, list(meanings))
        for (vendor, code), meanings in groupby(catalog.meanings, key=lambda m: (m.vendor, m.code))
    ]
    return environment.from_string(_file("page.html.jinja")).render(
        catalog=catalog,
        entries=entries,
        lamps=lamps,
        longest=max(one.cycle for one in lamps.values()),
        messages=_messages,
        texts_of=lambda m: {"en": m.text, "zh": m.text_zh, **{lang: text for lang, text, _ in m.others}},
        advices_of=lambda m: {
            "en": m.advice,
            "zh": m.advice_zh,
            **{lang: said for lang, _, said in m.others},
        },
        counts={name: sum(m.state == name for m in catalog.meanings) for name in catalog.states},
        device_vendors=[v for v in catalog.vendors.values() if v.kind != "host"],
        words=partial(_words, languages),
        languages=languages,
        page_languages=[language for language in languages if language in PAGE_LANGUAGES] or ["en"],
        language_names=_language_names(languages),
        maker=options.maker,
        site=options.site,
        qr_code=qr_code(options.maker.url) if options.maker.url else None,
        css=Markup(_file("book.css")),
        scripts=[Markup(_file(name)) for name in SCRIPTS],
        facts=_facts(catalog, lamps, languages),
        table_id=table_id,
        version=__version__,
    )


def _by_flashes(catalog: Catalog) -> list[State]:
    return sorted(catalog.states.values(), key=lambda state: (state.flashes, state.second))


def _language_names(languages: tuple[str, ...]) -> dict[str, str]:
    names = {"en": "English", "zh": "中文"}
    return {language: names.get(language, language) for language in languages}


def _words(languages: tuple[str, ...], texts: dict[str, str]) -> list[tuple[str, str]]:
    """(language, text) of those languages that the page has; English stands in where there is none."""
    found = [(language, texts[language]) for language in languages if texts.get(language)]
    missing = [language for language in languages if not texts.get(language)]
    if missing and "en" not in languages:
        found.append(("en", texts["en"]))
    return found


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _messages(catalog: Catalog, meaning: Meaning) -> list[tuple[str, str]]:
    """(dates or ids of sources, the vendor's words) for each wording, in the revisions' order."""
    names = {
        s.id: "field reports" if s.kind == "field" else str(s.date or s.id)
        for s in catalog.vendors[meaning.vendor].sources
    }
    wordings: dict[str, list[str]] = {}
    for source, words in meaning.messages.items():
        wordings.setdefault(words, []).append(names[source])
    return [(", ".join(sources), words) for words, sources in wordings.items()]


def _facts(catalog: Catalog, lamps: dict[str, Lamp], languages: tuple[str, ...]) -> dict[str, Any]:
    """What the page's scripts need to know."""
    return {
        "vendors": [
            {
                "id": v.id,
                "name": v.name,
                "wire": v.wire,
                "onDevice": v.kind != "host",
                "sections": [{"id": s.id, "title": s.title, "ranges": s.ranges} for s in v.sections],
            }
            for v in catalog.vendors.values()
        ],
        "states": [{"name": s.name, "count": s.count, "colour": s.colour} for s in catalog.states.values()],
        "lamps": [
            {
                "count": count,
                "flashes": it.flashes,
                "second": it.second,
                "cycle": it.cycle,
                "lit": [[b.start, b.length] for b in it.blocks],
            }
            for count, it in lamps.items()
            if it.flashes
        ],
        "pattern": asdict(catalog.pattern),
        "languages": languages,
        "aliases": {
            f"{m.vendor}-{alias}": f"{m.vendor}-{m.code}" for m in catalog.meanings for alias in m.aliases
        },
    }
