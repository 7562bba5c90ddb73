"""The people on the map: where each dot is and what its person does, read from the engine's tables.

People out of the market are drawn where the model holds them to be: at home, on weekdays by day at their
day's place. How they get from one to the other, and where in a cell they stand, is for the eye only.
"""

import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.world.columns import NOBODY, BuyerAct, SellerAct, Status, VisitState
from odssim.world.state import State

MOST_DOTS = 10_000
"""Where there are more people, a sample of the buyers stands for all."""
SCALE = 65535
"""Positions are sent as parts of the map's longer side."""
SPREAD_CELLS = 0.42
COMMUTE_MIN, COMMUTE_SPREAD_MIN = 25, 120
STEP_MIN = 2
UNIT_AHEAD_MIN = 10
"""A patrol is drawn on its way this long before a visit."""

LOOKS = (
    "gone", "home", "travelling", "waiting", "staying", "phoning", "seller_off", "seller_selling", "seller_hiding",
    "seller_moving", "seller_on_call", "unit_between", "unit_police", "unit_volunteer", "unit_guard", "unit_outreach",
)  # fmt: skip
"""How a dot is drawn, by code."""
LOOK = {name: code for code, name in enumerate(LOOKS)}
BUYER_LOOKS = {
    BuyerAct.IDLE: "home", BuyerAct.TRAVELLING: "travelling", BuyerAct.WAITING: "waiting",
    BuyerAct.AWAITING_DELIVERY: "phoning", BuyerAct.POSTPONED: "phoning",
    BuyerAct.DWELLING: "staying", BuyerAct.COMPANY_TRIP: "travelling",
}  # fmt: skip
SELLER_LOOKS = {
    SellerAct.OFF: "seller_off", SellerAct.MOVING: "seller_moving", SellerAct.VISIBLE: "seller_selling",
    SellerAct.HIDING: "seller_hiding", SellerAct.PAUSED: "seller_hiding", SellerAct.ON_CALL: "seller_on_call",
}  # fmt: skip
BUYER_LOOK = np.array([LOOK[BUYER_LOOKS[act]] for act in BuyerAct])
SELLER_LOOK = np.array([LOOK[SELLER_LOOKS[act]] for act in SellerAct])


