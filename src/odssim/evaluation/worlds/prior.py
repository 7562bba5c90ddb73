"""What is not known before an evaluation, as draws: how strong the effect is, where dealing goes, how it is read."""

from dataclasses import dataclass

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.worlds.cities import BATCH, stream
from odssim.evaluation.worlds.conditions import Condition, displaced

EFFECT_SD = 0.15
"""Spread of the effect around the design's expected one (beta distribution); an assumption."""
SHARES_WEIGHT = 8.0
"""Sum of the Dirichlet weights of what becomes of the removed; an assumption."""
LEAST_WEIGHT = 0.05
DETECTION_SD, CO_TREND_SD = 0.25, 0.05
"""Spread of the log detection ratio and of the treated places' own trend; assumptions."""
UNKNOWNS = ("effect", "near", "far", "tactical", "temporal", "detection", "co_trend", "dummy")
"""Columns of the draws; the dummy plays no part, and what it seems to be worth is noise."""


@dataclass(frozen=True)
class Prior:
    """Draws of what is unknown, float64[n, len(UNKNOWNS)]."""

    draws: Array

    def column(self, name: str) -> Array:
        """Return the draws of one unknown, float64[n]."""
        return np.asarray(self.draws[:, UNKNOWNS.index(name)])

    def condition(self, listed_share: float) -> Condition:
        """Return a condition whose amounts differ from replicate to replicate, float64[n, 1, 1] each."""
        effect, near, far, tactical, temporal, detection, co_trend, _ = self.draws.T[:, :, None, None]
        plain = Condition("prior", effect, detection=detection, co_trend=co_trend)
        return displaced(plain, listed_share, near, far, tactical, temporal)

    def open_deals_averted(self, design: Design) -> Array:
        """Return the open deals averted by a year of the intervention at one place, float64[n].

        Deals out of sight are averted in the open; deals elsewhere and at other hours are not.
        """
        stays_open = self.column("near") + self.column("far") + self.column("temporal")
        a_year = design.keys.market.deals * design.periods_per_year
        return np.asarray(a_year * self.column("effect") * (1.0 - stays_open))


def draw_prior(design: Design, seed: int, batch: int) -> Prior:
    """Return `BATCH` draws, the same for every design with the same [market] and seed."""
    rng, market = stream(seed, "prior", batch), design.keys.market
    spread = min(EFFECT_SD, 0.9 * np.sqrt(market.effect * (1 - market.effect)))
    size = market.effect * (1 - market.effect) / spread**2 - 1
    effect = rng.beta(market.effect * size, (1 - market.effect) * size, BATCH)
    expected = np.array([max(market.near, 0.0), market.far, market.tactical, market.temporal])
    weights = np.append(expected, 1.0 - expected.sum()) * SHARES_WEIGHT
    shares = rng.dirichlet(np.maximum(weights, LEAST_WEIGHT), BATCH)[:, :4]
    detection = design.keys.data.counts.detection_ratio * maths.exp(rng.normal(0, DETECTION_SD, BATCH))
    co_trend = rng.normal(0, CO_TREND_SD, BATCH)
    return Prior(np.column_stack([effect, shares, detection, co_trend, rng.random(BATCH)]))
