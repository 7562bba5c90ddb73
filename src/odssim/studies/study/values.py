"""The values of one axis: steps, lists, and quantiles of a distribution over a parameter's range."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from odssim.core.declare import Parameter
from odssim.core.tables import Row
from odssim.core.types import Array
from odssim.engine.build import PARAMETERS
from odssim.scenario.document import Draft
from odssim.scenario.faults import nearest
from odssim.scenario.locate import Origin, Path
from odssim.scenario.schema import ScenarioKeys
from odssim.studies.study.schema import AxisKeys, SweepKeys

RANGES: Mapping[str, Parameter] = {label: p for p in PARAMETERS for label in p.ids}
"""The declaration behind every scalar parameter id."""
SCENARIO_NUMBERS = ("population_multiplier", "days", "burn_in_days")
"""Numbers of a scenario that a world may set beside parameters."""
WHOLE_NUMBERS = ("days", "burn_in_days")
MOST_STEPS = 10_000


def dotted(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return nested tables as one of dotted keys; what a scenario takes as a table stays one."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{above}{key}"
        is_leaf = name == "city" or (name.startswith("interventions.") and name.count(".") >= 2)
        flat |= dotted(value, f"{name}.") if isinstance(value, Mapping) and not is_leaf else {name: value}
    return flat


def world_key(draft: Draft, path: Path, text: str) -> str:
    """Return a key that a world may set, ``parameters.`` taken off.

    Raises ScenarioError: if it is neither a parameter nor one of `SCENARIO_NUMBERS`.
    """
    key = text.removeprefix("parameters.")
    if key not in RANGES and key not in SCENARIO_NUMBERS:
        remedy = nearest(key, [*RANGES, *SCENARIO_NUMBERS]) or "see odssim where"
        raise draft.fault(path, "no such parameter", remedy)
    return key


def limits(key: str) -> tuple[float, float]:
    """Return the declared range of a parameter or of one of the scenario's numbers."""
    if key in RANGES:
        return RANGES[key].low, RANGES[key].high
    rules = {type(rule).__name__: rule for rule in ScenarioKeys.model_fields[key].metadata}
    return float(rules["Ge"].ge), float(rules["Le"].le)


def checked_number(draft: Draft, path: Path, key: str, value: object) -> float:
    """Return a value for a world's key as a number within its declared range.

    Raises ScenarioError: if it is no number, not whole where it must be, or outside the range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise draft.fault(path, "{name} must be a number, not {given!r}", name=key, given=value)
    low, high = limits(key)
    if not low <= value <= high:
        raise draft.fault(
            path, "{name} = {given:g} lies outside its range, {low:g} to {high:g}", name=key, given=value, low=low, high=high
        )
    if key in WHOLE_NUMBERS and value != int(value):
        raise draft.fault(path, "{name} = {given:g} must be a whole number", name=key, given=value)
    return int(value) if key in WHOLE_NUMBERS else float(value)


def cell_draft(row: Row, column: str) -> Draft:
    """Return a draft that knows one cell of a table, for messages that name file, line and column."""
    origin = Origin(row.file, row.line)
    return Draft(tree={column: row.text(column)}, origins={(): origin, (column,): origin})


def cell_values(row: Row, columns: Iterable[str]) -> dict[str, float]:
    """Return the cells of a row that set keys of a world, empty ones left out.

    Raises ScenarioError: if a column is no such key, or a cell no number within its declared range.
    """
    values: dict[str, float] = {}
    for column in columns:
        if row.text(column):
            key = world_key(cell_draft(row, column), (column,), column)
            values[key] = (row.whole if key in WHOLE_NUMBERS else row.number)(column, *limits(key))
    return values


def steps(draft: Draft, path: Path, axis: SweepKeys) -> list[Any]:
    """Return the values of a list, or of equal steps with both ends.

    Raises ScenarioError: if the axis has neither, both, or steps that lead nowhere.
    """
    bounds = (axis.start, axis.to, axis.step)
    if (axis.values is not None) == any(bound is not None for bound in bounds):
        raise draft.fault(path, "needs either values or from, to and step")
    if axis.values is not None:
        twice = next((value for i, value in enumerate(axis.values) if value in axis.values[:i]), None)
        if twice is not None:
            raise draft.fault((*path, "values"), "holds {twice!r} twice", twice=twice)
        return axis.values
    if axis.start is None or axis.to is None or axis.step is None:
        missing = next(name for name, bound in zip(("from", "to", "step"), bounds, strict=True) if bound is None)
        raise draft.fault((*path, missing), "is missing", "give from, to and step")
    n = math.floor((axis.to - axis.start) / axis.step + 1e-9)
    if not 0 <= n < MOST_STEPS:
        raise draft.fault(path, "must lead from `from` to `to` in at most {n} steps upwards", n=MOST_STEPS)
    values = [axis.start + i * axis.step for i in range(n + 1)]
    return [int(v) if v == int(v) else round(v, 12) for v in values]


def quantiles(draft: Draft, path: Path, key: str, axis: AxisKeys, u: Array) -> Array:
    """Return the values of a parameter at the probabilities `u`, float64[n].

    The range is the declared one if no other is given; a normal distribution is cut off there.

    Raises ScenarioError: if the range is empty or outside the declared one, or the distribution lacks a number.
    """
    from scipy import stats

    ends = limits(key)
    low = checked_number(draft, (*path, "low"), key, ends[0] if axis.low is None else axis.low)
    high = checked_number(draft, (*path, "high"), key, ends[1] if axis.high is None else axis.high)
    if low >= high:
        raise draft.fault((*path, "low"), "must lie below high, {high:g}", high=high)
    if axis.log and (low <= 0 or axis.distribution != "uniform"):
        raise draft.fault((*path, "log"), "needs a uniform distribution and a range above 0", "give low")
    if axis.distribution == "normal":
        mean, sd = _needed(draft, path, axis, "mean"), _needed(draft, path, axis, "sd")
        law = stats.truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
    elif axis.distribution == "triangular":
        mode = _needed(draft, path, axis, "mode")
        if not low <= mode <= high:
            raise draft.fault((*path, "mode"), "must lie between {low:g} and {high:g}", low=low, high=high)
        law = stats.triang((mode - low) / (high - low), loc=low, scale=high - low)
    else:
        law = stats.loguniform(low, high) if axis.log else stats.uniform(low, high - low)
    found: Array = np.clip(law.ppf(u), low, high)
    return np.round(found) if key in WHOLE_NUMBERS else found


def _needed(draft: Draft, path: Path, axis: AxisKeys, name: str) -> float:
    value = getattr(axis, name)
    if value is None:
        raise draft.fault(
            (*path, name), "is missing: a {distribution} distribution needs it", distribution=axis.distribution
        )
    return float(value)
