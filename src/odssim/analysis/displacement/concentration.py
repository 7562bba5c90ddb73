"""Whether dealing spreads: the nuisance index H = sum over places of N^gamma, gamma > 1.

A hundred deals at one place disturb more than twenty-five at each of four. The handbook holds that a spread
scene may be preferable; H says by how much, apart from how many deals there are.
"""

import math

from numpy.typing import ArrayLike

from odssim.core import maths

GAMMAS = (1.5, 2.0)
"""Exponents reported; assumption: no study gives one."""


def nuisance_index(counts: ArrayLike, gamma: float) -> float:
    """Return the sum of counts^gamma.

    Raises ValueError: if gamma is not above 1: spreading would then not count as a benefit.
    """
    if gamma <= 1:
        raise ValueError(f"gamma = {gamma}: must be above 1")
    return float((maths.power(counts, gamma)).sum())


def dispersion_benefit(h_base: float, h_other: float, n_base: float, n_other: float, gamma: float) -> float | None:
    """Return by what share H fell through spreading alone; None without deals in one of the worlds.

    H moves with the number of deals too: with n deals in the same pattern it is proportional to n^gamma.
    That part is taken out: 1 - (H1 / H0) / (n1 / n0)^gamma.
    """
    if min(h_base, h_other, n_base, n_other) <= 0:
        return None
    return float(1.0 - (h_other / h_base) / math.pow(n_other / n_base, gamma))
