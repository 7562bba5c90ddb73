"""Difference in differences on place-periods: Poisson, and negative binomial (NB2: variance m + alpha m^2).

Poisson has place and period effects, and errors from how places differ within each arm. With one common start the fit has
a closed form: the estimate is the RIRR of summed counts. Its variance is the sum of the two arms' (see `arms`), so that
few treated places are not lent the certainty of many controls.
"""

import numpy as np
from scipy.special import digamma

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.arms import arm, few_places, together
from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates, from_se, safe_log, warning
from odssim.evaluation.estimators.panel import CONTROL, TREATED, Panel, Plan

LOWEST, HIGHEST, BISECTIONS = -12.0, 14.0, 50
"""Range of log(1/alpha) searched: alpha from 8e-7 (Poisson) to 160,000."""


def nb2_variance(means: Array, sizes: Array, alpha: Array | float) -> Array:
    """Return the variance of a log ratio of ratios of cell means, summed over the last axis.

    Sum over cells of 1 / (n mean) + alpha / n, alpha known.
    """
    n, m = np.asarray(sizes, dtype=np.float64), np.asarray(means, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray((1.0 / (n * m) + np.asarray(alpha)[..., None] / n).sum(axis=-1))


def nb_did(panel: Panel, plan: Plan) -> Estimates:
    """E4: NB2 regression on arm, period and their product; alpha by maximum likelihood, pooled over all cells.

    With four cells the means are those observed, and alpha solves one equation. Errors are the model's own; the verdict
    rests on those of the Poisson difference in differences, whose estimate is the same.
    """
    cells = [
        (panel.area == area)[:, :, None] & inside[None, None, :]
        for area in (TREATED, CONTROL)
        for inside in (panel.before, panel.after)
    ]
    sizes = np.stack([cell.sum(axis=(1, 2)) for cell in cells], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.stack([(panel.counts * cell).sum(axis=(1, 2)) for cell in cells], axis=-1) / sizes
    used = np.any(cells, axis=0)
    alpha = nb2_ml([series[inside] for series, inside in zip(panel.counts, used, strict=True)], means, sizes)
    estimate = (safe_log(means) * np.array([-1.0, 1.0, 1.0, -1.0])).sum(axis=1)
    se = np.sqrt(nb2_variance(means, sizes, alpha))
    decides = poisson_did(panel, plan)
    return from_se(
        "nb_did", LOG_RATIO, estimate, se, alpha=plan.alpha, warnings=(warning("pooled"), *decides.warnings),
        parts={"nb2_alpha": alpha}, decides=decides,
    )  # fmt: skip


def nb2_ml(counts: list[Array], means: Array, sizes: Array) -> Array:
    """Return the likeliest NB2 dispersion given that cells have their own means; 0 if counts vary less than Poisson.

    The derivative of the log likelihood in r = 1/alpha, sum over counts of digamma(y + r) - digamma(r) less sum
    over cells of n log(1 + m / r), changes sign at the maximum; by bisection on log r. Counts are tallied by value
    first, since most are small.

    `counts`: all counts of each replicate.
    `means`, `sizes`: mean and number of counts in each cell, float64[R, cells].
    """
    largest = max(int(y.max(initial=0)) for y in counts)
    tally = np.stack([np.bincount(y.astype(np.int64), minlength=largest + 1) for y in counts]).astype(np.float64)
    values = np.arange(largest + 1)
    m, n = np.nan_to_num(means), sizes.sum(axis=-1)

    def rises(log_r: Array) -> Array:
        r = maths.exp(log_r)
        seen = (tally * digamma(values + r[:, None])).sum(axis=1)
        return np.asarray(seen - n * digamma(r) - (sizes * maths.log1p(m / r[:, None])).sum(axis=1) > 0)

    low, high = np.full(len(counts), LOWEST), np.full(len(counts), HIGHEST)
    poisson = rises(high)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        up = rises(middle)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return np.where(poisson, 0.0, maths.exp(-(low + high) / 2))


def poisson_did(panel: Panel, plan: Plan) -> Estimates:
    """E3: fixed-effects Poisson difference in differences of treated against control places."""
    before, after = panel.sums()
    treated, control = (arm(before, after, panel.area == area) for area in (TREATED, CONTROL))
    se, df = together((1.0, treated), (1.0, control))
    return from_se(
        "poisson_did", LOG_RATIO, treated.log - control.log, se, alpha=plan.alpha, df=df,
        warnings=few_places(panel, TREATED, CONTROL),
    )  # fmt: skip
