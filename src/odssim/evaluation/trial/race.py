"""Which design to choose under a budget: a grid of designs, raced on the same worlds.

A design leaves the race when one that costs no more has more power, by the confidence sequence of the paired
difference over common worlds (see `analysis.sequence`; it holds at every look). The others go on until their power
is known well enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from odssim.analysis.statistics.intervals import paired_difference
from odssim.analysis.statistics.pareto import beaten_by, pareto_front
from odssim.core.types import Array
from odssim.errors import ScenarioError, Sentence
from odssim.evaluation.design.cost import cost_text, design_cost
from odssim.evaluation.design.design_file import Design, rehashed
from odssim.evaluation.design.keys import DesignFile
from odssim.evaluation.trial.characteristics import Row
from odssim.evaluation.trial.trials import Drop, Tried
from odssim.language import LANGUAGES, speaking
from odssim.language.written import number

BY = {"power_city": "city_falls", "power_target": "falls"}
"""What designs can be ranked by, and the column of scores that holds it."""
LEAST_WORLDS = 150
"""No design leaves a race before so many worlds: its power is then known to 8 points at worst."""
ZONE_M = 250.0
ENOUGH_INDEX = 0.8
"""Displacement index, near, that a sufficient plan must reach."""


@dataclass(frozen=True)
class Grid:
    """The designs of a search: those within the budget, and how many were too dear or impossible."""

    designs: tuple[Design, ...]
    n_too_dear: int
    n_impossible: int


def grid(design: Design, budget_sek: float | None = None) -> Grid:
    """Return every combination of the design's [search] that its city has places for and the budget pays.

    Raises ScenarioError: if [search] varies nothing, or no design is left.
    """
    keys, data = design.keys.search, design.keys.data
    budget = design.keys.decision.budget_sek if budget_sek is None else budget_sek
    axes = (
        keys.places or [data.places.treated], keys.pre or [data.timing.pre], keys.post or [data.timing.post],
        keys.zones or [bool(data.places.buffer_m)], keys.indicators or [data.indicators],
    )  # fmt: skip
    combinations = list(product(*axes))
    if len(combinations) < 2:
        raise ScenarioError("varies nothing", file=design.file, key="search", remedy="places = [6, 12, 24]")
    found = [_variant(design, *choice) for choice in combinations]
    possible = [one for one in found if one is not None]
    paid = [one for one in possible if budget is None or design_cost(one) <= budget]
    if not paid:
        cheapest = min((design_cost(one) for one in possible), default=None)
        known = Sentence("none is possible")
        if cheapest is not None:
            known = Sentence("the cheapest design costs {sek:.0f} SEK", sek=cheapest)
        raise ScenarioError(
            "pays for no design: {known}", file=design.file, key="decision.budget_sek", value=budget, known=known
        )
    return Grid(tuple(paid), len(possible) - len(paid), len(found) - len(possible))


def _variant(design: Design, n: int, pre: int, post: int, zones: bool, indicators: list[str]) -> Design | None:
    """Return a design with other numbers; None if the city or the lottery has no room for it."""
    data = design.keys.data
    n_control = n if data.places.control else 0
    room = data.places.candidates or data.places.treated + data.places.control
    room = max(room, design.keys.decision.places) if data.places.candidates is None else room
    if n + n_control > room or (data.assignment.blocks or 0) > n or data.timing.washout >= post:
        return None
    edges = (data.places.buffer_m or [ZONE_M]) if zones else []
    places = data.places.model_copy(
        update={"treated": n, "control": n_control, "candidates": room, "buffer_m": edges,
                "treated_names": None, "control_names": None}
    )  # fmt: skip
    timing = data.timing.model_copy(update={"pre": pre, "post": post})
    changed = data.model_copy(update={"places": places, "timing": timing, "indicators": indicators})
    label = f"{n}x{pre}-{post}{'z' if zones else ''}_{'_'.join(name.split('_')[0] for name in indicators)}"
    title = (
        f"{n}+{n_control} places, {pre}+{post} periods, {'with' if zones else 'without'} surroundings,"
        f" {', '.join(indicators)}"
    )
    named = design.keys.design.model_copy(update={"id": f"{design.id}-{label}", "title": title})
    keys: DesignFile = design.keys.model_copy(update={"data": changed, "design": named})
    return rehashed(replace(design, keys=keys))


def racing(by: str) -> Drop:
    """Return the rule by which designs leave: beaten in power by one that costs no more."""

    def drop(going: Mapping[str, Tried]) -> set[str]:
        ready = {name: one for name, one in going.items() if one.n_worlds >= LEAST_WORLDS}
        wins = {name: successes(one, by) for name, one in ready.items()}
        cost = {name: design_cost(one.design) for name, one in ready.items()}
        lost = set()
        for name, rivals in ((n, [r for r in ready if r != n and cost[r] <= cost[n]]) for n in ready):
            if any(_beats(wins[rival], wins[name]) for rival in rivals):
                lost.add(name)
        return lost

    return drop


def successes(one: Tried, by: str) -> Array:
    """Return in which worlds a design establishes the effect, float64[worlds], in the order of the worlds."""
    c = one.headline_scores()
    worlds, code = np.unique(c["world"], return_inverse=True)
    return np.bincount(code, c[BY[by]], len(worlds)) / np.bincount(code)


def _beats(rival: Array, mine: Array) -> bool:
    n = min(len(rival), len(mine))
    low = paired_difference(mine[:n], rival[:n], event=1.0, anytime=True).difference.low
    return low is not None and low > 0


def ranking(tried: Sequence[Tried], rows: Sequence[Row], by: str) -> list[Row]:
    """Return the headlines ranked by power, each with its paired difference to the best and whether it is on the front.

    The front is over cost, smallest detectable effect and 1 - displacement index (near), less is better; what
    could not be established counts as the worst.
    """
    wins = {one.design.id: successes(one, by) for one in tried}
    stopped = {one.design.id: one.why_stopped for one in tried}
    order = sorted(rows, key=lambda row: (-float(row[by] or 0.0), row["cost_sek"]))
    burdens = np.array([_burden(row, by) for row in order])
    front, beaten = pareto_front(burdens), beaten_by(burdens)
    best = wins[order[0]["design"]]
    ranked = []
    for k, row in enumerate(order):
        mine = wins[row["design"]]
        n = min(len(best), len(mine))
        gap = paired_difference(best[:n], mine[:n], event=1.0).difference if k else None
        ranked.append(
            {"rank": k + 1} | row
            | {"less_than_best": gap.value if gap else None, "less_low": gap.low if gap else None,
               "less_high": gap.high if gap else None, "on_front": bool(front[k]),
               "beaten_by": [order[j]["design"] for j in beaten[k]], "stopped": stopped[row["design"]]}
        )  # fmt: skip
    return ranked


def _burden(row: Row, by: str) -> tuple[float, float, float]:
    mde = row["mde_city" if by == "power_city" else "mde_target"]
    return row["cost_sek"], 1.0 if mde is None else mde, 1.0 - (row["dii_near"] or 0.0)


@speaking(LANGUAGES[0])  # as all that a record says
def cheapest_sufficient(ranked: Sequence[Row], by: str, power: float) -> Row:
    """Return the cheapest design with the power wanted and a displacement index of 0.8, or what comes nearest.

    Returns
    -------
    dict
        design (None if none is sufficient), nearest (the most powerful one then), and why in words.
    """
    good = [row for row in ranked if (row[by] or 0.0) >= power and (row["dii_near"] or 0.0) >= ENOUGH_INDEX]
    if good:
        row = min(good, key=lambda r: r["cost_sek"])
        why = f"{by} {number(row[by])}, displacement index {number(row['dii_near'])}, {cost_text(row['cost_sek'])}"
        return {"design": row["design"], "nearest": None, "why": why}
    row = ranked[0]
    why = (
        f"no design within the budget reaches {by} {number(power)} and a displacement index of {number(ENOUGH_INDEX)};"
        f" the most powerful has {number(row[by] or 0)} and {number(row['dii_near'] or 0)}: plan to estimate, or buy"
        " information"
    )
    return {"design": None, "nearest": row["design"], "why": why}
