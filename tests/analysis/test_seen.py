"""Counts per place by source, and the areas they are summed over."""

import numpy as np
import pytest

from odssim.analysis.displacement.rings import AREAS, area_of, matched_controls
from odssim.analysis.displacement.seen import LABELS, MONTHLY, PlaceCounts, area_counts, place_counts
from odssim.engine.build import PARAMETERS
from odssim.engine.run import run_scenario
from odssim.interventions import CATALOGUE
from odssim.observe.instruments import PERIOD_OUTCOMES, count, measure
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario import load

READINGS = {name for names in MONTHLY.values() for name in names}
TOWN = """\
name = "Town"
city = "teaching-town"
start_date = 2018-01-01
days = 65
burn_in_days = 40
population_multiplier = 8
parameters = { "observers.visits" = 40, "observers.share" = 0.9 }
[[interventions]]
id = "eye"
type = "cameras"
start = 2018-01-01
places = { rank = "open_deals", top = 2, at = 2017-12-31 }
"""


@pytest.fixture(scope="module")
def town_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seen")
    (folder / "town.toml").write_text(TOWN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ODSSIM_CACHE", str(folder / "cache"))
        return run_scenario(load(folder / "town.toml", parameters=PARAMETERS, catalogue=CATALOGUE))


def test_every_source_is_declared():
    assert set(PERIOD_OUTCOMES) >= READINGS
    assert set(LABELS) - {"recorded_offences", "seen.recorded_offences"} <= {*OUTCOMES, *PERIOD_OUTCOMES}


def test_counts_are_the_same_as_in_the_full_round(town_run):
    def lines(rows):
        table = zip(rows.days, rows.places, rows.outcomes, rows.values, strict=True)
        return [row for row in table if row[2] in (*READINGS, "seen.observer_deals_2")]

    assert lines(count(town_run)) == lines(measure(town_run).rows) != []


def test_the_truth_adds_up_to_the_city_and_months_to_the_window(town_run):
    found = {one.source: one.counts for one in place_counts(town_run, 5, 65)}
    assert found["open_deals"].shape[0] == 2
    assert found["open_deals"].sum() == town_run.city_series["open_deals"][5:65].sum() > 0
    assert found["recorded_sale"].sum() <= found["recorded_offences"].sum() > 0
    # only the month from day 30 to 60 lies within days 5 to 65
    assert found["seen.camera_deals"].shape[0] == found["seen.observer_deals"].shape[0] == 1


def test_the_register_of_offences_is_late_and_looks_everywhere(town_run):
    found = {one.source: one.counts for one in place_counts(town_run, 0, 65)}
    first_60_days = {one.source: one.counts for one in place_counts(town_run, 0, 60)}
    register = found["seen.recorded_offences"]
    assert not np.isnan(register).any()  # a place without offences has none
    assert 0 < register.sum() < first_60_days["recorded_offences"].sum()
    assert (register.sum(axis=0) <= first_60_days["recorded_offences"].sum(axis=0)).all()


def test_cameras_look_at_two_places_and_observers_see_a_part(town_run):
    found = {one.source: one.counts for one in place_counts(town_run, 0, 65)}
    cameras, observers = found["seen.camera_deals"], found["seen.observer_deals"]
    assert (~np.isnan(cameras)).sum() == 2 * 2
    looked = ~np.isnan(observers).all(axis=0)
    assert 0 < np.nansum(observers) < found["open_deals"][:, looked].sum()
    assert 0 < looked.sum() < observers.shape[1]


def test_a_place_counts_where_both_worlds_are_looked_at():
    nan = np.nan
    base = PlaceCounts("x", np.array([[4.0, 9.0, 1.0], [nan, 2.0, 5.0]]))
    other = PlaceCounts("x", np.array([[3.0, nan, 1.0], [7.0, 1.0, 2.0]]))
    found = area_counts([base], [other], np.array([0, 1, 4]))["x"]
    assert found.base.tolist() == [4, 2, 0, 0, 6]
    assert found.other.tolist() == [3, 1, 0, 0, 3]
    assert found.base_periods[1].tolist() == [0, 2, 0, 0, 5]
    assert found.h_base[1] == 4**2 + 2**2 + 6**2


def test_a_source_that_counted_nothing_is_left_out():
    nothing = PlaceCounts("x", np.full((1, 3), np.nan))
    assert area_counts([nothing], [nothing], np.zeros(3, dtype=int)) == {}


def test_controls_are_alike_before_the_start_far_off_and_their_own():
    #               target  buffer  too near  control  its buffer  other
    x_m = np.array([0.0, 400.0, 900.0, 3000.0, 3300.0, 9000.0, 12000.0])
    deals = np.array([10.0, 3.0, 10.0, 9.0, 1.0, 30.0, 0.0])
    area = area_of(x_m, np.zeros(7), frozenset({0}), deals, 500.0)
    assert [AREAS[k] for k in area] == ["target", "buffer", "rest", "control", "buffer_control", "rest", "rest"]


def test_a_control_is_used_once_and_the_busiest_target_chooses_first():
    far = np.array([0.0, 0.0, 5000.0, 5000.0, 5000.0])
    deals = np.array([5.0, 20.0, 18.0, 6.0, 0.0])
    assert matched_controls(frozenset({0, 1}), deals, far) == [2, 3]
    assert matched_controls(frozenset({0, 1}), np.array([5.0, 20, 18, 0, 0]), far) == [2]
