"""What all estimators have in common: they find an effect, keep their size, and say when they cannot answer."""

import numpy as np
import pytest

from evaluation.formulas import exclusion_curve
from evaluation.panels import draw
from evaluation.toy_city import ToyCity
from odssim.evaluation.design.keys import ESTIMATOR_NAMES
from odssim.evaluation.estimators.matched_control import match
from odssim.evaluation.estimators.panel import BUFFER, CONTROL, FAR, Plan, make_panel
from odssim.evaluation.estimators.registry import ESTIMATORS, answer, estimate
from odssim.evaluation.estimators.saturation import saturation_effects
from odssim.evaluation.estimators.withheld import DISPLACEMENT, NET_REDUCTION, NO_EFFECT, RISE, UNCLEAR
from odssim.evaluation.lottery.over_places import complete
from odssim.evaluation.lottery.over_time import Crossover, steps

BY_ARM = [name for name in ESTIMATORS if name not in ("crossover", "stepped_wedge", "saturation")]


def grid(seed: int, effect: float, n: int = 200, *, treated: int = 10, control: int = 10, alpha: float = 0.05):
    rng = np.random.default_rng(seed)
    xy = rng.random((treated + control, 2)) * 4000
    between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    inside = np.arange(treated + control) < treated
    distance = np.where(inside, 0.0, between[:, inside].min(axis=1))
    panel = draw(
        seed, n=n, treated=treated, control=control, pre=24, post=24, effect=effect, alpha=alpha,
        between_m=between, distance_m=distance,
    )  # fmt: skip
    return panel, Plan(mechanism=complete(treated + control, treated), n_draws=999, range_m=300.0, ring_edges_m=())


def test_every_planned_name_has_an_estimator():
    assert set(ESTIMATOR_NAMES) == set(ESTIMATORS)


@pytest.mark.parametrize("name", BY_ARM)
def test_an_estimator_finds_a_fall_by_forty_per_cent(name):
    panel, plan = grid(1, 0.4)
    found = estimate(name, panel, plan)
    assert found.ok.mean() > 0.95
    assert np.nanmean(found.share(panel)) == pytest.approx(-0.4, abs=0.06)
    _, after = panel.area_sums(0)
    assert np.nanmean(found.events(panel)) == pytest.approx(-np.mean(after) * 0.4 / 0.6, rel=0.25)


@pytest.mark.parametrize("name", ["poisson_did", "permutation", "matched_control", "exposure", "ring", "dose_response"])
def test_an_estimator_keeps_its_size_with_twenty_places(name):
    panel, plan = grid(2, 0.0, n=500, alpha=0.3)
    rate = estimate(name, panel, plan).rejected.mean()
    assert rate < 0.05 + 4 * (0.05 * 0.95 / 500) ** 0.5 + 0.02  # clustered errors are a little too small


@pytest.mark.parametrize("name", ESTIMATORS)
def test_places_without_events_give_no_answer_rather_than_a_wrong_one(name):
    panel = make_panel(np.zeros((3, 6, 8)), [0, 0, 0, 1, 1, 1], start=4)
    found = estimate(name, panel, Plan(mechanism=complete(6, 3)))
    assert not found.rejected.any()
    assert found.rejected.dtype == bool


def test_one_treated_and_one_control_place_have_no_clustered_error():
    found = estimate("poisson_did", draw(1, treated=1, control=1))
    assert not found.ok[0]
    assert np.isfinite(found.estimate[0])


def test_before_after_of_one_place_rests_on_its_periods():
    found = estimate("before_after", draw(1, treated=1, control=1, n=3))
    assert found.ok.all()
    assert any("one treated place" in text for text in found.warnings)


def test_with_two_and_two_places_nothing_is_ever_rejected():
    panel = draw(3, n=50, treated=2, control=2, effect=0.95)
    found = estimate("permutation", panel, Plan(mechanism=complete(4, 2)))
    assert not found.rejected.any()
    assert found.p.min() >= 1 / 3 - 1e-9
    assert any("no outcome can reach 5 %" in text for text in found.warnings)


def test_without_a_lottery_there_is_no_permutation_test():
    found = estimate("permutation", draw(1))
    assert not found.ok.any()
    assert found.warnings == ("places were not drawn at random: no permutation test",)


def test_a_permutation_interval_holds_what_the_test_does_not_reject():
    panel = draw(5, treated=5, control=5, effect=0.3)
    plan = Plan(mechanism=complete(10, 5))
    found = estimate("permutation", panel, plan)
    treated = (panel.area[0] == 0)[None, :, None] & panel.after[None, None, :]

    def p(effect: float) -> float:
        shifted = np.where(treated, panel.counts * np.exp(-effect), panel.counts)
        return float(
            estimate("permutation", make_panel(shifted, panel.area, start=panel.start), Plan(mechanism=complete(10, 5))).p[0]
        )

    low, high = float(found.low[0]), float(found.high[0])
    assert low < found.estimate[0] < high
    assert (p(low + 1e-6) > 0.05, p(low - 1e-4) <= 0.05) == (True, True)
    assert (p(high - 1e-6) > 0.05, p(high + 1e-4) <= 0.05) == (True, True)


