# const() for CPython. MicroPython's compiler puts a constant in place wherever it sees `_NAME = const(value)`;
# it needs no import for that, so linked modules have none.

try:
    from micropython import const
except ImportError:

    def const(value):  # type: ignore[misc]
        return value
