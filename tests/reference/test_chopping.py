"""What must not matter: how a run is chopped, the order of rows, strangers, far places, doses of zero."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from odssim.engine.clockwork import Clockwork, keep_log, run_days
from odssim.world import codes
from odssim.world.state import State, copy_state

from .records import LINKS
from .variants import UID_STEP, add_isolated_buyer, add_programme, double, permute_buyers, rebuild, uncouple, with_parameters
from .worlds import make_world

Array = np.ndarray[Any, Any]
WORLDS = (1, 3, 6, 9, 13, 20, 33, 43)
AGENTS = ("buyers", "sellers", "places", "units", "importers", "wholesalers", "programmes")
STRANGER = 99_999


def assert_same_rows(ours: Array, theirs: Array, *, but: Iterable[str] = ()) -> None:
    for name in ours.dtype.names:
        if name not in (*LINKS, *but):
            np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


def assert_same_agents(ours: State, theirs: State, *, but: Iterable[str] = ()) -> None:
    for table in AGENTS:
        assert_same_rows(getattr(ours, table), getattr(theirs, table), but=but)


def lines(log: Array) -> list[tuple[int, ...]]:
    """Return the log's lines in an order that does not depend on that within a minute."""
    return sorted(tuple(line) for line in log.tolist())


def run(state: State, n_days: int) -> tuple[State, Array, Array, Array]:
    """Run a fresh state; return it with log, place tallies and city tallies."""
    log, place_tally, city_tally = run_days(state, n_days)
    return state, log, place_tally, city_tally


@pytest.mark.parametrize("k", WORLDS)
@pytest.mark.parametrize("n_cuts", [3, 40, 1000])
def test_chopping_a_run_changes_nothing(k: int, n_cuts: int):
    state, n_days = make_world(k)
    chopped = copy_state(state)
    state, log, _, _ = run(state, n_days)
    keep_log(chopped, events=True)
    work = Clockwork(chopped)
    cuts = np.random.default_rng(k).integers(0, n_days * 1440, n_cuts)
    for minute in [*sorted(cuts.tolist()), n_days * 1440]:
        work.run_until(minute)
    assert np.concatenate(work.logs).tolist() == log.tolist()
    for name in state.FIELDS:
        if name != "log":
            np.testing.assert_array_equal(getattr(chopped, name), getattr(state, name), err_msg=name)


@pytest.mark.parametrize("k", WORLDS)
def test_a_copied_state_goes_on_like_the_original(k: int):
    state, n_days = make_world(k)
    keep_log(state)
    Clockwork(state).run_until(n_days * 720)
    branch = copy_state(state)
    Clockwork(branch).run_until(n_days * 1440)
    Clockwork(state).run_until(n_days * 1440)
    assert_same_agents(branch, state)


@pytest.mark.parametrize("k", WORLDS)
def test_the_order_of_buyers_changes_nothing(k: int):
    state, n_days = make_world(k)
    order = np.random.default_rng(k).permutation(len(state.buyers))
    mixed, mixed_log, mixed_places, mixed_city = run(permute_buyers(state, order), n_days)
    state, log, places, city = run(state, n_days)
    assert lines(mixed_log) == lines(log)
    np.testing.assert_array_equal(mixed_places, places)
    np.testing.assert_array_equal(mixed_city, city)
    back = permute_buyers(mixed, np.argsort(order))
    assert_same_agents(back, state)


@pytest.mark.parametrize("k", WORLDS)
def test_an_isolated_buyer_changes_nobody(k: int):
    state, n_days = make_world(k)
    state = uncouple(with_parameters(state, choice_explore_share=0.0))
    more, more_log, more_places, _ = run(add_isolated_buyer(state, STRANGER), n_days)
    state, log, places, _ = run(rebuild(state), n_days)
    assert any(line[2] % 2**32 == STRANGER for line in more_log.tolist())
    assert [line for line in lines(more_log) if line[2] % 2**32 != STRANGER] == lines(log)
    np.testing.assert_array_equal(more_places, places)
    assert_same_rows(more.buyers[:-1], state.buyers)
    for table in AGENTS[1:]:
        assert_same_rows(getattr(more, table), getattr(state, table))


@pytest.mark.parametrize("k", WORLDS)
def test_a_programme_changes_nothing_in_a_far_district(k: int):
    world, n_days = make_world(k)
    state = double(uncouple(with_parameters(world, search_explore_min=2.0)))
    n = {table: len(getattr(world, table)) for table in AGENTS}
    treated, treated_log, treated_places, _ = run(add_programme(state, np.arange(n["places"]), dose=1.0), n_days)
    state, log, places, _ = run(state, n_days)
    assert lines(treated_log) != lines(log)
    assert far_lines(treated_log) == far_lines(log)
    assert far_lines(log) != []
    np.testing.assert_array_equal(treated_places[:, n["places"] :], places[:, n["places"] :])
    for table in AGENTS:
        rows = slice(n[table], 2 * n[table])
        assert_same_rows(getattr(treated, table)[rows], getattr(state, table)[rows])


def far_lines(log: Array) -> list[tuple[int, ...]]:
    """Return the lines about persons and visits of the second half of a doubled world."""
    visits = (codes.Log.VISIT, codes.Log.VISIT_MISSED, codes.Log.VISIT_END, codes.Log.STOP)

    def person(line: tuple[int, ...]) -> int:
        return line[2] % 2**40 // 2**24 if line[1] in visits else line[2] % 2**32

    return [line for line in lines(log) if person(line) >= UID_STEP]


@pytest.mark.parametrize("k", WORLDS)
def test_a_programme_of_dose_zero_changes_nothing(k: int):
    state, n_days = make_world(k)
    more, more_log, more_places, more_city = run(add_programme(state, np.arange(len(state.places)), dose=0.0), n_days)
    state, log, places, city = run(state, n_days)
    assert lines(more_log) == lines(log)
    np.testing.assert_array_equal(more_places, places)
    np.testing.assert_array_equal(more_city, city)
    for table in AGENTS:
        rows = slice(0, len(getattr(state, table)))
        assert_same_rows(getattr(more, table)[rows], getattr(state, table))
    assert more.programmes["n_planned"][-1] == 0
