"""Displacement quotients and differences against published and recomputed answers."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odssim.analysis.displacement.concentration import dispersion_benefit, nuisance_index
from odssim.analysis.displacement.quotient import association, pop_measures, pop_measures_of_runs
from odssim.analysis.displacement.rings import metres_to_targets, ring_of, ring_totals
from odssim.analysis.displacement.rirr import rirr
from odssim.analysis.displacement.shifts import hours_moved, share_moved, week_profile
from odssim.analysis.displacement.wdd import wdd
from odssim.analysis.statistics.overdispersion import actual_size, dispersion_index, nb2_alpha, se_inflation

K1 = {
    "gross_effect": -40,
    "net_effect": 0.1666666667,
    "success": -0.1666666667,
    "buffer": 0.0722222222,
    "wdq": -0.4333333333,
    "total_net_effect": 17,
    "phi": 0.0906845313,
    "chi2": 4.4407894737,
    "z_success": -1.9933664826,
    "wdq_low": -44.1159570417,
    "wdq_high": 0.4673436980,
}
CHANGES = {"target": (207, 110), "control": (308, 318), "buffer": (178, 157), "buffer_control": (150, 140)}
COUNT = st.integers(1, 5000)


@pytest.mark.parametrize("measure", sorted(K1.keys() - {"gross_effect"}))
def test_pop_measures_of_k1(measure):
    found = pop_measures((100, 60), (80, 85), (200, 180))
    assert getattr(found, measure) == pytest.approx(K1[measure], rel=2e-9)


def test_k1_gross_effect_is_the_fall_and_the_quotient_may_be_read():
    found = pop_measures((100, 60), (80, 85), (200, 180))
    assert found.gross_effect == 40
    assert (found.wdq_readable, found.why) == (True, "")


def test_analytic_city_of_k8():
    found = pop_measures((100, 100 - 30), (50, 62), (100, 103))
    assert found.wdq == pytest.approx(-0.3181818182, rel=1e-9)
    assert found.total_net_effect == pytest.approx(22.5, rel=1e-12)


def test_quotient_is_not_read_without_a_detectable_fall():
    found = pop_measures((100, 95), (80, 85), (200, 199))
    assert found.wdq is not None
    assert not found.wdq_readable
    assert "no detectable fall" in found.why
    assert (found.wdq_low, found.wdq_high) == (None, None)


def test_a_detectable_rise_is_not_a_success():
    assert not pop_measures((100, 300), (80, 85), (200, 200)).wdq_readable


@pytest.mark.parametrize(("control", "why"), [((0, 5), "no events in the control"), ((5, 0), "no events in the control")])
def test_empty_control_leaves_everything_but_the_gross_effect_undefined(control, why):
    found = pop_measures((100, 60), (80, 85), control)
    assert (found.gross_effect, found.wdq, found.z_success) == (40, None, None)
    assert why in found.why


def test_no_change_leaves_the_quotient_undefined():
    found = pop_measures((100, 50), (80, 85), (200, 100))
    assert found.wdq is None
    assert found.buffer == pytest.approx(85 / 100 - 80 / 200)
    assert "no change" in found.why


def test_nothing_anywhere_is_no_association():
    assert association(0, 0, 10, 10) == (None, None)


@given(COUNT, COUNT, COUNT, COUNT, COUNT, COUNT)
def test_total_net_effect_is_success_times_one_plus_quotient(rb, ra, db, da, cb, ca):
    found = pop_measures((rb, ra), (db, da), (cb, ca))
    assume(found.success is not None and abs(found.success) > 1e-3)
    expected = (rb * ca / cb - ra) * (1 + found.wdq)
    assert found.total_net_effect == pytest.approx(expected, rel=1e-6, abs=1e-6)


def runs_of_a_city(rng, n, fall):
    """Return counts (before, after) of `n` runs that differ far more than Poisson counts; WDQ is -0.5."""
    size = 200 * rng.gamma(20, 1 / 20, size=(n, 1))
    gone = fall * size * rng.gamma(8, 1 / 8, size=(n, 1))
    target = np.hstack([size, size - gone])
    buffer = np.hstack([0.8 * size, 0.8 * size + 0.5 * gone])
    return target + rng.normal(0, 2, (n, 2)), buffer + rng.normal(0, 2, (n, 2)), np.full((n, 2), 4000.0)


def test_the_interval_over_runs_covers_the_quotient_where_poisson_counts_would_not_tell():
    rng, covered, told = np.random.default_rng(21), 0, 0
    for _ in range(600):
        found = pop_measures_of_runs(*runs_of_a_city(rng, 8, 0.3))
        if found.wdq_readable:
            told += 1
            covered += found.wdq_low <= -0.5 <= found.wdq_high
    assert told > 500
    # nominal 0.95; six standard errors of 600 are 0.053
    assert covered / told > 0.897


def test_a_quotient_over_runs_without_a_fall_is_hardly_ever_read():
    rng = np.random.default_rng(22)
    read = sum(pop_measures_of_runs(*runs_of_a_city(rng, 8, 0.0)).wdq_readable for _ in range(600))
    # one-sided at 2.5 %: the upper limit of a false alarm in a million is 36
    assert read <= 36


def test_one_run_falls_back_on_the_poisson_law():
    counts = [np.array([pair], dtype=float) for pair in ((100, 60), (80, 85), (200, 180))]
    assert pop_measures_of_runs(*counts) == pop_measures((100, 60), (80, 85), (200, 180))


def test_published_wdd_of_k2():
    found = wdd(**CHANGES)
    assert found.total == -118
    assert found.se == pytest.approx(39.5979797464, rel=1e-10)
    assert found.z == pytest.approx(-2.9799500064, rel=1e-9)
    assert found.p_two_sided == pytest.approx(0.0028829543, rel=1e-7)
    assert (found.low, found.high) == (pytest.approx(-195.6106142), pytest.approx(-40.3893858))


def test_local_part_and_buffer_part_of_k2():
    local = wdd(CHANGES["target"], CHANGES["control"])
    buffer = wdd(CHANGES["buffer"], CHANGES["buffer_control"])
    assert (local.total, local.se) == (-107, pytest.approx(30.7083050656))
    assert (buffer.total, buffer.se) == (-11, pytest.approx(25.0))


def test_area_weights_of_k2():
    found = wdd(**CHANGES, area_weights=(1.2, 0.9, 1.5, 1.6))
    assert found.total == pytest.approx(-99.6944444, rel=1e-8)
    assert found.se == pytest.approx(35.4280755, rel=1e-8)
    assert (found.low, found.high) == (pytest.approx(-169.1321965), pytest.approx(-30.2566924))


def test_time_weights_of_k2():
    found = wdd((80, 20), (100, 50), time_weights=(2, 1))
    assert (found.total, found.se) == (-20, pytest.approx(115**0.5))


def test_wdd_of_nothing_has_no_z():
    assert (wdd((0, 0), (0, 0)).z, wdd((0, 0), (0, 0)).se) == (None, 0.0)


def test_rings_include_their_outer_edge_and_targets_are_their_own():
    x_m = np.array([0.0, 100.0, 100.1, 250.0, 500.0, 500.5, 2000.0])
    targets = frozenset({0})
    ring = ring_of(metres_to_targets(x_m, np.zeros(7), targets), targets)
    assert ring.tolist() == [0, 1, 2, 2, 3, 4, 4]
    assert ring_totals(np.array([1.0, 2, 4, 8, 16, 32, 64]), ring).tolist() == [1, 2, 12, 16, 96]


def test_without_targets_everything_is_rest():
    distance_m = metres_to_targets(np.zeros(3), np.zeros(3), frozenset())
    assert np.isinf(distance_m).all()
    assert ring_of(distance_m, frozenset()).tolist() == [4, 4, 4]


def test_the_nearest_target_counts():
    distance_m = metres_to_targets(np.array([0.0, 30, 1000]), np.array([0.0, 40, 0]), frozenset({0, 2}))
    assert distance_m.tolist() == [0.0, 50.0, 0.0]


@given(COUNT, COUNT, COUNT, COUNT, st.floats(0.1, 10), st.floats(0.2, 9))
def test_wdd_is_its_formula_for_other_numbers(rb, ra, cb, ca, area, phi):
    found = wdd((rb, ra), (cb, ca), area_weights=(1.0, area, 1.0, 1.0), dispersion=phi)
    assert found.total == pytest.approx((ra - rb) - (ca - cb) / area, rel=1e-9, abs=1e-9)
    assert found.se == pytest.approx((phi * (ra + rb + (ca + cb) / area**2)) ** 0.5, rel=1e-9)


def test_each_area_may_vary_in_its_own_way():
    found = wdd(**CHANGES, dispersion=(4.0, 1.0, 0.0, 0.0))
    assert found.se == pytest.approx((4 * (207 + 110) + 308 + 318) ** 0.5)


def test_rirr_of_k3():
    found = rirr(CHANGES["target"], CHANGES["control"])
    assert (found.log, found.se) == (pytest.approx(-0.6641900273), pytest.approx(0.1425245042))
    assert found.ratio == pytest.approx(0.5146902440)
    assert (found.low, found.high) == (pytest.approx(0.3892502125), pytest.approx(0.6805546632))


def test_rirr_of_k8():
    assert rirr((100, 70), (100, 103)).ratio == pytest.approx(0.6796116505)


@given(COUNT, COUNT, COUNT, COUNT, st.floats(1, 9))
def test_rirr_is_its_formula_for_other_numbers(rb, ra, cb, ca, phi):
    found = rirr((rb, ra), (cb, ca), dispersion=phi)
    assert found.ratio == pytest.approx(ra * cb / (rb * ca), rel=1e-9)
    assert found.se**2 == pytest.approx(phi * (1 / rb + 1 / ra + 1 / cb + 1 / ca), rel=1e-9)
    assert found.high / found.ratio == pytest.approx(found.ratio / found.low, rel=1e-9)


def test_rirr_of_an_empty_cell_is_none():
    assert rirr((0, 5), (5, 5)) is None


def test_a_poisson_test_of_overdispersed_counts_rejects_too_often():
    assert actual_size(0.3, 12) == pytest.approx(0.361, abs=5e-4)
    assert actual_size(0.0, 12) == pytest.approx(0.05)
    assert se_inflation(0.3, 12) == pytest.approx(4.6**0.5)


def test_dispersion_is_estimated_from_repetitions():
    rng = np.random.default_rng(5)
    mean, alpha = 12.0, 0.3
    counts = rng.poisson(mean * rng.gamma(1 / alpha, alpha, size=(20_000, 2)))
    assert nb2_alpha(counts[:, 0]) == pytest.approx(alpha, rel=0.06)
    assert dispersion_index(counts) == pytest.approx(1 + alpha * mean, rel=0.06)
    assert dispersion_index(rng.poisson(mean, size=(20_000, 2))) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("counts", [[], [[3.0, 4.0]], [[0.0], [0.0]], [[5.0], [5.0]]])
def test_dispersion_is_never_below_that_of_poisson(counts):
    assert dispersion_index(counts) == 1.0


def test_spreading_without_fewer_deals_is_a_benefit_by_itself():
    one, four = [100, 0, 0, 0], [25, 25, 25, 25]
    for gamma, benefit in ((1.5, 0.5), (2.0, 0.75)):
        h_base, h_other = nuisance_index(one, gamma), nuisance_index(four, gamma)
        assert 1 - h_other / h_base == pytest.approx(benefit)
        assert dispersion_benefit(h_base, h_other, 100, 100, gamma) == pytest.approx(benefit)


@given(st.lists(COUNT, min_size=1, max_size=8), st.floats(0.1, 5), st.floats(1.05, 3))
def test_fewer_deals_in_the_same_pattern_are_no_dispersion(counts, factor, gamma):
    other = [factor * n for n in counts]
    benefit = dispersion_benefit(nuisance_index(counts, gamma), nuisance_index(other, gamma), sum(counts), sum(other), gamma)
    assert benefit == pytest.approx(0.0, abs=1e-9)


def test_the_nuisance_index_wants_an_exponent_above_one():
    with pytest.raises(ValueError, match="above 1"):
        nuisance_index([1.0], 1.0)
    assert dispersion_benefit(0.0, 4.0, 0.0, 2.0, 2.0) is None


def test_a_week_profile_starts_on_monday_whatever_the_first_day():
    minutes = [0, 59, 60, 1440 * 6, 1440 * 7 + 30]
    from_monday = week_profile(minutes, 0)
    assert {h: n for h, n in enumerate(from_monday) if n} == {0: 3.0, 1: 1.0, 144: 1.0}
    from_sunday = week_profile(minutes, 6)
    assert {h: n for h, n in enumerate(from_sunday) if n} == {144: 3.0, 145: 1.0, 120: 1.0}


def test_hours_moved_go_the_short_way_round():
    base, other = np.zeros(168), np.zeros(168)
    base[0], other[167] = 10, 30
    assert (hours_moved(base, other), share_moved(base, other)) == (pytest.approx(1.0), pytest.approx(1.0))
    assert hours_moved(base, np.zeros(168)) is None


@given(st.integers(0, 167), st.integers(0, 167), st.floats(0.0, 1.0))
def test_hours_moved_of_one_lump(start, stop, share):
    base, other = np.zeros(168), np.zeros(168)
    base[start] = 1.0
    other[start] += 1.0 - share
    other[stop] += share
    way = min((start - stop) % 168, (stop - start) % 168)
    assert hours_moved(base, other) == pytest.approx(share * way, abs=1e-9)
    assert share_moved(base, other) == pytest.approx(share if way else 0.0, abs=1e-9)
