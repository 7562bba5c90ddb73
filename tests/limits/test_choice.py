"""The race is a logit choice, and a changed option can only enter or leave."""

import math

import numpy as np
import pytest

from odssim.engine.clockwork import keep_log
from odssim.world.columns import BuyerAct
from statistical.stat import assert_proportion
from tiny.world import NEVER, Tiny, schedule

N = 120_000
AT = 600
NEED = 8


def choices(**columns) -> tuple[np.ndarray, Tiny]:
    """Return what N alike buyers do at ten: place 0, 1 or 2, 3 the contact, 4 waiting, 5 going without."""
    world = Tiny(
        buyers=N, places=3, choice__time_value_sek_h=90, choice__postpone_min=100, choice__postpone_utility=0.4,
        choice__without_utility=0.2, choice__risk_sek=100, selling__max_queue_min=1e9, selling__handling_min=0,
    )  # fmt: skip
    keep_log(world.state)
    rows = world.state.buyers
    rows["avail"][:, :9] = np.repeat([0.5, 0.6, 0.7], 3)
    rows["risk"][:, 2] = 0.3
    rows["contact"][:, 0], rows["contact_avail"][:, 0] = 0, 0.3
    for name, value in columns.items():
        rows[name] = value
    world.on_call("09:00", "17:00")
    for b in range(N):
        schedule(world.state, AT, NEED, b, 0)
    world.clock.run_until(AT + 1)
    done = np.full(N, -1)
    done[rows["act"] == BuyerAct.TRAVELLING] = rows["place"][rows["act"] == BuyerAct.TRAVELLING]
    for act, code in ((BuyerAct.AWAITING_DELIVERY, 3), (BuyerAct.POSTPONED, 4), (BuyerAct.IDLE, 5)):
        done[rows["act"] == act] = code
    return done, world


@pytest.fixture(scope="module")
def base() -> np.ndarray:
    return choices()[0]


def test_shares_are_those_of_the_logit_model(base):
    full_price = [  # SEK: travel and wait at 90 SEK an hour, risk, nothing for the price
        90 * (1 + 10) / 60, 90 * (10 + 10) / 60, 90 * (20 + 10) / 60 + 0.3 * 100, 90 * 29 / 60,
    ]  # fmt: skip
    utility = [(a * 300 - cost) / 60 for a, cost in zip((0.5, 0.6, 0.7, 0.3), full_price, strict=True)]
    weight = np.exp([*utility, 0.4, 0.2])
    assert (base >= 0).all()
    for option, share in enumerate(weight / weight.sum()):
        assert share > 0.03
        assert_proportion(int((base == option).sum()), N, share, detects=0.012)


def test_a_better_option_is_only_entered(base):
    avail = np.full((N, 15), 0.5)
    avail[:, :9] = np.repeat([0.5, 0.75, 0.7], 3)
    better = choices(avail=avail)[0]
    moved = base != better
    assert 0.05 < moved.mean() < 0.5
    assert set(better[moved]) == {1}


def test_an_option_that_goes_is_only_left(base):
    gone = choices(contact=-1)[0]
    assert set(base[gone != base]) == {3}
    assert not (gone == 3).any()


def test_exploring_follows_attraction_and_distance():
    world = Tiny(
        buyers=N, places=4, choice__explore_share=1, search__explore_min=10, search__activity_pull=3,
        disorder__half=50, disorder__upkeep=0,
        tables={"places": {"attraction": [2.0, 1.0, 3.0, 4.0], "nuisance": [0.0, 50.0, 0.0, 0.0]}},
    )  # fmt: skip
    keep_log(world.state)
    world.state.buyers["known"] = -1
    for b in range(N):
        schedule(world.state, AT, NEED, b, 0)
    world.clock.run_until(AT + 1)
    pull = np.array([2.0, 1.0 * (1 + 3 * 0.5), 3.0, 4.0])
    weight = pull * np.exp(-np.array([1, 10, 20, 30]) / 10)
    found = np.bincount(world.state.buyers["place"], minlength=4)
    for p, share in enumerate(weight / weight.sum()):
        assert_proportion(int(found[p]), N, share, detects=0.012)


def test_a_district_is_chosen_before_its_places():
    world = Tiny(
        buyers=N, places=4, choice__explore_share=1, search__explore_min=30,
        tables={"places": {"attraction": [1.0, 2.0, 5.0, 1.0], "district": [0, 0, 1, 1]}},
    )  # fmt: skip
    keep_log(world.state)
    world.state.buyers["known"] = -1
    for b in range(N):
        schedule(world.state, AT, NEED, b, 0)
    world.clock.run_until(AT + 1)
    first, second = 3 * math.exp(-10 / 30), 6 * math.exp(-20 / 30)  # centres: places 1 and 2
    share_first = first / (first + second)
    found = np.bincount(world.state.buyers["place"], minlength=4)
    assert_proportion(int(found[:2].sum()), N, share_first, detects=0.012)
    within = 1 * math.exp(-1 / 30) / (1 * math.exp(-1 / 30) + 2 * math.exp(-10 / 30))
    assert_proportion(int(found[0]), int(found[:2].sum()), within, detects=0.02)


def test_plans_of_sellers_are_a_logit_choice_too():
    n = 60_000
    rows = {"hours": 4.0, "reserve": 100.0, "profit": [100.0, 175.0, 250.0] + [0.0] * 12, "hidden_profit": 50.0}
    world = Tiny(
        buyers=1, sellers=n, tables={"sellers": rows}, selling__scale_sek=300, selling__off_utility=0.5,
        selling__other_utility=NEVER, selling__hidden_hours=8, selling__hidden_ease_sek=150,
    )  # fmt: skip
    way = 100 * 2 * 1 / 60
    band = [math.exp(((profit - 100) * 4 - way) / 300) for profit in (100, 175, 250)]
    hidden, off = math.exp((50 * 8 - 100 * 4 + 150) / 300), math.exp(0.5)
    total = sum(band) + hidden + off
    sellers = world.state.sellers
    for plan, weight in ((0, off), (1, sum(band)), (2, hidden)):
        assert_proportion(int((sellers["plan"] == plan).sum()), n, weight / total, detects=0.02)
    in_band = np.bincount((sellers["plan_start"][sellers["plan"] == 1] - 360) // 480, minlength=3)
    for z, weight in enumerate(band):
        assert_proportion(int(in_band[z]), int(in_band.sum()), weight / sum(band), detects=0.03)
