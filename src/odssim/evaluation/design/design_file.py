"""Read a design file, check it, fill in every default: TOML in, `Design` out."""

import json
from dataclasses import dataclass, replace
from hashlib import blake2b
from os import PathLike
from pathlib import Path as FilePath
from typing import Any

from odssim.core.reading import reading
from odssim.engine.build import PARAMETERS
from odssim.engine.key import city_of
from odssim.engine.known_activity import check_in_city
from odssim.errors import ScenarioError
from odssim.evaluation.design.keys import PERIODS_PER_YEAR, DesignFile, WorldKeys
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.document import Draft, read_chain
from odssim.scenario.faults import named_file
from odssim.scenario.load import load
from odssim.scenario.locate import Path, origin_of
from odssim.scenario.records import Scenario
from odssim.scenario.shipped import located
from odssim.scenario.validate import checked_keys
from odssim.studies.study.worlds import shipped_ensembles

NOT_DECISIVE = ("design", "search", "amended")
"""Tables that do not enter the hash: what a design is called changes nothing, what was lost is reported beside the hash."""


@dataclass(frozen=True)
class Design:
    """A checked design."""

    file: str
    keys: DesignFile
    """All tables, defaults filled in."""
    content_hash: str
    """Of all that decides the evaluation, the scenario and the mix named in [world] included."""
    scenario: FilePath | None = None
    interventions: FilePath | None = None
    ensemble: FilePath | None = None

    @property
    def id(self) -> str:
        """What the design is called."""
        return self.keys.design.id

    @property
    def kind(self) -> str:
        """Kind of the worlds it is tried on; the market city if it names none."""
        return "market" if self.keys.world is None else str(self.keys.world.kind)

    @property
    def seed(self) -> int:
        """Seed of these worlds."""
        return 1 if self.keys.world is None else self.keys.world.seed

    @property
    def periods_per_year(self) -> float:
        """Periods in a year."""
        return PERIODS_PER_YEAR[self.keys.data.timing.period]

    @property
    def n_periods(self) -> int:
        """Periods observed; those left out after the start count, in a crossover they lie within the others."""
        timing = self.keys.data.timing
        return timing.pre + timing.post + (0 if self.keys.data.assignment.mechanism == "crossover" else timing.washout)

    @property
    def estimators(self) -> tuple[str, ...]:
        """The primary estimator and the secondary ones."""
        return tuple(dict.fromkeys((self.keys.answer.primary, *self.keys.answer.secondary)))

    @property
    def stamp(self) -> dict[str, Any]:
        """What every output carries to say which design it belongs to."""
        lost = self.keys.amended.model_dump(mode="json", exclude_defaults=True)
        stamp = {"design": self.id, "version": self.keys.design.version, "design_hash": self.content_hash}
        return stamp | ({"amended": lost} if lost else {})


def load_design(path: str | PathLike[str]) -> Design:
    """Return the checked design of a file.

    Raises
    ------
    ScenarioError
        On the first fault, in one line.
    """
    with reading(path):
        return _load(located(path))


def _load(file: str) -> Design:
    try:
        draft = read_chain(file)
    except ScenarioError as error:
        if error.rule != "is empty":
            raise
        raise ScenarioError(error.rule, file=file, remedy="odssim design new writes one") from None
    keys = checked_keys(draft, DesignFile)
    _check_counts(draft, keys)
    files = {name: _beside(draft, name) for name in ("scenario", "interventions", "ensemble")}
    return rehashed(Design(file, keys, "", **files))


def rehashed(design: Design) -> Design:
    """Return the design with the hash of what it now holds."""
    decisive = {k: v for k, v in design.keys.model_dump(mode="json").items() if k not in NOT_DECISIVE}
    if decisive["data"]["assignment"]["block_sizes"] is None:
        del decisive["data"]["assignment"][
            "block_sizes"
        ]  # a plan registered before there was such a key keeps its hash
    if decisive["world"]:
        ensemble = design.ensemble and blake2b(design.ensemble.read_bytes(), digest_size=16).hexdigest()
        decisive["world"] |= {"ensemble": ensemble, "scenario": None, "interventions": None}
        decisive["scenarios"] = [one.content_hash for one in scenarios_named(design)]
    digest = blake2b(json.dumps(decisive, sort_keys=True).encode(), digest_size=16).hexdigest()
    return replace(design, content_hash=digest)


