"""Cities with exactly known truth, cheap enough for thousands of evaluations.

Market city
    Open deals at listed place j follow a level L_j ~ Gamma(mean, spread), drift to L_j D_j after the start
    (log D ~ N(-sd^2/2, sd^2)) and move with the whole city from period to period. The intervention removes the
    share effect x dose at a treated place; fixed shares of the removed appear around it, at other listed places,
    elsewhere, on the phone or at other hours (see `conditions`).
AC-1
    The market city without surroundings, city-wide movement and other deals; the reference of `known answers`.
Analytic city
    Levels written in the design, no chance at all: every effect is a sum.
MNL city
    Buyers choose among listed places, surroundings, elsewhere, phone and no deal by a multinomial logit; the
    intervention lowers the utility of a place by -log(1 - effect x dose), so that who leaves spreads over what is
    left in proportion (independence of irrelevant alternatives). Shares of displacement follow and are not set.
Draws
    `numpy` generators keyed by (seed, name of the draw, batch): places come first, so that a design with fewer
    places or periods sees the same city.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.worlds.conditions import Amount, Condition
from odssim.evaluation.worlds.truth import Deals, Pair

BATCH = 50
"""Worlds drawn together; part of the keys of the draws."""
DELIVERY_PRECISION = 10.0
"""a + b of the beta distribution of what a place is delivered in a period; an assumption."""


def stream(seed: int, name: str, *numbers: int) -> np.random.Generator:
    """Return the generator of one named draw."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), *numbers])


@dataclass(frozen=True)
class Market:
    """What a market, AC-1 or analytic city is drawn from; rates in open deals per place and period."""

    mean: float = 300.0
    spread: float = 0.6
    """Mean level of a listed place and its coefficient of variation."""
    drift_sd: float = 0.25
    city_sd: float = 0.05
    """Spread of the lasting change of a place, and of the city-wide movement of a period (logarithms)."""
    near_ratio: float = 0.6
    far_ratio: float = 0.5
    hidden_ratio: float = 1.5
    """Deals around a place over those at it; elsewhere over all listed; out of sight over all open."""
    levels: tuple[float, ...] = ()
    """Levels in place of drawn ones, repeated as often as there are places; `near_levels` likewise."""
    near_levels: tuple[float, ...] = ()
    choice: bool = False
    """Whether displacement follows from a multinomial logit (MNL city)."""
    unmet_ratio: float = 0.15
    """Needs without a deal over all deals, in the MNL city."""


def ac1(mean: float, spread: float, drift_sd: float) -> Market:
    """Return AC-1."""
    return Market(mean, spread, drift_sd, city_sd=0.0, near_ratio=0.0, far_ratio=0.0, hidden_ratio=0.0)


def base_deals(market: Market, seed: int, batch: int, n_places: int, n_periods: int, start: int) -> Deals:
    """Return the deals of `BATCH` worlds without any intervention.

    `start`: first period after which places have drifted.
    """
    r = 1 if market.levels and not market.drift_sd and not market.city_sd else BATCH
    level = _levels(market, seed, batch, n_places, r)
    near_level = level * market.near_ratio
    if market.near_levels:
        near_level = np.broadcast_to(np.resize(market.near_levels, n_places), (r, n_places))
    after = np.arange(n_periods) >= start
    shock = _lognormal(stream(seed, "city", batch), (n_periods, r), market.city_sd).T[:, None, :]
    drift, near_drift = (
        np.where(after, _lognormal(stream(seed, name, batch), (n_places, r), market.drift_sd).T[..., None], 1.0)
        for name in ("drift", "near drift")
    )
    listed, near = level[..., None] * drift * shock, near_level[..., None] * near_drift * shock
    far = level.sum(axis=1, keepdims=True) * market.far_ratio * shock[:, 0, :]
    hidden = (listed.sum(axis=1) + near.sum(axis=1) + far) * market.hidden_ratio
    return Deals(listed, near, far, hidden)


def _levels(market: Market, seed: int, batch: int, n_places: int, r: int) -> Array:
    if market.levels:
        return np.broadcast_to(np.resize(market.levels, n_places), (r, n_places)).astype(np.float64)
    if market.spread == 0:
        return np.full((r, n_places), market.mean)
    shape = 1.0 / market.spread**2
    drawn = stream(seed, "level", batch).gamma(shape, market.mean / shape, size=(n_places, r))
    return np.asarray(drawn.T)


