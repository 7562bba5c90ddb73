"""The table ``[calibrate]`` of a study file: patterns, bands, waves, contrasts, and where finalists are checked."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from odssim.errors import Sentence
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario.document import Draft
from odssim.scenario.faults import close_match, named_file, nearest
from odssim.scenario.schema import Keys, Name
from odssim.scenario.validate import checked_keys
from odssim.studies.calibration.implausibility import DISCREPANCY_SHARE, Target, target_of_band
from odssim.studies.study.jobs import Plan
from odssim.studies.study.records import Study
from odssim.studies.study.study import load_study, read_keys
from odssim.validation.patterns import bands

NOT_FROM_COUNTS = ("V2 stations", "V3")
"""Patterns that need a run's ledger, which a store of runs does not hold; `odssim validate` shows them."""
Band = Annotated[list[float], Field(min_length=2, max_length=2)]


Points = Annotated[int, Field(ge=4, le=10_000)]
Where = Literal["city", "treated"]
"""The whole city, or the places that the mix works at."""


class ContrastKeys(Keys):
    """What a mix is known to change, in per cent of the base mix, in the city of another study."""

    id: Name
    study: Name
    mix: Name
    base: Name | None = None
    outcome: Name = "open_deals"
    where: Where = "city"
    band: Band
    discrepancy: Annotated[float | None, Field(ge=0)] = None
    source: str = ""


class ElsewhereKeys(Keys):
    """A pattern in the scenario of another study, whose first mix is run; without a band, that of its city."""

    id: Name
    study: Name
    pattern: Name
    band: Band | None = None
    discrepancy: Annotated[float | None, Field(ge=0)] = None


class CalibrateKeys(Keys):
    """How a study is calibrated."""

    patterns: list[Name] | None = None
    bands: dict[str, Band] = Field(default_factory=dict)
    discrepancy: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    waves: Annotated[int, Field(ge=1, le=10)] = 3
    points: Points | Annotated[list[Points], Field(min_length=1)] = 80
    ensemble: Annotated[int, Field(ge=1, le=10_000)] = 100
    contrasts: list[ContrastKeys] = Field(default_factory=list)
    contrasts_from: Annotated[int, Field(ge=1, le=10)] = 2
    elsewhere: list[ElsewhereKeys] = Field(default_factory=list)
    check: Name | None = None
    finalists: Annotated[int, Field(ge=0, le=100)] = 4


@dataclass(frozen=True)
class Contrast:
    """A checked contrast: the study file and what is compared in it."""

    target: Target
    study: Path
    mix: str
    base: str | None
    outcome: str
    where: Where


@dataclass(frozen=True)
class Elsewhere:
    """A checked pattern of another study's scenario."""

    target: Target
    study: Path
    pattern: str


@dataclass(frozen=True)
class Settings:
    """A checked table ``[calibrate]``."""

    targets: tuple[Target, ...]
    """Patterns of the study's own scenario, and outcomes (mean per day) with bands of their own."""
    contrasts: tuple[Contrast, ...]
    elsewhere: tuple[Elsewhere, ...]
    n_waves: int
    contrasts_from: int
    """First wave in which the other studies are run: the static patterns rule out most of the space first. Where those
    studies are cheaper than the scenario, 1 is better."""
    n_points: tuple[int, ...]
    """Parameter sets of each wave; the last number holds for all later ones."""
    n_ensemble: int
    check: Path | None
    """Scenario file on which the finalists are run, or None."""
    n_finalists: int

    @property
    def all_targets(self) -> list[Target]:
        """All that the waves match."""
        return [*self.targets, *(row.target for row in self.contrasts), *(row.target for row in self.elsewhere)]


