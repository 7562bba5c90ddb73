"""The estimators by name: what each needs, on which scale it answers, and how to ask several of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from odssim.core.brought import brought
from odssim.core.types import Array
from odssim.evaluation.estimators.around import around, permutation_around
from odssim.evaluation.estimators.dose_over_time import crossover, dose_response, stepped_wedge
from odssim.evaluation.estimators.estimates import EVENTS, LOG_RATIO, Estimates
from odssim.evaluation.estimators.estimator import Areas, Estimator, Function
from odssim.evaluation.estimators.exposure import exposure
from odssim.evaluation.estimators.matched_control import matched_control
from odssim.evaluation.estimators.nb_did import nb_did, poisson_did
from odssim.evaluation.estimators.panel import DEFAULT, Panel, Plan
from odssim.evaluation.estimators.permutation import permutation, placebo
from odssim.evaluation.estimators.ring import bounds_areas, bounds_target, ring, ring_areas
from odssim.evaluation.estimators.saturation import saturation, saturation_areas
from odssim.evaluation.estimators.synthetic_control import synthetic_control
from odssim.evaluation.estimators.time_series import time_series
from odssim.evaluation.estimators.two_by_two import before_after, rirr, wdd, wdd_areas
from odssim.evaluation.estimators.withheld import doubts, verdicts, withheld


def by_area(function: Function) -> Areas:
    """Return an estimator's answers on the buffer alone and on target and buffer together."""

    def areas(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
        found = around(panel)
        return None if found is None else (function(found[0], plan), function(found[1], plan))

    return areas


ESTIMATORS: Mapping[str, Estimator] = {
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
                  "parallel log trends, no spillover into controls", "spillover; with few places it finds little",
                  by_area(poisson_did)),
        Estimator("nb_did", "E4", "Negative binomial difference in differences, pooled", LOG_RATIO, nb_did,
                  "dispersion right, place-months unrelated", "places differ lastingly, or drift", by_area(nb_did)),
        Estimator("matched_control", "E5", "Matched controls beyond a radius", LOG_RATIO, matched_control,
                  "matches alike before and out of reach", "near matches are contaminated, far ones differ",
                  by_area(matched_control)),
        Estimator("synthetic_control", "E6", "Synthetic control with placebos", LOG_RATIO, synthetic_control,
                  "treated within the donors' hull", "donors receive displaced deals; few donors",
                  by_area(synthetic_control)),
        Estimator("time_series", "E7", "Interrupted time series", LOG_RATIO, time_series,
                  "no other event at the start, season known", "recording changes at the start; elsewhere is unseen",
                  by_area(time_series)),
        Estimator("permutation", "E8", "Poisson difference in differences, permutation test", LOG_RATIO, permutation,
                  "places drawn by a known lottery", "too few assignments; still a contrast of places, not of the city",
                  permutation_around),
        Estimator("placebo", "E8", "Poisson difference in differences, placebo in space", LOG_RATIO, placebo,
                  "without the intervention all places would have changed alike",
                  "treated places were chosen for their level or trend", by_area(placebo)),
        Estimator("crossover", "E9", "Crossover with washout", LOG_RATIO, crossover,
                  "carry-over shorter than the washout", "deterrence lingers: the contrast is too small"),
        Estimator("stepped_wedge", "E10", "Stepped wedge", LOG_RATIO, stepped_wedge,
                  "effect the same at all times", "dealing moves to places that wait"),
        Estimator("dose_response", "E11", "Dose response", LOG_RATIO, dose_response,
                  "dose drawn at random, or at least not following crime", "police go where crime rises: sign flips"),
        Estimator("exposure", "E12", "Exposure mapping (Horvitz-Thompson, Hajek)", EVENTS, exposure,
                  "map of who can be reached, lottery known", "displacement by other ways than nearness"),
        Estimator("ring", "E13", "Rings against far places", LOG_RATIO, ring,
                  "some places beyond reach", "displacement of method; effects on the whole market", ring_areas),
        Estimator("bounds", "E14", "Bounds from a largest displaced share", LOG_RATIO, bounds_target,
                  "a largest displaced share that can be defended", "honest but wide", bounds_areas),
        Estimator("saturation", "E16", "Two-stage saturation of districts", EVENTS, saturation,
                  "districts of which some are left alone, drawn at random", "dealing moves between districts",
                  saturation_areas),
    )
} | brought("estimators")  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One estimator's answer to a panel: the target's effect, the buffer's, both together, and the verdicts.

    `doubted` tells in which replicates an estimate is there that must not be claimed, bool[R].
    """

    target: Estimates
    buffer: Estimates | None
    overall: Estimates | None
    verdict: Array
    doubted: Array


def estimate(name: str, panel: Panel, plan: Plan = DEFAULT) -> Estimates:
    """Return one estimator's effect at the target.

    Raises KeyError: if there is no estimator of that name.
    """
    return ESTIMATORS[name].function(panel, plan)


def answer(name: str, panel: Panel, plan: Plan = DEFAULT) -> Answer:
    """Return one estimator's answers on target, buffer and both, and the verdicts drawn from them.

    Buffer and both are None where the panel has no buffer or the estimator speaks of the target only.
    """
    entry, why = ESTIMATORS[name], doubts(name, panel)
    target = withheld(entry.function(panel, plan), why)
    areas = (entry.areas(panel, plan) if entry.areas else None) or (None, None)
    buffer, overall = (None if found is None else withheld(found, why) for found in areas)
    return Answer(target, buffer, overall, verdicts(target, buffer, overall), np.any(list(why.values()), axis=0))
