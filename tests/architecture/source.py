"""The package's sources as syntax trees: what imports what, and which rule writes which column."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import odssim

PACKAGE = Path(odssim.__file__).parent
ROOT = Path(__file__).parents[2]
TABLES = {
    "buyers": "buyers", "sellers": "sellers", "places": "places", "visits": "visits", "units": "units",
    "importers": "importers", "wholesalers": "wholesalers", "programmes": "programmes", "clock": "clock",
}  # fmt: skip


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax tree of every module, by path within the package ("rules/need.py")."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted names of odssim modules that a module imports, inside functions too.

    What is imported for annotations only (`if TYPE_CHECKING:`) does not count.
    """
    annotations = {id(n) for node in ast.walk(tree) if type_checking(node) for n in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in annotations:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("odssim"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("odssim"):
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def type_checking(node: ast.AST) -> bool:
    """Whether a node is `if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield every function of a module."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def decorators(function: ast.FunctionDef) -> set[str]:
    """Return the names of a function's decorators."""
    return {node.id for node in function.decorator_list if isinstance(node, ast.Name)}


def row_table(value: ast.expr) -> str | None:
    """Return T if an expression is `st.T[...]`, the row of a table."""
    if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Attribute):
        return TABLES.get(value.value.attr)
    return None


def pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield (target, value) of an assignment, tuples taken apart where both sides are tuples."""
    for target in node.targets:
        if isinstance(target, ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [None] * len(target.elts)
            yield from zip(target.elts, values, strict=True)
        else:
            yield target, node.value


def row_names(function: ast.FunctionDef) -> dict[str, str]:
    """Return the local names of rows (name -> table) and of vectors within rows (name -> table.column)."""
    names: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target, value in pairs(node):
                if isinstance(target, ast.Name) and value is not None:
                    table = row_table(value)
                    if table:
                        names[target.id] = table
                    elif isinstance(value, ast.Attribute) and (owner := owner_of(value, names)):
                        names[target.id] = f"{owner}.{value.attr}"
    return names


def owner_of(attribute: ast.Attribute, names: dict[str, str]) -> str | None:
    """Return the table that `row.column` belongs to."""
    if isinstance(attribute.value, ast.Name):
        return names.get(attribute.value.id)
    return row_table(attribute.value)


def written(target: ast.expr, names: dict[str, str]) -> str | None:
    """Return "table.column" if an assignment target is a column or an entry of one."""
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        name = names.get(target.value.id, "")
        return name if "." in name else None
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute):
        target = target.value
    if isinstance(target, ast.Attribute):
        table = owner_of(target, names)
        return f"{table}.{target.attr}" if table else None
    return None


def writes(tree: ast.Module) -> Iterator[str]:
    """Yield "table.column" for every assignment to a state column in compiled functions."""
    for function in functions(tree):
        if decorators(function) & {"kernel", "entry"}:
            names = row_names(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Assign):
                    found = [written(target, names) for target, _ in pairs(node)]
                elif isinstance(node, ast.AugAssign):
                    found = [written(node.target, names)]
                else:
                    continue
                yield from (name for name in found if name)
