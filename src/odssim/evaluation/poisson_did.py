"""Poisson difference in differences with place and period effects, errors clustered by place.

With one common start the fit has a closed form: the estimate is the RIRR of summed counts; with p the share of
an arm's events that came after, u_j = after_j - n_j p and h = sum of n_j p (1 - p) over the arm,
Var_CR0 = sum of u_j^2 / h^2 over both arms. odssim uses CR1 = CR0 G / (G - 1) for the variance and Student's t
with G - 1 degrees of freedom, G the number of places. (pyfixest: ``ssc(k_adj=False)``.)
"""

from __future__ import annotations

import numpy as np

from odssim.evaluation.estimates import LOG_RATIO, Array, Estimates, from_se, safe_log
from odssim.evaluation.panel import CONTROL, TREATED, Panel
from odssim.evaluation.plan import Plan

ENOUGH_CLUSTERS = 20
FEW_CLUSTERS = (
    f"fewer than {ENOUGH_CLUSTERS} places: errors clustered by place are too small, read the permutation test first"
)


def arm(before: Array, after: Array, inside: Array) -> tuple[Array, Array]:
    """Return one arm's log ratio of after to before and its CR0 variance, float64[R] each.

    Parameters
    ----------
    before, after
        Events of each place, float64[R, J].
    inside
        Which places the arm has, bool[R, J].
    """
    b, a = (before * inside).sum(axis=1), (after * inside).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = a / (a + b)
        u = np.where(inside, after - (before + after) * share[:, None], 0.0)
        variance = (u**2).sum(axis=1) / ((a + b) * share * (1.0 - share)) ** 2
    return safe_log(a) - safe_log(b), variance


def poisson_did(panel: Panel, plan: Plan) -> Estimates:
    """E3: fixed-effects Poisson difference in differences of treated against control places."""
    before, after = panel.sums()
    treated, control = panel.area == TREATED, panel.area == CONTROL
    change, variance = arm(before, after, treated)
    change_0, variance_0 = arm(before, after, control)
    n = treated.sum(axis=1) + control.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt((variance + variance_0) * n / (n - 1.0))
    # a lone place fits its own share exactly: its score is zero and says nothing of how places vary
    se = np.where((treated.sum(axis=1) > 1) & (control.sum(axis=1) > 1), se, np.nan)
    warnings = (FEW_CLUSTERS,) if n.min() < ENOUGH_CLUSTERS else ()
    return from_se(
        "poisson_did", LOG_RATIO, change - change_0, se, alpha=plan.alpha, df=n - 1.0, warnings=warnings
    )
