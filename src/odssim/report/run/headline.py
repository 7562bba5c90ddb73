"""A run in a few plain sentences (`sums.table` has it in rows).

What is said is what the run shows: shares of nothing are left out, short runs are called short, and one run
alone is never said to show an effect.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from odssim.interventions import CATALOGUE
from odssim.language import LANGUAGES, language, say
from odssim.language.names import city_in_text, day_text, is_year, period
from odssim.language.written import capitalised, change, counted, in_words, joined, number, percent, rough
from odssim.observe.result import RunResult
from odssim.observe.scenes import DEALS_PER_DAY, NEAR_STATION_M, SHARE_OF_DAYS, WINDOW_DAYS
from odssim.report.run import sums


def headline(result: RunResult) -> list[str]:
    """Return six to nine sentences on a run, more with several interventions."""
    sentences = [
        _user_supplied(result), *idle_text(result.process), _open_market(result), _hidden_market(result), _scenes(result),
        _concentration(result), _police(result), _prices(result), _harm(result),
        *(_intervention(row) for row in result.process if not row.get("works_nowhere")), *cut_text(result.process),
        _what_one_run_cannot_tell(result),
    ]  # fmt: skip
    return [sentence for sentence in sentences if sentence]


def _user_supplied(result: RunResult) -> str:
    if result.scenario.known_activity is None:
        return ""
    return say("Initial beliefs are user-supplied: a private file of known activity set what people know at the start.")


def idle_text(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence per intervention of a run that works nowhere."""
    return [
        say("Intervention {id} ({type}) works nowhere: {why}.", id=row["id"], type=method(str(row["type"])),
            why=say(row["works_nowhere"]))
        for row in rows if row.get("works_nowhere")
    ]  # fmt: skip


