"""Sentences for numbers made by hand: exact words, nothing false on empty or short runs."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from odssim.city import City
from odssim.observe.result import RunResult
from odssim.report.run import sums
from odssim.report.run.headline import headline
from odssim.report.run.sums import table
from report.make import PRICES_SEK, START, day, intervention, plain, result

RULE = "(touching cells with at least 5 open deals a day, and a deal on at least 80 % of the days)"
METRO = 1


def said(run: RunResult) -> list[str]:
    return [plain(sentence) for sentence in headline(run)]


def year(city: City) -> RunResult:
    """365 equal days: 150 open deals at one metro station and 16 apart from it, 834 hidden deals."""
    station = int(np.flatnonzero(city.place_type == METRO)[0])
    far = int(np.argmax(city.place_station_min))
    places = {
        "open_deals": {station: 150, far: 16}, "turnover_ore": {station: 3_000_000},
        "recorded_sale": {station: 1}, "arrests": {station: 2}, "police_min": {station: 90},
    }  # fmt: skip
    counts = {
        "hidden_deals": 834, "hidden_ore": 12_000_000, "needs": 1250, "failed_needs": 125, "overdoses": 1,
        "first_users": 20, "quits": 19, "sellers_active": 300,
    }  # fmt: skip
    days = [day(places, counts, cost_sek=0.0) for _ in range(365)]
    days[-1] = day(places, counts | {"deaths": 1}, np.array(PRICES_SEK) * 1.28)
    return result(city, days)


def test_sentences_of_a_year(town: City) -> None:
    assert said(year(town)) == [
        "In the modelled year 2018, buyers in the teaching town bought drugs in the open 166 times a day: "
        "17 % of purchases.",
        "The other 834 a day went by phone and delivery; buyers paid 150 000 SEK a day, 20 % of it in the open.",
        f"Two places met the definition of an open drug scene at the end {RULE}, 10 per 100 000 inhabitants; "
        "one lies within 300 m of a metro or commuter station.",
        "At least half of the open deals took place in one street cell of 1 364.",
        "Police recorded 365 sales, about one for every 1 000 that took place, and made 730 arrests of sellers.",
        "Sellers' median price from the first 28 days to the last: cannabis +1 %, amphetamine +1 %, "
        "cocaine +1 % and heroin +1 %.",
        "365 overdoses, one of them fatal; 7 300 people began to use and 6 935 quit.",
    ]


def test_rows_of_a_year(town: City) -> None:
    rows = {plain(label): plain(value) for label, value in table(year(town))}
    assert rows["Open deals a day"] == "166"
    assert rows["Open share of purchases"] == "17 %"
    assert rows["Paid a day, open and hidden"] == "150 000 SEK"
    assert rows["Needs given up after search"] == "10 %"
    assert rows["Median price, cannabis"] == "110 SEK/g (+1 %)"
    assert rows["Scenes at the end"] == "2, judged on 90 days"
    assert rows["Scenes per 100 000 inhabitants"] == "10"
    assert rows["Scenes near a station"] == "50 %"
    assert rows["Guardians on site a day"] == "1.5 hours"
    assert rows["Recorded sales against all sales"] == "1 for 1 000 sales"
    assert rows["Deaths by overdose"] == "1"
    assert "Cost of the interventions" not in rows


def test_nothing_happened_on_one_day(town: City) -> None:
    run = result(town, [day(prices_sek=[np.nan] * 4)])
    assert said(run) == [
        "On the modelled day 1 Jan 2018, nobody bought drugs in the teaching town.",
        f"No place met the definition of an open drug scene at the end {RULE}, judged on one day instead of 90.",
        "No overdoses; no people began to use and none quit.",
    ]
    rows = {plain(label): value for label, value in table(run)}
    assert rows["Open share of purchases"] == rows["Scenes near a station"] == "-"


def test_short_run_without_open_deals(town: City) -> None:
    run = result(town, [day(city={"hidden_deals": 35}) for _ in range(13)])
    assert said(run) == [
        "In the 13 modelled days from 1 Jan 2018, nobody in the teaching town bought drugs in the open; "
        "all 35 purchases a day went by phone and delivery.",
        f"No place met the definition of an open drug scene at the end {RULE}, judged on 13 days instead of 90.",
        "Police recorded none of the 455 sales that took place, and made no arrests of sellers.",
        "Sellers' median price, SEK a gram: cannabis 110, amphetamine 220, cocaine 900 and heroin 850; "
        "the run is too short to speak of change.",
        "No overdoses; no people began to use and none quit.",
    ]


def test_days_of_the_burn_in_count_for_the_scenes(town: City) -> None:
    busy = [day({"open_deals": {40: 9}}) for _ in range(90)]
    run = result(town, busy[:10], past=busy[10:])
    sentence = said(run)[1]
    assert "instead of" not in sentence
    assert sentence.startswith(f"One place met the definition of an open drug scene at the end {RULE}, 5 per")


@pytest.mark.parametrize(
    ("n_far", "n_near", "words"),
    [
        (0, 1, "it lies"), (1, 0, "it does not lie"), (0, 2, "both lie"), (2, 0, "none lies"),
        (1, 1, "one lies"), (1, 2, "two lie"), (0, 3, "all lie"),
    ],
)  # fmt: skip
def test_scenes_near_stations(town: City, n_far: int, n_near: int, words: str) -> None:
    run = result(town, [day()])
    metres = run.metres_to_station
    near = [int(p) for p in np.flatnonzero(metres < 250)]
    far = [int(p) for p in np.flatnonzero(metres > 400)]
    places = [*apart(town, near, n_near), *apart(town, far, n_far)]
    busy = result(town, [day({"open_deals": dict.fromkeys(places, 9)}) for _ in range(3)])
    assert len(busy.scenes) == n_far + n_near
    assert f"; {words} within 300 m of a metro or commuter station." in said(busy)[2 - 1]


def apart(city: City, places: list[int], n: int) -> list[int]:
    """The first `n` of the places that do not touch each other."""
    chosen: list[int] = []
    for place in places:
        row, col = divmod(int(city.place_cell[place]), city.width)
        others = [divmod(int(city.place_cell[p]), city.width) for p in chosen]
        if len(chosen) < n and all(max(abs(row - r), abs(col - c)) > 3 for r, c in others):
            chosen.append(place)
    return chosen


def patrolled(city: City) -> RunResult:
    spec = intervention(START + timedelta(days=10), date(2018, 6, 1))
    days = [day({"open_deals": {7: 20 if d < 10 else 15}}, {"hidden_deals": 100}) for d in range(20)]
    process = [
        {"id": "patrol", "type": "fifteen_minute_patrol", "planned_min": 10_920, "delivered_min": 10_105,
         "planned_visits": 730, "delivered_visits": 728, "cost_sek": 1_204_000.0},
        {"id": "eyes", "type": "cameras", "planned_min": 0, "delivered_min": 0, "planned_visits": 0,
         "delivered_visits": 0, "cost_sek": 50_000.0},
    ]  # fmt: skip
    return result(city, days, interventions=[spec], process=process)


def test_interventions_planned_and_delivered(town: City) -> None:
    assert said(patrolled(town))[-3:] == [
        "Intervention patrol (fifteen minute patrol): 10 920 minutes on site planned, 10 105 delivered "
        "(93 %), in 728 of 730 visits, at a cost of 1.2 million SEK.",
        "Intervention eyes (cameras): at a cost of 50 000 SEK.",
        "While patrol ran, against the days before: open deals in the whole city -25 %; by phone and delivery ±0 %; "
        "purchases of all kinds -4 % (one run: interval not known; season and chance are in it). Effect and displacement "
        "need paired runs: odssim compare.",
    ]


@pytest.mark.parametrize(("before", "during", "told"), [
    (1, 2, "10 in 10 days, then 20 in 10"), (0, 1, "0 in 10 days, then 10 in 10"), (2, 4, "+100 %"),
    (3, 1, "30 in 10 days, then 10 in 10"),
])  # fmt: skip
def test_few_events_are_told_by_their_number_and_not_in_per_cent(town: City, before: int, during: int, told: str) -> None:
    spec = intervention(START + timedelta(days=10), date(2018, 6, 1))
    days = [day({"open_deals": {7: before if d < 10 else during}}, {"hidden_deals": 100}) for d in range(20)]
    process = [{"id": "patrol", "type": "fifteen_minute_patrol", "planned_min": 0, "cost_sek": 1.0}]
    assert (
        f"open deals in the whole city {told}; by phone and delivery ±0 %"
        in said(result(town, days, interventions=[spec], process=process))[-1]
    )


def test_no_before_no_comparison(town: City) -> None:
    spec = intervention(START, date(2018, 2, 1))
    run = result(town, [day({"open_deals": {7: 20}})], interventions=[spec])
    assert said(run)[-1] == "Effect and displacement need paired runs: odssim compare."
    assert sums.before_and_during(run, "patrol", run.city_series["open_deals"]) is None
    assert sums.before_and_during(run, "unknown", run.city_series["open_deals"]) is None


def test_price_change_leaves_out_days_without_sellers(town: City) -> None:
    days = [day(prices_sek=[np.nan, 200.0 if d < 10 else 220.0, np.nan, 1.0]) for d in range(20)]
    found = {price.substance: price for price in sums.prices(result(town, days))}
    assert set(found) == {"amphetamine", "heroin"}
    assert found["amphetamine"].change_share == pytest.approx(0.1)
    assert found["amphetamine"].mean_sek == pytest.approx(210)


def test_cells_with_half(town: City) -> None:
    run = result(town, [day({"open_deals": {1: 4, 2: 3, 3: 2, 4: 1}})])
    assert sums.cells_with_half(run) == 2
