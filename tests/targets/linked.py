"""Run the runtime, linked with a table of a test's own, under CPython."""

from __future__ import annotations

import re
import types
from pathlib import Path

from blinkcode_host.catalog import Catalog, Meaning, Section, Source, Vendor, load
from blinkcode_host.compiler.linker import link
from blinkcode_host.compiler.module import Compiled

RUNTIME = Path(__file__).parents[2] / "firmware" / "blinkcode"


def run(table: Compiled) -> types.ModuleType:
    """The look-ups that a board would freeze, with the constants, as a module of this interpreter."""
    module = types.ModuleType("blinkcode")
    module.__dict__["const"] = lambda value: value
    for file in ("lookup.py", "__init__.py"):
        source = link((RUNTIME / file).read_text(encoding="utf-8"), table)
        own = re.sub(r"^from blinkcode\.lookup import .*\n", "", source, flags=re.MULTILINE)
        exec(compile(own, file, "exec"), module.__dict__)
    return module


def catalog_of(
    entries: dict[tuple[str, int], tuple[str, str]], aliases: dict[tuple[str, int], int] | None = None
) -> Catalog:
    """A catalog with (vendor, code) -> (state, text), and (vendor, code) -> alias."""
    base = load()
    vendors = {
        name: Vendor(name, name, None, (Source(f"{name}-1", name, None),), (Section("all", "all", ()),))
        for name in sorted({vendor for vendor, _ in entries})
    }
    meanings = tuple(
        Meaning(vendor, code, state, text, text, "do", "做", "all", alias, "", {f"{vendor}-1": "m"})
        for (vendor, code), (state, text) in sorted(entries.items())
        for alias in [((aliases or {})[vendor, code],) if (vendor, code) in (aliases or {}) else ()]
    )
    return Catalog(base.states, vendors, meanings, base.pattern)
