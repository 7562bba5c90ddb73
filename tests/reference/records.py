"""Plain Python objects from rows of the state tables, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

LINKS = ("previous", "next", "first_buyer", "first_seller", "first_visit")
"""List links of the engine's storage; the twin keeps Python lists instead."""


def fill(target: Any, row: np.void) -> None:
    """Copy every column of a row to a Python attribute of the same name: int, float or list."""
    for name in row.dtype.names:
        if name not in LINKS:
            setattr(target, name, row[name].tolist())


class Record:
    """A row without behaviour: place, unit, importer, wholesaler, programme, parameters."""

    def __init__(self, row: np.void, index: int = 0) -> None:
        fill(self, row)
        self.index = index


def records(table: np.ndarray[Any, Any]) -> list[Any]:
    """Return one record per row of a table."""
    return [Record(row, index) for index, row in enumerate(table)]


def column(items: list[Any], name: str) -> list[Any]:
    """Return one column of the twin's table; vectors are copied."""
    values = [getattr(item, name) for item in items]
    return [list(v) if isinstance(v, list) else v for v in values]
