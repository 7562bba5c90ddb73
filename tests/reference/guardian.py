"""Guardians' visits (ODD.md: guardianship)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from odssim.world import codes
from odssim.world.codes import PlaceTally
from odssim.world.columns import NOBODY, SellerAct, VisitState

from . import buyer

if TYPE_CHECKING:
    from .model import TwinModel

POLICE = 0
STAYED = (PlaceTally.POLICE_MIN, PlaceTally.VOLUNTEER_MIN, PlaceTally.GUARDS_MIN, PlaceTally.OUTREACH_MIN)
"""Tally of the minutes on site, by kind of guardian."""


class Visit(mesa.Agent):
    """One visit of a unit to a place; attributes are the columns of the table of visits."""

    def __init__(
        self, model: TwinModel, *, uid: int, place: int, start: int, end: int, unit: int,
        programme: int = NOBODY, kind: int = POLICE, may_search: int = 1, may_arrest: int = 1,
        refer: int = 0, stay: int = 1, stash: float = 0.0, state: int = VisitState.PLANNED,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.uid, self.place, self.start, self.end = uid, place, start, end
        self.unit, self.programme, self.kind = unit, programme, kind
        self.may_search, self.may_arrest, self.refer = may_search, may_arrest, refer
        self.stay, self.stash = stay, stash
        self.state, self.arrived, self.incident = state, NOBODY, NOBODY

    def begin(self, _: int) -> None:
        """Handle VISIT_START."""
        model = self.model
        unit = model.units[self.unit]
        if self.state == VisitState.PLANNED and unit.busy_until > model.minute:
            self.state = VisitState.MISSED
        if self.state == VisitState.MISSED:
            model.count_city(codes.CityTally.VISITS_MISSED)
            model.write(codes.Log.VISIT_MISSED, self.uid, self.place, unit.uid, 0)
            self.remove()
        elif self.state == VisitState.PLANNED:
            unit.busy_until = self.end
            self.stand_at_place()

    def stand_at_place(self) -> None:
        model, place = self.model, self.model.places[self.place]
        self.state, self.arrived, self.incident = VisitState.ON_SITE, model.minute, -1
        place.visits.append(self)
        self.count_in(1)
        model.count_place(self.place, codes.PlaceTally.VISITS)
        model.write(codes.Log.VISIT, self.uid, self.place, model.units[self.unit].uid, 0)
        model.schedule(self, codes.Event.VISIT_END, self.end)
        sellers = sorted(place.sellers, key=lambda s: s.slot_number)
        hiding = [s for s in sellers if s.act == SellerAct.HIDING]
        for seller in sellers:
            if seller.act in (SellerAct.VISIBLE, SellerAct.PAUSED):
                seller.sees(self)
        if len(place.visits) == 1:
            for seller in hiding:
                seller.keep_hiding(self)
        buyer.sees(place.buyers, model.par.belief_see[self.kind])
        if self.may_search or self.refer:
            self.plan_stop(0)
        if self.stash > 0:
            model.schedule(self, codes.Event.STASH, model.minute)

    def plan_stop(self, j: int) -> None:
        gap = self.model.draws.x("patrol.stop_gap", self.uid, j)
        when = self.model.minute + 1 + math.floor(self.model.par.patrol_stop_min * gap)
        if when < self.end:
            self.model.schedule(self, codes.Event.STOP, when, j)

    def count_in(self, change: int) -> None:
        place = self.model.places[self.place]
        if self.kind == POLICE:
            place.n_police += change
        else:
            place.n_others += change

    def finish(self, _: int) -> None:
        """Handle VISIT_END: stay on after a recent incident, else depart."""
        model, par = self.model, self.model.par
        if not (self.state == VisitState.ON_SITE and self.end == model.minute):
            return
        recent = self.incident >= 0 and model.minute - self.incident < par.patrol_stay_min
        may_stay = model.minute + par.patrol_stay_min - self.arrived <= par.patrol_stay_limit_min
        if self.stay == 1 and recent and may_stay:
            self.end = model.minute + math.floor(par.patrol_stay_min)
            model.units[self.unit].busy_until = self.end
            model.schedule(self, codes.Event.VISIT_END, self.end)
        else:
            self.depart(model.minute)

    def depart(self, busy_until: int) -> None:
        """Leave the place; the unit is busy until the given minute."""
        model, place = self.model, self.model.places[self.place]
        self.state = VisitState.DONE
        place.visits.remove(self)
        self.count_in(-1)
        stayed = model.minute - self.arrived
        model.count_place(self.place, STAYED[self.kind], stayed)
        unit = model.units[self.unit]
        unit.busy_until = busy_until
        if self.programme >= 0:
            model.programmes[self.programme].n_delivered += 1
            model.programmes[self.programme].delivered_min += stayed
        model.write(codes.Log.VISIT_END, self.uid, self.place, unit.uid, stayed)
        if not place.visits:
            for seller in place.sellers:
                if seller.act == SellerAct.HIDING:
                    u = model.draws.u("selling.emerge", seller.uid, self.uid)
                    seller.emerging = 1
                    seller.until = model.minute + 1 + math.floor(model.par.selling_emerge_min * u)
                    model.schedule(seller, codes.Event.EMERGE, seller.until)
        self.remove()
