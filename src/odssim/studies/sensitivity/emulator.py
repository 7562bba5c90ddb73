"""A Gaussian process in place of a dear model: fitted to noisy means, tested by leaving out, refused when poor.

Indices by way of it have its own error in their intervals.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.studies.sensitivity.design import pick_freeze
from odssim.studies.sensitivity.index import Index
from odssim.studies.sensitivity.replicates import TooFewReplicatesError, complete
from odssim.studies.sensitivity.sobol import sobol_indices

POOR = 0.5
"""The share of the expected outcome's variance that an emulator must explain for points left out; assumption."""
LEAST_NOISE = 1e-10


class PoorEmulatorError(OdssimError):
    """The emulator does not predict runs that it has not seen."""


@dataclass(frozen=True)
class Emulator:
    """A linear trend and a Gaussian process around it, in the outcome's unit."""

    trend: Array
    centre: float
    scale: float
    covariance: Callable[[Array], Array]
    own: float
    """Of points with those fitted, float64[n, fitted], and of each with itself."""
    inverse: Array
    weights: Array
    q2: float
    """1 - (mean square leave-one-out error less chance's part) / (variance of the points' means less chance's part)."""
    loo_error: float
    """Root mean square leave-one-out error, chance's part included."""
    loo_z: Array
    """Leave-one-out errors over their standard deviations: should look standard normal."""

    def predict(self, points: Array, *, with_variance: bool = True) -> tuple[Array, Array]:
        """Return mean and variance of the expected outcome at points of the unit cube, both float64[n]."""
        near = self.covariance(points)
        mean = (
            self.centre
            + self.scale
            * maths.product(np.column_stack([_with_one(points), near]), np.concatenate([self.trend, self.weights]))[:, 0]
        )
        if not with_variance:
            return mean, np.zeros(len(points))
        left = self.own - (maths.product(near, self.inverse) * near).sum(axis=1)
        return mean, self.scale**2 * np.maximum(left, 0.0)


def fit_emulator(points: Array, mean: Array, mean_variance: Array, *, least_q2: float | None = POOR) -> Emulator:
    """Return the emulator of the expected outcome.

    Parameters
    ----------
    points
        float64[n, k] in the unit cube.
    mean, mean_variance
        The mean over replicates at each point and chance's variance in it (chance / R), float64[n]; a pooled
        variance is safer than each point's own when there are few replicates.
    least_q2
        Refuse below this; None never refuses.

    Raises PoorEmulatorError: if Q2 is below `least_q2`, or if there are too few points to leave one out.

    Notes
    -----
    The leave-one-out errors are the closed form of Rasmussen and Williams 2006, equations 5.10-5.12.
    """
    n, k = points.shape
    if n < k + 3:
        raise PoorEmulatorError("{n} points for {k} parameters: an emulator needs at least {least}", n=n, k=k, least=k + 3)
    centre, scale = float(mean.mean()), float(mean.std()) or 1.0
    target, noise = (mean - centre) / scale, mean_variance / scale**2
    design = _with_one(points)
    square, both = maths.product(design.T, design), maths.product(design.T, target[:, None])
    trend = maths.solve(square + 1e-6 * np.eye(k + 1), both)
    residual = target - maths.product(design, trend)[:, 0]
    signal, nugget, *lengths = _searched(points, residual, noise)
    covariance = partial(matern, points, signal, np.array(lengths))
    inverse = maths.solve(covariance(points) + np.diag(noise + LEAST_NOISE + nugget), np.eye(n))
    weights = maths.product(inverse, residual[:, None])
    own = np.diag(inverse)
    errors = weights[:, 0] / own
    chance = float(noise.mean())
    left = max(1e-12, float(target.var(ddof=1)) - chance)
    q2 = 1 - max(0.0, float((errors**2).mean()) - chance) / left
    if float(target.var(ddof=1)) <= chance:
        q2 = 0.0
    if least_q2 is not None and q2 < least_q2:
        raise PoorEmulatorError(
            "the emulator explains {percent:.0f} % of what the parameters do (Q2 {q2:z.2f}, at least {least:g}"
            " is needed): run more points than {n} or more replicates",
            percent=100 * max(0.0, q2),
            q2=q2,
            least=least_q2,
            n=n,
        )
    loo_error = scale * float(np.sqrt((errors**2).mean()))
    return Emulator(
        trend, centre, scale, covariance, signal + nugget, inverse, weights, q2, loo_error, errors * np.sqrt(own)
    )


