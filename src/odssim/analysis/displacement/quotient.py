"""Weighted displacement quotient (WDQ) and its kin, from counts in target, buffer and control.

Formulas: Bowers and Johnson (2003) as in the POP Center's guide to analysing displacement.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import stdtrit

from odssim.analysis.statistics.fieller import Z_95, fieller_set
from odssim.core import maths
from odssim.core.types import Array

NO_FALL = "no detectable fall at the target against the control places"
ALIKE = "the runs do not differ, which tells nothing of chance"
ROUNDING = 1e-12
"""A variance below this share of the square of the mean comes from the arithmetic."""


@dataclass(frozen=True)
class PopMeasures:
    """What an evaluator computes from six counts; None, with the reason in `why`, where undefined."""

    gross_effect: float
    net_effect: float | None = None
    """Rb - Ra in counts; Rb/Cb - Ra/Ca in ratios to the control."""
    success: float | None = None
    buffer: float | None = None
    """Change of target and of buffer relative to the control; negative success is a fall."""
    wdq: float | None = None
    """buffer / success: above 0 diffusion of benefits, below 0 displacement, below -1 more than all."""
    total_net_effect: float | None = None
    """Counts prevented in target and buffer together."""
    phi: float | None = None
    chi2: float | None = None
    """Association in the table of target and control."""
    z_success: float | None = None
    """(Ra - expected) / SE. A WDQ is to be read only if this is below -1.96 (Poisson counts; with several
    runs below the quantile of Student's t)."""
    wdq_low: float | None = None
    wdq_high: float | None = None
    """Fieller 95 % set of the WDQ; None if it is unbounded (not identified)."""
    wdq_readable: bool = False
    why: str = ""
    """Whether the WDQ may be interpreted, and if not, why."""


def pop_measures(target: tuple[float, float], buffer: tuple[float, float], control: tuple[float, float]) -> PopMeasures:
    """Return the measures from counts (before, after) in target R, buffer D and control C.

    Comparing two simulated worlds, "before" is the base and "after" the alternative.
    """
    (rb, ra), (db, da), (cb, ca) = target, buffer, control
    if cb <= 0 or ca <= 0:
        return PopMeasures(rb - ra, why="no events in the control area")
    q = ca / cb
    success, gain = ra / ca - rb / cb, da / ca - db / cb
    phi, chi2 = association(rb, ra, cb, ca)
    m, n = ra - rb * q, da - db * q
    v_m = _variance(rb, ra, cb, ca)
    v_n = _variance(db, da, cb, ca)
    z = m / math.sqrt(v_m) if v_m > 0 else None
    measures: dict[str, Any] = {
        "net_effect": -success, "success": success, "buffer": gain, "total_net_effect": -m - n,
        "phi": phi, "chi2": chi2, "z_success": z,
    }  # fmt: skip
    if success == 0:
        why = "no change at the target relative to the control"
        return PopMeasures(rb - ra, why=why, **measures)
    low, high = fieller_set(m, n, v_m, v_n, _covariance(rb, db, cb, ca))
    why = "" if z is not None and z < -Z_95 else f"{NO_FALL} (z of success above -1.96)"
    return PopMeasures(rb - ra, wdq=gain / success, wdq_low=low, wdq_high=high, wdq_readable=not why, why=why, **measures)


def pop_measures_of_runs(target: Array, buffer: Array, control: Array) -> PopMeasures:
    """Return the measures from counts (before, after) of several runs, float64[runs, 2] each.

    The quotient is that of all counts together. Its interval and the z of success rest on how far the runs
    differ (Fieller's set with Student's t), not on the Poisson law: many days of counts look far surer than
    they are. With one run it is the Poisson law after all; runs that do not differ do not tell.
    """
    sums = [tuple(float(x) for x in counts.sum(axis=0)) for counts in (target, buffer, control)]
    pooled = pop_measures(*sums)  # type: ignore[arg-type]
    n = len(target)
    if n < 2 or pooled.wdq is None or (control <= 0).any():
        return pooled
    q = control[:, 1] / control[:, 0]
    m, gain = target[:, 1] - target[:, 0] * q, buffer[:, 1] - buffer[:, 0] * q
    (v_m, c_mn), (_, v_n) = (maths.covariance(np.column_stack([m, gain])) / n).tolist()
    if v_m <= ROUNDING * float(m.mean()) ** 2:
        return replace(pooled, z_success=None, wdq_low=None, wdq_high=None, wdq_readable=False, why=ALIKE)
    t95, z = float(stdtrit(n - 1, 0.975)), float(m.mean()) / math.sqrt(v_m)
    low, high = fieller_set(float(m.mean()), float(gain.mean()), v_m, v_n, c_mn, t95)
    share = float(gain.mean() / m.mean())
    if v_n - 2 * share * c_mn + share * share * v_m <= ROUNDING * (v_n + share * share * v_m):
        low = high = None  # the quotient is equal in all runs: that tells nothing of chance
    why = "" if z < -t95 else f"{NO_FALL} over the runs"
    return replace(pooled, z_success=z, wdq_low=low, wdq_high=high, wdq_readable=not why, why=why)


def association(rb: float, ra: float, cb: float, ca: float) -> tuple[float | None, float | None]:
    """Return phi and chi-squared of the table (rb, ra; cb, ca); None if a margin is empty."""
    margins = (rb + ra) * (cb + ca) * (rb + cb) * (ra + ca)
    if margins <= 0:
        return None, None
    phi = (rb * ca - ra * cb) / math.sqrt(margins)
    return phi, (rb + ra + cb + ca) * phi * phi


def _variance(before: float, after: float, cb: float, ca: float) -> float:
    """Return the delta-method variance of after - before * ca / cb for Poisson counts."""
    q = ca / cb
    return after + q * q * before + (before / cb) ** 2 * ca + (before * ca / cb**2) ** 2 * cb


def _covariance(rb: float, db: float, cb: float, ca: float) -> float:
    """Return the covariance of target and buffer differences, which share their control."""
    return rb * db / cb**2 * ca + rb * db * (ca / cb**2) ** 2 * cb
