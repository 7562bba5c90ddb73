"""The table of facts says of every row how it is known, and a parameter claims no more than its rows."""

import re
from functools import cache

import pytest

from architecture.source import ROOT
from odssim.engine.build import PARAMETERS

PAGE = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
TABLES = PAGE.split("\n## Facts\n")[1].split("\n## Figures of real micro-data")[0]
ROWS = re.findall(r"^\| ((?:[A-F]\d|rows? \d|section G).*?) \|.*\| (.*?) \|$", TABLES, re.MULTILINE)
"""The labels and the last cell of every row: how it is known, or what it is derived from."""


def labels(text: str) -> set[str]:
    """Return the rows that a text names: "A6-A8, B2; rows 7-9" gives A6, A7, A8, B2, row 7, row 8, row 9."""
    found = set(re.findall("section G", text))
    for letter, first, last in re.findall(r"\b([A-F])(\d+)(?:-[A-F]?(\d+))?\b", text):
        found |= {f"{letter}{n}" for n in range(int(first), int(last or first) + 1)}
    for numbers in re.findall(r"\brows? (\d+(?:(?:-|, | and )\d+)*)", text):
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", numbers):
            found |= {f"row {n}" for n in range(int(first), int(last or first) + 1)}
    return found


KNOWN = {label: how for names, how in ROWS for label in labels(names)}


@cache
def is_read(label: str) -> bool:
    """Return whether a row, or one that it is derived from, stood in a text that was read."""
    how = KNOWN[label]
    return not how.startswith("recalled") and ("read: " in how or any(map(is_read, labels(how) - {label})))


def test_labels_are_lists_and_ranges():
    assert labels("row 5; A6-A8, B2 and rows 7-9, 11") == {
        "row 5",
        "A6",
        "A7",
        "A8",
        "B2",
        "row 7",
        "row 8",
        "row 9",
        "row 11",
    }


def test_every_row_says_how_it_is_known():
    assert len(ROWS) > 150
    assert [names for names, how in ROWS if not (re.search(r"\b(read|recalled|derived)\b", how) or labels(how))] == []


def test_an_identifier_stands_only_where_it_was_read():
    found = re.findall(r"[^|]*(?:doi:|https?://|\bdoi\.org)[^|]*", PAGE)
    assert len(found) > 15
    assert [cell for cell in found if "read" not in cell] == []


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.id)
def test_a_parameter_whose_rows_were_only_recalled_is_an_assumption(parameter):
    cited = labels(parameter.source)
    assert cited <= set(KNOWN)
    assert parameter.status == "assumption" or any(map(is_read, cited))
