"""Where a dependent buyer's money comes from, and violence over money (ODD.md: funding, purchase, detection)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from odssim.world import codes

from .use import DEPENDENT

if TYPE_CHECKING:
    from .buyer import Buyer
    from .seller import Seller

WOMAN = 0


def paid(b: Buyer, ore: int) -> None:
    """Count, perhaps, the crime or the exploitation that paid for this purchase."""
    model, par, need = b.model, b.model.par, b.need_number
    if b.type != DEPENDENT:
        return
    share = par.funding_crime_share * ore / 100 / par.funding_yield_sek
    if not model.draws.u("funding.crime", b.uid, need) < share:
        return
    exploited = model.draws.u("funding.kind", b.uid, need) < par.funding_exploited_share
    model.count_city(codes.CityTally.EXPLOITED if b.sex == WOMAN and exploited else codes.CityTally.FUNDING_CRIMES)


def cheated(b: Buyer) -> None:
    """Count, perhaps, the violence that follows a rip-off."""
    model = b.model
    if model.draws.u("disorder.ripoff", b.uid, b.try_number) < model.par.disorder_ripoff_violence:
        model.count_place(b.place, codes.PlaceTally.VIOLENCE_WOMEN if b.sex == WOMAN else codes.PlaceTally.VIOLENCE)


def lost(s: Seller, place: int) -> None:
    """Count, perhaps, the violence over the debt after a seller's loss at a place."""
    model = s.model
    if model.draws.u("disorder.debt", s.uid, model.minute) < model.par.disorder_debt_violence:
        model.count_place(place, codes.PlaceTally.VIOLENCE)
