"""blinkcode's own rows: the linked look-up as bytecode and viper, cut to find, state and text, and whole."""

from __future__ import annotations

from dataclasses import dataclass

from blinkcode_host.compiler import Compiled
from blinkcode_host.compiler.linker import link
from blinkcode_host.shipping.boards import runtime

from . import Contender

BEYOND = ("vendor", "level", "remedy", "code", "int16", "from_bytes", "__getattr__")
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
        _row("bytecode", tables.texts, viper=False, without=BEYOND),
        _row("viper", tables.texts, viper=True, without=BEYOND),
        _row("no_text", tables.no_text, viper=False, without=(*BEYOND, *_TEXTS)),
        _row("bytecode_full", tables.whole, viper=False, without=()),
        _row("viper_full", tables.whole, viper=True, without=()),
    ]


def find_only(name: str, table: Compiled) -> Contender:
    """find and state as viper, without text: what a growing catalogue costs."""
    return _row(name, table, viper=True, without=(*BEYOND, *_TEXTS))


def _row(name: str, table: Compiled, *, viper: bool, without: tuple[str, ...]) -> Contender:
    has_text = "text" not in without
    names = "find, state, text_into" if has_text else "find, state"
    return Contender(
        name,
        "blinkcode",
        link(runtime()["__init__.py"], table, viper=viper, without=without),
        use=f"import blinkcode\nfrom blinkcode import {names}\nbuf = bytearray(64)\n",
        handle="find(code, vendor)",
        state="state(handle)",
        text="text_into(handle, buf)" if has_text else "",
        anyone="find(code)",
        calls=_CALLS + (_TEXT_CALLS if has_text else ()) + (() if without else _FULL_CALLS),
    )
