"""A city in which every effect is written down: a validation world for contrasts and displacement measures.

Treated places lose a share of their events; of what is lost, a share goes to the place's own buffer and a share to
each control. All counts are expectations; a common trend multiplies every place's rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odssim.analysis.displacement.quotient import PopMeasures, pop_measures
from odssim.analysis.displacement.rirr import rirr


@dataclass(frozen=True)
class AnalyticCity:
    """Truths and readings of one assignment.

    Attributes
    ----------
    overall, total, buffer, control
        Overall effect of the city; sums of the effects on treated, buffer and control places.
    contrast, bias, bias_by_formula
        m x additive difference in differences; its gap to the overall effect, directly and by
        -IE_B - (1 + m/n_C) IE_C + (g - 1)(sum of treated rates - m/n_C x sum of control rates).
    rirr
        Relative incidence rate ratio of the expected counts.
    measures
        WDQ, total net effect and kin.
    """

    overall: float
    total: float
    buffer: float
    control: float
    contrast: float
    bias: float
    bias_by_formula: float
    rirr: float
    measures: PopMeasures


def analytic_city(
    treated: Sequence[float],
    buffer: Sequence[float],
    control: Sequence[float],
    *,
    effect: float,
    own_buffer_share: float,
    each_control_share: float,
    trend: float = 1.0,
) -> AnalyticCity:
    """Return truths and readings from the rates of treated places, their buffers and controls.

    Parameters
    ----------
    effect
        Share of events that treated places lose.
    own_buffer_share, each_control_share
        Share of a place's loss that goes to its own buffer; share of all losses that goes to each control.
    trend
        What every rate is multiplied by between before and after.
    """
    t, b, c = (np.asarray(rates, dtype=np.float64) for rates in (treated, buffer, control))
    lost = effect * t
    total, near, far = -float(lost.sum()), float(own_buffer_share * lost.sum()), float(each_control_share * lost.sum())
    to_controls = far * len(c)
    m_over_n = len(t) / len(c)
    t_sum, b_sum, c_sum = float(t.sum()), float(b.sum()), float(c.sum())
    target = (t_sum, trend * t_sum + total)
    surroundings = (b_sum, trend * b_sum + near)
    controls = (c_sum, trend * c_sum + to_controls)
    contrast = target[1] - target[0] - m_over_n * (controls[1] - controls[0])
    overall = total + near + to_controls
    formula = -near - (1 + m_over_n) * to_controls + (trend - 1) * (t_sum - m_over_n * c_sum)
    ratio = rirr(target, controls)
    return AnalyticCity(
        overall, total, near, to_controls, contrast, contrast - overall, formula,
        float("nan") if ratio is None else ratio.ratio, pop_measures(target, surroundings, controls),
    )  # fmt: skip
