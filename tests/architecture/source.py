"""The package's sources as syntax trees: what imports what, and which rule writes which column."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import odssim
from odssim.world.attributes import ATTRIBUTES
from odssim.world.columns import COLUMNS

PACKAGE = Path(odssim.__file__).parent
ROOT = Path(__file__).parents[2]
TABLES = {column.table: [c.name for c in COLUMNS if c.table == column.table] for column in COLUMNS}
RECORDS = {
    "BUYER": "buyers", "SELLER": "sellers", "PLACE": "places", "VISIT": "visits", "UNIT": "units",
    "PROGRAMME": "programmes", "IMPORTER": "importers", "WHOLESALER": "wholesalers", "EVENT": "events",
    "DISTRICT": "districts", "DISTRICT_PLACE": "district_places", "CALENDAR": "calendar", "LEDGER": "ledger",
    "TABLES": "tables", "LEVERS": "levers", "CLOCK": "clock",
}  # fmt: skip
"""Storage types by their names in the sources, and the tables of which they are a row."""


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
        return value.value.attr if value.value.attr in TABLES else None
    return None


def pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield (target, value) of an assignment, tuples taken apart where both sides are tuples."""
    for target in node.targets:
        if isinstance(target, ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [None] * len(target.elts)
            yield from zip(target.elts, values, strict=True)
        else:
            yield target, node.value


def row_names(function: ast.FunctionDef, given: dict[str, str] | None = None) -> dict[str, str]:
    """Return the local names of rows (name -> table) and of vectors within rows (name -> table.column)."""
    names = dict(given or {})
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


def given_rows(tree: ast.Module) -> dict[str, dict[str, str]]:
    """Return, by function, the parameters to which the module's own calls give rows (name -> table)."""
    known = {function.name: function for function in functions(tree)}
    given: dict[str, dict[str, str]] = {name: {} for name in known}
    for caller in known.values():
        names = row_names(caller)
        for node in ast.walk(caller):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            if name in known and isinstance(node, ast.Call):
                parameters = [p.arg for p in known[name].args.args if p.arg != "self"]
                for parameter, value in zip(parameters, node.args, strict=False):
                    table = row_table(value) or (names.get(value.id) if isinstance(value, ast.Name) else None)
                    if table and "." not in table:
                        given[name].setdefault(parameter, table)
    return given


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


def compiled(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, dict[str, str]]]:
    """Yield every compiled function of a module with its names of rows."""
    given = given_rows(tree)
    for function in functions(tree):
        if decorators(function) & {"kernel", "entry"}:
            yield function, row_names(function, given[function.name])


def targets(node: ast.AST) -> list[ast.expr]:
    """Return what an assignment assigns to, tuples taken apart."""
    if isinstance(node, ast.Assign):
        return [target for target, _ in pairs(node)]
    return [node.target] if isinstance(node, ast.AugAssign) else []


def writes(tree: ast.Module) -> Iterator[str]:
    """Yield "table.column" for every assignment to a state column in compiled functions."""
    for function, names in compiled(tree):
        for node in ast.walk(function):
            yield from (name for target in targets(node) if (name := written(target, names)))


def reads(tree: ast.Module) -> Iterator[str]:
    """Yield "table.column" for every state column whose value compiled functions use."""
    for function, names in compiled(tree):
        stored = {id(node.value) for node in ast.walk(function)
                  if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)}  # fmt: skip
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and id(node) not in stored:
                table = owner_of(node, names)
                if table in TABLES and node.attr in TABLES[table]:
                    yield f"{table}.{node.attr}"


def sets(tree: ast.Module) -> Iterator[str]:
    """Yield "table.column" for every column that functions of plain Python set: at the start, or each day."""
    words = {
        target.id: [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    given = given_rows(tree)
    for function in functions(tree):
        if not decorators(function) & {"kernel", "entry"}:
            names, keys = _names_and_keys(function, row_names(function, given[function.name]), words)
            for node in ast.walk(function):
                for target in targets(node):
                    yield from _set(target, names, keys)


def _names_and_keys(
    function: ast.FunctionDef, names: dict[str, str], words: dict[str, list[str]]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the names of tables and rows, and the words that names of loops stand for."""
    keys: dict[str, list[str]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            kinds = [RECORDS.get(ast.unparse(k.value).split(".")[-1]) for k in node.value.keywords if k.arg == "dtype"]
            names |= dict.fromkeys([node.targets[0].id], kinds[0]) if kinds and kinds[0] else {}
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            if isinstance(node.iter, ast.Name) and node.iter.id in TABLES:
                names[node.target.id] = node.iter.id
            found = [n.value for n in ast.walk(node.iter) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            for n in ast.walk(node.iter):
                found += words.get(n.id, []) if isinstance(n, ast.Name) else []
            keys.setdefault(node.target.id, []).extend(found)
    return names, keys


def _set(target: ast.expr, names: dict[str, str], keys: dict[str, list[str]]) -> Iterator[str]:
    """Yield the columns that `table[key] = ...` or `table[key][...] = ...` sets; whole rows set all."""
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Subscript):
        inner = _set(target.value, names, keys)
        if (found := list(inner)) and not _whole(target.value.slice):
            yield from found
            return
    if not isinstance(target, ast.Subscript):
        return
    table = _table(target.value, names)
    key = target.slice
    if table is None:
        return
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield f"{table}.{key.value}"
    elif isinstance(key, ast.Name) and key.id in keys:
        yield from (f"{table}.{name}" for name in keys[key.id] or TABLES[table] if name in TABLES[table])
    elif _whole(key):
        yield from (f"{table}.{name}" for name in TABLES[table])


def _whole(key: ast.expr) -> bool:
    """Whether an index means whole rows: `[i]` or `[:]`; a part of the rows is moved, not made."""
    return isinstance(key, ast.Name) or (isinstance(key, ast.Slice) and key.lower is key.upper is None)


def _table(value: ast.expr, names: dict[str, str]) -> str | None:
    """Return the table or row that an expression names: `buyers`, `st.buyers`, `arrays["buyers"]`, a local name."""
    if isinstance(value, ast.Name):
        return names.get(value.id, value.id if value.id in TABLES else None)
    name = value.attr if isinstance(value, ast.Attribute) else None
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        name = value.slice.value
    return name if name in TABLES else None


def writers() -> dict[str, list[str]]:
    """Return the modules that write each column: rules by name, others by path; first those of the start."""
    found: dict[str, set[str]] = {f"{column.table}.{column.name}": set() for column in COLUMNS}
    for path, tree in trees().items():
        room, module = path.split("/")[0], path.removesuffix(".py").removeprefix("rules/")
        plain = sets(tree) if room in ("population", "engine") or path == "world/state.py" else ()
        for name in (*writes(tree), *plain):
            found[name].add(module)
    tables = {"place": "places", "substance": "tables", "city": "levers"}
    for attribute in ATTRIBUTES:
        found[f"{tables[attribute.of]}.{attribute.id}"].add("engine/attributes")
    return {name: sorted(modules) for name, modules in found.items()}
