"""Poisson difference in differences with place and period effects; errors from how places differ within each arm.

With one common start the fit has a closed form: the estimate is the RIRR of summed counts. Its variance is the sum of
the two arms' (see `arms`), so that few treated places are not lent the certainty of many controls.
"""

from odssim.evaluation.arms import arm, few_places, together
from odssim.evaluation.estimates import LOG_RATIO, Estimates, from_se
from odssim.evaluation.panel import CONTROL, TREATED, Panel
from odssim.evaluation.plan import Plan


def poisson_did(panel: Panel, plan: Plan) -> Estimates:
    """E3: fixed-effects Poisson difference in differences of treated against control places."""
    before, after = panel.sums()
    treated, control = (arm(before, after, panel.area == area) for area in (TREATED, CONTROL))
    se, df = together((1.0, treated), (1.0, control))
    return from_se(
        "poisson_did", LOG_RATIO, treated.log - control.log, se, alpha=plan.alpha, df=df,
        warnings=few_places(panel, TREATED, CONTROL),
    )  # fmt: skip
