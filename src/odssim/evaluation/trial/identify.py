"""Whether a design can tell displacement from none, and how small an effect it can find.

The displacement identifiability index is the chance that the estimated change of the whole is lower in a world
without displacement than in the same world with all that is removed displaced, both with the same effect on what
was removed: the Mann-Whitney statistic. 0.5 is blind, 1 certain.
"""

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import log_ndtr, ndtri

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.trial.characteristics import Columns, Row, select
from odssim.evaluation.worlds.conditions import EFFECT, NULL, PURE, TYPES

FOLDS = 2
MAX_STEPS, CONVERGED = 50, 1e-10
RIDGE = 1e-3
"""Added to the covariance of standardised readings, so that two alike do not upset the discriminant."""


def displacement_index(without: Array, displaced: Array, world: Array) -> tuple[float | None, float | None]:
    """Return the index and its Monte Carlo error, from paired worlds.

    The error comes from the placements of each world in the other condition (DeLong, DeLong and Clarke-Pearson
    1988, Biometrics 44); a world's two placements are added, since both conditions share its random numbers.
    """
    kept = np.isfinite(without) & np.isfinite(displaced)
    a, b, world = without[kept], displaced[kept], world[kept]
    if not len(a):
        return None, None
    low, high = np.sort(a), np.sort(b)
    # for each a the share of b above it, for each b the share of a below it; ties count half
    above = 1.0 - (np.searchsorted(high, a, "left") + np.searchsorted(high, a, "right")) / (2.0 * len(b))
    below = (np.searchsorted(low, b, "left") + np.searchsorted(low, b, "right")) / (2.0 * len(a))
    index = float(above.mean())
    _, code = np.unique(world, return_inverse=True)
    n = np.bincount(code)
    swing = np.bincount(code, above + below - 2.0 * index)
    if len(n) < 2:
        return index, None
    return index, float(np.sqrt((swing**2).sum() * len(n) / (len(n) - 1)) / len(a))


def index_of_types(columns: Columns, indicator: str, estimator: str) -> list[Row]:
    """Return the displacement index of each type for one estimator on one indicator."""
    base = select(columns, condition=PURE, indicator=indicator, estimator=estimator)
    rows = []
    for kind in TYPES:
        other = select(columns, condition=f"all {kind}", indicator=indicator, estimator=estimator)
        if len(other["world"]) == len(base["world"]) > 0:
            index, mcse = displacement_index(base["overall"], other["overall"], base["world"])
            rows.append({"type": kind, "indicator": indicator, "estimator": estimator, "dii": index, "dii_mcse": mcse})
    return rows


def joint_index(columns: Columns, estimator: str) -> list[Row]:
    """Return the index of each type from all indicators read together.

    A linear discriminant on every indicator's estimated change of target, of the whole, is fitted on one half
    of the worlds and judged on the other.
    """
    base = _readings(columns, PURE, estimator)
    rows = []
    for kind in TYPES:
        other = _readings(columns, f"all {kind}", estimator)
        if base is None or other is None or len(base[0]) != len(other[0]):
            continue
        (x0, world), (x1, _) = base, other
        fold = np.array([zlib.crc32(str(w).encode()) % FOLDS for w in world.tolist()])
        scores = [np.full(len(world), np.nan), np.full(len(world), np.nan)]
        for k in range(FOLDS):
            learn, judge = fold != k, fold == k
            if learn.sum() < 2 * x0.shape[1] or not judge.any():
                continue
            weights = _discriminant(x0[learn], x1[learn])
            for score, x in zip(scores, (x0, x1), strict=True):
                score[judge] = maths.product(x[judge], weights)[:, 0]
        index, mcse = displacement_index(scores[0], scores[1], world)
        rows.append({"type": kind, "indicator": "all together", "estimator": estimator, "dii": index, "dii_mcse": mcse})
    return rows


def _readings(columns: Columns, condition: str, estimator: str) -> tuple[Array, Array] | None:
    indicators = list(dict.fromkeys(columns["indicator"]))
    parts = [select(columns, condition=condition, indicator=i, estimator=estimator) for i in indicators]
    if not parts or not len(parts[0]["world"]):
        return None
    readings = [part[name] for part in parts for name in ("estimate", "overall")]
    x = np.nan_to_num(np.column_stack(readings), nan=0.0, posinf=0.0, neginf=0.0)
    return x, parts[0]["world"]


