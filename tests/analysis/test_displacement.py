"""Displacement quotients and differences against published and recomputed answers."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odssim.analysis.displacement import (
    association,
    metres_to_targets,
    pop_measures,
    ring_of,
    ring_totals,
    wdd,
)

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


@pytest.mark.parametrize(
    ("control", "why"), [((0, 5), "no events in the control"), ((5, 0), "no events in the control")]
)
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
