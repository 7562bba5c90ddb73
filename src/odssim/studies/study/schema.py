"""The keys of a study file as pydantic models; they check kinds and unknown keys and write the JSON schema."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from odssim.scenario.faults import ID_PATTERN
from odssim.scenario.schema import MAX_SEED, Count, Keys, Name

PERIOD_DAYS = {"window": None, "week": 7, "month": 30, "none": 0}
Id = Annotated[str, Field(pattern=ID_PATTERN)]


class SweepKeys(Keys):
    """Values in equal steps, both ends included, or a list of values."""

    start: Annotated[float | None, Field(alias="from")] = None
    to: float | None = None
    step: Annotated[float | None, Field(gt=0)] = None
    values: Annotated[list[Any] | None, Field(min_length=1)] = None


class AxisKeys(SweepKeys):
    """One uncertain number. Empty: uniform over its declared range; a grid needs values or steps."""

    low: float | None = None
    high: float | None = None
    log: bool = False
    distribution: Literal["uniform", "normal", "triangular"] = "uniform"
    mean: float | None = None
    sd: Annotated[float | None, Field(gt=0)] = None
    mode: float | None = None


class WorldsKeys(Keys):
    """The worlds: a sample, a grid, a list, a table of values, or the first `n` members of a shipped ensemble."""

    method: Literal["latin_hypercube", "sobol", "grid", "list", "table", "ensemble"]
    n: Count | None = None
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 1
    parameters: dict[str, AxisKeys] | None = None
    listed: Annotated[list[dict[str, Any]] | None, Field(alias="list", min_length=1)] = None
    table: Name | None = None
    problem: Name | None = None
    ensemble: Name | None = None


class MixKeys(Keys):
    """One set of interventions; an empty list is the baseline."""

    id: Id
    scenario: Name | None = None
    interventions: list[dict[str, Any]] | None = None
    settings: dict[str, Any] = Field(alias="set", default_factory=dict)


class WindowKeys(Keys):
    """First and last day of the means."""

    first: date
    last: date


class StudyKeys(Keys):
    """A study: worlds, mixes and replicates over one scenario, and what is kept of every run."""

    name: Name
    scenario: Name
    replicates: Count = 1
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 1
    settings: dict[str, Any] = Field(alias="set", default_factory=dict)
    window: WindowKeys | None = None
    period: Literal["window", "week", "month", "none"] = "window"
    place_days: bool = False
    worlds: WorldsKeys | None = None
    mixes: Annotated[list[MixKeys] | None, Field(min_length=1)] = None
    sweep: dict[str, SweepKeys] = Field(default_factory=dict)
    scenarios: Name | None = None
    calibrate: dict[str, Any] | None = None
