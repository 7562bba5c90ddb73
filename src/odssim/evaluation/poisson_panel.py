"""Poisson regression with place and period effects for any dose, errors clustered by place; many panels at once.

Place effects are conditioned away: given its total, a place's counts are multinomial over periods. Newton steps on
the period effects and the coefficients, all replicates together. Equal to fixed-effects Poisson (Hausman, Hall and
Griliches 1984, Econometrica 52); the variance of the coefficients is CR1 = CR0 G / (G - 1), as everywhere here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odssim.evaluation.panel import Array

MAX_STEPS = 40
CONVERGED = 1e-9
LARGEST_STEP = 5.0
LARGEST_EFFECT = 15.0
"""A coefficient beyond this has run away: some cells have no events at all."""
SMALL_CHUNK = 6_000_000
"""Entries of the largest array held at a time."""


@dataclass(frozen=True)
class PanelFit:
    """Coefficients float64[R, K], their CR1 covariance float64[R, K, K], places with events int64[R], converged."""

    beta: Array
    covariance: Array
    n_clusters: Array
    converged: Array


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
    size = max(1, SMALL_CHUNK // max(1, counts.shape[2] * (counts.shape[1] + counts.shape[2])))
    parts = [_fit(counts[r], x[r], mask[r]) for r in (slice(i, i + size) for i in range(0, n, size))]
    joined = (np.concatenate(p) for p in zip(*parts, strict=True))
    return PanelFit(*joined)


def _fit(counts: Array, x: Array, mask: Array) -> tuple[Array, Array, Array, Array]:
    y = np.where(mask, counts, 0.0)
    totals = y.sum(axis=2, keepdims=True)
    by_period = y.sum(axis=1)
    mask = mask & (by_period > 0)[:, None, :]  # a period without events says nothing
    n_periods, k = y.shape[2], x.shape[3]
    delta, beta = np.log(np.maximum(by_period, 0.5)), np.zeros((len(y), k))
    todo = np.arange(len(y))
    converged = np.zeros(len(y), dtype=bool)
    for _ in range(MAX_STEPS):
        part = y[todo], x[todo], mask[todo], totals[todo]
        mu, centred = _means(delta[todo], beta[todo], *part[1:])
        score = _scores(part[0] - mu, part[1]).sum(axis=1)
        step = np.linalg.solve(_information(mu, centred, part[3]), score[..., None])[..., 0]
        largest = np.abs(step).max(axis=1)
        step *= np.minimum(1.0, LARGEST_STEP / np.maximum(largest, 1e-300))[:, None]
        delta[todo, 1:] += step[:, : n_periods - 1]
        beta[todo] += step[:, n_periods - 1 :]
        done = (np.abs(step[:, n_periods - 1 :]).max(axis=1) < CONVERGED) & (largest < 1e-6)
        gone = np.abs(beta[todo]).max(axis=1) > LARGEST_EFFECT
        converged[todo[done & ~gone]] = True
        todo = todo[~done & ~gone]
        if not len(todo):
            break
    covariance = _covariance(y, x, mask, totals, delta, beta)
    n_clusters = (totals[:, :, 0] > 0).sum(axis=1)
    factor = n_clusters / np.maximum(n_clusters - 1.0, 1e-9)
    return beta, covariance * factor[:, None, None], n_clusters, converged


def _means(delta: Array, beta: Array, x: Array, mask: Array, totals: Array) -> tuple[Array, Array]:
    """Return the expected counts given the places' totals, and x less its mean of each place."""
    eta = delta[:, None, :] + (x @ beta[:, None, :, None])[..., 0]
    eta = np.where(mask, eta, -np.inf)
    top = eta.max(axis=2, keepdims=True)
    odds = np.exp(eta - np.where(np.isfinite(top), top, 0.0))
    share = odds / np.maximum(odds.sum(axis=2, keepdims=True), 1e-300)
    centred = x - (share[..., None] * x).sum(axis=2, keepdims=True)
    return totals * share, centred


def _scores(residual: Array, x: Array) -> Array:
    """Return each place's score of the period effects (but the first) and the coefficients, [R, J, T - 1 + K]."""
    return np.concatenate([residual[:, :, 1:], (residual[..., None] * x).sum(axis=2)], axis=2)


def _information(mu: Array, centred: Array, totals: Array) -> Array:
    """Return the information on period effects (but the first) and coefficients; 1 where there is none."""
    m = mu[:, :, 1:]
    scaled = m / np.sqrt(np.maximum(totals, 1e-300))
    periods = -scaled.transpose(0, 2, 1) @ scaled
    index = np.arange(m.shape[2])
    periods[:, index, index] += m.sum(axis=1)
    weighted = mu[..., None] * centred
    cross = weighted[:, :, 1:].sum(axis=1)
    flat = centred.reshape(len(mu), -1, centred.shape[3])
    own = weighted.reshape(flat.shape).transpose(0, 2, 1) @ flat
    full = np.concatenate(
        [np.concatenate([periods, cross], axis=2), np.concatenate([cross.transpose(0, 2, 1), own], axis=2)], axis=1
    )
    index = np.arange(full.shape[1])
    diagonal = full[:, index, index]
    full[:, index, index] = np.where(diagonal > 1e-12, diagonal * (1 + 1e-12), 1.0)
    return full


def _covariance(y: Array, x: Array, mask: Array, totals: Array, delta: Array, beta: Array) -> Array:
    mu, centred = _means(delta, beta, x, mask, totals)
    information = _information(mu, centred, totals)
    n_periods, k = y.shape[2], x.shape[3]
    unit = np.zeros((len(y), n_periods - 1 + k, k))
    unit[:, n_periods - 1 + np.arange(k), np.arange(k)] = 1.0
    influence = _scores(y - mu, x) @ np.linalg.solve(information, unit)
    return np.asarray(influence.transpose(0, 2, 1) @ influence)
