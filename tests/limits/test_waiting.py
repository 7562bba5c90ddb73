"""Waiting: patience that is not memoryless, what follows from it for visits, and a queue with a known mean."""

import math

import numpy as np
import pytest
from scipy import stats

from odssim.engine.build import PARAMETERS
from odssim.engine.clockwork import keep_log
from odssim.world import codes
from odssim.world.columns import BuyerAct, SellerAct
from statistical.stat import assert_mean, assert_proportion
from tiny.world import Tiny, minute, schedule

DEFAULT = {i: v for p in PARAMETERS for i, v in zip(p.ids, p.defaults, strict=True)}
N_SELLERS = 30_000
HIDE_MIN, HIDE_SIGMA = DEFAULT["selling.hide_min"], DEFAULT["selling.hide_sigma"]


def share_gone(minutes: int, median: float, sigma: float) -> float:
    """Return the share whose patience 1 + floor(X), X log-normal, is shorter than `minutes`."""
    return float(stats.norm.cdf(math.log((minutes - 1) / median) / sigma)) if minutes > 1 else 0.0


@pytest.mark.parametrize("wait", [5, 12, 13, 30])
def test_the_share_who_still_wait_for_a_seller(wait):
    n = 60_000
    world = Tiny(buyers=n, search__patience_min=12, search__patience_sigma=0.5)
    keep_log(world.state)
    for b in range(n):
        schedule(world.state, minute("10:00"), codes.Event.NEED, b, 0)
    world.clock.run_until(minute("10:01") + wait + 1)
    waiting = int((world.state.buyers["act"] == BuyerAct.WAITING).sum())
    assert_proportion(n - waiting, n, share_gone(wait + 1, 12, 0.5), detects=0.017)


def after_a_visit(minutes: int) -> np.ndarray:
    """Return what sellers do just before a visit of so many minutes ends; default patience, all hide."""
    world = Tiny(
        buyers=1, sellers=N_SELLERS, selling__hide_share=1, selling__hide_min=HIDE_MIN,
        selling__hide_sigma=HIDE_SIGMA, tables={"sellers": {"reserve": 1e5}},
    )  # fmt: skip
    keep_log(world.state)
    for s in range(N_SELLERS):
        world.shift("09:00", "17:00", seller=s)
    world.visit("10:00", f"10:{minutes:02d}")
    world.clock.run_until(minute("10:00") + minutes)
    return world.state.sellers["act"].copy()


@pytest.mark.parametrize("minutes", [3, 15, 30])
def test_how_many_a_visit_pushes_away(minutes):
    gone = int((after_a_visit(minutes) != SellerAct.HIDING).sum())
    # those whose patience ends in the last minute meet the departure first
    assert_proportion(gone, N_SELLERS, share_gone(minutes, HIDE_MIN, HIDE_SIGMA), detects=0.03)


def test_a_drive_through_is_waited_out_a_quarter_of_an_hour_empties_more_adds_little():
    short, quarter, half = (share_gone(m, HIDE_MIN, HIDE_SIGMA) for m in (3, 15, 30))
    assert short < 0.02
    assert quarter > 0.85
    assert half - quarter < 0.15
    memoryless = 1 - 0.5 ** (np.array([2, 14, 29]) / HIDE_MIN)
    assert memoryless[0] > 0.15  # with an exponential patience of the same median this test fails


def test_the_hazard_of_leaving_rises():
    gone = {m: (after_a_visit(m) != SellerAct.HIDING).mean() for m in (4, 7, 10)}
    early, middle = gone[4], (gone[7] - gone[4]) / (1 - gone[4])
    late = (gone[10] - gone[7]) / (1 - gone[7])
    assert early < 0.3 * middle < 0.3 * late


def test_those_who_hid_are_back_soon_after():
    world = Tiny(buyers=1, sellers=N_SELLERS, selling__hide_share=1, selling__hide_min=HIDE_MIN, selling__emerge_min=6)
    keep_log(world.state)
    for s in range(N_SELLERS):
        world.shift("09:00", "17:00", seller=s)
    world.visit("10:00", "10:03")
    back = []
    for t in range(minute("10:03"), minute("10:11")):
        world.clock.run_until(t + 1)
        back.append(int((world.state.sellers["act"] == SellerAct.VISIBLE).sum()))
    assert back[0] == 0
    assert back[6] == N_SELLERS
    for k in range(1, 6):
        assert_proportion(back[k], N_SELLERS, k / 6, detects=0.025)


def test_one_seller_serves_a_queue_with_the_known_mean_wait():
    """Poisson arrivals, one server, constant service of D minutes: mean wait = rho D / (2 (1 - rho))."""
    n_places, horizon, first, rate, service = 2000, 600, 150, 0.2, 3
    random = np.random.default_rng(11)
    number = random.poisson(rate * horizon, n_places)
    world = Tiny(
        buyers=int(number.sum()), sellers=n_places, places=n_places, search__patience_min=1e6,
        purchase__service_min=service, tables={"sellers": {"stock": 10**9}},
    )  # fmt: skip
    rows, home = world.state.buyers, np.repeat(np.arange(n_places), number)
    rows["known"], rows["home"], rows["routine"] = -1, home, home
    rows["known"][:, 0] = home
    world.state.sellers["spot"][:, 0] = np.arange(n_places)
    for s in range(n_places):
        world.shift("00:30", "20:00", seller=s)
    at = 60 + random.integers(0, horizon, len(rows))
    for b in range(len(rows)):
        schedule(world.state, int(at[b]), codes.Event.NEED, b, 0)
    world.clock.run_until(1440)
    log = np.concatenate(world.clock.logs)
    deals = log[log[:, 1] == codes.Log.DEAL_OPEN]
    assert len(deals) == len(rows)
    wait = np.zeros(len(rows))
    wait[deals[:, 2] - 100] = deals[:, 0] - 1  # minus one minute on the way
    wait -= at
    rho = rate * service
    known = rho * service / (2 * (1 - rho))
    counted = at >= 60 + first
    excess = np.bincount(home[counted], wait[counted] - known, minlength=n_places)
    assert_mean(excess, 0.0, detects=0.1 * known * counted.sum() / n_places)
