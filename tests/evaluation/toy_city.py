"""The toy city AC-1: gamma rates, places that drift, displacement into controls, detection that rises.

A validation world for estimators: cheap enough for a million replicates, and everything about it is known.
Rates are Gamma(mean, cv); each place drifts by exp(N(-sd^2/2, sd^2)) between the periods; a share of what treated
places lose is spread evenly over the controls; what treated places still have is recorded `detection` times as
often; a count over T months is Poisson with a gamma mean of variance alpha / T.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.estimators.panel import CONTROL, TREATED, Panel, make_panel


@dataclass(frozen=True)
class ToyCity:
    """The numbers of a toy city; every one an illustration, none an estimate."""

    n_treated: int = 12
    n_control: int = 12
    mean: float = 12.0
    pre: int = 12
    post: int = 12
    nb2_alpha: float = 0.3
    drift_sd: float = 0.25
    cv: float = 0.6
    effect: float = 0.0
    displaced: float = 0.0
    detection: float = 1.0

    @property
    def overall(self) -> float:
        """Overall effect of the city over what treated places had: -effect (1 - displaced)."""
        return -self.effect * (1.0 - self.displaced)

    def draw(self, n: int, rng: np.random.Generator, *, hot: int | None = None) -> Panel:
        """Return `n` replicates, each with one sum before and one after (two "periods").

        Parameters
        ----------
        hot
            Candidates of which the treated are those with most events before, in place of a lot; the rest of
            the candidates are dropped, controls are drawn apart.
        """
        n_places = (hot or self.n_treated) + self.n_control
        rates = rng.gamma(self.cv**-2, self.mean * self.cv**2, (n, n_places))
        before = self._count(rates * self.pre, self.pre, rng)
        if hot is not None:
            order = np.argsort(-before[:, :hot], axis=1)[:, : self.n_treated]
            keep = np.concatenate([order, np.tile(np.arange(hot, n_places), (n, 1))], axis=1)
            rates, before = np.take_along_axis(rates, keep, 1), np.take_along_axis(before, keep, 1)
        drift = np.exp(rng.normal(-(self.drift_sd**2) / 2.0, self.drift_sd, rates.shape))
        latent = rates * drift * self.post
        treated = np.arange(rates.shape[1]) < self.n_treated
        lost = self.effect * latent[:, treated]
        spread = self.displaced * lost.sum(axis=1, keepdims=True) / self.n_control
        after = np.where(treated, latent * (1.0 - self.effect) * self.detection, latent + spread)
        counts = np.stack([before, self._count(after, self.post, rng)], axis=2)
        return make_panel(counts, np.where(treated, TREATED, CONTROL), start=1)

    def _count(self, means: Array, months: int, rng: np.random.Generator) -> Array:
        if self.nb2_alpha == 0:
            return rng.poisson(means)
        shape = months / self.nb2_alpha
        return rng.poisson(means * rng.gamma(shape, 1.0 / shape, means.shape))
