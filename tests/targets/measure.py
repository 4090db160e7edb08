"""Exact costs on RV32: instructions, heap. The same numbers come out of every run.

QEMU runs with -icount, so the machine's cycle register counts instructions one by one. A script reads
it before and after a call; the reading's own cost and that of the call as such, taken from a call of a
function that does nothing, are subtracted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from .board import Qemu

COUNTER = """\
import micropython

@micropython.asm_rv32
def instructions():
    data(4, 0xB0002573)
    slli(a0, a0, 2)
    srli(a0, a0, 2)

"""
"""Script text that defines `instructions()`: the number executed so far, modulo 2**30, as a small int.

Take differences as `(after - before) & 0x3FFFFFFF`. Two readings with nothing between them differ by a
constant, once the first call has filled the cache of dictionary look-ups.
"""

_COUNT_CALLS = """
def _nothing(argument):
    pass

def _cost(function, argument, instructions):
    before = instructions()
    function(argument)
    return (instructions() - before) & 0x3FFFFFFF

_function = {function}
_empty = {empty}
_arguments = {arguments}
for _argument in _arguments[:{warm_ups}]:
    _cost(_empty, _argument, instructions)
    _cost(_function, _argument, instructions)
gc.collect()
for _argument in _arguments:
    print(_cost(_function, _argument, instructions) - _cost(_empty, _argument, instructions))
"""

_HEAP = """\
import gc, micropython
{setup}
def _measured():
    {statement}

def _live():
    gc.collect()
    return gc.mem_alloc()

def _compare(measured, live, total):
    live()
    before = live()
    start = total()
    measured()
    start = total() - start
    return live() - before, start

_compare(lambda: None, _live, micropython.mem_total)
print("[%d, %d]" % _compare(_measured, _live, micropython.mem_total))
"""


def count_calls(
    qemu: Qemu,
    function: str,
    arguments: Iterable[object],
    setup: str = "",
    empty: str = "_nothing",
    warm_ups: int = 1,
) -> list[int]:
    """Return, for each argument, how many instructions `function(argument)` takes beyond `empty(argument)`.

    `function` and `empty` are expressions for callables with one parameter, valid after `setup`;
    arguments are written with repr. The first `warm_ups` arguments are called once beforehand.
    """
    values = tuple(arguments)
    body = _COUNT_CALLS.format(function=function, empty=empty, arguments=repr(values), warm_ups=warm_ups)
    printed = qemu.run(COUNTER + "import gc\n" + setup + body, timeout=300).split()
    return [int(line) for line in printed[-len(values) :]] if values else []


def heap_of(qemu: Qemu, statement: str, setup: str = "") -> tuple[int, int]:
    """Return (bytes of heap that stay taken, bytes taken in all) by one statement, run in a function.

    The first is what a garbage collection leaves, in whole blocks (16 bytes); the second counts every
    allocation, temporary ones too. `setup` runs before, outside of what is measured.
    """
    printed = qemu.run(_HEAP.format(setup=setup, statement=statement), timeout=300)
    kept, total = json.loads(printed.splitlines()[-1])
    return kept, total
