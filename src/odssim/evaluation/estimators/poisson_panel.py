"""Poisson regression with place and period effects for any dose, errors clustered by place; many panels at once.

The effects of one side (places or periods, whichever are more) are conditioned away: given its total, a row is
multinomial over its cells. Newton steps on the other side's effects and the coefficients, all replicates together.
Equal to fixed-effects Poisson (Hausman, Hall and Griliches 1984, Econometrica 52); the variance of the
coefficients is the usual CR1 = CR0 G / (G - 1); what allows for few places is in `dose`.
"""

from dataclasses import dataclass

import numpy as np

from odssim.core import maths
from odssim.core.types import Array

MAX_STEPS = 40
CONVERGED, COLUMNS_CONVERGED = 1e-9, 1e-6
RIDGE, NO_INFORMATION = 1e-12, 1e-12
LARGEST_STEP = 5.0
LARGEST_EFFECT = 15.0
"""A coefficient beyond this has run away: some cells have no events at all."""
CHUNK = 6_000_000
"""Entries of the largest array held at a time."""


@dataclass(frozen=True)
class PanelFit:
    """R fits of K coefficients."""

    beta: Array
    covariance: Array
    converged: Array
    """Coefficients float64[R, K], their CR1 covariance float64[R, K, K], bool[R]."""
    influence: Array
    information: Array
    events: Array
    """What each place adds to the coefficients' error, its share of the information on each, float64[R, J, K], and of
    all events, float64[R, J]."""