def test_permutation_intervals_cover():
    panel = draw(6, n=200, treated=6, control=6, effect=0.3)
    found = estimate("permutation", panel, Plan(mechanism=complete(12, 6)))
    covered = ((found.low <= np.log(0.7)) & (np.log(0.7) <= found.high)).mean()
    assert 0.88 < covered <= 1.0


@pytest.mark.parametrize("name", ["crossover", "stepped_wedge"])
def test_time_lotteries_keep_their_size_and_find_an_effect(name):
    rng = np.random.default_rng(3)
    lottery = Crossover(8, 20, 3) if name == "crossover" else steps(8, 4, 20)
    rejected = {}
    for effect in (0.0, 0.4):
        if name == "crossover":
            tables = lottery.table(150, rng)[0]
        else:
            tables = lottery.dose(rng.permuted(np.tile(lottery.crossing, (150, 1)), axis=1))
        dose = np.concatenate([np.zeros((150, 8, 4)), tables], axis=2)
        mean = rng.gamma(4, 3, (150, 8, 1)) * (1 - effect * dose)
        panel = make_panel(rng.poisson(mean), [0] * 8, start=4, dose=dose)
        found = estimate(name, panel, Plan(time_lottery=lottery, n_draws=499))
        rejected[effect] = found.rejected.mean()
    assert rejected[0.0] < 0.05 + 4 * (0.05 * 0.95 / 150) ** 0.5
    assert rejected[0.4] > 0.9


def test_a_crossover_without_lottery_says_so():
    dose = np.zeros((4, 8))
    dose[:, 4:] = np.eye(4)
    found = estimate("crossover", draw(2, treated=4, control=0, pre=4, post=4, dose=dose))
    assert any("not drawn at random" in text for text in found.warnings)


def test_dose_that_follows_crime_is_noticed():
    rng = np.random.default_rng(4)
    level = np.linspace(5, 60, 10)
    dose = np.zeros((10, 12))
    dose[:, 6:] = (level / 60)[:, None]
    panel = make_panel(rng.poisson(level[:, None], (10, 12)), [0] * 10, start=6, dose=dose)
    assert any("police go where crime rises" in text for text in estimate("dose_response", panel).warnings)


def test_matching_takes_the_likest_place_beyond_the_radius():
    level = np.array([40, 10, 41, 11, 39, 12])
    counts = np.tile(level[:, None], (1, 6)) + np.tile([0, 1, 0, 0, 1, 0], (6, 1))
    area, distance = [0, 0, CONTROL, CONTROL, FAR, CONTROL], [0, 0, 100, 900, 900, 900]
    panel = make_panel(counts, area, start=4, distance_m=distance)
    near, _ = match(panel, 0.0, 3.0)
    far, found = match(panel, 500.0, 3.0)
    assert near[0].tolist() == [False, False, True, True, False, False]
    assert far[0].tolist() == [False, False, False, True, True, False]
    assert found[0].tolist() == [True, True, False, False, False, False]


def test_the_exclusion_curve_trades_contamination_for_likeness():
    rng = np.random.default_rng(5)
    n, places = 300, 30
    treated = np.arange(places) < 6
    distance = np.where(treated, 0, np.where(np.arange(places) < 18, 100, 900))
    mean = rng.gamma(9, 2, (n, places, 1)) * np.ones(16)
    mean[:, treated, 8:] *= 0.6
    mean[:, distance == 100, 8:] *= 1.3
    panel = make_panel(rng.poisson(mean), np.where(treated, 0, 1), start=8, distance_m=distance)
    curve = exclusion_curve(panel, Plan(), [0.0, 500.0])
    assert curve[0]["bias"] < -0.05
    assert [row["is_best"] for row in curve] == [0.0, 1.0]


def test_donors_near_a_treated_place_are_not_used():
    panel, plan = grid(3, 0.3, n=1)
    from dataclasses import replace

    near = estimate("synthetic_control", panel, plan).parts["n_donors"][0]
    cut = float(np.median(panel.distance_m[0][panel.area[0] == CONTROL]))
    far = estimate("synthetic_control", panel, replace(plan, exclude_within_m=cut)).parts["n_donors"][0]
    assert (near, far) == (10, 5)


