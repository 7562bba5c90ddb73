"""Pitfalls in the analysis and in what is made of it; None where a design avoids one."""

from __future__ import annotations

import math

from odssim.analysis.overdispersion import actual_size
from odssim.evaluation.cost import design_cost, over_budget
from odssim.evaluation.design import Design
from odssim.evaluation.from_design import BY_LOT, planned_test, smallest_p_of
from odssim.evaluation.power import minimum_detectable_effect, power

POISSON = {"wdd", "rirr"}


def target_only(design: Design) -> str | None:
    """Power for the treated places is no power for the city."""
    if any(name.startswith("OE_") for name in design.keys.inquiry.estimands):
        return None
    return (
        "only treated places are asked about: displacement into controls raises the power of that contrast while the "
        "city's effect shrinks; ask for OE_open too"
    )


def poisson_errors(design: Design) -> str | None:
    """WDD and RIRR on counts that vary more than Poisson."""
    counts, used = design.keys.data.counts, sorted(POISSON & set(design.estimators))
    if not used or design.keys.answer.dispersion_known is not None or counts.dispersion == 0:
        return None
    size = actual_size(counts.dispersion, counts.mean)
    subject = f"{used[0]} takes" if len(used) == 1 else f"{' and '.join(used)} take"
    return (
        f"{subject} counts as Poisson: with {counts.mean:g} events per place and "
        f"{design.keys.data.timing.period} and dispersion {counts.dispersion:g} a nominal 5 % test rejects in "
        f"{100 * size:.0f} % of cases without effect; the verdict rests on how places differ instead"
    )


def pooled_negative_binomial(design: Design) -> str | None:
    """A pooled NB ignores that a place is compared with itself."""
    if "nb_did" not in design.estimators:
        return None
    return (
        "nb_did pools place-months as if unrelated: it does not compare each place with itself, and its errors can be "
        "several times too large, or too small where they drift; the verdict rests on how places differ within each arm"
    )


def before_after_only(design: Design) -> str | None:
    """A primary estimator without comparison."""
    if design.keys.answer.primary not in ("before_after", "time_series"):
        return None
    return (
        f"{design.keys.answer.primary} compares treated places with their own past only: every other change at the "
        "same time is read as effect, and displacement is invisible"
    )


def crossover_mismatch(design: Design) -> str | None:
    """Estimator and lottery do not belong together."""
    lot = design.keys.data.assignment.mechanism
    pairs = {name: name for name in ("crossover", "stepped_wedge", "saturation")}
    wrong = [name for name, needed in pairs.items() if name in design.estimators and lot != needed]
    if wrong:
        return f"{', '.join(wrong)} is planned, but data.assignment.mechanism is {lot}"
    if lot in ("crossover", "stepped_wedge") and design.keys.answer.primary == "permutation":
        return f"places take turns ({lot}), so the permutation test is that of estimator {lot}: make it primary"
    return None


def bounds_wide(design: Design) -> str | None:
    """Bounds need an s_max below one."""
    if "bounds" not in design.estimators or design.keys.answer.s_max < 1:
        return None
    return "with s_max = 1 the bounds always hold zero: give the largest displaced share that can be defended"


def too_little_power(design: Design) -> str | None:
    """The smallest effect of interest would mostly be missed."""
    data, answer = design.keys.data, design.keys.answer
    if data.places.control == 0 or data.assignment.mechanism in ("crossover", "stepped_wedge"):
        return None
    se, df = planned_test(design)
    wanted = answer.smallest_effect * data.dose
    smallest = smallest_p_of(design) if answer.primary in BY_LOT else None
    possible = smallest is None or smallest <= answer.alpha
    found = minimum_detectable_effect(se, answer.power, answer.alpha, df) if possible else None
    if wanted <= 0 or (found is not None and -found.percent <= 100 * wanted):
        return None
    chance = float(possible) if wanted >= 1 else possible * power(math.log(1 - wanted), se(1 - wanted), answer.alpha, df)
    least = "none" if found is None else f"{-found.percent:.0f} %"
    return (
        f"the smallest fall found with power {answer.power:g} is {least}, against "
        f"{100 * answer.smallest_effect:.0f} % of interest, which would be found with power {chance:.2f} "
        "(at the treated places; by the planned test, on the counts supposed): plan to estimate, or buy information"
    )


def budget_exceeded(design: Design) -> str | None:
    """More money than there is."""
    excess = over_budget(design)
    if excess is None:
        return None
    return f"it costs {design_cost(design):,.0f} SEK, {excess:,.0f} more than the budget"


ANSWER_PITFALLS = (
    target_only, poisson_errors, pooled_negative_binomial, before_after_only, crossover_mismatch, bounds_wide,
    too_little_power, budget_exceeded,
)  # fmt: skip
