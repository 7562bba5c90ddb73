"""How often each estimator's verdict rejects a true null, over treated x control places: ``make sizes``.

Counts are Poisson, or negative binomial at a design's default dispersion with months that hang together (AR 0.3 of a
normal score behind the gamma factor); places differ in level (coefficient of variation 0.6), and a place's surroundings
share its factor. Written to benchmarks/sizes.csv with the binomial standard error of every share.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from scipy.special import gammaincinv, ndtr

from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, CONTROL, TREATED, Panel, Plan, make_panel
from odssim.evaluation.estimators.registry import answer
from odssim.evaluation.lottery.over_places import complete

TREATED_PLACES, CONTROL_PLACES = (2, 3, 5, 10, 20), (10, 30, 100, 500)
LAWS = {"Poisson": 0.0, "negative binomial": 0.3}
EVERYWHERE = ("poisson_did", "wdd", "matched_control", "permutation", "ring")
"""nb_did, rirr and bounds have the verdict of poisson_did, placebo that of permutation (tested): they are not repeated."""
BY_TIME = ("before_after", "time_series")
"""Estimators without controls: tried in the cells with fewest of them."""
ALONE = ("exposure", "dose_response", "synthetic_control")
"""Estimators tried without surroundings, on a map."""
COLUMNS = ("law", "treated", "control", "estimator", "of", "panels", "size", "se")
CHUNK = 3_000_000
SCORES = np.linspace(-6, 6, 4001)


def panels(
    rng: np.random.Generator, n: int, treated: int, control: int, *, mean: float = 12.0, pre: int = 12, post: int = 12,
    dispersion: float = 0.3, correlation: float = 0.3, spread: float = 0.6, near: float = 0.5,
) -> Panel:  # fmt: skip
    """Counts of places without any effect; `near` is the surroundings' level over that of their place, 0 for none."""
    places, periods = treated + control, pre + post
    level = mean * (rng.gamma(spread**-2, spread**2, (n, places, 1)) if spread else np.ones((n, places, 1)))
    if dispersion:
        score = rng.normal(size=(n, places, periods))
        for t in range(1, periods):
            score[..., t] = correlation * score[..., t - 1] + np.sqrt(1 - correlation**2) * score[..., t]
        level = level * np.interp(score, SCORES, gammaincinv(1 / dispersion, ndtr(SCORES)) * dispersion)
    level = np.broadcast_to(level, (n, places, periods))
    area = np.where(np.arange(places) < treated, TREATED, CONTROL)
    if near:
        level = np.concatenate([level, near * level], axis=1)
        area = np.concatenate([area, np.where(area == TREATED, BUFFER, BUFFER_CONTROL)])
    return make_panel(rng.poisson(level), area, start=pre)


def plan_of(treated: int, control: int) -> Plan:
    """Return the analysis: complete randomisation, no exclusion."""
    return Plan(mechanism=complete(treated + control, treated), ring_edges_m=(), range_m=200.0)


def alone(panel: Panel, rng: np.random.Generator) -> Panel:
    """Return treated and control places alone, with distances."""
    inside = np.isin(panel.area[0], (TREATED, CONTROL))
    xy = rng.uniform(0, 8000, (int(inside.sum()), 2))
    between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    counts, area, dose = (values[:, inside] for values in (panel.counts, panel.area, panel.dose))
    return replace(panel, counts=counts, area=area, dose=dose, between_m=between)


def each_with_a_lot(panel: Panel, rng: np.random.Generator) -> Panel:
    """Return the panel with a lot for each replicate.

    Replicates share a map, and on one map a lot that leaves few controls far off rejects more often than another.
    """
    area = rng.permuted(panel.area, axis=1)
    return make_panel(panel.counts, area, start=panel.start, between_m=panel.between_m)


def rejected(name: str, panel: Panel, plan: Plan) -> Iterator[tuple[str, int]]:
    """Yield how many replicates are rejected, at the target, around it and in all; and given any verdict of an effect."""
    found = answer(name, panel, plan)
    for area, one in (("target", found.target), ("around", found.buffer), ("whole", found.overall)):
        if one is not None:
            yield area, int(one.rejected.sum())
    claims = ~np.isin(found.verdict, ("no effect shown", "no answer"))
    yield "verdict", int(claims.sum())


def cell(law: str, treated: int, control: int, n: int, names: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """Return the rows of one cell of the grid; of all estimators if none is named."""
    names = names or (*EVERYWHERE, *(BY_TIME if control == CONTROL_PLACES[0] else ()), *ALONE)
    rng, of_map, lots = (np.random.default_rng([key, treated, control, int(100 * LAWS[law])]) for key in (7, 8, 9))
    size = max(1, CHUNK // (2 * (treated + control) * 24))
    counts: Counter[tuple[str, str]] = Counter()
    for first in range(0, n, size):
        panel = panels(rng, min(size, n - first), treated, control, dispersion=LAWS[law])
        single = alone(panel, of_map)
        given = dict.fromkeys(ALONE, single) | {"exposure": each_with_a_lot(single, lots)}
        for name in names:
            for area, k in rejected(name, given.get(name, panel), plan_of(treated, control)):
                counts[name, area] += k
    rows: list[dict[str, object]] = []
    for (name, area), k in counts.items():
        se = np.sqrt(max(k, 1) * max(n - k, 1) / n**3)
        head = {"law": law, "treated": treated, "control": control, "estimator": name, "of": area, "panels": n}
        rows.append(head | {"size": round(k / n, 4), "se": round(float(se), 4)})
    return rows


def _cell(task: tuple[str, int, int, int, tuple[str, ...]]) -> list[dict[str, object]]:
    return cell(*task)


def main() -> None:
    """Try the whole grid and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--panels", type=int, default=4000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path, default=Path("benchmarks/sizes.csv"))
    options.add_argument("--only", nargs="+", default=(), metavar="ESTIMATOR", help="these and no others")
    asked = options.parse_args()
    cells = [(law, m, n, asked.panels, tuple(asked.only)) for n in CONTROL_PLACES for m in TREATED_PLACES for law in LAWS]
    begun, rows = time.monotonic(), []
    with Pool(asked.workers) as pool, asked.out.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for found in pool.imap(_cell, cells):
            rows += found
            table.writerows(found)
            file.flush()
    for name in dict.fromkeys(row["estimator"] for row in rows):
        worst = max((row for row in rows if row["estimator"] == name), key=lambda row: row["size"])
        print(
            f"{name:18} at most {worst['size']:.4f} (se {worst['se']:.4f}): {worst['of']}, {worst['treated']}+"
            f"{worst['control']}, {worst['law']}"
        )
    print(f"{asked.out}: {len(cells)} cells of {asked.panels} panels, {(time.monotonic() - begun) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
