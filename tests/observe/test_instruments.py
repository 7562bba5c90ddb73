"""The instruments on a run: beside the truth, in numbers of their own, without touching it."""

import pickle
import re

import numpy as np
import pyarrow.parquet as pq
import pytest

from observe.runs import START_DAY
from odssim.engine.build import DRAWS as MARKET_DRAWS
from odssim.observe import instruments
from odssim.observe.indicators import ENOUGH, INDICATORS, NAMES, latent, truth
from odssim.observe.instruments import DISTRICT, PERIOD_OUTCOMES, measure
from odssim.observe.outcomes import OUTCOMES
from odssim.observe.windows import values_of, window
from odssim.world.codes import PLACE_TALLIES

PAR = values_of(instruments.PARAMETERS, {})


def outcome_rows(folder) -> list[dict]:
    rows = pq.read_table(folder / "outcomes.parquet").to_pylist()
    return [row for row in rows if row["outcome"] in PERIOD_OUTCOMES]


def test_draws_have_names_of_their_own():
    assert len(set(instruments.DRAWS)) == len(instruments.DRAWS)
    assert not set(instruments.DRAWS) & set(MARKET_DRAWS)
    assert all(re.fullmatch(r"observe\.[a-z_]+", name) for name in instruments.DRAWS)


def test_parameters_and_outcomes_say_what_they_are():
    ids = [key for p in instruments.PARAMETERS for key in p.ids]
    assert len(set(ids)) == len(ids)
    for p in instruments.PARAMETERS:
        assert p.status == "assumption" or re.search(r"\brows? \d+|\b[A-F]\d+\b", p.source)
        assert all(p.low <= value <= p.high for value in p.defaults)
        assert p.meaning.endswith(".")
    assert not set(PERIOD_OUTCOMES) & set(OUTCOMES)
    for key, outcome in PERIOD_OUTCOMES.items():
        assert re.fullmatch(r"(seen\.)?[a-z][a-z0-9_]*", key)
        assert outcome.meaning.endswith(".")


def test_looking_changes_nothing_and_gives_the_same_twice(worlds):
    before = pickle.dumps((worlds[1].past, worlds[1].days_kept))
    first, second = measure(worlds[1]), measure(worlds[1])
    assert pickle.dumps((worlds[1].past, worlds[1].days_kept)) == before
    assert first.rows == second.rows
    assert len(first.rows.days) > 50


def test_what_is_seen_before_an_intervention_begins_is_the_same(worlds):
    seen = []
    for world in worlds:
        rows = measure(world).rows
        lines = zip(rows.days, rows.places, rows.outcomes, rows.values, strict=True)
        seen.append([line for line in lines if line[0] < START_DAY])
    assert seen[0] == seen[1] != []


def test_more_police_raise_what_is_recorded_and_not_what_happens(worlds):
    base, patrolled = (w.city_series for w in worlds)

    def ratio(*names: str) -> float:
        after, before = (sum(s[n][START_DAY:].sum() for n in names) for s in (patrolled, base))
        return float(after / before)

    assert base["recorded_use"][START_DAY:].sum() > 10
    assert ratio("recorded_possession", "recorded_use") > 1.5
    assert ratio("open_deals") < 1.02
    assert ratio("open_deals", "hidden_deals") < 1.02


def test_every_row_has_a_unit_a_day_and_a_place(worlds, written):
    rows = outcome_rows(written)
    places = set(worlds[1].city.place_name)
    districts = {DISTRICT + name for name in worlds[1].city.districts}
    assert {row["unit"] for row in rows} == {PERIOD_OUTCOMES[row["outcome"]].unit for row in rows}
    assert {row["place"] for row in rows} <= places | districts | {None}
    waves = [row for row in rows if row["outcome"] == "seen.problem_share"]
    assert districts <= {row["place"] for row in waves}
    assert {row["day"].isoformat() for row in waves} == {"2018-03-31"}
    ratings = {row["day"].isoformat() for row in rows if row["outcome"] == "seen.places_seven"}
    assert ratings == {"2018-03-31", "2018-04-10"}
    counted = {row["day"].isoformat() for row in rows if row["outcome"] == "seen.observer_deals"}
    assert counted == {"2018-01-30", "2018-03-01", "2018-03-31"}
    never = set(PERIOD_OUTCOMES) - {row["outcome"] for row in rows}
    assert never <= {"seen.camera_deals", "seen.rater_kappa", *(key for key in never if "price" in key)}


