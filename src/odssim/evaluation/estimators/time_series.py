"""Interrupted time series: segmented Poisson regression of the treated places' sum, with the season.

log mean_t = b0 + b1 t + b2 post + b3 (t - t0)+ + sum over k of a_k sin(2 pi k t / year) + c_k cos(...); errors
Newey and West (1987, Econometrica 55) with lag floor(4 (T / 100)^(2/9)).
"""

import math

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.arms import jackknife_df
from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates, from_se, warning
from odssim.evaluation.estimators.panel import TREATED, Panel, Plan

MAX_STEPS = 50
SHORT_SERIES = 8


def design_matrix(panel: Panel, harmonics: int) -> tuple[Array, Array]:
    """Return the regressors of the periods used, float64[n, K], and the periods, int64[n]."""
    t = np.flatnonzero(panel.before | panel.after)
    post = (t >= panel.start).astype(np.float64)
    columns = [np.ones(len(t)), t.astype(np.float64), post, np.maximum(t - panel.start, 0.0)]
    for k in range(1, harmonics + 1):
        angle = 2.0 * math.pi * k * (t + panel.first_period) / panel.periods_per_year
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns), t


def hac_lag(n_periods: int) -> int:
    """Return the number of lags for the Newey-West variance."""
    return int(4.0 * math.pow(n_periods / 100.0, 2.0 / 9.0))


def poisson_regression(y: Array, x: Array) -> tuple[Array, Array, Array]:
    """Return coefficients float64[R, K], fitted means float64[R, T] and convergence bool[R], by reweighted steps."""
    mu = np.maximum(y, 0.0) + 0.5
    eta = maths.log(mu)
    beta = np.zeros((len(y), x.shape[1]))
    converged = np.zeros(len(y), dtype=bool)
    for _ in range(MAX_STEPS):
        target = maths.product((mu[:, :, None] * x).transpose(0, 2, 1), (eta + (y - mu) / mu)[..., None])
        new = maths.solve(information(mu, x), target)[..., 0]
        converged = np.abs(new - beta).max(axis=1) < 1e-9 * (1.0 + np.abs(new).max(axis=1))
        beta = new
        eta = np.clip(maths.product(beta, x.T), -30.0, 30.0)
        mu = maths.exp(eta)
        if converged.all():
            break
    return beta, mu, converged


def information(mu: Array, x: Array) -> Array:
    """Return the information on the coefficients, float64[R, K, K]."""
    return maths.product((mu[:, :, None] * x).transpose(0, 2, 1), x) + 1e-12 * np.eye(x.shape[1])


def newey_west(scores: Array, lag: int) -> Array:
    """Return the variance of the sum of scores, float64[R, T], with Bartlett weights and no correction, float64[R]."""
    variance = (scores**2).sum(axis=1)
    for h in range(1, lag + 1):
        variance = variance + 2.0 * (1.0 - h / (lag + 1.0)) * (scores[:, h:] * scores[:, :-h]).sum(axis=1)
    return np.asarray(variance)


def time_series(panel: Panel, plan: Plan) -> Estimates:
    """E7: log effect in the middle of the after period, b2 + b3 h; level and slope are among the parts."""
    y = (panel.counts * (panel.area == TREATED)[:, :, None]).sum(axis=1)
    x, t = design_matrix(panel, harmonics_that_fit(panel, plan.harmonics))
    series = y[:, t]
    beta, mu, converged = poisson_regression(series, x)
    converged &= (series.sum(axis=1) > 0) & (np.abs(beta[:, 2]) < 15)
    middle = float((t[t >= panel.start] - panel.start).mean())
    contrast = np.zeros(x.shape[1])
    contrast[2], contrast[3] = 1.0, middle
    weights = maths.product(x, maths.solve(information(mu, x), np.tile(contrast[:, None], (len(mu), 1, 1))))
    n_before = int(panel.before.sum())
    short = (warning("too_short", n=SHORT_SERIES),) if n_before < SHORT_SERIES else ()
    variance = np.where(converged, newey_west((series - mu) * weights[..., 0], hac_lag(len(t))), np.nan)
    between, df = between_places(panel, t, mu, weights)
    with np.errstate(invalid="ignore"):
        published, se = np.sqrt(variance), np.sqrt(np.maximum(variance, between))
    estimate, left = (beta * contrast).sum(axis=1), float(len(t) - x.shape[1])
    decides = from_se("time_series", LOG_RATIO, estimate, se, alpha=plan.alpha, df=np.minimum(df, left))
    return from_se(
        "time_series", LOG_RATIO, estimate, published, alpha=plan.alpha, df=left,
        warnings=(warning("nothing_elsewhere"), warning("published"), *short),
        parts={"level": beta[:, 2], "slope": beta[:, 3]}, decides=decides,
    )  # fmt: skip


def between_places(panel: Panel, t: Array, mu: Array, weights: Array) -> tuple[Array, Array]:
    """Return the variance of a contrast from how treated places differ, as in `arms`, and its degrees of freedom.

    `weights` are those with which residuals enter the contrast, float64[R, T, 1].
    """
    inside, y = panel.area == TREATED, panel.counts[:, :, t]
    n, events = inside.sum(axis=1), y.sum(axis=2) * inside
    with np.errstate(divide="ignore", invalid="ignore"):
        w = events / events.sum(axis=1)[:, None]
        scores = maths.product(y, weights)[..., 0] * inside - w * maths.product(mu[:, None], weights)[:, 0]
        return (n - 1.0) / n * ((scores / (1.0 - w)) ** 2).sum(axis=1), jackknife_df(w)


def harmonics_that_fit(panel: Panel, wanted: int) -> int:
    """Return how many pairs of sine and cosine the periods can carry: none unless a year and a half was seen.

    A wave must be longer than two periods: quarters carry one, years none.
    """
    n = int((panel.before | panel.after).sum())
    wanted = min(wanted, int((panel.periods_per_year - 1) // 2))
    return wanted if n >= 1.5 * panel.periods_per_year and n > 6 + 2 * wanted else 0
