"""What only a simulation knows: deals of two worlds that differ in the intervention alone, and the true effects."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from odssim.core import maths
from odssim.core.types import Array

NUISANCE_POWER = 1.5
"""Nuisance of a place goes with its deals to this power, so that spreading them out lessens it; an assumption."""


@dataclass(frozen=True)
class Deals:
    """Deals of one world: at J listed places, around each of them, elsewhere in the open, and out of sight."""

    listed: Array
    near: Array
    """float64[R, J, T]."""
    far: Array
    hidden: Array
    """float64[R, T]."""

    def open(self) -> Array:
        """Return all open deals, float64[R, T]."""
        return np.asarray(self.listed.sum(axis=1) + self.near.sum(axis=1) + self.far)


@dataclass(frozen=True)
class Pair:
    """R pairs of worlds: without the intervention and with it."""

    base: Deals
    other: Deals
    treated: Array
    """Places that have the intervention at some time, bool[R, J]."""
    dose: Array
    """Share of the plan in force at each listed place, float64[R, J, T]."""
    switched: Array
    """Deals removed from each listed place to phone and delivery, float64[R, J, T]."""
    moved: Mapping[str, Array] = field(default_factory=dict)
    """Deals removed from the treated places by what became of them, float64[R, T] each: near, far (also to
    listed places), tactical, temporal, prevented."""
    given: Mapping[str, Array] = field(default_factory=dict)
    """Readings that the worlds themselves give, by indicator, float64[2, R, 2 J, T]: base and other, listed
    places then surroundings."""


def truths(pair: Pair, after: Array) -> dict[str, Array]:
    """Return the true effects over the periods `after` (bool[T]), float64[R] each.

    OE_open, OE_all, OE_nuisance are changes in the whole city; TE_target, IE_buffer, IE_control changes at the
    treated places while they have the intervention, around them, and at listed places while they have it not;
    delta_* shares of the removed; `treated_base` the treated places' deals without the intervention.
    """
    base, other = pair.base, pair.other
    on = pair.dose > 0
    change = (other.listed - base.listed) * after
    near = ((other.near - base.near) * after).sum(axis=2)
    opened = ((other.open() - base.open()) * after).sum(axis=1)
    found = {
        "TE_target": (change * on).sum(axis=(1, 2)),
        "IE_control": (change * ~on).sum(axis=(1, 2)),
        "IE_buffer": (near * pair.treated).sum(axis=1),
        "OE_open": opened,
        "OE_all": opened + ((other.hidden - base.hidden) * after).sum(axis=1),
        "OE_nuisance": _nuisance(other, after) / _nuisance(base, after) - 1.0,
        "treated_base": (base.listed * after * on).sum(axis=(1, 2)),
    }
    if pair.moved:
        removed = sum((amount * after).sum(axis=1) for amount in pair.moved.values())
        for kind, amount in pair.moved.items():
            with np.errstate(divide="ignore", invalid="ignore"):
                found[f"delta_{kind}"] = (amount * after).sum(axis=1) / removed
    return found


def _nuisance(deals: Deals, after: Array) -> Array:
    places = np.concatenate([deals.listed, deals.near], axis=1)[:, :, after].mean(axis=2)
    return np.asarray(nuisance(np.maximum(places, 0.0)).sum(axis=1))


def nuisance(deals: Array) -> Array:
    """Return the nuisance of places with so many deals."""
    return maths.exp(NUISANCE_POWER * maths.log(deals))
