"""The three pictures of a decision: plane.png, acceptability.png and pareto.png.

The plane has what each mix costs and does more than the base; acceptability curves the chance that it is the best buy, by
what one unit of effect is worth; one panel for each count its rank, the Pareto front marked.
"""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from odssim.analysis.decision.choose import Decision, with_short_names
from odssim.analysis.decision.decision_words import CRITERIA, unit_name
from odssim.analysis.decision.objective import COST
from odssim.core.result import Write
from odssim.core.types import Array
from odssim.drawing import style
from odssim.drawing.mix_style import key_below, look, named, new_figure, prepare
from odssim.language.names import noun
from odssim.language.written import number

WIDTH_IN, ROW_IN, EDGES_IN = 10.0, 0.42, 1.75
UNITS = {"cost_sek": "SEK a day", "harm_cost_sek": "SEK a day", "displaced": "a day, beyond the base"}
MOST_DOTS = 1500
CORNERS = (
    (0.985, 0.975, "right", "top", "costs more, does more"),
    (0.015, 0.975, "left", "top", "costs more, does less: dominated"),
    (0.985, 0.025, "right", "bottom", "costs less, does more: dominates"),
    (0.015, 0.025, "left", "bottom", "costs less, does less"),
)


def acceptability_figure(found: Decision) -> Figure:
    """Return one curve per mix, thick where it is the best buy by its mean; empty axes after a single run."""
    short = with_short_names(found)
    with style.settings():
        line = f"Chance of the highest net benefit, {short.ranking.n} {short.ranking.unit}; thick: best by its mean"
        figure, ax = new_figure("Which mix is worth its money?", line, bottom=0.22)
        if short.acceptable is None:
            ax.text(0.5, 0.5, "one run: no chances", transform=ax.transAxes, ha="center", color=style.QUIET)
        else:
            for k, mix in enumerate(short.mixes):
                curve, mine = short.acceptable[:, k], short.best_buy == k
                ax.plot(short.worth_sek, curve, lw=1.2, markevery=10, ms=4, label=named(mix), **look(k))
                ax.plot(short.worth_sek, np.where(mine, curve, np.nan), lw=3.2, color=look(k)["color"])
            key_below(ax, short.mixes)
        asked = short.objective.worth_sek
        if asked:
            ax.axvline(asked, color=style.QUIET, lw=1, ls=(0, (4, 3)))
            ax.annotate(f"{number(asked)} SEK", (asked, 1.02), xytext=(4, 0), textcoords="offset points", fontsize=8,
                        color=style.QUIET)  # fmt: skip
        ax.set_ylim(-0.02, 1.06)
        ax.set_xlim(0, float(short.worth_sek[-1]))
        ax.set_xlabel(f"SEK that one {unit_name(short.objective)} is worth".replace("one one", "one"), color=style.TEXT)
        ax.set_ylabel("chance of being the best buy", color=style.TEXT)
        return figure


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
                ax.text(width + 0.02 * span, row, number(float(width)), va="center", fontsize=8, color=style.TEXT)
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


def plane_figure(found: Decision) -> Figure:
    """Return the plane: a cloud of draws of the means and a marker for the mean of each mix against the base."""
    short = with_short_names(found)
    goal, rows = short.objective, short.ranking
    with style.settings():
        line = f"Against {named(short.mixes[0])}; dots: where the true mean is likely to lie, {rows.n} {rows.unit}"
        figure, ax = new_figure("Extra cost and gain in effect", line, bottom=0.22)
        values = short.evidence.values
        effect, cost = goal.effect(values[goal.outcome].mean(axis=0)), values[COST].mean(axis=0)
        for k, mix in enumerate(short.mixes[1:], start=1):
            if rows.draws is not None:
                drawn = goal.effect(rows.draws[goal.outcome][:MOST_DOTS]), rows.draws[COST][:MOST_DOTS]
                x, y = (column[:, k] - column[:, 0] for column in drawn)
                kept = _middle(x) & _middle(y)
                ax.scatter(x[kept], y[kept], s=3, color=look(k)["color"], alpha=0.12, lw=0)
            ax.scatter(
                effect[k] - effect[0], cost[k] - cost[0], s=62, edgecolor="white", lw=1.2, zorder=4,
                label=named(mix), **look(k),
            )  # fmt: skip
        _frame(ax)
        if goal.worth_sek:
            reach = np.array(ax.get_xlim())
            ax.plot(reach, goal.worth_sek * reach, color=style.QUIET, lw=1, ls=(0, (4, 3)), scalex=False, scaley=False,
                    label=f"{number(goal.worth_sek)} SEK per unit: better below")  # fmt: skip
        better = "more" if goal.more_is_better else "fewer"
        ax.set_xlabel(f"gain a day: {better} {noun(goal.outcome)}", color=style.TEXT)
        ax.set_ylabel("extra cost, SEK a day", color=style.TEXT)
        key_below(ax, short.mixes)
        return figure


def _middle(values: Array) -> Array:
    """Return which draws lie within the middle 95 %: tails after few runs would fill the picture."""
    low, high = np.quantile(values, (0.025, 0.975))
    return np.asarray((values >= low) & (values <= high))


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


def pictures(found: Decision | None) -> dict[str, Write]:
    """Return the pictures by name of file; none where nothing could be ranked."""
    drawn = {"plane.png": plane_figure, "acceptability.png": acceptability_figure, "pareto.png": pareto_figure}
    return {} if found is None else {name: partial(style.drawn(figure), found) for name, figure in drawn.items()}
