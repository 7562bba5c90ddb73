"""What an estimator is: a function of counts and plan, with what it needs and when it fails in plain words."""

from collections.abc import Callable
from dataclasses import dataclass

from odssim.evaluation.estimators.estimates import Estimates
from odssim.evaluation.estimators.panel import Panel, Plan

Function = Callable[[Panel, Plan], Estimates]
Areas = Callable[[Panel, Plan], tuple[Estimates | None, Estimates] | None]


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
