"""A run as rows of label and value, for a table in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from odssim.language import say
from odssim.report import sums
from odssim.report.words import change, number, percent, rough
from odssim.scenario.records import PAYERS

if TYPE_CHECKING:
    from odssim.observe.result import RunResult

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
        (say("Open deals a day"), number(sums.per_day(result, "open_deals"))),
        (say("Hidden deals a day"), number(sums.per_day(result, "hidden_deals"))),
        (say("Open share of purchases"), _share(sums.total(result, "open_deals"), sums.all_deals(result))),
        (say("Paid a day, open and hidden"), f"{number(money)} SEK"),
        (say("Needs given up after search"), _share(sums.total(result, "failed_needs"), needs)),
        (say("Needs done without by choice"), _share(sums.total(result, "forgone_needs"), needs)),
        (say("Buyers with a need a day"), number(sums.per_day(result, "buyers_active"))),
        (say("Sellers at work a day"), number(sums.per_day(result, "sellers_active"))),
    ]


def _prices(result: RunResult) -> Rows:
    rows = []
    for price in sums.prices(result):
        moved = f" ({change(price.change_share)})" if price.change_share is not None else ""
        label = say("Median price, {substance}", substance=say(price.substance))
        rows.append((label, f"{number(price.mean_sek)} SEK/g{moved}"))
    return rows


def _scenes(result: RunResult) -> Rows:
    n, inhabitants = len(result.scenes), sums.residents(result)
    rate = number(n / inhabitants * 100_000) if inhabitants else NOT_DEFINED
    near = sum(scene.near_station for scene in result.scenes)
    judged = say("{n}, judged on {days} days", n=number(n), days=number(sums.scene_window_days(result)))
    return [
        (say("Scenes at the end"), judged),
        (say("Scenes per {many} inhabitants", many=number(100_000)), rate),
        (say("Scenes near a station"), _share(near, n)),
    ]


def _police(result: RunResult) -> Rows:
    recorded = sums.total(result, "recorded_sale")
    ratio = say("1 for {n} sales", n=rough(sums.all_deals(result) / recorded)) if recorded else NOT_DEFINED
    hours = sums.per_day(result, "guard_min") / 60
    return [
        (say("Guardians on site a day"), say("{n} hours", n=number(hours))),
        (say("Persons stopped"), number(sums.total(result, "stops"))),
        (say("Sellers arrested"), number(sums.total(result, "arrests"))),
        (say("Recorded sales"), number(recorded)),
        (say("Recorded sales against all sales"), ratio),
        (say("Recorded possession"), number(sums.total(result, "recorded_possession"))),
        (say("Recorded use"), number(sums.total(result, "recorded_use"))),
        (say("Tips from the public"), number(sums.total(result, "tips"))),
    ]


def _harm(result: RunResult) -> Rows:
    return [
        (say("Overdoses"), number(sums.total(result, "overdoses"))),
        (say("Deaths by overdose"), number(sums.total(result, "deaths"))),
        (say("New users"), number(sums.total(result, "first_users"))),
    ]


def _cost(result: RunResult) -> Rows:
    if not result.scenario.interventions:
        return []
    paid = [
        (
            say("  borne by: {payer}", payer=say(payer.replace("_", " "))),
            f"{number(sums.total(result, f'cost_{payer}_sek'))} SEK",
        )
        for payer in PAYERS
        if sums.total(result, f"cost_{payer}_sek") > 0
    ]
    harm = (say("Social cost of harm, apart"), f"{number(sums.total(result, 'harm_cost_sek'))} SEK")
    return [(say("Cost of the interventions"), f"{number(sums.total(result, 'cost_sek'))} SEK"), *paid, harm]
