"""blinkcode's own rows: the linked look-up as bytecode and viper, cut to find, state and text, and whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

from blinkcode_host.compiler import Compiled
from blinkcode_host.compiler.linker import link
from blinkcode_host.shipping.boards import LOOKUP, native_lookup, runtime

from . import Contender

BEYOND = ("vendor", "level", "remedy", "code", "int16", "from_bytes")
"""What the short rows leave out: they answer what the contenders answer."""

_TEXTS = ("text", "text_into")
_CALLS = ("find(999999)", "find(500)", "find(-49010, 0)", "state(-1)")
_TEXT_CALLS = ("text_into(-1, buf)", "text_into(9999, buf)")
_FULL_CALLS = (
    *(f"blinkcode.{name}({slot})" for name in BEYOND[:4] for slot in (47, 300, -1, 9999)),
    "blinkcode.int16(65529)",
    "blinkcode.from_bytes(buf, 1)",
)


@dataclass(frozen=True)
class Tables:
    """The compiled tables: whole, without the remedies' texts (which nobody else has), without any text."""

    whole: Compiled
    texts: Compiled
    no_text: Compiled


def ours(tables: Tables) -> list[Contender]:
    """The rows."""
    return [
        _row("bytecode", tables.texts),
        _row("viper", tables.texts, native=True),
        _row("no_text", tables.no_text, has_text=False),
        _whole("bytecode_full", tables.whole),
        _whole("viper_full", tables.whole, native=True),
    ]


def find_only(name: str, table: Compiled) -> Contender:
    """find and state as viper, without text: what a growing catalogue costs."""
    return _row(name, table, native=True, has_text=False)


def _lookup(table: Compiled, native: bool, without: tuple[str, ...] = ()) -> str:
    return link(runtime()[LOOKUP], table, native=native_lookup() if native else "", without=without)


def _row(name: str, table: Compiled, *, native: bool = False, has_text: bool = True) -> Contender:
    """find, state and text alone, as the one module blinkcode."""
    names = "find, state, text_into" if has_text else "find, state"
    source = _lookup(table, native, BEYOND if has_text else (*BEYOND, *_TEXTS))
    return Contender(
        name,
        "blinkcode",
        source,
        use=f"import blinkcode\nfrom blinkcode import {names}\nbuf = bytearray(64)\n",
        handle="find(code, vendor)",
        state="state(handle)",
        text="text_into(handle, buf)" if has_text else "",
        anyone="find(code)",
        calls=_CALLS + (_TEXT_CALLS if has_text else ()),
    )


def _whole(name: str, table: Compiled, *, native: bool = False) -> Contender:
    """The whole API of the look-ups and its constants, as the package that is frozen."""
    return replace(
        _row(name, table),
        source="",
        package={"__init__.py": link(runtime()["__init__.py"], table), LOOKUP: _lookup(table, native)},
        calls=_CALLS + _TEXT_CALLS + _FULL_CALLS,
    )