def _with_one(points: Array) -> Array:
    return np.column_stack([np.ones(len(points)), points])


def matern(fitted: Array, signal: float, lengths: Array, points: Array) -> Array:
    """Return the covariance of points with those fitted, float64[n, fitted], by Matern's law 5/2."""
    from scipy.spatial.distance import cdist

    far = math.sqrt(5.0) * cdist(points / lengths, fitted / lengths)
    return np.asarray(signal * (1.0 + far + far**2 / 3.0) * maths.exp(-far))


def _searched(points: Array, residual: Array, noise: Array) -> tuple[float, ...]:
    """Return the likeliest variance, nugget and length per parameter of a process with known noise.

    One thread, and three digits of each, so that it does not depend on the machine where the search ends.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    from threadpoolctl import threadpool_limits

    signal = max(1e-3, float(residual.var() - noise.mean()))
    kernel = ConstantKernel(signal, (1e-5, 1e3)) * Matern(np.full(points.shape[1], 1.0), (0.05, 30.0), nu=2.5) + WhiteKernel(
        1e-3, (1e-8, 1.0)
    )
    process = GaussianProcessRegressor(kernel, alpha=noise + LEAST_NOISE, random_state=0)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound: the parameter does nothing
        process.fit(points, residual)
    law, own = process.kernel_.k1, process.kernel_.k2
    found = (law.k1.constant_value, own.noise_level, *np.ravel(law.k2.length_scale))
    return tuple(float(f"{value:.3g}") for value in found)


N_FOLDS = 8
N_BLOCKS = 1024


def emulate(y: Array, points: Array, *, least_q2: float | None = POOR) -> Emulator:
    """Return the emulator of outcomes float64[points, replicates]; chance's variance is pooled over points.

    Raises TooFewReplicatesError: with one replicate per point. PoorEmulatorError: if Q2 is below `least_q2`.
    """
    y, points = complete(y, points)
    if y.shape[1] < 2:
        raise TooFewReplicatesError("an emulator needs at least 2 replicates per point to know chance")
    variance = np.full(len(y), float(y.var(axis=1, ddof=1).mean()) / y.shape[1])
    return fit_emulator(points, y.mean(axis=1), variance, least_q2=least_q2)


def emulated_indices(
    y: Array, points: Array, groups: Mapping[str, Sequence[int]], *, seed: int = 1
) -> tuple[list[Index], Emulator]:
    """Return S1 and ST of the expected outcome, and the emulator they come from.

    The intervals are those of a jackknife that leaves out one eighth of the points at a time (the emulator's error)
    together with the pick-freeze error of the emulator's own indices.

    Raises PoorEmulatorError: if the emulator does not predict points left out (`emulator.POOR`).
    """
    y, points = complete(y, points)
    emulator = emulate(y, points)
    blocks = pick_freeze(N_BLOCKS, points.shape[1], groups, seed)
    own = _indices(emulator, blocks, groups, seed)
    fold = np.arange(len(y)) % N_FOLDS
    left_out = [
        _indices(emulate(y[fold != f], points[fold != f], least_q2=None), blocks, groups, seed) for f in range(N_FOLDS)
    ]
    found = []
    for i, index in enumerate(own):
        others = np.array([indices[i].value for indices in left_out])
        error = np.sqrt((N_FOLDS - 1) / N_FOLDS * ((others - others.mean()) ** 2).sum())
        low = index.value - float(np.hypot(index.value - index.low, 1.96 * error))
        high = index.value + float(np.hypot(index.high - index.value, 1.96 * error))
        found.append(Index(index.parameter, index.measure, index.value, low, high, index.smallest))
    return found, emulator


def _indices(emulator: Emulator, blocks: Array, groups: Mapping[str, Sequence[int]], seed: int) -> list[Index]:
    flat = blocks.reshape(-1, blocks.shape[2])
    mean, _ = emulator.predict(flat, with_variance=False)
    return sobol_indices(mean.reshape(*blocks.shape[:2], 1), list(groups), treatment="raw", seed=seed)
