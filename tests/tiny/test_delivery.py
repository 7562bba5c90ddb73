"""selling and purchase away from scenes: calls, queues, deliveries."""

import pytest

from odssim.world.columns import BuyerAct
from tiny.world import Tiny


def called(**more) -> Tiny:
    """A seller on call from nine to five; the buyer has his number, knows no place, has a need at ten."""
    world = Tiny(**more)
    world.buyer["known"] = -1
    world.buyer["contact"][0], world.buyer["contact_avail"][0] = 0, 0.5
    world.on_call("09:00", "17:00")
    world.need("10:00")
    return world


def test_a_delivery_comes_to_the_buyer():
    world = called()
    world.run("10:01")
    assert (world.buyer["act"], world.buyer["until"]) == (BuyerAct.AWAITING_DELIVERY, 640)
    assert world.run("10:40") == [
        ("09:00", "shift_start", 200, -1, 1, 5),
        ("10:40", "meeting", 100, -1, 200, 0),
        ("10:40", "deal_hidden", 100, -1, 200, 1000),
        ("10:40", "closed", 100, -1, 0, 1),
    ]
    assert (world.buyer["waited"], world.buyer["contact_avail"][0], world.buyer["last_kind"]) == (40, 0.75, 2)
    assert (world.seller["busy_until"], world.seller["sold"], world.seller["cash"]) == (610, 1, 10_000)
    assert world.city_tally() == {
        "needs": 1, "choices": 1, "meetings_hidden": 1, "hidden_deals": 1, "hidden_mg": 1000,
        "hidden_ore": 10_000, "sellers_active": 1, "consumed_mg": 1000,
    }  # fmt: skip
    assert world.place_tally() == {}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("sellers", "status", 1), ("sellers", "stock", 49), ("sellers", "busy_until", 661), ("sellers", "plan", 0)],
)
def test_a_call_is_refused(table, column, value):
    world = called()
    world.state.sellers[column] = value
    assert world.run("10:00")[-1] == ("10:00", "closed", 100, -1, 0, 3)
    assert (world.buyer["contact_avail"][0], world.buyer["tried"], world.buyer["attempt"]) == (0.25, 32, 1)
    assert world.buyer["act"] == BuyerAct.IDLE


def test_orders_queue_up_to_the_limit():
    world = called(tables={"sellers": {"busy_until": 660}})
    world.run("10:00")
    assert (world.buyer["until"], world.seller["busy_until"]) == (700, 670)


def test_a_number_outlives_its_seller():
    world = called()
    world.run("10:39")
    world.seller["uid"] = 200 + 2**32
    assert world.run("10:40")[-1] == ("10:40", "closed", 100, -1, 0, 1)
    assert world.buyer["last_seller"] == 200 + 2**32


@pytest.mark.parametrize(("column", "value"), [("status", 2), ("stock", 49), ("price", 20_001)])
def test_a_delivery_may_fail_at_the_door(column, value):
    world = called()
    world.run("10:39")
    world.state.sellers[column] = value
    assert world.run("10:40")[-1] == ("10:40", "closed", 100, -1, 0, 3)
    assert (world.buyer["contact_avail"][0], world.buyer["wallet"]) == (0.25, 200_000)


def test_a_delivery_to_an_empty_wallet_fails_the_need():
    world = called()
    world.run("10:39")
    world.buyer["wallet"] = 499
    assert world.run("10:40")[-1] == ("10:40", "closed", 100, -1, 0, 2)
