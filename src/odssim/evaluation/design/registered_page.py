"""The analysis plan as a page to pre-register, in Markdown and HTML: made from the design file alone."""

from collections.abc import Sequence

import odssim
from odssim.evaluation.design.analysis_plan import planned_test, smallest_p_of
from odssim.evaluation.design.check import check_design
from odssim.evaluation.design.cost import cost_text, design_cost
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.power import minimum_detectable_effect
from odssim.evaluation.estimators.registry import ESTIMATORS
from odssim.language.templates import as_plain_html, rendered
from odssim.language.written import grouped, p_text


def plan_markdown(design: Design, held: Sequence[str] = ()) -> str:
    """Return the plan as Markdown; `held` says how counts compare with it, once there are some."""
    keys, smallest = design.keys, smallest_p_of(design)
    return rendered(
        __package__, "plan.md", design=design, keys=keys, data=keys.data, places=keys.data.places,
        assignment=keys.data.assignment, timing=keys.data.timing, answer=keys.answer, decision=keys.decision, held=held,
        planned=[(name, ESTIMATORS[name]) for name in design.estimators], cost=cost_text(design_cost(design)),
        smallest_p=None if smallest is None else p_text(smallest), least=_smallest_fall(design),
        warnings=check_design(design), version=odssim.__version__,
    )  # fmt: skip


def plan_html(design: Design, held: Sequence[str] = ()) -> str:
    """Return the plan as one HTML page without scripts."""
    return as_plain_html(plan_markdown(design, held))


def _smallest_fall(design: Design) -> str | None:
    """Return the smallest fall found with the power wanted; None where no closed form holds."""
    data, answer = design.keys.data, design.keys.answer
    if not data.places.control or data.assignment.mechanism in ("crossover", "stepped_wedge"):
        return None
    se, df = planned_test(design)
    found = minimum_detectable_effect(se, answer.power, answer.alpha, df)
    return "none" if found is None else f"{grouped(-found.percent)} %"
