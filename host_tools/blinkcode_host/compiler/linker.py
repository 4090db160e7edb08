"""Join the runtime and a compiled table into one module, as it is frozen.

In the runtime every `table.NAME` is a look-up in two dictionaries, and the table a module with a dictionary of
its own. Joined, the names become constants that MicroPython's compiler puts in place: no RAM, and less code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from blinkcode_host.compiler.module import Compiled, literal

_IMPORT = "from blinkcode import table\n"
_TABLE_NAME = re.compile(r"\btable\.([A-Z_]+)\b")
_VIPER = re.compile(r"^( *).*# viper:(?: (.*))?\n", re.MULTILINE)
_VIPER_INSTEAD = re.compile(r"^( *).*\n *# viper instead: (.*)\n", re.MULTILINE)
_VIPER_END = re.compile(r"^ *# viper end\n(?:(?: .*)?\n)*", re.MULTILINE)
_VIPER_DEF = re.compile(r"^ *# viper def: (.*)$", re.MULTILINE)


def link(runtime: str, table: Compiled, *, viper: bool = False, without: Collection[str] = ()) -> str:
    """The source of one module: the runtime's, with the table's constants in place.

    With `viper`, each line that ends in `# viper: other` becomes `other`, one that ends in `# viper:` goes, one
    with `# viper instead: other` goes with the line above it, and `# viper def: NAME(...)` starts a viper
    function of the lines below it; after `# viper end` the rest of a function goes. So one source serves
    bytecode and native emitter. Functions named in `without`, and private ones that nothing else uses then,
    are left out; an unknown name there raises ValueError.
    """
    body = runtime.replace(_IMPORT, "")
    if viper:
        body = _VIPER_END.sub("\n\n", body)
        body = _VIPER.sub(_viper_line, _VIPER_INSTEAD.sub(r"\1\2\n", body))
        body = _VIPER_DEF.sub(r"\n\n@micropython.viper\ndef \1:", body)
    body = _leave_out(body, without)
    used = dict.fromkeys(_TABLE_NAME.findall(body))
    constants = [f"_{name} = const({literal(table.constants[name])})" for name in used]
    return "\n".join([f"# {table.command}: table {table.id}", *constants, _TABLE_NAME.sub(r"_\1", body)])


def _viper_line(line: re.Match[str]) -> str:
    return f"{line[1]}{line[2]}\n" if line[2] else ""


def _leave_out(source: str, names: Collection[str]) -> str:
    tree = ast.parse(source)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    unknown = sorted(set(names) - set(functions))
    if unknown:
        raise ValueError(f"the runtime has no {', '.join(unknown)}; it has {', '.join(functions)}")
    gone = set(names)
    while True:
        kept = [node for node in tree.body if getattr(node, "name", None) not in gone]
        used = {n.id for top in kept for n in ast.walk(top) if isinstance(n, ast.Name)}
        idle = {name for name in functions if name[0] == "_" and name[1] != "_" and name not in used} - gone
        if not idle:
            break
        gone |= idle
    lines = source.splitlines(keepends=True)
    for node in reversed(list(functions.values())):
        if node.name in gone:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            del lines[first - 1 : node.end_lineno]
    return "".join(lines)
