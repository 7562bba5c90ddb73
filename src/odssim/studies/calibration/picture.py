"""What is left of each parameter's range, beside what was there before."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from odssim.core.result import Write
from odssim.drawing import style
from odssim.language.written import figures
from odssim.studies.calibration.result import Calibration

N_BINS = 20


def pictures(result: Calibration) -> dict[str, Write]:
    """Return ``marginals.png``."""
    return {"marginals.png": partial(style.drawn(marginals_figure), result)}


def marginals_figure(result: Calibration) -> Figure:
    """Return one small histogram of the ensemble per parameter; the line is the prior, open frames are not identified."""
    rows, k = list(result.marginals), len(result.marginals)
    n_columns = min(4, k)
    n_rows = -(-k // n_columns)
    figure = Figure(figsize=(2.4 * n_columns, 0.5 + 1.7 * n_rows), facecolor=style.PAGE, layout="constrained")
    axes = np.atleast_1d(figure.subplots(n_rows, n_columns, squeeze=False)).ravel()
    for one, row in zip(axes, rows, strict=False):
        i = result.space.ids.index(row.parameter)
        is_open = row.verdict.startswith("not identified")
        one.hist(result.members[:, i], bins=N_BINS, range=(0, 1), density=True,
                 color=style.GRID if is_open else style.HIDDEN)  # fmt: skip
        one.axhline(1, color=style.OPEN, linewidth=1)
        one.set_xticks([0, 1], [figures(row.low, 4), figures(row.high, 4)])
        one.set_yticks([])
        one.set_title(row.parameter, fontsize=8, color=style.TEXT)
        one.set_xlabel("as wide as before" if is_open else "narrowed", fontsize=7.5, color=style.QUIET)
        for side in ("top", "right", "left"):
            one.spines[side].set_visible(False)
    for one in axes[k:]:
        one.set_axis_off()
    share = f"{figures(100 * result.history.nroy_share, 2)} %"
    figure.suptitle(f"Ensemble of {len(result.members)}; {share} of the prior (red line) is not ruled out",
                    fontsize=9, color=style.TEXT, x=0.01, ha="left")  # fmt: skip
    return figure
