"""blinkcode.const: const() for CPython."""

from typing import TypeVar

_Value = TypeVar("_Value", int, bytes)

def const(value: _Value) -> _Value:
    """The value itself; MicroPython's compiler puts it in place."""