def _discriminant(without: Array, displaced: Array) -> Array:
    """Return weights, [n, 1], whose product with readings is larger where deals were displaced (Fisher 1936)."""
    pooled = maths.covariance(without) + maths.covariance(displaced)
    scale = np.sqrt(np.maximum(np.diag(pooled), 1e-300))
    gap = (displaced.mean(axis=0) - without.mean(axis=0)) / scale
    return maths.solve(pooled / np.outer(scale, scale) + RIDGE * np.eye(len(scale)), gap[:, None]) / scale[:, None]


def effect_curve(columns: Columns, indicator: str, estimator: str, effects: Mapping[str, float], found: str) -> Row:
    """Return power along the grid of effects and the smallest effect with power 0.8, by a probit fit.

    P(established) = Phi(a + b effect), the same worlds at every effect; errors clustered by world, the
    interval by the delta method.

    `effects`: the effect of each condition of the grid.
    `found`: column that says whether an effect is established: falls, or city_falls.
    """
    x, y, world = [], [], []
    curve = []
    for condition, effect in sorted(effects.items(), key=lambda item: item[1]):
        c = select(columns, condition=condition, indicator=indicator, estimator=estimator)
        if not len(c["world"]):
            continue
        x.append(np.full(len(c["world"]), effect))
        y.append(c[found].astype(float))
        world.append(c["world"])
        curve.append({"effect": effect, "power": float(c[found].mean())})
    row: Row = {"indicator": indicator, "estimator": estimator, "about": "city" if found == "city_falls" else "target"}
    fitted = probit(np.concatenate(x), np.concatenate(y), np.concatenate(world)) if len(x) > 1 else None
    return row | _smallest(fitted, max(effects.values())) | {"curve": curve}


def _smallest(fitted: tuple[Array, Array] | None, largest: float, power: float = 0.8) -> Row:
    nothing: Row = {"mde": None, "mde_low": None, "mde_high": None, "beyond": largest}
    if fitted is None or fitted[0][1] <= 0:
        return nothing
    (a, b), covariance = fitted
    mde = (float(ndtri(power)) - a) / b
    if not mde <= largest:
        return nothing
    slope = np.array([-1.0 / b, -mde / b])
    reach = 1.959964 * float(np.sqrt((np.outer(slope, slope) * covariance).sum()))
    return {"mde": float(mde), "mde_low": float(mde - reach), "mde_high": float(mde + reach), "beyond": None}


def probit(x: Array, y: Array, world: Array) -> tuple[Array, Array] | None:
    """Return the coefficients of a probit regression on (1, x) and their covariance, clustered by world.

    None if it does not converge, as where everything or nothing is established.
    """
    if y.min() == y.max():
        return None
    design = np.column_stack([np.ones_like(x), x])
    beta = np.array([-1.5, 3.0])
    for _ in range(MAX_STEPS):
        score, information = _probit_terms(design, y, beta)
        inverse = maths.solve(information, np.eye(2))
        if not np.diag(inverse).all():
            return None
        step = (inverse * score.sum(axis=0)).sum(axis=1)
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < CONVERGED:
            _, code = np.unique(world, return_inverse=True)
            by_world = np.column_stack([np.bincount(code, column) for column in score.T])
            influence = maths.product(by_world, inverse)
            return beta, maths.product(influence.T, influence)
    return None


def _probit_terms(x: Array, y: Array, beta: Array) -> tuple[Array, Array]:
    eta = (x * beta).sum(axis=1)
    sign = 2.0 * y - 1.0
    ratio = maths.exp(-0.5 * eta**2 - 0.5 * math.log(2 * math.pi) - log_ndtr(sign * eta))
    weight = ratio * (ratio + sign * eta)
    return (sign * ratio)[:, None] * x, maths.product((x * weight[:, None]).T, x)


def grid_of(conditions: Sequence[Any]) -> dict[str, float]:
    """Return the conditions that lie on the grid of effects, with their effects."""
    on_grid = [c for c in conditions if c.id in (NULL, PURE) or c.id.startswith(EFFECT)]
    return {c.id: c.effect for c in on_grid}
