"""A run in a few plain sentences (`table` has it in rows).

What is said is what the run shows: shares of nothing are left out, short runs are called short, and one run
alone is never said to show an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from odssim.observe.scenes import DEALS_PER_DAY, NEAR_STATION_M, SHARE_OF_DAYS, WINDOW_DAYS
from odssim.report import sums
from odssim.report.table import table
from odssim.report.words import (
    capitalised,
    change,
    city_in_text,
    counted,
    day_text,
    in_words,
    is_year,
    joined,
    number,
    percent,
    period,
    rough,
)

__all__ = ["headline", "table"]

if TYPE_CHECKING:
    from odssim.observe.result import RunResult


def headline(result: RunResult) -> list[str]:
    """Return six to nine sentences on a run, more with several interventions."""
    sentences = [
        _open_market(result), _hidden_market(result), _scenes(result), _concentration(result),
        _police(result), _prices(result), _harm(result),
        *(_intervention(row) for row in result.process), _what_one_run_cannot_tell(result),
    ]  # fmt: skip
    return [sentence for sentence in sentences if sentence]


def _span(result: RunResult) -> str:
    """Return "in the modelled year 2018", "in the 90 modelled days from 1 Jan 2018", ..."""
    days = result.days
    if len(days) == 1:
        return f"on the modelled day {day_text(days[0])}"
    if is_year(days):
        return f"in the modelled year {period(days)}"
    return f"in the {number(len(days))} modelled days from {day_text(days[0])}"


def _open_market(result: RunResult) -> str:
    where = city_in_text(result.city.name)
    deals, open_deals = sums.all_deals(result), sums.total(result, "open_deals")
    if deals == 0:
        return f"{capitalised(_span(result))}, nobody bought drugs in {where}."
    if open_deals == 0:
        a_day = number(deals / len(result.days))
        return (
            f"{capitalised(_span(result))}, nobody in {where} bought drugs in the open; "
            f"all {a_day} purchases a day went by phone and delivery."
        )
    return (
        f"{capitalised(_span(result))}, buyers in {where} bought drugs in the open "
        f"{number(open_deals / len(result.days))} times a day: {percent(open_deals / deals)} of purchases."
    )


def _hidden_market(result: RunResult) -> str:
    hidden, money = sums.total(result, "hidden_deals"), sums.total(result, "turnover_sek")
    all_money = money + sums.total(result, "hidden_turnover_sek")
    if hidden == 0 or all_money == 0 or sums.total(result, "open_deals") == 0:
        return ""
    return (
        f"The other {number(hidden / len(result.days))} a day went by phone and delivery; buyers paid "
        f"{number(all_money / len(result.days))} SEK a day, {percent(money / all_money)} of it in the open."
    )


def _scenes(result: RunResult) -> str:
    n, window = len(result.scenes), sums.scene_window_days(result)
    short = f", judged on {counted(window, 'day')} instead of {WINDOW_DAYS}" if window < WINDOW_DAYS else ""
    rule = (
        f"touching cells with at least {DEALS_PER_DAY:g} open deals a day, and a deal on at least "
        f"{percent(SHARE_OF_DAYS)} of the days"
    )
    if n == 0:
        return f"No place met the definition of an open drug scene at the end ({rule}){short}."
    rate = ""
    if sums.residents(result) > 0:
        rate = f", {number(n / sums.residents(result) * 100_000)} per {number(100_000)} inhabitants"
    near = sum(scene.near_station for scene in result.scenes)
    return (
        f"{capitalised(counted(n, 'place'))} met the definition of an open drug scene at the end ({rule})"
        f"{short}{rate}; {_near_text(near, n)} within {NEAR_STATION_M:g} m of a metro or commuter station."
    )


def _near_text(near: int, n: int) -> str:
    if n == 1:
        return "it lies" if near else "it does not lie"
    if near in (0, n):
        return ("both lie" if n == 2 else "all lie") if near else "none lies"
    return f"{in_words(near)} {'lies' if near == 1 else 'lie'}"


def _concentration(result: RunResult) -> str:
    cells = sums.cells_with_half(result)
    if cells == 0:
        return ""
    all_cells = number(result.city.n_places)
    return f"At least half of the open deals took place in {counted(cells, 'street cell')} of {all_cells}."


def _police(result: RunResult) -> str:
    deals, recorded = sums.all_deals(result), sums.total(result, "recorded_sale")
    if deals == 0:
        return ""
    arrests = f"made {counted(sums.total(result, 'arrests'), 'arrest')} of sellers"
    if recorded == 0:
        return f"Police recorded none of the {number(deals)} sales that took place, and {arrests}."
    return (
        f"Police recorded {counted(recorded, 'sale')}, about one for every {rough(deals / recorded)} that "
        f"took place, and {arrests}."
    )


def _prices(result: RunResult) -> str:
    prices = sums.prices(result)
    if not prices:
        return ""
    known = [(p.substance, p.change_share) for p in prices if p.change_share is not None]
    if not known:
        parts = [f"{p.substance} {number(p.mean_sek)}" for p in prices]
        return f"Sellers' median price, SEK a gram: {joined(parts)}; the run is too short to speak of change."
    window = sums.price_window_days(len(result.days))
    parts = [f"{substance} {change(share)}" for substance, share in known]
    return f"Sellers' median price from the first {window} days to the last: {joined(parts)}."


def _harm(result: RunResult) -> str:
    overdoses, deaths = sums.total(result, "overdoses"), sums.total(result, "deaths")
    fatal = f", {in_words(deaths) if deaths else 'none'} of them fatal" if overdoses else ""
    started, quit_ = sums.total(result, "first_users"), sums.total(result, "quits")
    return (
        f"{capitalised(counted(overdoses, 'overdose'))}{fatal}; {counted(started, 'person', 'people')} "
        f"began to use and {in_words(quit_) if quit_ else 'none'} quit."
    )


def _intervention(row: Mapping[str, Any]) -> str:
    name = f"Intervention {row['id']} ({str(row['type']).replace('_', ' ')})"
    cost = f"at a cost of {number(float(row['cost_sek']))} SEK"
    planned = float(row["planned_min"])
    if planned == 0:
        return f"{name}: {cost}."
    delivered = float(row["delivered_min"])
    more = ": some visits stay on after an incident" if delivered > planned else ""
    return (
        f"{name}: {number(planned)} minutes on site planned, {number(delivered)} delivered "
        f"({percent(delivered / planned)}{more}), in {number(float(row['delivered_visits']))} of "
        f"{number(float(row['planned_visits']))} visits, {cost}."
    )


def _what_one_run_cannot_tell(result: RunResult) -> str:
    """Return a hint at displacement: how open and hidden deals moved, and what it takes to know why."""
    for spec in result.scenario.interventions:
        parts = []
        for outcome, noun in (("open_deals", "open deals"), ("hidden_deals", "hidden deals")):
            means = sums.before_and_during(result, spec.id, outcome)
            if means is not None and means[0] > 0:
                parts.append(f"{noun} {change(means[1] / means[0] - 1)}")
        if parts:
            return (
                f"While {spec.id} ran, against the days before: {joined(parts)} in the whole city; season "
                "and chance are in this. Effect and displacement need paired runs: odssim compare."
            )
    if result.scenario.interventions:
        return "Effect and displacement need paired runs: odssim compare."
    return ""
