"""Street robbery from routine activities, after Groff (2007): the more time away from home, the more robbery.

Source: E. R. Groff, "Simulation for theory testing and experimentation: an example using routine activity theory
and street robbery", Journal of Quantitative Criminology 23 (2007) 75-103. Its kernel: an offender and at least
one other civilian meet at a node of the street network where no police are; guardianship G = N - 2 + a perceived
part of -2..2 stops him unless G < 1; the target is suitable if its wealth less the offender's plus a perceived part
of -1..1 is at least 0; he takes one unit and waits an hour. Civilians are away from home for a share of time that
is set; each has an odd week of pay.

Here: nodes on a torus instead of Seattle's streets, a random walk as in its "simple" version, a week instead of a year
(assumption). Civilians are rows, moved one minute at a time; which of several offenders at a node acts is drawn.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from odssim.analysis.statistics.intervals import mean_estimate
from odssim.core.types import Array
from odssim.validation.presets.preset import Preset, Progress, Table

SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Time away from home, as in the paper."""
SIDE = 60
CIVILIANS, POLICE = 1000, 50
OFFENDER_SHARE = 0.2
START_WEALTH, PAY, PAY_EVERY_MIN = 50, 5, 2 * 7 * 1440
TAKES, RESTS_MIN = 1, 60
TRIP_MIN = 60
"""Mean stay out at a time, minutes (assumption); the paper gives each a share of the day."""
DAYS = 3
SEEDS = 5


def robberies(away_share: float, seed: int, days: int = DAYS) -> int:
    """Return the robberies of one run.

    `away_share`: share of time that a civilian is away from home, 0 to 1.
    """
    rng = np.random.default_rng([seed, round(1000 * away_share)])
    at = rng.integers(0, SIDE, (CIVILIANS, 2))
    home, police = at.copy(), rng.integers(0, SIDE, (POLICE, 2))
    offender = np.arange(CIVILIANS) < OFFENDER_SHARE * CIVILIANS
    wealth = np.full(CIVILIANS, START_WEALTH)
    payday = rng.integers(0, PAY_EVERY_MIN, CIVILIANS)
    out, ready = rng.random(CIVILIANS) < away_share, np.zeros(CIVILIANS, dtype=np.int64)
    leave, back = away_share / (1 - away_share) / TRIP_MIN, 1 / TRIP_MIN
    total = 0
    for t in range(days * 1440):
        turn = rng.random(CIVILIANS)
        out = np.where(out, turn >= back, turn < leave)
        at = np.where(out[:, None], (at + rng.integers(-1, 2, at.shape)) % SIDE, home)
        police = (police + rng.integers(-1, 2, police.shape)) % SIDE
        wealth = wealth + PAY * (t % PAY_EVERY_MIN == payday)
        total += rob(rng, t, at, police, out, offender & (ready <= t), wealth, ready)
    return total


def rob(rng: Any, t: int, at: Array, police: Array, out: Array, motivated: Array, wealth: Array, ready: Array) -> int:
    """Let each node with a motivated offender have at most one robbery; move the wealth, return their number."""
    node = at[:, 0] * SIDE + at[:, 1]
    n_out = np.bincount(node[out], minlength=SIDE * SIDE)
    watched = np.zeros(SIDE * SIDE, dtype=bool)
    watched[police[:, 0] * SIDE + police[:, 1]] = True
    count = 0
    for n in np.unique(node[out & motivated]):
        if watched[n] or n_out[n] < 2:
            continue
        here = np.flatnonzero(out & (node == n))
        robber = int(rng.choice(here[motivated[here]]))
        others = here[here != robber]
        victim = int(rng.choice(others))
        guardianship = len(here) - 2 + rng.integers(-2, 3)
        suitable = wealth[victim] - wealth[robber] + rng.integers(-1, 2) >= 0
        if guardianship < 1 and suitable and wealth[victim] >= TAKES:
            wealth[victim] -= TAKES
            wealth[robber] += TAKES
            ready[robber] = t + RESTS_MIN
            count += 1
    return count


def run(seeds: int = SEEDS, progress: Progress | None = None) -> Table:
    """Return robberies per 1,000 civilians and day for each share of time away from home."""
    rows: list[dict[str, Any]] = []
    for i, share in enumerate(SHARES):
        rates = []
        for seed in range(1, seeds + 1):
            rates.append(1000 * robberies(share, seed) / (CIVILIANS * DAYS))
            if progress is not None:
                progress(i * seeds + seed, len(SHARES) * seeds)
        found = mean_estimate(rates, least=0.0)
        rows.append({"away_share": share, "robberies": found.value, "low": found.low, "high": found.high, "n_seeds": seeds})
    values = [row["robberies"] for row in rows]
    return Table(
        "Robberies per 1,000 civilians and day, by share of time away from home", tuple(rows), "away_share",
        "robberies", "rises with the time away from home", all(a < b for a, b in pairwise(values)),
        "Groff 2007", "low", "high",
    )  # fmt: skip


PRESET = Preset("groff", "street robbery from routine activities: rises with time away from home", SEEDS, run)
