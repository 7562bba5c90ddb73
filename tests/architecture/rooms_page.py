"""docs/rooms.md: every folder in the order of the flow of data, made from the docstrings; a test compares.

``make pages`` writes it anew.
"""

import ast

from architecture.source import ROOT, imports, trees
from architecture.test_imports import ROWS, row
from architecture.wrapped import wrapped

PAGE = ROOT / "docs" / "rooms.md"
HEAD = """# The rooms: where things stand

`src/odssim` in the order of the flow of data: a module imports only from its own room and those above it
(`tests/architecture/test_imports.py`). This page is made from the first lines of the files
(`make pages`; a test compares). To search it all: `odssim where WORDS`.
"""


def first_line(path: str) -> str:
    """Return what a module says of itself first, without the full stop at the end."""
    return (ast.get_docstring(trees()[path]) or "").split("\n\n")[0].replace("\n", " ").rstrip(".")


def lines_of(room: str) -> list[str]:
    """Return the lines of one room: what it is, which rooms it imports from, its files."""
    files = sorted(path for path in trees() if path != "__init__.py" and ROWS[row(path)] == room)
    own = "/".join(room.split("."))
    head = own + ("/__init__.py" if f"{own}/__init__.py" in files else ".py")
    used = {row(name) for path in files for name in imports(trees()[path]) if name.count(".") and "__" not in name}
    rooms = [ROWS[k] for k in sorted(used) if ROWS[k] not in (room, "errors", "core")]
    lines = [
        f"## {own}",
        "",
        wrapped(f"{first_line(head)}."),
        wrapped(f"Imports from {', '.join(rooms) or 'no other'}."),
        "",
    ]
    others = [path for path in files if path != head and not path.endswith("__init__.py")]
    return lines + [wrapped(f"- `{path.rpartition('/')[2]}`: {first_line(path)}.") for path in others] + [""] * bool(others)


def written() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(line for room in ROWS for line in lines_of(room))]).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
