"""The mixes on every count at once: one panel per count, bars from best to worst, the Pareto front marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from odssim.analysis.decision import with_short_names
from odssim.analysis.wording import amount
from odssim.analysis.wording_decision import CRITERIA, noun
from odssim.report import style
from odssim.report.mix_style import look, named, prepare

if TYPE_CHECKING:
    from odssim.analysis.decision import Decision

WIDTH_IN, ROW_IN, EDGES_IN = 10.0, 0.42, 1.75
UNITS = {"cost_sek": "SEK a day", "harm_cost_sek": "SEK a day", "displaced": "a day, beyond the base"}


def pareto_figure(found: Decision) -> Figure:
    """Return a panel per criterion with one bar per mix, in the same order, less being better everywhere."""
    short = with_short_names(found)
    n = len(short.mixes)
    height = EDGES_IN + ROW_IN * n
    with style.settings():
        figure = Figure(figsize=(WIDTH_IN, height), facecolor=style.PAGE)
        edges = {"left": 0.27, "right": 0.98, "top": 1 - 1.15 / height, "bottom": 0.35 / height, "wspace": 0.28}
        panels = list(np.atleast_1d(figure.subplots(1, len(short.criteria), sharey=True, gridspec_kw=edges)))
        figure.text(0.02, 1 - 0.32 / height, "The mixes on every count", fontsize=13, fontweight="bold", color=style.TEXT)
        figure.text(0.02, 1 - 0.58 / height, _line(short), fontsize=9, color=style.QUIET)
        order = np.argsort(short.burdens[:, 0], kind="stable")[::-1]
        names = [f"{named(short.mixes[k])}{_mark(short, int(k))}" for k in order]
        for c, (ax, criterion) in enumerate(zip(panels, short.criteria, strict=True)):
            prepare(ax)
            ax.grid(axis="y", visible=False)
            wished = criterion == short.objective.outcome and short.objective.more_is_better
            widths = short.burdens[order, c] * (-1 if wished else 1)
            span = max(1e-12, float(np.abs(widths).max()))
            for row, (k, width) in enumerate(zip(order, widths, strict=True)):
                ax.barh(row, width, color=look(int(k))["color"], height=0.62, alpha=1.0 if short.front[k] else 0.4)
                ax.text(width + 0.02 * span, row, amount(float(width)), va="center", fontsize=8, color=style.TEXT)
            ax.set_xlim(min(0.0, float(widths.min()) * 1.3), max(0.0, float(widths.max())) * 1.5 or 1.0)
            ax.set_yticks(range(n), names, color=style.TEXT)
            ax.set_xticks([])
            ax.axvline(0, color=style.QUIET, lw=0.8)
            title = CRITERIA.get(criterion, noun(criterion))
            unit = UNITS.get(criterion, "a day")
            ax.set_title(f"{title}\n{unit}", loc="left", fontsize=9, color=style.TEXT, pad=4)
        return figure


def _mark(found: Decision, k: int) -> str:
    return "  ●" if found.front[k] else "  ○"


def _line(found: Decision) -> str:
    text = "● on the Pareto front: no other mix is as good on all counts and better on one; ○ beaten by one"
    return f"{text}. Means of {found.ranking.n} {found.ranking.unit}."
