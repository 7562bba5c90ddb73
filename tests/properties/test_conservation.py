"""Over a run with everything on, drugs, money, needs and persons add up exactly, and every state is sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as hs

from odssim.engine.clockwork import Clockwork, keep_log
from odssim.engine.run import Run
from odssim.world import codes
from odssim.world.columns import NOBODY
from properties.books import Books, run_with_books
from properties.invariants import assert_sound
from properties.town import everything_on, fresh_run
from reference.worlds import make_world

MUST_FLOW = set(codes.CITY_TALLIES) | set(codes.PLACE_TALLIES)


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> tuple[Run, Books]:
    """The town after its run; the books were compared each midnight, the state each noon and midnight."""
    run = fresh_run(everything_on(tmp_path_factory.mktemp("everything")))
    return run, run_with_books(run, assert_sound)


def test_the_town_conserves_drugs_money_needs_and_persons(town):
    run, books = town
    assert run.clockwork.now == 35 * 1440
    assert books.flow["needs"] > 10_000


def test_every_flow_occurs_so_that_none_is_balanced_by_absence(town):
    silent = {name for name in MUST_FLOW if town[1].flow[name] == 0}
    assert silent == set()


def test_a_missing_milligram_ore_or_person_would_be_noticed(town):
    run, books = town
    for name in ("consumed_mg", "income_ore", "needs", "deaths", "imprisoned", "new_sellers", "seized_mg"):
        books.flow[name] += 1
        with pytest.raises(AssertionError):
            books.assert_balanced(run.state)
        books.flow[name] -= 1
    books.assert_balanced(run.state)


def test_a_user_seller_sells_what_he_uses(town):
    st = town[0].state
    users = st.buyers[st.buyers["seller"] != NOBODY]
    assert len(users) > 20
    assert (users["substance"] == st.sellers["substance"][users["seller"]]).all()


@given(k=hs.integers(min_value=1000, max_value=10**6), noon=hs.integers(min_value=1, max_value=1439))
def test_random_worlds_conserve_too_at_any_minute(k, noon):
    st, n_days = make_world(k)
    keep_log(st)
    books, work = Books(st), Clockwork(st)
    for day in range(min(n_days, 4)):
        work.run_until(1440 * day + noon)
        assert_sound(st)
        work.run_until(1440 * (day + 1))
        books.close_day(st)
        books.assert_balanced(st)
        assert_sound(st)
