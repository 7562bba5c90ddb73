"""The seller: shifts, looking out, hiding, being pushed (ODD.md: selling, by day)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from odssim.world import codes
from odssim.world.columns import N_BANDS, N_HOURS, BuyerAct, Plan, SellerAct, Status

from . import push
from .draws import minutes
from .records import fill
from .surroundings import band_of, hour_of

if TYPE_CHECKING:
    from .guardian import Visit
    from .model import TwinModel


class Seller(mesa.Agent):
    """One seller; attributes are the columns of the table of sellers."""

    def __init__(self, model: TwinModel, slot_number: int, values: np.void) -> None:
        super().__init__(model)
        fill(self, values)
        self.slot_number = slot_number

    def at_place(self) -> bool:
        return self.act in (SellerAct.VISIBLE, SellerAct.HIDING, SellerAct.PAUSED)

    def set_act(self, act: int) -> None:
        """Change what he is doing; the place counts its visible sellers."""
        counted = self.model.places[self.place] if self.place >= 0 else None
        if self.act == SellerAct.VISIBLE and act != SellerAct.VISIBLE:
            counted.n_visible -= 1
        if act == SellerAct.VISIBLE and self.act != SellerAct.VISIBLE:
            counted.n_visible += 1
        self.act = act

    def carried(self) -> float:
        """Return the part of the stock that is on the person."""
        par = self.model.par
        return float(par.detection_wary_share if self.model.day < self.wary_until else par.detection_stash_share)

    def vacate(self) -> None:
        """Leave the slot to a newcomer, or to the next try to find one."""
        x = self.model.draws.x("recruitment.replace", self.uid, self.model.day)
        self.status = Status.VACANT
        self.status_until = self.model.day + 1 + math.floor(self.model.par.recruitment_replace_days * x)

    # ---- shifts

    def start_shift(self, x: int) -> None:
        """Handle SELLER_START: x = 0 from the plan, else the shift number of a move or return."""
        model = self.model
        if self.status != Status.FREE:
            return
        if x == 0:
            planned = self.plan in (Plan.OPEN, Plan.HIDDEN)
            if not (planned and self.act == SellerAct.OFF and self.plan_start == model.minute):
                return
            self.shift += 1
            self.end = self.plan_end
            if self.plan == Plan.OPEN:
                self.slot = self.plan_slot
                self.place = self.spot[self.slot]
        elif not (self.act == SellerAct.MOVING and self.shift == x):
            return
        in_the_open = x > 0 or self.plan == Plan.OPEN
        if self.end <= model.minute or (in_the_open and model.places[self.place].closed):
            self.act = SellerAct.OFF
            return
        if self.worked == 0:
            model.count_city(codes.CityTally.SELLERS_ACTIVE)
        self.worked = 1
        if x == 0 and self.plan == Plan.HIDDEN:
            self.act = SellerAct.ON_CALL
            self.start, self.shift_income = model.minute, 0
            model.schedule(self, codes.Event.SELLER_END, self.end, self.shift)
            model.write(codes.Log.SHIFT_START, self.uid, -1, self.shift, self.act)
        else:
            self.start_open_shift()

    def start_open_shift(self) -> None:
        model = self.model
        model.places[self.place].sellers.append(self)
        self.start = model.minute
        self.shift_income = self.saw_guardian = 0
        model.schedule(self, codes.Event.SELLER_END, self.end, self.shift)
        model.schedule(self, codes.Event.SELLER_HOUR, model.minute + 60 - model.minute % 60, self.shift)
        self.set_act(SellerAct.PAUSED if self.too_risky() else SellerAct.VISIBLE)
        self.show_himself()
        model.write(codes.Log.SHIFT_START, self.uid, self.place, self.shift, self.act)

    def show_himself(self) -> None:
        """Having become visible: see the guardians, then serve who waits."""
        if self.act == SellerAct.VISIBLE:
            for visit in sorted(self.model.places[self.place].visits, key=lambda v: v.uid):
                if self.act == SellerAct.VISIBLE:
                    self.sees(visit)
            self.wake()

    def wake(self) -> None:
        """If visible, wake the place for his substance."""
        if self.act != SellerAct.VISIBLE:
            return
        now = self.model.minute
        for buyer in self.model.places[self.place].buyers:
            waits = buyer.act == BuyerAct.WAITING and buyer.need_substance == self.substance
            if waits and buyer.woken != now:
                buyer.woken = now
                self.model.schedule(buyer, codes.Event.TRY, now)

    def too_risky(self) -> bool:
        """Take the hourly look: pause if the risk of this hour outweighs the profit of this band."""
        par, now = self.model.par, self.model.minute
        risk = self.risk[self.slot * N_HOURS + hour_of(now)]
        profit = self.profit[self.slot * N_BANDS + band_of(now)]
        loss = self.risk_aversion * risk * par.selling_loss_sight_sek
        return bool(loss > max(profit, par.selling_prior_profit_sek_h))

    def hour(self, x: int) -> None:
        model = self.model
        if not (self.shift == x and self.at_place() and model.minute < self.end):
            return
        if self.saw_guardian == 0:
            before = (hour_of(model.minute) - 1) % N_HOURS
            self.risk[self.slot * N_HOURS + before] *= 1.0 - model.par.belief_clear
        place = model.places[self.place]
        if place.closed or self.managers_act():
            self.sent_off()
            return
        self.saw_guardian = 1 if place.n_police + place.n_others > 0 else 0
        if self.act == SellerAct.VISIBLE and self.too_risky():
            self.set_act(SellerAct.PAUSED)
        elif self.act == SellerAct.PAUSED and not self.too_risky():
            self.set_act(SellerAct.VISIBLE)
            self.show_himself()
        model.schedule(self, codes.Event.SELLER_HOUR, model.minute + 60, self.shift)

    def managers_act(self) -> bool:
        """Say whether those who manage the place act on him this hour."""
        u = self.model.draws.u("guardianship.manager", self.uid, self.model.minute // 60)
        return u < self.model.places[self.place].manager

    def sent_off(self) -> None:
        """Be told to go: the hour's risk rises, then he is pushed."""
        model = self.model
        entry = self.slot * N_HOURS + hour_of(model.minute)
        self.risk[entry] += model.par.guardianship_manager_see * (1.0 - self.risk[entry])
        model.count_place(self.place, codes.PlaceTally.SENT_OFF)
        model.write(codes.Log.SENT_OFF, self.uid, self.place, -1, 0)
        push.push(self)

    def end_shift(self, x: int) -> None:
        if self.shift != x or self.act in (SellerAct.OFF, SellerAct.MOVING):
            return
        place = self.place if self.at_place() else -1
        self.settle()
        self.leave_list()
        self.set_act(SellerAct.OFF)
        self.model.write(codes.Log.SHIFT_END, self.uid, place, x, 0)

    def service_end(self, _: int) -> None:
        if self.busy_until == self.model.minute:
            self.wake()

    def leave_list(self) -> None:
        if self.at_place():
            self.model.places[self.place].sellers.remove(self)

    def settle(self) -> None:
        """Learn what the hours since `start` brought; count open minutes."""
        if self.act in (SellerAct.OFF, SellerAct.MOVING):
            return
        model, par = self.model, self.model.par
        hours_on = (model.minute - self.start) / 60
        if hours_on >= 0.25:
            rate = self.shift_income / 100 * par.selling_margin_share / hours_on
            if self.act == SellerAct.ON_CALL:
                self.hidden_profit += par.selling_learn * (rate - self.hidden_profit)
            elif self.spot[self.slot] == self.place:
                for band in range(N_BANDS):
                    own = band == band_of(self.start)
                    weight = par.selling_learn if own else par.selling_learn * par.selling_learn_other
                    entry = self.slot * N_BANDS + band
                    self.profit[entry] += weight * (rate - self.profit[entry])
        if self.at_place():
            model.count_place(self.place, codes.PlaceTally.SELLER_MIN, model.minute - self.start)
        self.shift_income = 0

    # ---- guardians

    def sees(self, visit: Visit) -> None:
        """See a visit: the hour's risk rises; a visible seller may hide."""
        model, par = self.model, self.model.par
        self.saw_guardian = 1
        entry = self.slot * N_HOURS + hour_of(model.minute)
        self.risk[entry] += par.belief_see[visit.kind] * (1.0 - self.risk[entry])
        u = model.draws.u("selling.hide", self.uid, visit.uid)
        if self.act == SellerAct.VISIBLE and u < par.selling_hide_share[visit.kind]:
            self.set_act(SellerAct.HIDING)
            self.keep_hiding(visit)
            model.write(codes.Log.HIDE, self.uid, self.place, visit.uid, self.until)

    def keep_hiding(self, visit: Visit) -> None:
        """Hide from this visit for as long as his patience lasts."""
        model, par = self.model, self.model.par
        z = model.draws.z("selling.patience", self.uid, visit.uid)
        self.emerging = 0
        self.until = model.minute + minutes(par.selling_hide_min, par.selling_hide_sigma, z)
        model.schedule(self, codes.Event.HIDE_END, self.until)

    def emerge(self, _: int) -> None:
        if self.act == SellerAct.HIDING and self.emerging == 1 and self.until == self.model.minute:
            self.set_act(SellerAct.PAUSED if self.too_risky() else SellerAct.VISIBLE)
            self.wake()

    def hide_end(self, _: int) -> None:
        if self.act == SellerAct.HIDING and self.emerging == 0 and self.until == self.model.minute:
            push.push(self)
