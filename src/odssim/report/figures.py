"""The two pictures of a run: `map.png` and `series.png`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from odssim.report.map_figure import map_figure
from odssim.report.series_figure import series_figure
from odssim.report.style import save

if TYPE_CHECKING:
    from odssim.observe.result import RunResult


def draw_map(result: RunResult, path: Path) -> None:
    """Write the map of modelled open activity as PNG to `path`."""
    save(map_figure(result), path)


def draw_series(result: RunResult, path: Path) -> None:
    """Write the series over time as PNG to `path`."""
    save(series_figure(result), path)
