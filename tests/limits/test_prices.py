"""Markets of one, two and ten sellers settle at finite prices, wherever they start."""

import numpy as np
import pytest

from odssim.engine.build import PARAMETERS
from odssim.engine.clockwork import keep_log
from tiny.world import NEVER, Tiny

DEFAULT = {i: v for p in PARAMETERS for i, v in zip(p.ids, p.defaults, strict=True)}
REVERT, UP, DOWN = (DEFAULT[f"pricing.{name}"] for name in ("revert", "up", "down"))
DAYS, LAST = 900, 200
TARGET = 10_000
"""Öre per gram: wholesale price times markup."""


def market(n_sellers: int, start_ore_g: int, **more) -> np.ndarray:
    """Return the sellers' prices at each midnight, shape (days, sellers), of fifty buyers with a need a day."""
    values = {"pricing__revert": REVERT, "pricing__up": UP, "pricing__down": DOWN, "pricing__markup": 2.5} | more
    world = Tiny(
        buyers=50, sellers=n_sellers, days=DAYS + 2, selling__off_utility=NEVER, selling__scale_sek=300,
        search__patience_min=12, search__patience_sigma=0.5, supply__reorder_baskets=15, supply__credit_sek=1e6,
        tables={"buyers": {"rate": 30.0, "income": 100_000}, "sellers": {"price": start_ore_g, "hours": 6.0}},
        **values,
    )  # fmt: skip
    keep_log(world.state)
    prices = []
    for day in range(1, DAYS + 1):
        world.clock.run_until(1440 * day)
        prices.append(world.state.sellers["price"].copy())
    return np.array(prices, dtype=float)


@pytest.mark.parametrize("start_ore_g", [5_000, 19_000])
@pytest.mark.parametrize("n_sellers", [1, 2, 10])
def test_prices_settle(n_sellers, start_ore_g):
    prices = market(n_sellers, start_ore_g)
    last = prices[-LAST:]
    low, high = TARGET * REVERT / (REVERT + DOWN), TARGET * REVERT / (REVERT - UP)
    assert (last >= low * 0.98).all()
    assert (last <= high * 1.02).all()
    assert last.mean(axis=1).std() < 0.05 * TARGET
    assert len(np.unique(prices)) > 100


def test_one_crowded_seller_earns_more_than_ten():
    alone, many = market(1, TARGET)[-LAST:].mean(), market(10, TARGET)[-LAST:].mean()
    assert alone > many


def test_even_the_steepest_rise_ends_where_buyers_walk_away():
    prices = market(1, TARGET, pricing__up=0.05, pricing__revert=0.0035, pricing__max_step=0.2)
    assert prices.max() <= 2 * TARGET * 1.2  # buyers' limit is twice the usual price
    assert prices.max() > 1.5 * TARGET
