"""Lay a catalog out as one self-contained HTML page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import resources
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from blinkcode_host import __version__
from blinkcode_host.catalog import Catalog, Meaning, State

Steps = list[tuple[bool, int]]

_SCRIPTS = ("numbers.js", "rhythm.js", "spelling.js", "page.js")


@dataclass(frozen=True)
class Block:
    """One lit stretch of a timeline, in milliseconds from the start of the cycle."""

    start: int
    length: int


@dataclass(frozen=True)
class Lamp:
    """What the page shows of a number of flashes: words, a timeline, a blinking circle."""

    flashes: int
    cycle: int  # milliseconds
    blocks: tuple[Block, ...]
    longs: int
    shorts: int

    @property
    def keyframes(self) -> Markup:
        """The CSS keyframes of one cycle; brightness changes in steps, as the lamp's does."""
        frames = []
        for block in self.blocks:
            frames += [(block.start, 1.0), (block.start + block.length, 0.1)]
        return Markup("".join(f"{100 * at / self.cycle:.3f}%{{opacity:{lit:g}}}" for at, lit in frames))


def lamp(catalog: Catalog, flashes: int) -> Lamp:
    """The lamp of a count, by the catalog's timing; a steady light is one second lit."""
    steps = catalog.pattern.steps(flashes)
    if steps == [(True, 0)]:
        return Lamp(flashes, 1000, (Block(0, 1000),), 0, 0)
    blocks, now = [], 0
    for lit, length in steps:
        if lit:
            blocks.append(Block(now, length))
        now += length
    longs = sum(block.length == catalog.pattern.long_ms for block in blocks)
    return Lamp(flashes, now, tuple(blocks), longs, len(blocks) - longs)


def build(catalog: Catalog, table_id: str) -> str:
    """The page, as HTML. `table_id` names the compiled table that it describes."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    lamps = {
        flashes: lamp(catalog, flashes) for flashes in sorted({s.flashes for s in catalog.states.values()})
    }
    entries = [
        (vendor, code, list(meanings))
        for (vendor, code), meanings in groupby(catalog.meanings, key=lambda m: (m.vendor, m.code))
    ]
    return environment.from_string(_file("page.html.jinja")).render(
        catalog=catalog,
        entries=entries,
        lamps=lamps,
        messages=_messages,
        counts={name: sum(m.state == name for m in catalog.meanings) for name in catalog.states},
        css=Markup(_file("book.css")),
        scripts=[Markup(_file(name)) for name in _SCRIPTS],
        facts=_facts(catalog, lamps),
        table_id=table_id,
        version=__version__,
    )


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


def _facts(catalog: Catalog, lamps: dict[int, Lamp]) -> dict[str, Any]:
    """What the page's scripts need to know."""

    def state(s: State) -> dict[str, Any]:
        return {"name": s.name, "flashes": s.flashes}

    return {
        "vendors": [
            {
                "id": v.id,
                "name": v.name,
                "wire": v.wire,
                "sections": [{"id": s.id, "title": s.title, "ranges": s.ranges} for s in v.sections],
            }
            for v in catalog.vendors.values()
        ],
        "states": [state(s) for s in catalog.states.values()],
        "lamps": [
            {"flashes": n, "cycle": it.cycle, "lit": [[b.start, b.length] for b in it.blocks]}
            for n, it in lamps.items()
            if n
        ],
        "pattern": asdict(catalog.pattern),
        "aliases": {
            f"{m.vendor}-{alias}": f"{m.vendor}-{m.code}" for m in catalog.meanings for alias in m.aliases
        },
    }