class Dots:
    """The dots of one pane: of each its look, its place, when it arrives there, in which update it last changed."""

    def __init__(self, st: State, city: City, limit: int = MOST_DOTS) -> None:
        """Choose whom to show: all sellers and guardians, and of the buyers what room is left."""
        self.n_sellers = min(len(st.sellers), limit // 4)
        self.n_units = min(len(st.units), limit // 10)
        room = limit - self.n_sellers - self.n_units
        order = _shuffled(st.buyers["uid"])
        self.rows = np.sort(np.argsort(order, kind="stable")[:room])
        self.share = len(self.rows) / max(1, len(st.buyers))
        n = len(self.rows) + self.n_sellers + self.n_units
        side = max(city.width, city.height) * city.cell_m
        self.place_x, self.place_y = st.places["x_m"] / side, st.places["y_m"] / side
        who = np.arange(n, dtype=np.uint64)
        angle, radius = 2 * np.pi * _unit(who, 1), np.sqrt(_unit(who, 2)) * SPREAD_CELLS * city.cell_m / side
        self.dx, self.dy = radius * np.cos(angle), radius * np.sin(angle)
        self.late = (_unit(who, 3)[: len(self.rows)] * COMMUTE_SPREAD_MIN).astype(np.int64) - COMMUTE_SPREAD_MIN // 2
        self.look = np.zeros(n, dtype=np.uint8)
        self.place = np.full(n, NOBODY, dtype=np.int64)
        self.arrive = np.zeros(n, dtype=np.int64)
        self.changed = np.ones(n, dtype=np.int64)
        self.update_no = 0
        self.update(st, int(st.clock["now"][0]))

    def update(self, st: State, now: int) -> None:
        """Read what everybody does in minute `now`."""
        parts = (self._buyers(st, now), self._sellers(st, now), self._units(st, now))
        look, place, arrive = (np.concatenate(column) for column in zip(*parts, strict=True))
        self.update_no += 1
        new = (look != self.look) | (place != self.place)
        self.look, self.place = look.astype(np.uint8), place
        self.arrive[new], self.changed[new] = arrive[new], self.update_no

    def _buyers(self, st: State, now: int) -> tuple[Array, Array, Array]:
        who = st.buyers[self.rows]
        look = np.where(who["status"] == Status.FREE, BUYER_LOOK[who["act"]], LOOK["gone"])
        out = (look != LOOK["home"]) & (look != LOOK["phoning"])
        minute = now % 1440 - self.late
        at_work = (st.calendar["weekday"][now // 1440] < 5) & (minute >= 8 * 60) & (minute < 17 * 60)
        place = np.where(out, who["place"], np.where(at_work, who["routine"], who["home"]))
        arrive = np.where(look == LOOK["travelling"], who["until"], now + np.where(out, STEP_MIN, COMMUTE_MIN))
        return look, place, arrive

    def _sellers(self, st: State, now: int) -> tuple[Array, Array, Array]:
        who = st.sellers[: self.n_sellers]
        look = np.where(who["status"] == Status.FREE, SELLER_LOOK[who["act"]], LOOK["gone"])
        out = np.isin(who["act"], (SellerAct.MOVING, SellerAct.VISIBLE, SellerAct.HIDING, SellerAct.PAUSED))
        place = np.where(out, who["place"], who["home"])
        return look, place, np.where(who["act"] == SellerAct.MOVING, now + COMMUTE_MIN, now + 4 * STEP_MIN)

    def _units(self, st: State, now: int) -> tuple[Array, Array, Array]:
        """Return patrols at their visits, on the way to the next, or (drawn faintly) where they were last."""
        v = st.visits[(st.visits["uid"] > 0) & (st.visits["unit"] >= 0) & (st.visits["unit"] < self.n_units)]
        place = np.full(self.n_units, NOBODY, dtype=np.int64)
        look, arrive = np.full(self.n_units, LOOK["unit_between"]), np.full(self.n_units, now + STEP_MIN)
        over = v[(v["start"] <= now) & (v["state"] != VisitState.ON_SITE)]
        soon = v[(v["state"] == VisitState.PLANNED) & (v["start"] > now) & (v["start"] <= now + UNIT_AHEAD_MIN)]
        for visits, at_work in ((_by(over, 1), False), (_by(soon, -1), True), (v[v["state"] == VisitState.ON_SITE], True)):
            place[visits["unit"]] = visits["place"]  # the last row of a unit stands
            if at_work:
                look[visits["unit"]] = LOOK["unit_police"] + visits["kind"]
                arrive[visits["unit"]] = np.maximum(visits["start"], now + STEP_MIN)
        look[place < 0] = LOOK["gone"]
        return look, place, arrive

    def since(self, update_no: int) -> tuple[Array, Array, Array, Array, Array]:
        """Return index, x, y (parts of the longer side), minute of arrival and look of what changed since."""
        i = np.flatnonzero(self.changed > update_no)
        p = np.maximum(self.place[i], 0)
        x, y = _scaled(self.place_x[p] + self.dx[i]), _scaled(self.place_y[p] + self.dy[i])
        return i.astype(np.uint16), x, y, self.arrive[i], self.look[i]


def _scaled(part: Array) -> Array:
    """Return parts of the longer side as they are sent."""
    scaled: Array = np.clip(part * SCALE, 0, SCALE).astype(np.uint16)
    return scaled


def _by(visits: Array, way: int) -> Array:
    """Return visits in the order of their start (`way` 1), or the other way round (-1)."""
    return visits[np.argsort(way * visits["start"].astype(np.int64), kind="stable")]


def _shuffled(uid: Array) -> Array:
    """Return numbers in no order of the uids (SplitMix64's finisher), the same in every run."""
    z = uid.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _unit(who: Array, salt: int) -> Array:
    """Return numbers in [0, 1) that stand for `who`."""
    numbers: Array = _shuffled(_shuffled(who) + np.uint64(salt)) / 2.0**64
    return numbers