def _check_counts(draft: Draft, keys: DesignFile) -> None:
    """Refuse keys that contradict each other."""
    places, assignment, timing = keys.data.places, keys.data.assignment, keys.data.timing
    world, market = keys.world, keys.market
    if world is not None and world.kind == "engine" and world.scenario is None:
        raise draft.fault(("world", "scenario"), "is missing: kind engine needs it")
    if world is not None and world.kind != "engine" and world.ensemble is not None:
        raise draft.fault(("world", "ensemble"), "is used by kind engine only", "leave it out")
    if world is not None and world.kind == "analytic" and not market.levels:
        raise draft.fault(("market", "levels"), "is missing: kind analytic needs it")
    if market.near + market.far + market.tactical + market.temporal > 1:
        raise draft.fault(("market", "near"), "with far, tactical and temporal must be at most 1 together")
    at: Path = ("data", "places")
    for name, n in (("treated", places.treated), ("control", places.control)):
        names = getattr(places, f"{name}_names")
        if names is not None and len(names) != n:
            raise draft.fault((*at, f"{name}_names"), "must name as many places as {name} says, {n}", name=name, n=n)
    twice = set(places.treated_names or ()) & set(places.control_names or ())
    if twice:
        raise draft.fault((*at, "control_names"), "names a treated place too: {name}", name=sorted(twice)[0])
    if places.candidates is not None and places.treated + places.control > places.candidates:
        raise draft.fault((*at, "candidates"), "must be at least treated + control")
    at = ("data", "assignment")
    if assignment.mechanism == "paired" and places.treated != places.control:
        raise draft.fault((*at, "mechanism"), "needs as many controls as treated places")
    if assignment.mechanism == "blocked" and assignment.blocks is None and assignment.block_sizes is None:
        raise draft.fault((*at, "blocks"), "is missing: mechanism blocked needs it")
    sizes = assignment.block_sizes
    if sizes is not None and [sum(n) for n in zip(*sizes, strict=True)] != [places.treated, places.control]:
        raise draft.fault((*at, "block_sizes"), "must add up to the numbers of treated and of control places")
    lost = keys.amended.lost_treated + keys.amended.lost_control
    if lost and keys.amended.why is None:
        raise draft.fault(("amended", "why"), "is missing: say why places were lost")
    if lost and assignment.mechanism in ("crossover", "stepped_wedge"):
        raise draft.fault(
            ("amended",), "cannot lose places where they take turns: the lottery over time needs all of them"
        )
    if len(keys.amended.lost_treated) >= places.treated:
        raise draft.fault(("amended", "lost_treated"), "must leave a treated place")
    unknown = set(lost) - {*(places.treated_names or lost), *(places.control_names or lost)}
    if unknown:
        raise draft.fault(("amended", "lost_treated"), "names no place of the design: {name}", name=sorted(unknown)[0])
    if assignment.mechanism == "saturation" and len(assignment.saturations) < 2:
        raise draft.fault((*at, "saturations"), "needs a share for each of at least two districts")
    if assignment.mechanism in ("complete", "blocked", "paired") and places.control == 0:
        raise draft.fault((*at, "mechanism"), "needs control places", "set data.places.control")
    if assignment.blocks is not None and assignment.blocks > min(places.treated, places.control or 1):
        raise draft.fault((*at, "blocks"), "must be at most the number of treated and of control places")
    if assignment.steps is not None and assignment.steps > timing.post:
        raise draft.fault((*at, "steps"), "must be at most data.timing.post")
    if timing.washout >= timing.post:
        raise draft.fault(("data", "timing", "washout"), "must be shorter than data.timing.post")


def _beside(draft: Draft, name: str) -> FilePath | None:
    """Return the path of a file named in [world], seen from the design file, or of a shipped ensemble."""
    value = draft.value(("world", name))
    if value is None:
        return None
    if name == "ensemble" and value in shipped_ensembles():
        return shipped_ensembles()[value]
    origin = origin_of(draft.origins, ("world", name))
    return named_file(draft, ("world", name), FilePath(origin.file if origin else ".").parent, value).resolve()


def scenarios_named(design: Design) -> list[Scenario]:
    """Return the design's scenario and the one whose interventions are tried, by default the same; none without any.

    Raises
    ------
    ScenarioError, CityError, FaultsError
        If one of them is wrong, or does not fit its city.
    """
    files = [design.scenario, design.interventions or design.scenario]
    named = [load(file, parameters=PARAMETERS, catalogue=CATALOGUE) for file in files if file is not None]
    for scenario in named:
        check_in_city(scenario, city_of(scenario.city))
    return named


def with_worlds(design: Design, worlds: int | None) -> Design:
    """Return the design with another number of worlds; its hash stays, since no world changes."""
    if worlds is None:
        return design
    world = (design.keys.world or WorldKeys(kind="market")).model_copy(update={"worlds": worlds})
    return replace(design, keys=design.keys.model_copy(update={"world": world}))
