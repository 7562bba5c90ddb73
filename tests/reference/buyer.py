"""The buyer: needs, trips, waiting, dwelling (ODD.md: need, presence, search)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from odssim.world import codes
from odssim.world.columns import N_BANDS, BuyerAct, Status

from . import approach, choice, learning, purchase, use
from .draws import LONGEST, exp, minutes
from .records import fill
from .surroundings import band_of, hour_of, travel, weather

if TYPE_CHECKING:
    from .model import TwinModel

WOMAN = 0
FATE_TALLY = {
    codes.Fate.FAILED: codes.CityTally.FAILED_NEEDS,
    codes.Fate.FORGONE: codes.CityTally.FORGONE_NEEDS,
    codes.Fate.OWN_STOCK: codes.CityTally.OWN_STOCK_NEEDS,
    codes.Fate.MERGED: codes.CityTally.MERGED_NEEDS,
    codes.Fate.LOST: codes.CityTally.LOST_NEEDS,
}


class Buyer(mesa.Agent):
    """One buyer; attributes are the columns of the table of buyers."""

    def __init__(self, model: TwinModel, row: int, values: np.void) -> None:
        super().__init__(model)
        fill(self, values)
        self.row = row

    @property
    def need_number(self) -> int:
        return self.need_day * 16 + self.need_i

    @property
    def try_number(self) -> int:
        return self.need_number * 16 + self.attempt

    def origin(self) -> int:
        """Return where a trip from no scene starts: the routine place in working hours, else home."""
        at_work = self.model.weekday() < 5 and 8 <= hour_of(self.model.minute) < 17
        return self.routine if at_work else self.home

    # ---- needs

    def need(self, i: int) -> None:
        model = self.model
        model.count_city(codes.CityTally.NEEDS)
        if self.row not in model.buyers_today:
            model.buyers_today.add(self.row)
            model.count_city(codes.CityTally.BUYERS_ACTIVE)
            if self.sex == WOMAN:
                model.count_city(codes.CityTally.WOMEN_ACTIVE)
        model.write(codes.Log.NEED, self.uid, -1, -1, i)
        if self.status != Status.FREE:
            self.write_fate(codes.Fate.LOST, self.substance)
        elif self.seller >= 0:
            self.need_of_a_seller()
        elif self.act in (BuyerAct.TRAVELLING, BuyerAct.WAITING, BuyerAct.AWAITING_DELIVERY, BuyerAct.POSTPONED):
            self.write_fate(codes.Fate.MERGED, self.substance)
        else:
            if self.act == BuyerAct.DWELLING:
                self.leave()
            if self.status != Status.FREE:
                self.write_fate(codes.Fate.LOST, self.substance)
            else:
                self.open_need(i)

    def need_of_a_seller(self) -> None:
        seller = self.model.sellers[self.seller]
        if seller.stock >= self.basket_mg:
            self.credit_wallet()
            price = math.floor(self.model.wholesalers[seller.wholesaler].price)
            ore = min(self.wallet, price * self.basket_mg // 1000)
            self.wallet -= ore
            seller.cash += ore
            seller.stock -= self.basket_mg
            self.model.count_city(codes.CityTally.CONSUMED_MG, self.basket_mg)
            self.write_fate(codes.Fate.OWN_STOCK, self.substance)
        else:
            self.write_fate(codes.Fate.FAILED, self.substance)

    def open_need(self, i: int) -> None:
        model, par = self.model, self.model.par
        self.act = BuyerAct.IDLE
        self.need_day, self.need_i, self.need_minute = model.day, i, model.minute
        self.need_substance = self.substance
        self.attempt = self.tried = self.waited = 0
        z = model.draws.z("choice.deadline", self.uid, self.need_number)
        self.deadline = model.minute + minutes(par.choice_search_max_min[self.type], par.choice_search_max_sigma, z)
        self.credit_wallet()
        choice.choose(self, self.origin())

    def credit_wallet(self) -> None:
        """Receive the income since the last need, as far as it is kept for drugs."""
        model = self.model
        cap = math.floor(model.par.purchase_wallet_cap_days * self.income)
        credit = min((model.day - self.credit_day) * self.income, max(0, cap - self.wallet))
        self.wallet += credit
        self.credit_day = model.day
        model.count_city(codes.CityTally.INCOME_ORE, credit)

    def write_fate(self, fate: int, substance: int) -> None:
        """Count how a need ends; its substance is need_substance once the need is open."""
        self.model.write(codes.Log.CLOSED, self.uid, -1, substance, fate)
        if fate in FATE_TALLY:
            self.model.count_city(FATE_TALLY[fate])

    def retry(self, _: int) -> None:
        if self.act == BuyerAct.POSTPONED and self.until == self.model.minute:
            choice.choose(self, self.origin())

    # ---- places

    def enter(self) -> None:
        place = self.model.places[self.place]
        place.buyers.append(self)
        place.n_buyers += 1
        self.wait_start = self.model.minute

    def leave(self) -> None:
        """Leave the place, use what is still carried after the way home, be idle."""
        if self.carry_mg > 0:
            approach.way_home(self)
        place = self.model.places[self.place]
        place.buyers.remove(self)
        place.n_buyers -= 1
        self.model.count_place(self.place, codes.PlaceTally.CROWD_MIN, self.model.minute - self.wait_start)
        self.act = BuyerAct.IDLE
        mg, self.carry_mg = self.carry_mg, 0
        use.consume(self, mg)

    def end_wait(self) -> None:
        """Note the minutes of a wait that ends now."""
        waited = self.model.minute - self.wait_start
        self.waited += waited
        self.model.count_place(self.place, codes.PlaceTally.WAIT_MIN, waited)

    def arrive(self, _: int) -> None:
        model, par = self.model, self.model.par
        if not (self.act == BuyerAct.TRAVELLING and self.until == model.minute):
            return
        self.enter()
        self.act = BuyerAct.WAITING
        z = model.draws.z("search.patience", self.uid, self.try_number)
        self.until = model.minute + minutes(par.search_patience_min[self.type], par.search_patience_sigma, z)
        model.schedule(self, codes.Event.PATIENCE, self.until)
        if model.places[self.place].n_police > 0:
            learning.risk_seen(self, par.belief_see[0])
        purchase.try_to_buy(self)

    def try_again(self, _: int) -> None:
        if self.act == BuyerAct.WAITING and self.woken == self.model.minute:
            self.woken = -1
            purchase.try_to_buy(self)

    def patience(self, _: int) -> None:
        if self.act == BuyerAct.WAITING and self.until == self.model.minute:
            self.model.count_place(self.place, codes.PlaceTally.FAILED_VISITS)
            self.fail_attempt()

    def fail_attempt(self) -> None:
        """Learn that nothing was got here, leave, choose again."""
        learning.failure(self)
        self.end_wait()
        self.leave()
        if self.slot >= 0:
            self.tried |= 1 << self.slot
        self.attempt += 1
        choice.choose(self, self.place)

    # ---- presence

    def dwell_minutes(self, decision: str, number: int) -> int:
        par = self.model.par
        z = self.model.draws.z(decision, self.uid, number)
        median = par.presence_dwell_min[self.type] * weather(self.model)
        return math.floor(min(LONGEST, median * exp(par.presence_dwell_sigma * z)))

    def dwell(self) -> None:
        stay = self.dwell_minutes("presence.dwell", self.need_number)
        if stay >= 1:
            self.act = BuyerAct.DWELLING
            self.until = self.model.minute + stay
            self.model.schedule(self, codes.Event.DWELL_END, self.until)
        else:
            self.leave()

    def dwell_end(self, _: int) -> None:
        if self.act == BuyerAct.DWELLING and self.until == self.model.minute:
            self.leave()

    def company_go(self, _: int) -> None:
        if self.status != Status.FREE or self.act != BuyerAct.IDLE or self.seller >= 0:
            return
        band = band_of(self.model.minute)
        slots = [k for k, place in enumerate(self.known) if self.model.is_open(place)]
        if not slots:
            return
        best = max(slots, key=lambda k: (self.avail[k * N_BANDS + band], -k))
        self.act = BuyerAct.COMPANY_TRIP
        self.place = self.known[best]
        self.until = self.model.minute + travel(self.model, self.origin(), self.place)
        self.model.schedule(self, codes.Event.COMPANY_ARRIVE, self.until)

    def company_arrive(self, _: int) -> None:
        if not (self.act == BuyerAct.COMPANY_TRIP and self.until == self.model.minute):
            return
        self.enter()
        self.act = BuyerAct.DWELLING
        stay = max(1, self.dwell_minutes("presence.company_dwell", self.model.day))
        self.until = self.model.minute + stay
        self.model.schedule(self, codes.Event.DWELL_END, self.until)


def sees(buyers: list[Any], share: float) -> None:
    """Every waiting buyer sees a guardian."""
    for buyer in buyers:
        if buyer.act == BuyerAct.WAITING:
            learning.risk_seen(buyer, share)
