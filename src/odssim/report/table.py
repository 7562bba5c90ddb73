"""A run as rows of label and value, for a table in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from odssim.report import sums
from odssim.report.words import change, number, percent, rough

if TYPE_CHECKING:
    from odssim.observe.result import RunResult
from odssim.scenario.records import PAYERS

Rows = list[tuple[str, str]]
NOT_DEFINED = "-"


def table(result: RunResult) -> Rows:
    """Return (label, value) rows: market, prices, scenes, police, harm, cost."""
    return [
        *_market(result), *_prices(result), *_scenes(result), *_police(result), *_harm(result), *_cost(result)
    ]  # fmt: skip


def _share(part: float, whole: float) -> str:
    return percent(part / whole) if whole else NOT_DEFINED


def _market(result: RunResult) -> Rows:
    money = sums.per_day(result, "turnover_sek") + sums.per_day(result, "hidden_turnover_sek")
    needs = sums.total(result, "needs")
    return [
        ("Open deals a day", number(sums.per_day(result, "open_deals"))),
        ("Hidden deals a day", number(sums.per_day(result, "hidden_deals"))),
        ("Open share of purchases", _share(sums.total(result, "open_deals"), sums.all_deals(result))),
        ("Paid a day, open and hidden", f"{number(money)} SEK"),
        ("Needs given up after search", _share(sums.total(result, "failed_needs"), needs)),
        ("Needs done without by choice", _share(sums.total(result, "forgone_needs"), needs)),
        ("Buyers with a need a day", number(sums.per_day(result, "buyers_active"))),
        ("Sellers at work a day", number(sums.per_day(result, "sellers_active"))),
    ]


def _prices(result: RunResult) -> Rows:
    rows = []
    for price in sums.prices(result):
        moved = f" ({change(price.change_share)})" if price.change_share is not None else ""
        rows.append((f"Median price, {price.substance}", f"{number(price.mean_sek)} SEK/g{moved}"))
    return rows


def _scenes(result: RunResult) -> Rows:
    n, inhabitants = len(result.scenes), sums.residents(result)
    rate = number(n / inhabitants * 100_000) if inhabitants else NOT_DEFINED
    near = sum(scene.near_station for scene in result.scenes)
    return [
        ("Scenes at the end", f"{number(n)}, judged on {number(sums.scene_window_days(result))} days"),
        (f"Scenes per {number(100_000)} inhabitants", rate),
        ("Scenes near a station", _share(near, n)),
    ]


def _police(result: RunResult) -> Rows:
    recorded = sums.total(result, "recorded_sale")
    ratio = f"1 for {rough(sums.all_deals(result) / recorded)} sales" if recorded else NOT_DEFINED
    hours = sums.per_day(result, "guard_min") / 60
    return [
        ("Guardians on site a day", f"{number(hours)} hours"),
        ("Persons stopped", number(sums.total(result, "stops"))),
        ("Sellers arrested", number(sums.total(result, "arrests"))),
        ("Recorded sales", number(recorded)),
        ("Recorded sales against all sales", ratio),
        ("Recorded possession", number(sums.total(result, "recorded_possession"))),
        ("Recorded use", number(sums.total(result, "recorded_use"))),
        ("Tips from the public", number(sums.total(result, "tips"))),
    ]


def _harm(result: RunResult) -> Rows:
    return [
        ("Overdoses", number(sums.total(result, "overdoses"))),
        ("Deaths by overdose", number(sums.total(result, "deaths"))),
        ("New users", number(sums.total(result, "first_users"))),
    ]


def _cost(result: RunResult) -> Rows:
    if not result.scenario.interventions:
        return []
    paid = [
        (f"  borne by: {payer.replace('_', ' ')}", f"{number(sums.total(result, f'cost_{payer}_sek'))} SEK")
        for payer in PAYERS
        if sums.total(result, f"cost_{payer}_sek") > 0
    ]
    harm = ("Social cost of harm, apart", f"{number(sums.total(result, 'harm_cost_sek'))} SEK")
    return [("Cost of the interventions", f"{number(sums.total(result, 'cost_sek'))} SEK"), *paid, harm]
