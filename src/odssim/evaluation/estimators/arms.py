"""What a group of places says of its change, with an error and degrees of freedom that rest on how its places differ.

Everything is reduced to each place's events before and after, so that it does not matter how its periods hang together.
Place j holds the share w_j of its group's events; u_j is its score, after_j - n_j p with p the share of the group's
events that came after, and h the sum of n_j p (1 - p).

Error
    The cluster jackknife (CR3) of Bell and McCaffrey (2002), Survey Methodology 28, within each group:
    (n - 1) / n times the sum of (u_j / (h (1 - w_j)))^2; rather too large than too small (Cameron and Miller 2015,
    Journal of Human Resources 50).
Degrees of freedom
    Bell and McCaffrey's (advised by Imbens and Kolesar 2016, Review of Economics and Statistics 98; recalled), with
    places' log ratios supposed to vary alike: n - 1 with equal places, less with unequal ones. They do not grow with the
    other arm: with few treated places the usual clustered error is far too small whatever the number of controls
    (MacKinnon and Webb 2018, QED working paper 1387).
"""

from typing import NamedTuple

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.estimators.estimates import safe_log, warning
from odssim.evaluation.estimators.panel import Panel

ENOUGH_PLACES = 10
"""With fewer places than this in an arm a warning is given; assumption."""


class Arm(NamedTuple):
    """One group's log ratio of after to before, its variance and degrees of freedom, float64[R] each.

    `spread` is the variance if each place's log ratio varied by 1. A lone place has no variance (NaN): its score is zero
    whatever happened.
    """

    log: Array
    variance: Array
    df: Array
    spread: Array


def arm(before: Array, after: Array, inside: Array) -> Arm:
    """Return what a group of places says.

    `before`, `after`: events of each place, float64[R, J].
    `inside`: which places the group has, bool[R, J].
    """
    before, after = before * inside, after * inside
    b, a, n = before.sum(axis=1), after.sum(axis=1), inside.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        w = (before + after) / (a + b)[:, None]
        u = after - (before + after) * (a / (a + b))[:, None]
        influence = u / ((1.0 - w) * (a * b / (a + b))[:, None])
        variance = (n - 1.0) / n * (influence**2).sum(axis=1)
        return Arm(safe_log(a) - safe_log(b), variance, jackknife_df(w), (w**2).sum(axis=1))


def jackknife_df(w: Array) -> Array:
    """Return the degrees of freedom of the jackknife variance, float64[R], from places' shares, float64[R, J].

    Scores over 1 - w have the covariance g_i g_j (1[i = j] - w_i - w_j + s), g = w / (1 - w) and s the sum of w^2; the
    degrees of freedom are its squared trace over the trace of its square.
    """
    s = (w**2).sum(axis=1)
    square = (w / (1.0 - w)) ** 2
    own = 1.0 - 2.0 * w + s[:, None]
    g0, g1, g2 = square.sum(axis=1), (square * w).sum(axis=1), (square * w**2).sum(axis=1)
    pairs = s**2 * g0**2 - 4.0 * s * g0 * g1 + 2.0 * g0 * g2 + 2.0 * g1**2
    diagonal = (square**2 * (2.0 * own - 1.0)).sum(axis=1)
    return np.asarray((square * own).sum(axis=1) ** 2 / (pairs + diagonal))


def mean_arm(values: Array) -> Arm:
    """Return the mean of a group's values, NaN left out, in place of a log ratio; values are supposed to vary alike."""
    known = np.isfinite(values)
    n = known.sum(axis=1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=1) / n
        squares = np.where(known, (values - mean[:, None]) ** 2, 0.0).sum(axis=1)
        return Arm(mean, squares / (n - 1.0) / n, n - 1.0, 1.0 / n)


def together(*parts: tuple[Array | float, Arm]) -> tuple[Array, Array]:
    """Return the error and degrees of freedom of a sum of factor times group, float64[R] each (Satterthwaite)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = sum(factor**2 * group.variance for factor, group in parts)
        spread = [factor**2 * group.spread for factor, group in parts]
        pieces = sum(v**2 / group.df for v, (_, group) in zip(spread, parts, strict=True))
        return np.sqrt(variance), np.asarray(sum(spread) ** 2 / pieces)


def beside(*parts: tuple[Array | float, Arm]) -> Arm:
    """Return a sum of factor times group as one group, for groups that lie beside each other and may move together.

    Errors are added, the most that they can come to; no `log`.
    """
    error, spread = (
        sum(factor * np.sqrt(getattr(group, name)) for factor, group in parts) for name in ("variance", "spread")
    )
    least = np.min([group.df for _, group in parts], axis=0)
    return Arm(np.full(least.shape, np.nan), np.asarray(error) ** 2, least, np.asarray(spread) ** 2)


def few_places(panel: Panel, *areas: int) -> tuple[str, ...]:
    """Return a warning if the smallest of some areas has few places."""
    return fewest(min(int(panel.n_of(area).min()) for area in areas))


def fewest(n: int) -> tuple[str, ...]:
    """Return a warning if the smallest arm, of `n` places, is small."""
    return () if n >= ENOUGH_PLACES else (warning("lone"),) if n < 2 else (warning("few_places", n=n),)