def read_settings(file: Path, city: str) -> Settings:
    """Return the settings of a study file, every key checked; without the table, all defaults.

    Raises ScenarioError, FaultsError: with every fault.
    """
    draft, _ = read_keys(str(file))
    keys = checked_keys(draft, CalibrateKeys, below=("calibrate",))
    folder = file.parent
    return Settings(
        _targets(draft, keys, city), tuple(_contrast(draft, i, row, folder) for i, row in enumerate(keys.contrasts)),
        tuple(_elsewhere(draft, i, row, folder) for i, row in enumerate(keys.elsewhere)), keys.waves, keys.contrasts_from,
        (keys.points,) if isinstance(keys.points, int) else tuple(keys.points), keys.ensemble,
        None if keys.check is None else named_file(draft, ("calibrate", "check"), folder, keys.check), keys.finalists,
    )  # fmt: skip


def city_of(study: Study) -> str:
    """Return the name of a study's city."""
    scenarios = Plan(replace(study, worlds=study.worlds[:1], pairs=None)).resolved.values()
    return str(next(iter(scenarios)).city)


def _shipped(city: str) -> list[tuple[str, float, float]]:
    """Return id and band of the patterns that a store's counts give."""
    return [(row[0], row[2], row[3]) for row in bands(city) if row[0] not in NOT_FROM_COUNTS]


def _targets(draft: Draft, keys: CalibrateKeys, city: str) -> tuple[Target, ...]:
    shipped = {key: (low, high) for key, low, high in _shipped(city)}
    own = {key: (low, high) for key, (low, high) in keys.bands.items()}
    for key, (low, high) in own.items():
        path = ("calibrate", "bands", key)
        if key not in shipped and key not in OUTCOMES:
            raise draft.fault(path, "is neither a pattern nor an outcome", nearest(key, [*shipped, *OUTCOMES]))
        if low >= high:
            raise draft.fault(path, "must have the lower number first")
    wanted = keys.patterns if keys.patterns is not None else [*shipped, *(key for key in own if key not in shipped)]
    for key in wanted:
        if key in NOT_FROM_COUNTS:
            rule = Sentence("{key} needs a ledger, which a store does not hold", key=key)
            raise draft.fault(("calibrate", "patterns"), rule, "leave it out")
        if key not in shipped and key not in own:
            raise draft.fault(("calibrate", "patterns"), "no such pattern: {name!r}", nearest(key, list(shipped)), name=key)
    found = []
    for key in dict.fromkeys([*wanted, *own]):
        low, high = own.get(key) or shipped[key]
        sd = keys.discrepancy.get(key)
        found.append(target_of_band(key, low, high) if sd is None else Target(key, low, high, sd))
    return tuple(found)


def _contrast(draft: Draft, i: int, row: ContrastKeys, folder: Path) -> Contrast:
    at = ("calibrate", "contrasts", i)
    if row.outcome not in OUTCOMES:
        raise draft.fault((*at, "outcome"), "no such outcome", close_match(row.outcome, list(OUTCOMES)))
    file = named_file(draft, (*at, "study"), folder, row.study)
    return Contrast(_target(draft, at, row, row.band), file, row.mix, row.base, row.outcome, row.where)


def _elsewhere(draft: Draft, i: int, row: ElsewhereKeys, folder: Path) -> Elsewhere:
    at = ("calibrate", "elsewhere", i)
    file = named_file(draft, (*at, "study"), folder, row.study)
    shipped = {key: [low, high] for key, low, high in _shipped(city_of(load_study(file)))}
    if row.pattern not in shipped:
        raise draft.fault(
            (*at, "pattern"), "no such pattern: {pattern!r}", nearest(row.pattern, list(shipped)), pattern=row.pattern
        )
    return Elsewhere(_target(draft, at, row, row.band or shipped[row.pattern]), file, row.pattern)


def _target(draft: Draft, at: tuple[Any, ...], row: ContrastKeys | ElsewhereKeys, band: list[float]) -> Target:
    low, high = band
    if low >= high:
        raise draft.fault((*at, "band"), "must have the lower number first")
    sd = DISCREPANCY_SHARE * (high - low) if row.discrepancy is None else row.discrepancy
    return Target(row.id, low, high, sd)
