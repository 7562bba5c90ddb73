"""What an evaluator would conclude, by a rule declared in advance, and when an estimate is not claimed.

Not claimed: with places that start one after the other, and with a dose that follows crime.
"""

from dataclasses import replace

import numpy as np
from scipy.special import stdtr

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.estimates import Estimates, warning
from odssim.evaluation.estimators.panel import CONTROL, FAR, TREATED, Panel

BY_DOSE = ("dose_response", "stepped_wedge", "crossover")
"""Estimators that compare periods with more and less of the dose."""
LAGS = (1, 2, 3)
ALPHA = 0.01
NET_REDUCTION = "net reduction"
DISPLACEMENT = "displacement"
UNCLEAR = "unclear where"
NO_EFFECT = "no effect shown"
RISE = "rise"
NO_ANSWER = "no answer"
VERDICTS = (NET_REDUCTION, DISPLACEMENT, UNCLEAR, NO_EFFECT, RISE, NO_ANSWER)


def doubts(name: str, panel: Panel) -> dict[str, Array]:
    """Return why an estimator's answer is not claimed, and in which replicates, bool[R] each."""
    follows = follows_p(panel) <= ALPHA if name in BY_DOSE else np.zeros(panel.n_replicates, dtype=bool)
    return {warning("staggered"): staggered(panel), warning("follows"): follows}


def withheld(found: Estimates, why: dict[str, Array]) -> Estimates:
    """Return estimates that are no answer where there is a doubt."""
    texts = tuple(text for text, where in why.items() if where.any())
    return replace(found, ok=found.ok & ~np.any(list(why.values()), axis=0), warnings=(*found.warnings, *texts))


def staggered(panel: Panel) -> Array:
    """Return where most of the places whose dose changes keep it once they have it, and not all from one period on.

    A place has it where its dose is above the middle between its least and its largest.
    Goodman-Bacon (2021), Journal of Econometrics 225: with place and period effects, such an average gives some of
    its places and periods negative weights. Bool[R].
    """
    low, high = (ends(panel.dose, axis=2, keepdims=True) for ends in (np.min, np.max))
    on = (panel.dose > (low + high) / 2) & np.isin(panel.area, (TREATED, CONTROL))[:, :, None]
    ever, first = on.any(axis=2), on.argmax(axis=2)
    kept = ever & (on == (np.arange(panel.n_periods) >= first[:, :, None])).all(axis=2)
    spread = np.where(kept, first, -1).max(axis=1) > np.where(kept, first, panel.n_periods).min(axis=1)
    return np.asarray(spread & (2 * kept.sum(axis=1) > ever.sum(axis=1)))


def follows_p(panel: Panel) -> Array:
    """Return the p of "the dose does not depend on the counts of the three periods before", float64[R].

    For each lag k: place and period means, the dose of the period before and that of k periods before are taken out of
    the dose and of the logarithm of count + 1 k periods before, so that neither busy places nor the dose's own effect
    is taken for dependence. The products of what is left have mean 0 if randomisation (or a plan) decides the dose; their
    sum over its root of squares is compared with Student's t, with as many degrees of freedom as there are periods
    and places, less one, in which the dose moves. The smallest p times the number of lags (Bonferroni).
    """
    rows = np.isin(panel.area[0], (TREATED, CONTROL, FAR))
    log, dose = maths.log1p(panel.counts[:, rows]), panel.dose[:, rows]
    p = [_lag_p(log, dose, k) for k in LAGS if k < panel.n_periods - 1]
    return np.minimum(1.0, len(p) * np.min(p, axis=0)) if p else np.ones(panel.n_replicates)


def _lag_p(log: Array, dose: Array, k: int) -> Array:
    n = dose.shape[2]
    own = np.stack([_centred(dose[:, :, k - j : n - j]) for j in sorted({1, k})], axis=2)
    moves, past = (_residual(_centred(v), own) for v in (dose[:, :, k:], log[:, :, : n - k]))
    products, square = moves * past, moves**2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(products.sum(axis=1)) / np.sqrt((products**2).sum(axis=1))
        df = square.sum(axis=1) ** 2 / (square**2).sum(axis=1) - 1.0
    known = np.isfinite(t) & (df > 1) & (square.mean(axis=1) > 1e-10)
    return np.where(known, 2.0 * stdtr(np.where(known, df, 1.0), -np.where(known, t, 0.0)), 1.0)


def _centred(x: Array) -> Array:
    """Return values without place and period means, float64[R, J x T]."""
    free = x - x.mean(axis=2, keepdims=True)
    free -= free.mean(axis=1, keepdims=True)
    return np.asarray(free.reshape(len(x), -1))


def _residual(v: Array, others: Array) -> Array:
    """Return values less their regression on others, float64[R, n] and [R, n, k]."""
    turned = others.transpose(0, 2, 1)
    slope = maths.solve(maths.product(turned, others), maths.product(turned, v[:, :, None]))
    return np.asarray(v - maths.product(others, slope)[:, :, 0])


def verdicts(target: Estimates, buffer: Estimates | None = None, overall: Estimates | None = None) -> Array:
    """Return one verdict per replicate, text[R], by the default rule.

    Target's interval below zero, and that of target and surroundings together too: net reduction. Target's
    below zero, the overall one holds zero and the buffer's lies above zero: displacement. Target's below zero
    otherwise (also where nothing was counted around it): unclear where. Target's above zero: rise. No estimate, or
    a test that no outcome could have passed: no answer. Else: no effect shown, which is not "no effect".
    """
    found = np.full(len(target.estimate), NO_EFFECT, dtype=object)
    found[~target.answered] = NO_ANSWER
    found[target.established(1)] = RISE
    falls = target.established(-1)
    found[falls] = UNCLEAR
    if overall is not None:
        if buffer is not None:
            found[falls & overall.answered & ~overall.rejected & buffer.established(1)] = DISPLACEMENT
        found[falls & overall.established(-1)] = NET_REDUCTION
    return found
