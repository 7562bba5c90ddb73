"""The cost-effectiveness plane: what each mix costs more than the base, and what it does more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from odssim.analysis.decision import with_short_names
from odssim.analysis.objective import COST
from odssim.analysis.wording_decision import noun
from odssim.report import style
from odssim.report.mix_style import key_below, look, named, new_figure

if TYPE_CHECKING:
    from odssim.analysis.decision import Decision

MOST_DOTS = 1500
CORNERS = (
    (0.985, 0.975, "right", "top", "costs more, does more"),
    (0.015, 0.975, "left", "top", "costs more, does less: dominated"),
    (0.985, 0.025, "right", "bottom", "costs less, does more: dominates"),
    (0.015, 0.025, "left", "bottom", "costs less, does less"),
)


def plane_figure(found: Decision) -> Figure:
    """Return the plane: a cloud of draws of the means and a marker for the mean of each mix against the base."""
    short = with_short_names(found)
    goal, rows = short.objective, short.ranking
    with style.settings():
        line = f"Against {named(short.mixes[0])}; dots: where the true mean may lie, {rows.n} {rows.unit}"
        figure, ax = new_figure("Extra cost and gain in effect", line, bottom=0.22)
        values = short.evidence.values
        effect, cost = goal.effect(values[goal.outcome].mean(axis=0)), values[COST].mean(axis=0)
        for k, mix in enumerate(short.mixes[1:], start=1):
            if rows.draws is not None:
                drawn = goal.effect(rows.draws[goal.outcome][:MOST_DOTS]), rows.draws[COST][:MOST_DOTS]
                x, y = (column[:, k] - column[:, 0] for column in drawn)
                ax.scatter(x, y, s=3, color=look(k)["color"], alpha=0.12, lw=0)
            ax.scatter(
                effect[k] - effect[0], cost[k] - cost[0], s=62, edgecolor="white", lw=1.2, zorder=4,
                label=named(mix), **look(k),
            )  # fmt: skip
        _frame(ax)
        if goal.worth_sek:
            reach = np.array(ax.get_xlim())
            ax.plot(reach, goal.worth_sek * reach, color=style.QUIET, lw=1, ls=(0, (4, 3)), scalex=False, scaley=False,
                    label=f"{goal.worth_sek:g} SEK per unit: better below")  # fmt: skip
        better = "more" if goal.more_is_better else "fewer"
        ax.set_xlabel(f"gain a day: {better} {noun(goal.outcome)}", color=style.TEXT)
        ax.set_ylabel("extra cost, SEK a day", color=style.TEXT)
        key_below(ax, short.mixes)
        return figure


def _frame(ax: Axes) -> None:
    """Draw the cross of the base and name the four corners; the base is always in view."""
    for low, high, put in ((*ax.get_xlim(), ax.set_xlim), (*ax.get_ylim(), ax.set_ylim)):
        pad = 0.14 * max(high, 0.0, -low)
        put(min(low, 0.0) - pad, max(high, 0.0) + pad)
    ax.axhline(0, color=style.QUIET, lw=1)
    ax.axvline(0, color=style.QUIET, lw=1)
    for x, y, across, up, text in CORNERS:
        ax.text(x, y, text, transform=ax.transAxes, ha=across, va=up, fontsize=8, color=style.QUIET, zorder=3,
                bbox={"facecolor": style.PAGE, "edgecolor": "none", "pad": 1.5})  # fmt: skip
