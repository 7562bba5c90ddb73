"""Validation: patterns of real markets beside what the model makes of them. Reported, not yet gating.

Bands and sources are rows of the project's table of facts (C.., A.., B..), gathered in docs/facts.md; a
pattern that only restates an input says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from odssim.engine.run import run_scenario
from odssim.observe.result import RunResult
from odssim.scenario.records import Scenario
from odssim.world.codes import F_HIDDEN, F_OPEN

Array = np.ndarray[Any, Any]
PER_100K = {"stockholm-city": (0.6, 1.7), "stockholm-county": (1.4, 3.0)}
"""Band of open drug scenes per 100,000 inhabitants, by city (C4; V2)."""
COUNTY_RESIDENTS = 2_310_000
EDGE_DAYS = 30


@dataclass(frozen=True)
class Pattern:
    """One pattern: value per seed averaged, the spread over seeds, the band and the verdict."""

    id: str
    pattern: str
    value: float
    low_seed: float
    high_seed: float
    band_low: float
    band_high: float
    verdict: str
    kind: str
    source: str


def concentration(deals: Array) -> float:
    """Return the share of active places that hold half of the deals (V1); NaN without deals."""
    active = np.sort(deals[deals > 0])[::-1]
    if len(active) == 0:
        return float("nan")
    needed = int(np.searchsorted(np.cumsum(active), active.sum() / 2)) + 1
    return needed / len(active)


def top_share(spending: Array, share: float = 0.2) -> float:
    """Return what the top `share` of those with any purchase hold of all spending (V3)."""
    amounts = np.sort(spending[spending > 0])[::-1]
    if len(amounts) == 0:
        return float("nan")
    return float(amounts[: max(1, round(share * len(amounts)))].sum() / amounts.sum())


def yearly_price_change(prices: Array) -> float:
    """Return the change of the median price from the first to the last 30 days, per year (V4)."""
    edge = min(EDGE_DAYS, len(prices) // 2)
    if edge == 0:
        return float("nan")
    change = prices[-edge:].mean() / prices[:edge].mean() - 1.0
    return float(change * 365 / max(1, len(prices) - edge))


def measure(result: RunResult) -> dict[str, float]:
    """Return the value of every pattern in one run, which has kept its ledger."""
    residents = float(result.city.residents.sum()) * result.scenario.population_multiplier
    margin = result.scenario.parameters["selling.margin_share"]
    found = measure_counts(result.city_series, result.place_totals["open_deals"], residents, margin)
    scenes, ledger = result.scenes, result.ledger
    assert ledger is not None
    bought = ledger[np.isin(ledger["fate"], (F_OPEN, F_HIDDEN))]
    _, buyer = np.unique(bought["buyer"], return_inverse=True)
    found["V2 stations"] = float(np.mean([s.near_station for s in scenes])) if scenes else float("nan")
    found["V3"] = top_share(np.bincount(buyer, weights=bought["pay_ore"]))
    return found


def measure_counts(
    series: Mapping[str, Array], deals: Array, residents: float, margin_share: float
) -> dict[str, float]:
    """Return the patterns that daily counts and totals per place give.

    Parameters
    ----------
    series
        City-wide value per day of every outcome, float64[days].
    deals
        Open deals per place over the run.
    residents
        Residents that the market stands for.
    margin_share
        The parameter ``selling.margin_share``.
    """
    n_days = len(series["open_deals"])
    offences = {key: series[f"recorded_{key}"].sum() for key in ("sale", "possession", "use")}
    recorded = max(1.0, sum(offences.values()))
    all_deals = series["open_deals"].sum() + series["hidden_deals"].sum()
    turnover = series["turnover_sek"].sum() + series["hidden_turnover_sek"].sum()
    county = COUNTY_RESIDENTS / residents * 365 / max(1, n_days)
    hours = max(1.0, series["seller_min"].sum() / 60)
    return {
        "V1": concentration(deals),
        "V2 density": float(series["n_scenes"][-1]) / residents * 100_000,
        "V4 change": yearly_price_change(series["price_median_sek"]),
        "V4 spread": float(series["price_cv"].mean()),
        "V12 sale": offences["sale"] / recorded,
        "V12 possession": offences["possession"] / recorded,
        "V12 use": offences["use"] / recorded,
        "V12 deals": all_deals / max(1.0, offences["sale"]),
        "A45 purchases": all_deals * county / 1e6,
        "A45 turnover": turnover * county / 1e9,
        "A45 open": series["open_deals"].sum() / max(1.0, all_deals),
        "A45 pay": series["turnover_sek"].sum() * margin_share / hours,
    }


def bands(city: str) -> list[tuple[str, str, float, float, str, str]]:
    """Return (id, pattern, low, high, kind, source) of each pattern."""
    low, high = PER_100K.get(city, (0.6, 3.0))
    return [
        ("V1", "share of cells holding half of a year's open deals", 0.01, 0.06, "emergent", "C9, C10"),
        ("V2 density", "open drug scenes per 100,000 inhabitants", low, high, "emergent", "C4"),
        ("V2 stations", "share of scenes within 300 m of a station", 0.7, 1.0, "emergent", "C5"),
        ("V3", "top fifth of active users' share of spending", 0.65, 0.9, "input check", "A15"),
        ("V4 change", "yearly change of the median price, no shock", -0.1, 0.1, "emergent", "B3"),
        ("V4 spread", "coefficient of variation of sellers' prices", 0.2, 0.5, "input check", "B2"),
        ("V12 sale", "sale among recorded offences", 0.05, 0.14, "calibrated", "A39"),
        ("V12 possession", "possession among recorded offences", 0.35, 0.48, "calibrated", "A39"),
        ("V12 use", "own use among recorded offences", 0.43, 0.55, "calibrated", "A39"),
        ("V12 deals", "deals per recorded sale", 700, 4000, "calibrated", "A40"),
        ("A45 purchases", "purchases a year at county scale, million", 3.5, 6.5, "identity", "A45"),
        ("A45 turnover", "turnover a year at county scale, bn SEK", 1.2, 2.6, "identity", "A45"),
        ("A45 open", "open share of purchases", 0.08, 0.25, "identity", "A45"),
        ("A45 pay", "income per seller's hour in the open, SEK", 100, 700, "identity", "A45"),
    ]


def validate(
    scenario: Scenario, *, seeds: int = 3, progress: Callable[[int, int], None] | None = None
) -> list[Pattern]:
    """Run `seeds` seeds of a scenario and set every pattern beside its band.

    Parameters
    ----------
    progress
        Called with (days done, days in all) over all seeds.
    """
    values: list[dict[str, float]] = []
    length = scenario.burn_in_days + scenario.days

    for i in range(seeds):

        def step(done: int, _total: int, i: int = i) -> None:
            if progress is not None:
                progress(i * length + done, seeds * length)

        run = run_scenario(replace(scenario, seed=scenario.seed + i), ledger=True, progress=step)
        values.append(measure(run))
    rows = []
    for key, text, low, high, kind, source in bands(str(scenario.city)):
        each = np.array([v[key] for v in values])
        mean = float(each.mean())
        verdict = "inside" if low <= mean <= high else "falls short"
        rows.append(
            Pattern(key, text, mean, float(each.min()), float(each.max()), low, high, verdict, kind, source)
        )
    return rows
