"""The twin alone: it runs, takes every branch and loses nothing. Together: it agrees with the engine."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from odssim.world import codes, columns
from odssim.world.state import State, copy_state

from .compare import compare, compare_tallies, run_both_with_levers, run_engine
from .model import TwinModel
from .worlds import make_world

N_WORLDS = 50
N_COMPARED = 50


@cache
def finished(k: int) -> tuple[State, TwinModel, int]:
    """Return the initial state, the twin after its run, and the number of days of world k."""
    state, n_days = make_world(k)
    twin = TwinModel(state)
    twin.run(n_days)
    return state, twin, n_days


def stocks_mg(twin: TwinModel) -> int:
    holders = [*twin.importers, *twin.wholesalers, *twin.sellers]
    return sum(h.stock for h in holders) + sum(b.carry_mg for b in twin.buyers)


def total(twin: TwinModel, *names: str) -> int:
    in_city = sum(day.get(name, 0) for day in twin.city_tally for name in names)
    return in_city + sum(p.get(name, 0) for day in twin.place_tally for p in day for name in names)


def test_every_kind_of_event_line_and_fate_occurs_in_the_first_worlds():
    kinds: set[int] = set()
    lines: Counter[int] = Counter()
    fates: Counter[int] = Counter()
    for k in range(N_WORLDS):
        twin = finished(k)[1]
        kinds |= twin.kinds_seen
        lines.update(line[1] for line in twin.log)
        fates.update(line[5] for line in twin.log if line[1] == codes.Log.CLOSED)
    assert kinds == set(codes.Event)
    assert set(lines) == set(range(len(codes.LOG)))
    assert set(fates) == set(range(len(codes.FATES))) - {codes.Fate.UNFINISHED}


def test_every_tally_occurs_in_the_first_worlds():
    twins = [finished(k)[1] for k in range(N_WORLDS)]
    names = (*codes.PLACE_TALLIES, *codes.CITY_TALLIES)
    assert [name for name in names if not any(total(twin, name) for twin in twins)] == []


@pytest.mark.parametrize("k", range(N_WORLDS))
def test_no_milligram_is_lost(k: int):
    state, twin, _ = finished(k)
    before = stocks_mg(TwinModel(state))
    gone = total(twin, "seized_border_mg", "consumed_mg", "seized_mg", "seized_hidden_mg")
    assert before + total(twin, "imported_mg") == stocks_mg(twin) + gone


@pytest.mark.parametrize("k", range(N_WORLDS))
def test_no_ore_is_lost(k: int):
    state, twin, _ = finished(k)
    assert money(twin) - money(TwinModel(state)) == (
        total(twin, "income_ore", "debt_written_off_ore") - total(twin, "seller_income_ore", "wallet_left_ore")
    )


def money(twin: TwinModel) -> int:
    holders = [*twin.importers, *twin.wholesalers, *twin.sellers]
    return sum(h.cash for h in holders) + sum(b.wallet for b in twin.buyers)


@pytest.mark.parametrize("k", range(N_WORLDS))
def test_nobody_is_in_two_places_and_nothing_is_negative(k: int):
    _, twin, _ = finished(k)
    on_scene = (columns.BuyerAct.WAITING, columns.BuyerAct.DWELLING)
    at_work = (columns.SellerAct.VISIBLE, columns.SellerAct.HIDING, columns.SellerAct.PAUSED)
    for p in twin.places:
        assert sorted(b.row for b in p.buyers) == [b.row for b in twin.buyers if b.act in on_scene and b.place == p.index]
        assert sorted(s.slot_number for s in p.sellers) == [
            s.slot_number for s in twin.sellers if s.act in at_work and s.place == p.index
        ]
        assert p.n_buyers == len(p.buyers)
        assert p.n_police + p.n_others == len(p.visits)
        assert p.n_visible == sum(s.act == columns.SellerAct.VISIBLE for s in p.sellers)
    holders = [*twin.importers, *twin.wholesalers, *twin.sellers]
    assert min(h.stock for h in holders) >= 0
    assert min(min(b.wallet, b.carry_mg) for b in twin.buyers) >= 0


def test_a_run_is_the_same_when_repeated():
    state, twin, n_days = finished(3)
    again = TwinModel(state)
    again.run(n_days)
    assert again.log == twin.log
    assert again.columns() == twin.columns()


@pytest.mark.parametrize("k", range(N_COMPARED))
def test_engine_and_twin_agree_event_by_event(k: int):
    state, twin, n_days = finished(k)
    engine_state = copy_state(state)
    log, place_tally, city_tally = run_engine(engine_state, n_days)
    assert compare(engine_state, log, twin) is None
    assert compare_tallies(place_tally, city_tally, twin) is None


@pytest.mark.parametrize("k", range(N_COMPARED))
def test_engine_and_twin_agree_when_places_close_and_open_again(k: int):
    state, n_days = make_world(k)
    log, place_tally, city_tally, twin = run_both_with_levers(state, k, n_days)
    assert compare(state, log, twin) is None
    assert compare_tallies(place_tally, city_tally, twin) is None