def test_the_counts_of_the_table_are_those_of_the_ratings(worlds, written):
    table = pq.read_table(written / "indicators.parquet").to_pylist()
    assert [row["indicator"] for row in table[:10]] == list(NAMES)
    last = max(row["day"] for row in table)
    for name, has in (("", lambda row: row["met"]), ("seen.", lambda row: row["yes_share"] > 0.5)):
        count: dict[str, int] = {}
        for row in table:
            if row["day"] == last:
                count[row["place"]] = count.get(row["place"], 0) + has(row)
        rows = [row for row in outcome_rows(written) if row["day"] == last]
        of_places = {r["place"]: r["value"] for r in rows if r["outcome"] == f"{name}indicators_met"}
        assert of_places == count
        (city,) = (r["value"] for r in rows if r["outcome"] == f"{name}places_seven")
        assert city == sum(n >= ENOUGH for n in count.values())


def test_a_window_adds_up_its_days(worlds):
    world = worlds[1]
    w = window(world, 100, 40)
    column = PLACE_TALLIES.index("open_deals")
    by_hand = sum(r.value[r.tally == column].sum() for r in world.days_kept[60:100])
    assert w.count("open_deals").sum() == by_hand > 0
    assert window(world, 100, 100).count("open_deals") == pytest.approx(world.place_totals["open_deals"])
    assert window(world, 10, 180).days == 130  # a burn-in of 120 days and ten days of the run
    assert w.count("no_such_tally").sum() == 0


def test_indicators_follow_what_they_measure(worlds):
    base, patrolled = (truth(world, 100, PAR) for world in worlds)
    number = {name: i for i, name in enumerate(NAMES)}
    shared = np.intersect1d(base.places, patrolled.places)
    rows = [np.searchsorted(t.places, shared) for t in (base, patrolled)]
    tolerance = [t.value[r, number["tolerance"]].mean() for t, r in zip((base, patrolled), rows, strict=True)]
    assert tolerance[1] > 2 * tolerance[0]
    deals = worlds[0].open_deals_by_day[-90:, base.places]
    assert base.value[:, number["daily"]] == pytest.approx((deals > 0).mean(axis=0))
    visits = window(worlds[0], 100, 90).count("open_deals", "failed_visits")[base.places]
    assert base.value[:, number["newcomers"]] == pytest.approx(visits / 3)
    assert (base.value[:, number["authorities"]] <= 1.0).all()
    for true in (base, patrolled):
        low = number["tolerance"]
        assert (true.met[:, low] == (true.value[:, low] < 0.05)).all()
        assert (true.met[:, 1] == (true.value[:, 1] >= 0.8)).all()
    assert base.met.any()
    assert not base.met.all()


def test_raters_feel_distance_from_the_threshold_in_the_right_direction():
    threshold = np.array([indicator.threshold for indicator in INDICATORS])
    at = np.tile(threshold, (1, 1))
    assert latent(at, at >= threshold, PAR) == pytest.approx(np.zeros((1, 10)))
    more = latent(at * 2, np.ones((1, 10), dtype=bool), PAR)[0]
    low = np.array([indicator.low_counts for indicator in INDICATORS])
    assert (np.sign(more) == np.where(low, -1, 1)).all()
    assert np.abs(more).max() <= 3.0
    by_chance = latent(at * 2, np.zeros((1, 10), dtype=bool), PAR)[0]
    assert by_chance[-1] == 0.0  # many offences per passer-by, but too few to tell from chance