def fit(counts: Array, x: Array, used: Array | None = None) -> PanelFit:
    """Fit log E[count] = place + period + x beta.

    Parameters
    ----------
    counts
        float64[R, J, T].
    x
        float64[R, J, T, K].
    used
        Which cells count, bool[R, J, T]; all if left out.
    """
    n = counts.shape[0]
    mask = np.ones(counts.shape, dtype=bool) if used is None else np.broadcast_to(used, counts.shape)
    size = max(1, CHUNK // max(1, counts.shape[2] * (counts.shape[1] + counts.shape[2])))
    parts = [_fit(counts[r], x[r], mask[r]) for r in (slice(i, i + size) for i in range(0, n, size))]
    joined = (np.concatenate(p) for p in zip(*parts, strict=True))
    return PanelFit(*joined)


def _fit(counts: Array, x: Array, mask: Array) -> tuple[Array, ...]:
    """Fit replicates together; from here on an array is [R, rows, columns], the longer side in rows."""
    turned = counts.shape[2] > counts.shape[1]
    if turned:
        counts, mask, x = (a.swapaxes(1, 2) for a in (counts, mask, x))
    y = np.where(mask, counts, 0.0)
    totals = y.sum(axis=2, keepdims=True)
    mask = mask & (y.sum(axis=1) > 0)[:, None, :]  # a column without events says nothing
    beta, delta, converged = _newton(y, x, mask, totals)
    mu, centred = _means(delta, beta, x, mask, totals)
    residual_x = _without_columns(mu, centred, totals)
    over = 1 if turned else 2  # the axis of the periods
    scores = ((y - mu)[..., None] * residual_x).sum(axis=over)
    own = (mu[..., None] * residual_x**2).sum(axis=over)
    flat = residual_x.reshape(len(y), -1, x.shape[3])
    information = maths.product((flat * mu.reshape(len(y), -1, 1)).transpose(0, 2, 1), flat)
    influence = maths.solve(information, scores.transpose(0, 2, 1)).transpose(0, 2, 1)
    events = y.sum(axis=over)
    n_clusters = (events > 0).sum(axis=1)
    factor = n_clusters / np.maximum(n_clusters - 1.0, 1e-9)
    covariance = maths.product(influence.transpose(0, 2, 1), influence) * factor[:, None, None]
    share = events / np.maximum(events.sum(axis=1, keepdims=True), 1e-300)
    return beta, covariance, converged, influence, own / np.maximum(own.sum(axis=1, keepdims=True), 1e-300), share


def _newton(y: Array, x: Array, mask: Array, totals: Array) -> tuple[Array, Array, Array]:
    """Return coefficients, column effects and which replicates converged."""
    n_columns, k = y.shape[2], x.shape[3]
    delta, beta = maths.log(np.maximum(y.sum(axis=1), 0.5)), np.zeros((len(y), k))
    todo = np.arange(len(y))
    converged = np.zeros(len(y), dtype=bool)
    for _ in range(MAX_STEPS):
        mu, centred = _means(delta[todo], beta[todo], x[todo], mask[todo], totals[todo])
        residual = y[todo] - mu
        gradient = np.concatenate([residual[:, :, 1:].sum(axis=1), (residual[..., None] * x[todo]).sum(axis=(1, 2))], axis=1)
        step = maths.solve(_information(mu, centred, totals[todo]), gradient[..., None])[..., 0]
        largest = np.abs(step).max(axis=1)
        step *= np.minimum(1.0, LARGEST_STEP / np.maximum(largest, 1e-300))[:, None]
        delta[todo, 1:] += step[:, : n_columns - 1]
        beta[todo] += step[:, n_columns - 1 :]
        done = (np.abs(step[:, n_columns - 1 :]).max(axis=1) < CONVERGED) & (largest < COLUMNS_CONVERGED)
        gone = np.abs(beta[todo]).max(axis=1) > LARGEST_EFFECT
        converged[todo[done & ~gone]] = True
        todo = todo[~done & ~gone]
        if not len(todo):
            break
    return beta, delta, converged


def _means(delta: Array, beta: Array, x: Array, mask: Array, totals: Array) -> tuple[Array, Array]:
    """Return the expected counts given the rows' totals, and x less its mean of each row."""
    eta = delta[:, None, :] + sum(x[..., k] * beta[:, None, None, k] for k in range(x.shape[3]))
    eta = np.where(mask, eta, -np.inf)
    top = eta.max(axis=2, keepdims=True)
    odds = maths.exp(eta - np.where(np.isfinite(top), top, 0.0))
    share = odds / np.maximum(odds.sum(axis=2, keepdims=True), 1e-300)
    centred = x - (share[..., None] * x).sum(axis=2, keepdims=True)
    return totals * share, centred


def _information(mu: Array, centred: Array, totals: Array) -> Array:
    """Return the information on column effects (but the first) and coefficients; 1 where there is none."""
    m = mu[:, :, 1:]
    scaled = m / np.sqrt(np.maximum(totals, 1e-300))
    columns = -maths.product(scaled.transpose(0, 2, 1), scaled)
    index = np.arange(m.shape[2])
    columns[:, index, index] += m.sum(axis=1)
    weighted = mu[..., None] * centred
    cross = weighted[:, :, 1:].sum(axis=1)
    flat = centred.reshape(len(mu), -1, centred.shape[3])
    own = maths.product(weighted.reshape(flat.shape).transpose(0, 2, 1), flat)
    full = np.concatenate(
        [np.concatenate([columns, cross], axis=2), np.concatenate([cross.transpose(0, 2, 1), own], axis=2)], axis=1
    )
    index = np.arange(full.shape[1])
    diagonal = full[:, index, index]
    full[:, index, index] = np.where(diagonal > NO_INFORMATION, diagonal * (1 + RIDGE), 1.0)
    return full


def _without_columns(mu: Array, centred: Array, totals: Array) -> Array:
    """Return x less what row and column effects explain of it, [R, rows, columns, K], weighted by the means."""
    full = _information(mu, centred, totals)
    n = mu.shape[2] - 1
    slope = np.zeros((len(mu), n + 1, centred.shape[3]))
    slope[:, 1:] = maths.solve(full[:, :n, :n], full[:, :n, n:])
    by_row = maths.product(mu, slope) / np.maximum(totals, 1e-300)
    return np.asarray(centred - (slope[:, None, :, :] - by_row[:, :, None, :]))
