"""A run is one run however it is chopped, copied or stored on the way."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as hs

from odssim.engine.clockwork import Clockwork, keep_log
from odssim.world.state import State, copy_state
from properties.town import everything_on, fresh_run
from reference.worlds import make_world

FOUR_DAYS = 4 * 1440
STATE_OF_THE_CALL = ("log", "ledger")
cuts = hs.lists(hs.integers(min_value=0, max_value=FOUR_DAYS), max_size=12)
worlds = hs.integers(min_value=0, max_value=10**6)


def assert_same_state(a: State, b: State) -> None:
    """Assert that every column of every table is equal, event calendar and tallies included."""
    for name in State.FIELDS:
        if name not in STATE_OF_THE_CALL:
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


def world(k: int) -> State:
    """Return random world k at its first minute, with the log on, for a calendar of any length."""
    st, _ = make_world(k)
    st.calendar = np.concatenate([st.calendar, st.calendar[[0] * 4]])
    keep_log(st, events=True)
    return st


def run_to(st: State, minutes: list[int]) -> list[list[int]]:
    """Run through the minutes in order and return the log."""
    work = Clockwork(st)
    for t in sorted(minutes):
        work.run_until(t)
    return np.concatenate([*work.logs, np.zeros((0, 6), dtype=np.int64)]).tolist()


@given(k=worlds, at=cuts)
def test_any_chopping_is_one_run(k, at):
    whole, chopped = world(k), world(k)
    log = run_to(whole, [FOUR_DAYS])
    assert run_to(chopped, [*at, FOUR_DAYS]) == log
    assert_same_state(chopped, whole)


def test_minute_by_minute_is_one_run():
    whole, chopped = world(3), world(3)
    assert run_to(chopped, list(range(FOUR_DAYS + 1))) == run_to(whole, [FOUR_DAYS])
    assert_same_state(chopped, whole)


@given(k=worlds, at=hs.integers(min_value=0, max_value=FOUR_DAYS))
@pytest.mark.parametrize("copied", [copy_state, lambda st: pickle.loads(pickle.dumps(st))], ids=["copy", "pickle"])
def test_copy_and_continue_is_continue(copied, k, at):
    st = world(k)
    run_to(st, [at])
    other = copied(st)
    assert_same_state(other, st)
    log = run_to(st, [FOUR_DAYS])
    assert run_to(other, [FOUR_DAYS]) == log
    assert_same_state(other, st)


def test_a_copy_does_not_feel_what_happens_to_the_original():
    st = world(5)
    run_to(st, [2000])
    before, kept = copy_state(st), pickle.dumps(st)
    run_to(st, [FOUR_DAYS])
    assert_same_state(before, pickle.loads(kept))


def test_the_town_with_everything_on_may_be_chopped_anywhere(tmp_path):
    scenario = everything_on(tmp_path, "days=12", "burn_in_days=5")
    whole, chopped = fresh_run(scenario, events=True, ledger=True), fresh_run(scenario, events=True, ledger=True)
    whole.run_to_day(17)
    for t in [*np.random.default_rng(2).integers(0, 17 * 1440, 60).tolist(), 17 * 1440]:
        chopped.clockwork.run_until(max(t, chopped.clockwork.now))
    assert_same_state(chopped.state, whole.state)
    ours, theirs = whole.result(), chopped.result()
    for name in ("events", "ledger"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    for name, series in ours.city_series.items():
        np.testing.assert_array_equal(series, theirs.city_series[name], err_msg=name)
    assert ours.process == theirs.process
