"""When enough replicates have been run to state a power: a rule that stays valid however often one looks.

After batch k the exact interval (Clopper and Pearson) at alpha_k = 6 alpha / (pi^2 k^2) is looked at; the alphas
sum to alpha, so that all intervals hold together (Gandy 2009, Journal of the American Statistical Association 104,
has the idea).
"""

import math
from dataclasses import dataclass

from scipy.special import betaincinv


def clopper_pearson(successes: int, n: int, alpha: float = 0.05) -> tuple[float, float]:
    """Return the exact interval of a proportion."""
    low = 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, alpha / 2.0))
    high = 1.0 if successes == n else float(betaincinv(successes + 1, n - successes, 1.0 - alpha / 2.0))
    return low, high


def alpha_of_look(k: int, alpha: float = 0.05) -> float:
    """Return the share of alpha spent at the k-th look, k from 1."""
    return 6.0 * alpha / (math.pi**2 * k**2)


@dataclass(frozen=True)
class Look:
    """What the k-th look at a proportion says."""

    alpha: float
    low: float
    high: float
    stop: bool


def look(
    k: int, successes: int, n: int, *, target: float | None = None, half_width: float = 0.0, alpha: float = 0.05
) -> Look:
    """Return the k-th look: stop if the interval leaves the target out, or is no wider than wanted."""
    spent = alpha_of_look(k, alpha)
    low, high = clopper_pearson(successes, n, spent)
    decided = target is not None and not low <= target <= high
    return Look(spent, low, high, decided or (high - low) / 2.0 <= half_width)
