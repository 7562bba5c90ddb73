"""Pitfalls in the analysis and in what is made of it; None where a design avoids one."""

import math

from odssim.analysis.statistics.overdispersion import actual_size
from odssim.errors import Sentence
from odssim.evaluation.design.analysis_plan import BY_RANDOMISATION, planned_test, smallest_p_of
from odssim.evaluation.design.cost import design_cost, over_budget
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.pitfall_texts import sentence
from odssim.evaluation.design.power import minimum_detectable_effect, power

POISSON = {"wdd", "rirr"}


def target_only(design: Design) -> Sentence | None:
    """Power for the treated places is no power for the city."""
    if any(name.startswith("OE_") for name in design.keys.inquiry.estimands):
        return None
    return sentence("target_only")


def poisson_errors(design: Design) -> Sentence | None:
    """WDD and RIRR on counts that vary more than Poisson."""
    counts, used = design.keys.data.counts, sorted(POISSON & set(design.estimators))
    if not used or design.keys.answer.dispersion_known is not None or counts.dispersion == 0:
        return None
    subject = Sentence("{estimators} takes" if len(used) == 1 else "{estimators} take", estimators=" and ".join(used))
    size, period = 100 * actual_size(counts.dispersion, counts.mean), Sentence(design.keys.data.timing.period)
    known = {"mean": counts.mean, "dispersion": counts.dispersion, "period": period, "size": size}
    return sentence("poisson_errors", subject=subject, **known)


def pooled_negative_binomial(design: Design) -> Sentence | None:
    """A pooled NB ignores that a place is compared with itself."""
    return sentence("pooled_negative_binomial") if "nb_did" in design.estimators else None


def before_after_only(design: Design) -> Sentence | None:
    """A primary estimator without comparison."""
    primary = design.keys.answer.primary
    return sentence("before_after_only", primary=primary) if primary in ("before_after", "time_series") else None


def crossover_mismatch(design: Design) -> Sentence | None:
    """Estimator and lottery do not belong together."""
    assignment = design.keys.data.assignment.mechanism
    pairs = {name: name for name in ("crossover", "stepped_wedge", "saturation")}
    wrong = [name for name, needed in pairs.items() if name in design.estimators and assignment != needed]
    if wrong:
        return sentence("crossover_mismatch", wrong=", ".join(wrong), assignment=assignment)
    if assignment in ("crossover", "stepped_wedge") and design.keys.answer.primary == "permutation":
        return sentence("turns_need_their_own", assignment=assignment)
    return None


def bounds_wide(design: Design) -> Sentence | None:
    """Bounds need an s_max below one."""
    if "bounds" not in design.estimators or design.keys.answer.s_max < 1:
        return None
    return sentence("bounds_wide")


def too_little_power(design: Design) -> Sentence | None:
    """The smallest effect of interest would mostly be missed."""
    data, answer = design.keys.data, design.keys.answer
    if data.places.control == 0 or data.assignment.mechanism in ("crossover", "stepped_wedge"):
        return None
    se, df = planned_test(design)
    wanted = answer.smallest_effect * data.dose
    smallest = smallest_p_of(design) if answer.primary in BY_RANDOMISATION else None
    possible = smallest is None or smallest <= answer.alpha
    found = minimum_detectable_effect(se, answer.power, answer.alpha, df) if possible else None
    if wanted <= 0 or (found is not None and -found.percent <= 100 * wanted):
        return None
    chance = float(possible) if wanted >= 1 else possible * power(math.log(1 - wanted), se(1 - wanted), answer.alpha, df)
    least = Sentence("none") if found is None else f"{-found.percent:.0f} %"
    wished = 100 * answer.smallest_effect
    return sentence("too_little_power", power=answer.power, least=least, wished=wished, chance=chance)


def budget_exceeded(design: Design) -> Sentence | None:
    """More money than there is."""
    excess = over_budget(design)
    return None if excess is None else sentence("budget_exceeded", cost=design_cost(design), excess=excess)


ANSWER_PITFALLS = (
    target_only, poisson_errors, pooled_negative_binomial, before_after_only, crossover_mismatch, bounds_wide,
    too_little_power, budget_exceeded,
)  # fmt: skip