def cut_text(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence per intervention of which its payer's budget cut some of the plan."""
    return [
        say("Intervention {id} is cut by its payer's budget ({payer}: {limit} SEK a day): planned for {plan} SEK, {cut} of"
            " them beyond the budget, delivered for {cost}.", id=row["id"], payer=say(row["payer"].replace("_", " ")),
            limit=number(row["budget_sek"]), plan=number(row["plan_sek"]), cut=number(row["cut_sek"]),
            cost=number(row["cost_sek"]))
        for row in rows if row.get("cut_sek")
    ]  # fmt: skip


def _span(result: RunResult) -> str:
    """Return "in the modelled year 2018", "in the 90 modelled days from 1 Jan 2018", ..."""
    days = result.days
    if len(days) == 1:
        return say("on the modelled day {day}", day=day_text(days[0]))
    if is_year(days):
        return say("in the modelled year {year}", year=period(days))
    return say("in the {n} modelled days from {day}", n=number(len(days)), day=day_text(days[0]))


def _open_market(result: RunResult) -> str:
    where, when = city_in_text(result.city.name), capitalised(_span(result))
    deals, open_deals = sums.all_deals(result), sums.total(result, "open_deals")
    if deals == 0:
        return say("{when}, nobody bought drugs in {where}.", when=when, where=where)
    if open_deals == 0:
        return say(
            "{when}, nobody in {where} bought drugs in the open; all {n} purchases a day went by phone and delivery.",
            when=when,
            where=where,
            n=number(deals / len(result.days)),
        )
    return say(
        "{when}, buyers in {where} bought drugs in the open {n} times a day: {share} of purchases.",
        when=when, where=where, n=number(open_deals / len(result.days)), share=percent(open_deals / deals),
    )  # fmt: skip


def _hidden_market(result: RunResult) -> str:
    hidden, money = sums.total(result, "hidden_deals"), sums.total(result, "turnover_sek")
    all_money = money + sums.total(result, "hidden_turnover_sek")
    if hidden == 0 or all_money == 0 or sums.total(result, "open_deals") == 0:
        return ""
    return say(
        "The other {n} a day went by phone and delivery; buyers paid {sum} SEK a day, {share} of it in the open.",
        n=number(hidden / len(result.days)),
        sum=number(all_money / len(result.days)),
        share=percent(money / all_money),
    )


def _scenes(result: RunResult) -> str:
    n, window = len(result.scenes), sums.scene_window_days(result)
    short = ""
    if window < WINDOW_DAYS:
        days = counted(window, "{n} day", "{n} days")
        short = say(", judged on {days} instead of {all}", days=days, all=WINDOW_DAYS)
    rule = say(
        "touching cells with at least {deals} open deals a day, and a deal on at least {share} of the days",
        deals=number(DEALS_PER_DAY),
        share=percent(SHARE_OF_DAYS),
    )
    if n == 0:
        return say("No place met the definition of an open drug scene at the end ({rule}){short}.", rule=rule, short=short)
    rate = ""
    if sums.residents(result) > 0:
        per, many = number(n / sums.residents(result) * 100_000), number(100_000)
        rate = say(", {per} per {many} inhabitants", per=per, many=many)
    near = sum(scene.near_station for scene in result.scenes)
    return say(
        "{places} met the definition of an open drug scene at the end ({rule}){short}{rate}; {near} within {metres} m"
        " of a metro or commuter station.",
        places=capitalised(counted(n, "{n} place", "{n} places")), rule=rule, short=short, rate=rate,
        near=_near_text(near, n), metres=number(NEAR_STATION_M),
    )  # fmt: skip


def _near_text(near: int, n: int) -> str:
    if n == 1:
        return say("it lies") if near else say("it does not lie")
    if near in (0, n):
        return (say("both lie") if n == 2 else say("all lie")) if near else say("none lies")
    return counted(near, "{n} lies", "{n} lie")


def _concentration(result: RunResult) -> str:
    cells = sums.cells_with_half(result)
    if cells == 0:
        return ""
    where = counted(cells, "{n} street cell", "{n} street cells")
    return say("At least half of the open deals took place in {where} of {n}.", where=where, n=number(result.city.n_places))


def _police(result: RunResult) -> str:
    deals, recorded = sums.all_deals(result), sums.total(result, "recorded_sale")
    if deals == 0:
        return ""
    arrests = counted(sums.total(result, "arrests"), "{n} arrest", "{n} arrests")
    if recorded == 0:
        return say(
            "Police recorded none of the {n} sales that took place, and made {arrests} of sellers.",
            n=number(deals),
            arrests=arrests,
        )
    return say(
        "Police recorded {sales}, about one for every {ratio} that took place, and made {arrests} of sellers.",
        sales=counted(recorded, "{n} sale", "{n} sales"),
        ratio=rough(deals / recorded),
        arrests=arrests,
    )


def _prices(result: RunResult) -> str:
    prices = sums.prices(result)
    if not prices:
        return ""
    known = [(say(p.substance), p.change_share) for p in prices if p.change_share is not None]
    if not known:
        listed = joined([f"{say(p.substance)} {number(p.mean_sek)}" for p in prices])
        return say("Sellers' median price, SEK a gram: {prices}; the run is too short to speak of change.", prices=listed)
    listed = joined([f"{substance} {change(share)}" for substance, share in known])
    window = sums.price_window_days(len(result.days))
    return say("Sellers' median price from the first {n} days to the last: {changes}.", n=window, changes=listed)


def _harm(result: RunResult) -> str:
    overdoses, deaths = sums.total(result, "overdoses"), sums.total(result, "deaths")
    fatal = ""
    if overdoses:
        fatal = say(", {n} of them fatal", n=in_words(deaths)) if deaths else say(", none of them fatal")
    started, quit_ = sums.total(result, "first_users"), sums.total(result, "quits")
    return say(
        "{overdoses}{fatal}; {people} began to use and {quit} quit.",
        overdoses=capitalised(counted(overdoses, "{n} overdose", "{n} overdoses")),
        fatal=fatal,
        people=counted(started, "{n} person", "{n} people"),
        quit=in_words(quit_) if quit_ else say("none"),
    )


def _intervention(row: Mapping[str, Any]) -> str:
    known = {"id": row["id"], "type": method(str(row["type"])), "cost": number(float(row["cost_sek"]))}
    planned = float(row["planned_min"])
    if planned == 0:
        return say("Intervention {id} ({type}): at a cost of {cost} SEK.", **known)
    delivered = float(row["delivered_min"])
    more = say(": some visits stay on after an incident") if delivered > planned else ""
    return say(
        "Intervention {id} ({type}): {planned} minutes on site planned, {delivered} delivered ({share}{more}),"
        " in {visits} of {planned_visits} visits, at a cost of {cost} SEK.",
        **known, planned=number(planned), delivered=number(delivered), share=percent(delivered / planned), more=more,
        visits=number(float(row["delivered_visits"])), planned_visits=number(float(row["planned_visits"])),
    )  # fmt: skip


def method(kind: str) -> str:
    """Return what a method of the catalogue is called in running text."""
    if language() != LANGUAGES[0]:
        label = CATALOGUE[kind].label(language())
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return kind.replace("_", " ")


def _what_one_run_cannot_tell(result: RunResult) -> str:
    """Return a hint at displacement: how open and hidden deals moved, and what it takes to know why."""
    hint = say("Effect and displacement need paired runs: odssim compare.")
    places, days = sorted(result.targets), len(result.days)
    idle = {row["id"] for row in result.process if row.get("works_nowhere")}
    for spec in (spec for spec in result.scenario.interventions if spec.id not in idle):
        at = result.open_deals_by_day[-days:, places].sum(axis=1) if places else None
        found = [
            () if values is None else sums.before_and_during(result, spec.id, values)
            for values in (at, result.city_series["open_deals"], result.city_series["hidden_deals"])
        ]
        there, deals, hidden = found
        if there is not None and deals and hidden:
            lengths = [sum(d < spec.start for d in result.days), sum(spec.start <= d < spec.end for d in result.days)]
            moved = sums.said_over_time(say("While {id} ran", id=spec.id), lengths, there, deals, hidden)
            return f"{moved} {hint}"
    return hint if result.scenario.interventions else ""
