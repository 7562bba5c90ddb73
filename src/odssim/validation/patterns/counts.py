"""V1-V4, V12 and A45: patterns of a world without interventions, from what one run counts."""

from collections.abc import Mapping

import numpy as np

from odssim.core.types import Array
from odssim.observe.result import RunResult
from odssim.validation.patterns.findings import Value
from odssim.world.codes import Fate
from odssim.world.columns import SUBSTANCES

COUNTY_RESIDENTS = 2_310_000
EDGE_DAYS = 30
COUNTED = (
    "V1", "V2 density", "V2 stations", "V3", "V4 change", "V4 size", "V4 spread", "V12 sale", "V12 possession",
    "V12 use", "V12 deals", "A45 purchases", "A45 turnover", "A45 open", "A45 pay",
)  # fmt: skip
"""The rows that `measure` fills."""


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


def spending_by_buyer(ledger: Array) -> Array:
    """Return what each buyer with a purchase paid, öre, float64[buyers]."""
    bought = ledger[np.isin(ledger["fate"], (Fate.OPEN, Fate.HIDDEN))]
    _, buyer = np.unique(bought["buyer"], return_inverse=True)
    return np.bincount(buyer, weights=bought["pay_ore"])


def measure(result: RunResult) -> dict[str, Value]:
    """Return the value of every row of `COUNTED` in one run, which has kept its ledger."""
    residents = float(result.city.residents.sum()) * result.scenario.population_multiplier
    margin = result.scenario.parameters["selling.margin_share"]
    found: dict[str, Value] = dict(measure_counts(result.city_series, result.place_totals["open_deals"], residents, margin))
    scenes, ledger = result.scenes, result.ledger
    assert ledger is not None
    found["V2 stations"] = (float(sum(s.near_station for s in scenes)), float(len(scenes)))
    found["V3"] = top_share(spending_by_buyer(ledger))
    return found


def measure_counts(series: Mapping[str, Array], deals: Array, residents: float, margin_share: float) -> dict[str, float]:
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
    offences = {key: float(series[f"recorded_{key}"].sum()) for key in ("sale", "possession", "use")}
    recorded = max(1.0, sum(offences.values()))
    all_deals = float(series["open_deals"].sum() + series["hidden_deals"].sum())
    turnover = float(series["turnover_sek"].sum() + series["hidden_turnover_sek"].sum())
    county = COUNTY_RESIDENTS / residents * 365 / max(1, n_days)
    hours = max(1.0, float(series["seller_min"].sum()) / 60)
    changes = np.array([yearly_price_change(series[f"price_{name}_sek"]) for name in SUBSTANCES])
    return {
        "V1": concentration(deals),
        "V2 density": float(series["n_scenes"][-1]) / residents * 100_000,
        "V4 change": yearly_price_change(series["price_cannabis_sek"]),
        "V4 size": float(np.abs(changes[~np.isnan(changes)]).mean()) if not np.isnan(changes).all() else float("nan"),
        "V4 spread": float(series["price_cv_cannabis"].mean()),
        "V12 sale": offences["sale"] / recorded,
        "V12 possession": offences["possession"] / recorded,
        "V12 use": offences["use"] / recorded,
        "V12 deals": all_deals / max(1.0, offences["sale"]),
        "A45 purchases": all_deals * county / 1e6,
        "A45 turnover": turnover * county / 1e9,
        "A45 open": float(series["open_deals"].sum()) / max(1.0, all_deals),
        "A45 pay": float(series["turnover_sek"].sum()) * margin_share / hours,
    }
