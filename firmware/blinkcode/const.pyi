"""blinkcode.const: const() for CPython."""

def const(number: int) -> int:
    """The number itself; MicroPython's compiler puts it in place."""
