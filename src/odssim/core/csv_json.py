"""Tables as CSV, for programs and for spreadsheets, and records as JSON in a folder that is being made."""

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from odssim.core.numerals import readings


def jsonable(value: Any) -> Any:
    """Return `value` in types that JSON knows; dates as ISO text, nothing for a number that is not finite.

    Of a dataclass every field by its name, in the order of declaration: so a typed row is an object, and a row of a CSV.
    """
    if is_dataclass(value):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value


def json_text(value: Any, *, indent: int = 1, sort_keys: bool = False) -> str:
    """Return a record as the text of a JSON file."""
    plain = jsonable(value)
    return json.dumps(plain, indent=indent, ensure_ascii=False, allow_nan=False, sort_keys=sort_keys) + "\n"


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]], end: str = "\n") -> None:
    """Write rows, a column for every key of any of them; a table without rows is a file without lines."""
    columns = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator=end)
        if rows:
            writer.writeheader()
        writer.writerows(rows)


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
