"""Join the runtime's modules with a compiled table, as they are frozen.

In the runtime every `table.NAME` is a look-up in two dictionaries, and the table a module with a dictionary of
its own. Joined, the names become constants that MicroPython's compiler puts in place: no RAM, and less code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from blinkcode_host.compiler.module import Compiled, literal

_TABLE_NAME = re.compile(r"\btable\.([A-Z][A-Z0-9_]*)\b")
#: What a joined module imports no more: the table, and const(), which MicroPython's compiler knows by itself.
_IMPORTS = re.compile(r"^from blinkcode import table\n|^from blinkcode\.const import const\n", re.MULTILINE)


def link(runtime: str, table: Compiled, *, native: str = "", without: Collection[str] = ()) -> str:
    """The source of one module: the runtime's, with the table's constants in place.

    The functions of `native`, a module's source, take the place of those of the same name, with the constants and
    the private functions that they need, and what it checks when it is imported. Functions and imported names in
    `without`, and private functions that nothing else uses then, are left out; an unknown name there raises ValueError.
    """
    body = _leave_out(runtime, without)
    if native:
        body = _with_native(body, native, without)
    body = _IMPORTS.sub("", body)
    used = dict.fromkeys(_TABLE_NAME.findall(body))
    constants = [f"_TABLE_{name} = const({literal(table.constants[name])})" for name in used]
    return "\n".join(
        [f"# {table.command}: table {table.id}", *constants, _TABLE_NAME.sub(r"_TABLE_\1", body)]
    )


def names_of(source: str) -> list[str]:
    """The functions of a module and the names that it imports from the runtime: what may be left out."""
    tree = ast.parse(source)
    return [*_functions(tree), *(alias.name for node in _own_imports(tree) for alias in node.names)]


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _own_imports(tree: ast.Module) -> list[ast.ImportFrom]:
    """The imports of functions from the runtime's own modules, such as `from blinkcode.lookup import find`."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return [node for node in imports if (node.module or "").startswith("blinkcode.")]


def _leave_out(source: str, names: Collection[str]) -> str:
    """A module without some functions and imported names, and without private functions that nothing uses then."""
    unknown = sorted(set(names) - set(known := names_of(source)))
    if unknown:
        raise ValueError(f"the runtime has no {', '.join(unknown)}; it has {', '.join(known)}")
    tree = ast.parse(source)
    functions = _functions(tree)
    gone = set(names)
    while names:
        kept = [node for node in tree.body if getattr(node, "name", None) not in gone]
        used = {name for top in kept for name in _used(top)}
        idle = {name for name in functions if name[0] == "_" and name[1] != "_" and name not in used} - gone
        if not idle:
            break
        gone |= idle
    lines = source.splitlines(keepends=True)
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name in gone:
            del lines[_first_line(node) - 1 : node.end_lineno]
        elif node in _own_imports(tree) and isinstance(node, ast.ImportFrom):
            stay = ", ".join(alias.name for alias in node.names if alias.name not in gone)
            if len(stay.split()) < len(node.names):
                lines[node.lineno - 1 : node.end_lineno] = (
                    [f"from {node.module} import {stay}\n"] if stay else []
                )
    return "".join(lines)


def _with_native(source: str, native: str, without: Collection[str]) -> str:
    """A module in which the functions of the native one stand in place of its own."""
    tree = ast.parse(native)
    instead = [name for name in _functions(ast.parse(source)) if name in _functions(tree)]
    native = _leave_out(native, [name for name in without if name in _functions(tree)])
    known = _assigned(ast.parse(source))
    lines = native.splitlines(keepends=True)
    taken = []
    for node in ast.parse(native).body:
        new = isinstance(node, ast.Assign) and not _assigned(ast.Module([node], [])) <= known
        check = isinstance(node, ast.If) and not _used(node) & set(without)
        if new or check or isinstance(node, ast.FunctionDef):
            taken.append("".join(lines[_first_line(node) - 1 : node.end_lineno]))
    return "\n\n".join([_leave_out(source, instead), *taken])


def _assigned(tree: ast.Module) -> set[str]:
    """The names that a module assigns."""
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _used(tree: ast.AST) -> set[str]:
    """The names that occur in a piece of source, but for attributes."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _first_line(node: ast.stmt) -> int:
    """The line that a statement begins in, its decorators included."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
