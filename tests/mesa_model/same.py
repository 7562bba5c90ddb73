"""Whether two models are in the same state."""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.engine.model import OpenDrugSceneModel

NOT_COMPARED = ("order_hash", "order_event")
"""Scratch space of the event loop."""


def columns(model: OpenDrugSceneModel) -> dict[str, np.ndarray[Any, Any]]:
    """Return every column of every table, and every plain array, by name."""
    found: dict[str, np.ndarray[Any, Any]] = {}
    for name in set(model.state.FIELDS) - set(NOT_COMPARED):
        array = getattr(model.state, name)
        for column in array.dtype.names or [None]:
            found[f"{name}.{column}"] = array if column is None else array[column]
    return found


def differing_columns(a: OpenDrugSceneModel, b: OpenDrugSceneModel) -> list[str]:
    """Return the names of the columns that are not equal to the last bit."""
    theirs = columns(b)
    return [name for name, column in columns(a).items() if column.tobytes() != theirs[name].tobytes()]