def _lognormal(rng: np.random.Generator, shape: tuple[int, int], sd: float) -> Array:
    return maths.exp(rng.normal(-(sd**2) / 2, sd, size=shape)) if sd else np.ones(shape)


def intensity(dose: Array, condition: Condition, rng: np.random.Generator) -> Array:
    """Return the share of the full effect at work, float64[R, J, T]: delivered dose, and what lingers of it."""
    delivered = dose
    if condition.fidelity < 1:
        a = condition.fidelity * DELIVERY_PRECISION
        delivered = dose * rng.beta(a, DELIVERY_PRECISION - a, size=dose.shape)
    if not condition.carry_over:
        return delivered
    felt = delivered.copy()
    for t in range(1, felt.shape[2]):
        felt[:, :, t] = np.maximum(felt[:, :, t], condition.carry_over * felt[:, :, t - 1])
    return felt


def with_intervention(market: Market, base: Deals, dose: Array, condition: Condition, felt: Array) -> Pair:
    """Return the pair of worlds in which places get `dose` (float64[R, J, T]) and feel `felt` of the effect.

    The trend of the treated that has other causes stands in both worlds.
    """
    treated = dose.any(axis=2)
    if np.any(condition.co_trend):
        factor = 1.0 + condition.co_trend * (treated[..., None] & dose.any(axis=(0, 1)))
        base = Deals(base.listed * factor, base.near, base.far, base.hidden)
    if market.choice:
        other, moved = _by_choice(market, base, condition.effect * felt)
    else:
        other, moved = _by_shares(base, dose, condition, felt)
    # who leaves a place for the phone: the same share of its removed everywhere
    removed = base.listed * condition.effect * felt
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nan_to_num(moved["tactical"] / removed.sum(axis=1))
    return Pair(base, other, treated, dose, removed * share[:, None, :], moved)


def per_period(amount: Amount) -> Amount:
    """Return an amount as it multiplies sums over places, [R, T]."""
    return amount[..., 0] if isinstance(amount, np.ndarray) else amount


def _by_shares(base: Deals, dose: Array, c: Condition, felt: Array) -> tuple[Deals, dict[str, Array]]:
    removed = base.listed * c.effect * felt
    total = removed.sum(axis=1)
    free = dose == 0
    n_free = free.sum(axis=1)
    to_controls = np.where(n_free > 0, per_period(c.controls), 0.0)
    # without a listed place to go to, those deals go elsewhere
    far = total * (per_period(c.far) + per_period(c.controls) - to_controls)
    each = total * to_controls / np.maximum(n_free, 1)
    listed = base.listed - removed * (1.0 - c.temporal) + free * each[:, None, :]
    near = np.maximum(base.near + c.near * removed, 0.0)
    other = Deals(listed, near, base.far + far, base.hidden + per_period(c.tactical) * total)
    shares = {"near": c.near, "far": c.controls + c.far, "tactical": c.tactical, "temporal": c.temporal}
    moved = {kind: total * per_period(share) for kind, share in shares.items()}
    moved["prevented"] = total * per_period(1.0 - c.displaced)
    return other, moved


def _by_choice(market: Market, base: Deals, drop: Array) -> tuple[Deals, dict[str, Array]]:
    """Return the deals after utilities have fallen; `drop` is the share by which a place's odds fall."""
    unmet = (base.open() + base.hidden) * market.unmet_ratio
    needs = base.open() + base.hidden + unmet
    lost = base.listed * drop
    rescale = needs / (needs - lost.sum(axis=1))
    scale = rescale[:, None, :]
    listed = (base.listed - lost) * scale
    other = Deals(listed, base.near * scale, base.far * rescale, base.hidden * rescale)
    out = np.maximum(base.listed - listed, 0.0).sum(axis=1)
    into = {
        "near": (other.near - base.near).sum(axis=1),
        "far": other.far - base.far + np.maximum(listed - base.listed, 0.0).sum(axis=1),
        "tactical": other.hidden - base.hidden,
    }
    moved = {**into, "temporal": np.zeros_like(out), "prevented": unmet * (rescale - 1.0)}
    return other, moved
