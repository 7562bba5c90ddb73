"""Acceptability curves: the chance that each mix is the best buy, by what one unit of effect is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from odssim.analysis.decision import with_short_names
from odssim.analysis.wording_decision import unit_name
from odssim.report import style
from odssim.report.mix_style import key_below, look, named, new_figure

if TYPE_CHECKING:
    from odssim.analysis.decision import Decision


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
            ax.annotate(f"{asked:g} SEK", (asked, 1.02), xytext=(4, 0), textcoords="offset points", fontsize=8,
                        color=style.QUIET)  # fmt: skip
        ax.set_ylim(-0.02, 1.06)
        ax.set_xlim(0, float(short.worth_sek[-1]))
        ax.set_xlabel(f"SEK that one {unit_name(short.objective)} is worth".replace("one one", "one"), color=style.TEXT)
        ax.set_ylabel("chance of being the best buy", color=style.TEXT)
        return figure
