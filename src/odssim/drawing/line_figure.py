"""The picture of a preset: one line with its interval."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from odssim.drawing import style


def draw_line(
    rows: Sequence[dict[str, Any]], path: Path, *, title: str, x: str, y: str, low: str = "", high: str = ""
) -> None:
    """Write a PNG of column `y` against `x`, with the band from `low` to `high` if they are named."""
    with style.settings():
        figure = Figure(figsize=(6.4, 3.8), facecolor=style.PAGE, layout="constrained")
        axes = figure.add_subplot()
        at = [row[x] for row in rows]
        axes.plot(at, [row[y] for row in rows], color=style.OPEN, marker="o")
        if low and rows[0][low] is not None:
            axes.fill_between(at, [row[low] for row in rows], [row[high] for row in rows], color=style.OPEN, alpha=0.2)
        axes.set_ylim(bottom=min(0.0, *(row[y] for row in rows)))
        axes.set_title(title, color=style.TEXT, fontsize=9, loc="left")
        axes.set_xlabel(x.replace("_", " "))
        axes.grid(color=style.GRID)
    style.save(figure, path)
