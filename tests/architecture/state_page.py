"""What stands in documents about columns, made from world/columns.csv and the code; tests compare.

``make pages`` writes docs/state.md and the sections Reads and Writes of the rules'
docstrings anew (then ``odd_nested.py``, which copies them).
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable
from itertools import pairwise

from architecture.source import PACKAGE, ROOT, TABLES, reads, trees, writers, writes
from odssim import rules
from odssim.world.columns import COLUMNS, Column

PAGE = ROOT / "docs" / "state.md"
RULES = tuple(f"rules/{module.__name__.rpartition('.')[2]}.py" for module in rules.RULES)
HEAD = """# The state: every column of every table

A run's state is a handful of arrays (`src/odssim/world/state.py`); a table has a row per agent. Storage types, units
and meanings are declared in `src/odssim/world/columns.csv`, from which NumPy's records are made; who writes a column
is worked out from the code (`make pages`; a test compares). A name alone is a rule
(`src/odssim/rules/`), one with a folder another module. "Row of" is an index into a table, "slot" one into a vector
of the same row; minutes and days count from the first burn-in day; a code is named in `src/odssim/world/columns.py`
where nothing else is said.
"""


def row(column: Column, by: list[str]) -> str:
    """Return the line of one column."""
    shape = f"[{column.shape.replace(' ', ', ')}]" if column.shape else ""
    cells = (f"`{column.name}`", column.storage + shape, column.unit, column.meaning, column.special, ", ".join(by))
    return f"| {' | '.join(cells)} |"


def arrays() -> list[str]:
    """Return the lines of the arrays of the state that are no tables of columns."""
    body = next(n for n in trees()["world/state.py"].body if isinstance(n, ast.ClassDef) and n.name == "State").body
    told = {
        node.target.id: after.value.value
        for node, after in pairwise(body)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }
    return [f"| `{name}` | {' '.join(str(text).split())} |" for name, text in told.items()]


def page() -> str:
    """Return docs/state.md."""
    by, lines = writers(), []
    for table in TABLES:
        lines += [f"\n## {table}\n", "| column | storage | unit | meaning | special value | written by |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [row(column, by[f"{table}.{column.name}"]) for column in COLUMNS if column.table == table]
    lines += ["\n## Arrays without columns\n", "| array | what it holds |", "|---|---|", *arrays()]
    return HEAD + "\n".join(lines) + "\n"


def listed(found: Iterable[str]) -> str:
    """Return columns as a docstring names them: ``buyers.{act, place}, places.fear``."""
    parts = []
    for table, columns in TABLES.items():
        mine = [name for name in columns if f"{table}.{name}" in found]
        if mine:
            parts.append(f"{table}.{mine[0]}" if len(mine) == 1 else f"{table}.{{{', '.join(mine)}}}")
    return ", ".join(parts) or "no column"


def with_columns(path: str, text: str) -> str:
    """Return a rule's source with its sections Reads and Writes as the code has them; what follows a semicolon stays."""
    for section, found in (("Reads", set(reads(trees()[path]))), ("Writes", set(writes(trees()[path])))):
        old = re.search(rf"^{section}\n((?:    .*\n)+)", text, re.MULTILINE)
        assert old, f"{path} has no section {section}"
        rest = " ".join(old[1].split()).rstrip(".").partition("; ")[2]
        said = listed(found) + (f"; {rest}." if rest else ".")
        filled = textwrap.fill(said, 110, initial_indent=" " * 4, subsequent_indent=" " * 4, break_long_words=False)
        text = text[: old.start(1)] + filled + "\n" + text[old.end(1) :]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    for path in RULES:
        file = PACKAGE / path
        file.write_text(with_columns(path, file.read_text(encoding="utf-8")), encoding="utf-8")
