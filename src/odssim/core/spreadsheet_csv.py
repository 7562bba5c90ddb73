"""CSV that a spreadsheet opens by a double click: semicolons, decimal comma, a mark of UTF-8, and text that stays text."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from odssim.core.numerals import readings

OBEYED = ("=", "+", "@", "-", "\t", "\r")
NOTE = "Text that starts with = + @ - or a tab, and is no number, has an apostrophe before it, so that it stays text."


def as_text(value: Any) -> Any:
    """Return a value; text that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(OBEYED) and not readings(value) else value


def write_spreadsheet_csv(parts: Iterable[Any], file: Path) -> list[str]:
    """Write pandas tables of the same columns one below the other; return the columns."""
    columns: list[str] = []
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        for part in parts:
            kept = part.copy()
            for name in kept.select_dtypes(exclude="number").columns:
                kept[name] = kept[name].map(as_text)
            head = None if columns else [as_text(name) for name in kept.columns]
            kept.to_csv(out, header=head or False, index=False, lineterminator="\n", sep=";", decimal=",")
            columns = list(part.columns)
    return columns
