"""The ways to and from a place: traffic controls and letters (ODD.md: approach)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from odssim.world import codes

from . import detection, learning
from .surroundings import travel

if TYPE_CHECKING:
    from .buyer import Buyer

POLICE = 0


def from_afar(b: Buyer) -> bool:
    """Say whether the buyer lives so far off that he came by car."""
    return travel(b.model, b.home, b.place) >= b.model.par.approach_far_min


def way_home(b: Buyer) -> None:
    """Stop, perhaps, a buyer who leaves the place with drugs on him."""
    model, par, need = b.model, b.model.par, b.need_number
    traffic = model.places[b.place].traffic
    if not (traffic > 0 and from_afar(b)):
        return
    if not model.draws.u("approach.stop", b.uid, need) < traffic:
        return
    model.count_place(b.place, codes.PlaceTally.TRAFFIC_STOPS)
    model.write(codes.Log.TRAFFIC_STOP, b.uid, b.place, -1, 0)
    learning.risk_seen(b, par.belief_see[POLICE])
    if model.draws.u("approach.hit", b.uid, need) < par.approach_hit:
        detection.record_possession(model, b.uid, b.place)
        detection.seize_from_buyer(b, b.place)


def letter(b: Buyer) -> None:
    """Send, perhaps, a card to the owner of the car in which the buyer came."""
    model, par = b.model, b.model.par
    letters = model.places[b.place].letters
    if not (letters > 0 and from_afar(b)):
        return
    if model.draws.u("approach.letter", b.uid, b.need_number) < letters:
        model.count_place(b.place, codes.PlaceTally.LETTERS)
        model.write(codes.Log.LETTER, b.uid, b.place, -1, 0)
        learning.risk_seen(b, min(1.0, par.approach_letter_weight * par.belief_see[POLICE]))
