"""Base and alternatives, seed by seed: the paired differences and every table made of them."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Load what was in `odssim.analysis.comparison` when that was one file."""
    if name not in ("Comparison", "Settings"):
        raise AttributeError(name)
    return getattr(import_module("odssim.analysis.comparison.side_by_side"), name)
