"""The interval of a quotient of two normal numbers (Fieller 1954)."""

import math

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: an interval of 95 % reaches so many standard errors to both sides."""


def fieller_set(
    m: float, n: float, v_m: float, v_n: float, c_mn: float, quantile: float = Z_95
) -> tuple[float, float] | tuple[None, None]:
    """Return the Fieller interval of n / m; (None, None) if it is unbounded.

    `quantile`: of the normal distribution, or of Student's t where variances are estimated.
    """
    z2 = quantile * quantile
    a = m * m - z2 * v_m
    if a <= 0:
        return None, None
    b = m * n - z2 * c_mn
    root = math.sqrt(max(0.0, b * b - a * (n * n - z2 * v_n)))
    return (b - root) / a, (b + root) / a
