"""The three pictures of a decision: plane.png, acceptability.png and pareto.png."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from odssim.report.acceptability_figure import acceptability_figure
from odssim.report.pareto_figure import pareto_figure
from odssim.report.plane_figure import plane_figure
from odssim.report.style import save

if TYPE_CHECKING:
    from odssim.analysis.decision import Decision


def draw_plane(found: Decision, path: Path) -> None:
    """Write the plane of extra cost and gain in effect as PNG to `path`."""
    save(plane_figure(found), path)


def draw_acceptability(found: Decision, path: Path) -> None:
    """Write the acceptability curves as PNG to `path`."""
    save(acceptability_figure(found), path)


def draw_pareto(found: Decision, path: Path) -> None:
    """Write the mixes on every count as PNG to `path`."""
    save(pareto_figure(found), path)


PICTURES: Mapping[str, Callable[[Decision, Path], None]] = {
    "plane.png": draw_plane, "acceptability.png": draw_acceptability, "pareto.png": draw_pareto,
}  # fmt: skip
"""File names and what draws them."""
