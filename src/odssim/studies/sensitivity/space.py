"""The parameters that are varied, their ranges, and the unit cube in which designs are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.errors import OdssimError, ScenarioError

DUMMY = "dummy"
"""A parameter that the model does not have: what it seems to do is chance, or the method's own error."""


@dataclass(frozen=True)
class Factor:
    """One varied parameter."""

    id: str
    low: float
    high: float
    group: str = ""
    """What moves together; empty: the factor alone."""
    is_log: bool = False
    """Log-uniform between `low` and `high`; else uniform."""
    quantiles: Callable[[Array], Array] | None = field(default=None, compare=False)
    """Values at probabilities, float64[n] to float64[n], for any other distribution."""

    def values(self, unit: Array) -> Array:
        """Return the values at points of [0, 1]."""
        if self.quantiles is not None:
            return np.asarray(self.quantiles(np.ravel(unit))).reshape(np.shape(unit))
        if self.is_log:
            return maths.exp(math.log(self.low) + unit * math.log(self.high / self.low))
        return np.asarray(self.low + unit * (self.high - self.low))

    def unit(self, values: Array) -> Array:
        """Return the points of [0, 1] that have these values; outside the range, the nearer end."""
        grid = np.linspace(0, 1, 4097)
        return np.asarray(np.interp(values, self.values(grid), grid))


@dataclass(frozen=True)
class Space:
    """The varied parameters, in a fixed order; the dummy, if any, is the last."""

    factors: tuple[Factor, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Parameter ids, one per column of a design."""
        return tuple(factor.id for factor in self.factors)

    @property
    def groups(self) -> dict[str, list[int]]:
        """Columns by group; a factor without a group is one of its own."""
        columns: dict[str, list[int]] = {}
        for i, factor in enumerate(self.factors):
            columns.setdefault(factor.group or factor.id, []).append(i)
        return columns

    def with_dummy(self) -> Space:
        """Return the space with the dummy as its last factor."""
        return self if self.ids[-1:] == (DUMMY,) else Space((*self.factors, Factor(DUMMY, 0.0, 1.0)))

    def values(self, unit: Array) -> Array:
        """Return the parameter values of points of the unit cube, both float64[..., k]."""
        return np.stack([factor.values(unit[..., i]) for i, factor in enumerate(self.factors)], axis=-1)

    def unit(self, values: Array) -> Array:
        """Return the points of the unit cube that have these parameter values, both float64[..., k]."""
        given = np.asarray(values, dtype=np.float64)
        return np.stack([factor.unit(given[..., i]) for i, factor in enumerate(self.factors)], axis=-1)

    def problem(self) -> Any:
        """Return the space as a `SALib.ProblemSpec`.

        Raises OdssimError: if a factor is neither uniform nor log-uniform.
        """
        from SALib import ProblemSpec

        other = [factor.id for factor in self.factors if factor.quantiles is not None]
        if other:
            raise OdssimError("{name}: only uniform and log-uniform parameters have a SALib problem", name=other[0])

        spec: dict[str, Any] = {"names": list(self.ids), "bounds": [[f.low, f.high] for f in self.factors]}
        if any(f.is_log for f in self.factors):
            spec["dists"] = ["logunif" if f.is_log else "unif" for f in self.factors]
        if any(f.group for f in self.factors):
            spec["groups"] = [f.group or f.id for f in self.factors]
        return ProblemSpec(spec)


def space_of_problem(problem: Mapping[str, Any]) -> Space:
    """Return the space of a SALib problem (a `ProblemSpec` or plain dict).

    Raises ScenarioError: if a distribution is neither ``unif`` nor ``logunif``.
    """
    names, bounds = list(problem["names"]), problem["bounds"]
    dists = problem.get("dists") or ["unif"] * len(names)
    groups = problem.get("groups") or [""] * len(names)
    factors = []
    for name, (low, high), dist, group in zip(names, bounds, dists, groups, strict=True):
        if dist not in ("unif", "logunif"):
            raise ScenarioError("must be unif or logunif", key=f"dists of {name}", value=dist)
        own = "" if group in (None, name) else str(group)
        factors.append(Factor(str(name), float(low), float(high), own, dist == "logunif"))
    return Space(tuple(factors))
