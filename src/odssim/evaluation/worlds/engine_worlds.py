"""Worlds from the engine: one seed of a scenario, with and without its interventions at the places that the assignment gave.

Both worlds share everything up to the start of the intervention, and all random numbers after it. Places are listed by open
deals in the 90 days before the evaluation begins, busiest first, a scene's neighbours left out. Recorded offences
and calls are events of these worlds; what else is read is drawn anew for each of `READINGS` evaluators.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from odssim.analysis.displacement.flows import LedgerFlows, count_flows
from odssim.analysis.displacement.ledger import pair_needs, within_days, zone_of
from odssim.analysis.displacement.rings import metres_to_targets
from odssim.city.city import City
from odssim.core.types import Array
from odssim.engine.key import city_of
from odssim.engine.run import Run, simulate_past
from odssim.errors import ScenarioError
from odssim.evaluation.design.design_file import Design, scenarios_named
from odssim.evaluation.worlds.assignment import Assignment, draw_assignment, n_candidates
from odssim.evaluation.worlds.cities import stream
from odssim.evaluation.worlds.engine_pair import READINGS, RECORDED, WHOLE_DAYS, Twins, near_m
from odssim.observe.recorder import Recorder
from odssim.observe.result import RunResult
from odssim.scenario.records import InterventionSpec, Scenario, Targeting
from odssim.studies.study.jobs import parameters_of
from odssim.studies.study.records import replicate_seed
from odssim.studies.study.worlds import members_of
from odssim.world.state import copy_state

RANK_DAYS = 90
LEAST_DEALS = 1.0
"""Open deals in the 90 days below which no place is listed."""


def scenarios_of(design: Design) -> tuple[Scenario, tuple[InterventionSpec, ...]]:
    """Return the design's scenario without interventions, as long as the design, and the interventions to try.

    Raises ScenarioError: if there is nothing to try, or the scenario does not fit.
    """
    base, mix = scenarios_named(design)
    if not any(spec.places is not None for spec in mix.interventions):
        raise ScenarioError("must name a scenario with an intervention at places", file=design.file,
                            key="world.interventions", value=str(design.interventions or design.scenario))  # fmt: skip
    days = design.n_periods * WHOLE_DAYS[design.keys.data.timing.period]
    return replace(base, interventions=(), budget={}, days=days), mix.interventions


def run_twins(design: Design, world: int) -> Twins:
    """Simulate one world of a design with and without the interventions; the past that they share once.

    With an ensemble, each world has the parameters of the next member, over again after the last.
    """
    bare, specs = scenarios_of(design)
    bare = replace(bare, seed=replicate_seed(design.seed, world + 1))
    if design.ensemble is not None:
        members = members_of(design.ensemble)
        bare = replace(bare, parameters=parameters_of(bare, members[world % len(members)]))
    city = city_of(bare.city)
    per_period, timing = WHOLE_DAYS[design.keys.data.timing.period], design.keys.data.timing
    start = bare.burn_in_days + timing.pre * per_period
    st, recorder = simulate_past(bare, city)
    trunk = Run(bare, city, st, recorder, ledger=True)
    trunk.run_to_day(start)
    listed = listed_places(design, city, trunk.recorder, bare.burn_in_days)
    assignment = _assignment(design, trunk.recorder, city, listed, bare.burn_in_days, start, world)
    planned = _specs(specs, assignment, listed, city, bare, per_period)
    results = []
    for scenario in (bare, replace(bare, interventions=planned)):
        branch = Run(scenario, city, copy_state(trunk.state), Recorder(trunk.recorder.days), ledger=True)
        branch.clockwork.ledgers, branch.costs = list(trunk.clockwork.ledgers), list(trunk.costs)
        branch.run_to_day(bare.burn_in_days + bare.days)
        results.append(branch.result())
    targets = frozenset(listed[assignment.by_place()[0].any(axis=1)].tolist())
    return Twins(results[0], results[1], assignment, listed, _flows(design, results, targets, start, per_period))


def listed_places(design: Design, city: City, recorder: Recorder, day: int) -> Array:
    """Return the K places to choose from, busiest in the 90 days before `day` first, int64[K].

    None lies within the design's surroundings of a busier one.

    Raises ScenarioError: if the city has fewer such places.
    """
    deals = recorder.place_sum("open_deals", day - RANK_DAYS, day, len(city.place_cell))
    xy = np.column_stack(city.place_xy_m())
    gap = max(near_m(design), 1.0)
    chosen: list[int] = []
    for place in np.argsort(-deals, kind="stable"):
        if deals[place] < LEAST_DEALS or len(chosen) == n_candidates(design):
            break
        if not chosen or np.hypot(*(xy[chosen] - xy[place]).T).min() > gap:
            chosen.append(int(place))
    if len(chosen) < n_candidates(design):
        raise ScenarioError(
            "asks for {asked} places; this city has {found} with open deals more than {gap:g} m apart",
            file=design.file,
            key="data.places",
            remedy='fewer places, or world.kind = "market"',
            asked=n_candidates(design),
            found=len(chosen),
            gap=gap,
        )
    return np.array(chosen)


def _assignment(
    design: Design, recorder: Recorder, city: City, listed: Array, first: int, start: int, world: int
) -> Assignment:
    counts = sum(recorder.place_sum(name, first, start, len(city.place_cell)) for name in RECORDED)
    assert isinstance(counts, np.ndarray)
    rng = stream(design.keys.data.assignment.seed, "lot", design.seed, world)
    one = draw_assignment(design, counts[listed][None], design.keys.data.places.chosen == "hot", rng)
    return Assignment(np.repeat(one.order, READINGS, axis=0), np.repeat(one.dose, READINGS, axis=0))


def _specs(
    specs: Sequence[InterventionSpec], drawn: Assignment, listed: Array, city: City, scenario: Scenario, per_period: int
) -> tuple[InterventionSpec, ...]:
    """Return the interventions at the drawn places in the drawn periods; what has no places keeps to the whole time."""
    dose = drawn.by_place()[0]
    runs: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for j, place in enumerate(listed):
        edges = np.diff(np.concatenate([[0], dose[j] > 0, [0]]).astype(int))
        for run in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
            runs[run].append(city.place_name[place])
    planned: list[InterventionSpec] = []
    for (first, end), names in sorted(runs.items()):
        when = [scenario.start_date + timedelta(days=period * per_period) for period in (first, end)]
        where = Targeting("names", names=tuple(names))
        planned += [
            replace(s, id=f"{s.id}_{first}_{end}", places=where, start=when[0], end=when[1])
            for s in specs
            if s.places is not None
        ]
    begin = min((s.start for s in planned), default=scenario.end_date)
    return (*planned, *(replace(s, start=begin, end=scenario.end_date) for s in specs if s.places is None))


def _flows(
    design: Design, results: Sequence[RunResult], targets: frozenset[int], start: int, per_period: int
) -> LedgerFlows:
    """Return what became of needs that fell due after the washout, by the ledgers of both worlds."""
    city = results[0].city
    zone = zone_of(metres_to_targets(*city.place_xy_m(), targets), targets, near_m(design))
    first = start + design.keys.data.timing.washout * per_period
    end = start + (design.keys.data.timing.washout + design.keys.data.timing.post) * per_period
    ledgers = [within_days(r.ledger, first, end) for r in results if r.ledger is not None]
    return count_flows(pair_needs(ledgers[0], ledgers[1], zone))
