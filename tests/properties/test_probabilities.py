"""Chances that kernels work out stay within nought and one, and move the way their rule says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as hs

from odssim.core.compiled import entry
from odssim.core.rng import spread_minutes
from odssim.rules.detection import concealment, notice
from odssim.rules.explore import travel
from odssim.rules.footfall import passers_by
from odssim.rules.presence import weather
from odssim.world.state import State
from tiny.world import STEP_M, Tiny, minute

share = hs.floats(min_value=0.0, max_value=1.0)
amount = hs.floats(min_value=0.0, max_value=1e9)
WORLD = Tiny(buyers=1, places=3)


@entry
def look(st: State, p: int, t: int, out: np.ndarray) -> None:
    """Write concealment, notice of buyer 0, passers-by of place p and the weather of the day."""
    out[0], out[1] = concealment(st, p, t), notice(st, 0)
    out[2], out[3] = passers_by(st, p, t), weather(st, t // 1440)


@entry
def way(st: State, p: int, q: int) -> int:
    """Return the minutes from p to q."""
    return travel(st, p, q)


def looked(t: int = 600, **columns: float) -> np.ndarray:
    for name, value in columns.items():
        WORLD.state.places[name][0] = value
    out = np.zeros(4)
    look(WORLD.state, 0, t, out)
    return out


@given(conceal=share, half=hs.floats(min_value=0.5, max_value=500), n_buyers=hs.integers(0, 10**6), footfall=amount)
def test_a_crowd_only_lowers_detection(conceal, half, n_buyers, footfall):
    par = WORLD.state.par
    par["detection_conceal"], par["detection_crowd_half"] = conceal, half
    few, many = (looked(n_buyers=n, footfall=footfall)[0] for n in (n_buyers, n_buyers + 100))
    assert max(0.0, 1.0 - conceal - 1e-12) <= many <= few <= 1.0


@given(fear=hs.floats(0.0, 0.9), half=hs.floats(1.0, 1e4), nuisance=amount, footfall=amount)
def test_nuisance_keeps_some_away_but_never_all(fear, half, nuisance, footfall):
    par = WORLD.state.par
    par["disorder_fear_share"], par["disorder_half"] = fear, half
    clean = looked(nuisance=0.0, footfall=footfall)[2]
    dirty = looked(nuisance=nuisance, footfall=footfall)[2]
    assert clean * (1 - fear) * (1 - 1e-12) <= dirty <= clean


def test_the_hours_of_a_day_add_up_to_its_passers_by():
    WORLD.state.par["disorder_fear_share"] = 0.0
    for kind in range(8):
        WORLD.state.places["type"][0] = kind
        day = sum(looked(t=60 * h, nuisance=0.0, footfall=5000.0)[2] for h in range(24))
        assert abs(day - 5000.0) < 1e-6


@given(season=hs.floats(0.0, 0.6), rain=hs.sampled_from([0.0, 1.0]), cut=hs.floats(0.0, 0.95), day=hs.integers(0, 69))
def test_weather_is_a_positive_factor(season, rain, cut, day):
    par = WORLD.state.par
    par["presence_season"], par["presence_rain_share"], par["presence_rain_cut"] = season, rain, cut
    factor = looked(t=1440 * day)[3]
    assert 0.0 < factor <= 1.0 + season


@given(x=hs.lists(hs.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_ways_are_whole_symmetric_and_within_bounds(x):
    WORLD.state.places["x_m"] = x
    for p in range(3):
        for q in range(3):
            minutes = way(WORLD.state, p, q)
            assert minutes == way(WORLD.state, q, p)
            assert 1 <= minutes <= 1000
    WORLD.state.places["x_m"] = STEP_M * np.arange(3)
    assert [way(WORLD.state, 0, q) for q in range(3)] == [1, 10, 20]


@given(median=hs.floats(0, 1e6), sigma=hs.floats(0, 3), z=hs.floats(-9, 9))
def test_durations_are_whole_minutes_within_bounds(median, sigma, z):
    assert 1 <= spread_minutes(median, sigma, z) <= 721
    assert minute("12:01") == 721