def test_bounds_run_from_nothing_to_the_largest_displaced_share():
    panel = draw(7, treated=8, control=8, pre=24, post=24, effect=0.4)
    found = answer("bounds", panel, Plan(s_max=0.5)).overall
    nothing, most = found.parts["nothing_displaced"][0], found.parts["s_max_displaced"][0]
    assert most == pytest.approx(nothing / 2)
    assert found.low[0] < nothing < most < found.high[0]


@pytest.mark.parametrize(
    ("target", "buffer", "verdict"),
    [(0.5, 1.0, NET_REDUCTION), (0.5, 1.5, DISPLACEMENT), (0.5, 3.0, UNCLEAR), (1.0, 1.0, NO_EFFECT), (2.0, 1.0, RISE)],
)
def test_verdicts(target, buffer, verdict):
    rng = np.random.default_rng(9)
    arm = np.repeat([0, 1, BUFFER], 15)
    change = np.array([target, 1.0, buffer])[np.repeat([0, 1, 2], 15)]
    mean = 20.0 * np.where(np.arange(24) >= 12, change[:, None], 1.0)
    found = answer("poisson_did", make_panel(rng.poisson(mean, (80, 45, 24)), arm, start=12))
    assert (found.verdict == verdict).mean() > 0.8


def test_without_counts_around_them_it_is_unclear_where():
    panel = draw(1, n=20, treated=15, control=15, effect=0.6)
    assert set(answer("poisson_did", panel).verdict) == {UNCLEAR}


def test_displacement_into_controls_raises_the_power_of_the_contrast_while_the_effect_halves():
    rng = np.random.default_rng(1)
    clean, moved = ToyCity(effect=0.3), ToyCity(effect=0.3, displaced=0.5)
    power = [estimate("poisson_did", city.draw(4000, rng)).rejected.mean() for city in (clean, moved)]
    assert power[1] > power[0] + 0.15
    assert moved.overall == clean.overall / 2


def test_hot_places_cool_down_by_themselves():
    rng = np.random.default_rng(1)
    city = ToyCity(n_treated=6, drift_sd=0.0, pre=1, post=1, cv=0.4)
    hot = estimate("before_after", city.draw(2000, rng, hot=30)).estimate.mean()
    by_lot = estimate("before_after", city.draw(2000, rng)).estimate.mean()
    assert hot < -0.3
    assert abs(by_lot) < 0.03


def test_saturation_tells_direct_from_spillover():
    rng = np.random.default_rng(8)
    n, districts, size = 200, 12, 6
    block = np.repeat(np.arange(districts), size)
    treated = (np.arange(size) < 2)[None, :] & (np.arange(districts) < 8)[:, None]
    near = ~treated & (np.arange(districts) < 8)[:, None]
    change = np.where(treated, 0.6, np.where(near, 1.2, 1.0)).ravel()
    mean = 30.0 * np.where(np.arange(12) >= 6, change[:, None], 1.0)
    panel = make_panel(rng.poisson(mean, (n, *mean.shape)), np.where(treated.ravel(), 0, 1), start=6, block=block)
    found = saturation_effects(panel, Plan())
    truth = {"direct": -0.6 * 180, "spillover": 0.2 * 180, "total": -0.4 * 180}
    for name, value in truth.items():
        assert found[name].estimate.mean() == pytest.approx(value, abs=2.5)
        covered = (found[name].low <= value) & (value <= found[name].high)
        assert 0.88 < covered.mean() <= 1.0
    whole = answer("saturation", panel)
    assert whole.target.estimate.mean() == pytest.approx(-0.4 * 180 * 16, rel=0.05)
    assert whole.buffer.estimate.mean() == pytest.approx(0.2 * 180 * 32, rel=0.1)
    oe = (-0.4 * 16 + 0.2 * 32) * 180
    assert whole.overall.estimate.mean() == pytest.approx(oe, abs=60)
    assert ((whole.overall.low <= oe) & (oe <= whole.overall.high)).mean() > 0.88
    both = found["direct"].estimate + found["spillover"].estimate
    assert both.tolist() == pytest.approx(found["total"].estimate.tolist())


def test_saturation_without_a_clean_district_says_so():
    panel = make_panel(np.ones((1, 4, 4)), [0, 1, 0, 1], start=2, block=np.array([0, 0, 1, 1]))
    found = saturation_effects(panel, Plan())["spillover"]
    assert (found.ok.any(), found.warnings[0][:11]) == (False, "no district")


def test_the_washout_is_neither_before_nor_after():
    panel = make_panel(np.arange(12.0).reshape(2, 6), [0, 1], start=2, washout=1)
    assert panel.before.tolist() == [True, True, False, False, False, False]
    assert panel.after.tolist() == [False, False, False, True, True, True]
    before, after = panel.sums()
    assert (before[0].tolist(), after[0].tolist(), panel.time_ratio) == ([1.0, 13.0], [12.0, 30.0], 1.5)
