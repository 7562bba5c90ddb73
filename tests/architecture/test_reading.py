"""Files of users are read in one room: nowhere else is a table, TOML or JSON taken from a file."""

import ast

import pytest

from architecture.source import trees

ROOM = ("core/reading.py", "core/tables.py")
OF_THE_PACKAGE = {
    "core/locks.py": "locks of its own", "core/marks.py": "marks of its own",
    "app/lessons.py": "lessons that come along", "app/sources.py": "scenarios that come along",
    "app/messages.py": "messages of a browser", "app/words.py": "words of the page that come along",
    "city/tables.py": "tables of shipped cities", "engine/key.py": "what it wrote, and contents for a key",
    "report/bundle.py": "the package's own project file",
    "validation/patterns/campaign.py": "a store of its own, healed where damaged",
    "cli/find.py": "the package's own source", "cli/design_run_command.py": "what it is about to write",
    "scenario/locate.py": "one key, not a file", "core/declare.py": "tables beside their modules",
    "core/package_data.py": "texts and declarations that come along", "language/templates.py": "templates",
}  # fmt: skip
"""Modules that read other things than files of users, and what."""
READERS = {
    "csv": ("reader", "DictReader"),
    "json": ("load", "loads"),
    "tomllib": ("load", "loads"),
    "pd": ("read_csv", "read_excel"),
}


def reads(tree: ast.Module) -> list[str]:
    """Return what a module calls to take text apart."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in READERS.get(node.value.id, ()):
                found.append(f"{node.value.id}.{node.attr}")
        if isinstance(node, ast.Attribute) and node.attr == "read_text":
            found.append("read_text")
        if isinstance(node, ast.Import) and "openpyxl" in [alias.name for alias in node.names]:
            found.append("openpyxl")
    return found


@pytest.mark.parametrize("path", [path for path in trees() if path not in (*ROOM, *OF_THE_PACKAGE)])
def test_no_file_of_a_user_is_read_outside_the_reading_room(path):
    assert reads(trees()[path]) == []


def test_what_is_excused_still_reads():
    assert {path for path in OF_THE_PACKAGE if not reads(trees()[path])} == set()
    assert all(reads(trees()[path]) for path in ROOM)


@pytest.mark.parametrize("path", list(trees()))
def test_no_workbook_takes_text_for_a_formula(path):
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Attribute) and node.attr == "Workbook":
            text = ast.unparse(trees()[path])
            assert "'strings_to_formulas': False" in text
            assert "'strings_to_urls': False" in text
        assert not (isinstance(node, ast.Attribute) and node.attr == "to_excel")
