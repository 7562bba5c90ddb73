"""Read a design file, check it, fill in every default: TOML in, `Design` out."""

import json
from dataclasses import dataclass, replace
from hashlib import blake2b
from os import PathLike
from pathlib import Path as FilePath
from typing import Any

from odssim.core.package_data import package_toml
from odssim.core.reading import reading
from odssim.engine.build import PARAMETERS
from odssim.engine.key import city_of
from odssim.engine.known_activity import check_in_city
from odssim.errors import FaultList, ScenarioError
from odssim.evaluation.design.keys import OVER_TIME, PERIODS_PER_YEAR, DesignFile, WorldKeys
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.document import Draft, read_chain
from odssim.scenario.faults import named_file
from odssim.scenario.load import load
from odssim.scenario.locate import origin_of
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

    Raises ScenarioError, FaultsError: with every fault, a line each.
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
    _refuse_contradictions(draft, keys)
    files = {name: _beside(draft, name) for name in ("scenario", "interventions", "ensemble")}
    return rehashed(Design(file, keys, "", **files))


def rehashed(design: Design) -> Design:
    """Return the design with the hash of what it now holds."""
    decisive = {k: v for k, v in design.keys.model_dump(mode="json").items() if k not in NOT_DECISIVE}
    if decisive["data"]["assignment"]["block_sizes"] is None:
        del decisive["data"]["assignment"]["block_sizes"]  # a plan registered before there was such a key keeps its hash
    if decisive["world"]:
        ensemble = design.ensemble and blake2b(design.ensemble.read_bytes(), digest_size=16).hexdigest()
        decisive["world"] |= {"ensemble": ensemble, "scenario": None, "interventions": None}
        decisive["scenarios"] = [one.content_hash for one in scenarios_named(design)]
    digest = blake2b(json.dumps(decisive, sort_keys=True).encode(), digest_size=16).hexdigest()
    return replace(design, content_hash=digest)


def contradictions(keys: DesignFile) -> dict[str, bool | dict[str, object]]:
    """Return, by the rules of `contradictions.toml`, which keys contradict each other, some with the values of the rule."""
    world, market, timing = keys.world or WorldKeys(kind="market"), keys.market, keys.data.timing
    places, drawn, amended = keys.data.places, keys.data.assignment, keys.amended
    treated, control, lost = places.treated_names, places.control_names, amended.lost_treated + amended.lost_control
    twice, unknown = set(treated or ()) & set(control or ()), set(lost) - {*(treated or lost), *(control or lost)}
    sizes = [sum(n) for n in zip(*drawn.block_sizes or (), strict=True)]

    def miscounted(arm: str, names: list[str] | None, n: int) -> bool | dict[str, object]:
        return names is not None and len(names) != n and {"name": arm, "n": n}

    return {
        "no_scenario": world.kind == "engine" and world.scenario is None,
        "idle_ensemble": world.kind != "engine" and world.ensemble is not None,
        "no_levels": world.kind == "analytic" and not market.levels,
        "too_much_displaced": market.near + market.far + market.tactical + market.temporal > 1,
        "treated_names": miscounted("treated", treated, places.treated),
        "control_names": miscounted("control", control, places.control),
        "named_twice": bool(twice) and {"name": min(twice)},
        "few_candidates": places.candidates is not None and places.treated + places.control > places.candidates,
        "odd_pairs": drawn.mechanism == "paired" and places.treated != places.control,
        "no_blocks": drawn.mechanism == "blocked" and drawn.blocks is None and drawn.block_sizes is None,
        "other_sizes": drawn.block_sizes is not None and sizes != [places.treated, places.control],
        "no_reason": bool(lost) and amended.why is None,
        "turns_lost": bool(lost) and drawn.mechanism in OVER_TIME,
        "none_left": len(amended.lost_treated) >= places.treated,
        "unknown_lost": bool(unknown) and {"name": min(unknown)},
        "one_saturation": drawn.mechanism == "saturation" and len(drawn.saturations) < 2,
        "no_controls": drawn.mechanism in ("complete", "blocked", "paired") and places.control == 0,
        "many_blocks": drawn.blocks is not None and drawn.blocks > min(places.treated, places.control or 1),
        "many_steps": drawn.steps is not None and drawn.steps > timing.post,
        "long_washout": timing.washout >= timing.post,
    }


def _refuse_contradictions(draft: Draft, keys: DesignFile) -> None:
    faults, rules = FaultList(), package_toml(__package__, "contradictions.toml")
    for name, found in contradictions(keys).items():
        if found:
            at, values = tuple(rules[name]["at"].split(".")), found if isinstance(found, dict) else {}
            faults.append(draft.fault(at, rules[name]["rule"], rules[name].get("remedy"), **values))
    faults.refuse()


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

    Raises ScenarioError, CityError, FaultsError: if one of them is wrong, or does not fit its city.
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
