"""The estimators by name: what each needs, on which scale it answers, and how to ask several of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from odssim.evaluation.estimates import EVENTS, LOG_RATIO, Array, Estimates
from odssim.evaluation.panel import BUFFER, TREATED, Panel
from odssim.evaluation.permutation import permutation
from odssim.evaluation.plan import DEFAULT, Plan
from odssim.evaluation.poisson_did import poisson_did
from odssim.evaluation.two_by_two import before_after, rirr, wdd, wdd_areas
from odssim.evaluation.verdict import verdicts

Function = Callable[[Panel, Plan], Estimates]
Areas = Callable[[Panel, Plan], tuple[Estimates, Estimates] | None]


def by_area(function: Function) -> Areas:
    """Return an estimator's answers on the buffer alone and on target and buffer together."""

    def areas(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
        if not panel.has(BUFFER):
            return None
        near, both = panel.with_target(BUFFER), panel.with_target(TREATED, BUFFER)
        return function(near, plan), function(both, plan)

    return areas


@dataclass(frozen=True)
class Estimator:
    """One entry of the list: `code` as in the literature's table, `needs` and `fails_when` in plain words."""

    id: str
    code: str
    label: str
    scale: str
    function: Function
    needs: str
    fails_when: str
    areas: Areas | None = None
    """Answers on the buffer and on target and buffer together; None if it speaks of the target only."""


ESTIMATORS = {
    entry.id: entry
    for entry in (
        Estimator("before_after", "E1", "Before-after", LOG_RATIO, before_after,
                  "no trend, no regression to the mean", "places were chosen because hot; displacement is invisible",
                  by_area(before_after)),
        Estimator("wdd", "E2", "Weighted displacement difference", EVENTS, wdd,
                  "controls untouched, Poisson counts", "counts vary more than Poisson; controls contaminated",
                  wdd_areas),
        Estimator("rirr", "E2", "Relative incidence rate ratio", LOG_RATIO, rirr,
                  "controls untouched, Poisson counts", "counts vary more than Poisson; controls contaminated",
                  by_area(rirr)),
        Estimator("poisson_did", "E3", "Fixed-effects Poisson difference in differences", LOG_RATIO, poisson_did,
                  "parallel log trends, no spillover into controls", "few places; spillover", by_area(poisson_did)),
        Estimator("permutation", "E8", "Poisson difference in differences, permutation test", LOG_RATIO, permutation,
                  "places drawn by a known lottery", "too few assignments; still a contrast of places, not of the city",
                  by_area(poisson_did)),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One estimator's answer to a panel: the target's effect, the buffer's, both together, and the verdicts."""

    target: Estimates
    buffer: Estimates | None
    overall: Estimates | None
    verdict: Array


def estimate(name: str, panel: Panel, plan: Plan = DEFAULT) -> Estimates:
    """Return one estimator's effect at the target.

    Raises
    ------
    KeyError
        If there is no estimator of that name.
    """
    return ESTIMATORS[name].function(panel, plan)


def answer(name: str, panel: Panel, plan: Plan = DEFAULT) -> Answer:
    """Return one estimator's answers on target, buffer and both, and the verdicts drawn from them.

    Buffer and both are None where the panel has no buffer or the estimator speaks of the target only.
    """
    entry = ESTIMATORS[name]
    target = entry.function(panel, plan)
    buffer, overall = (entry.areas(panel, plan) if entry.areas else None) or (None, None)
    return Answer(target, buffer, overall, verdicts(target, buffer, overall))
