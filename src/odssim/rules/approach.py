"""approach: what meets buyers on their way from a scene: traffic controls and letters.

Rule
    Controls on the approaches stop some who drive away with drugs; a card goes to the owner of a car that
    was seen at the scene, if its home is not near. Both are remembered as risk at that place.
Formula
    a stop with probability `traffic` of the place, a card with probability `letters` of the place.
Reads
    buyers.{uid, need_i, place, need_day, home}, places.{letters, traffic}.
Writes
    no column; tallies traffic_stops, letters.
Draws
    approach.stop, approach.hit, approach.letter.
Sources
    No controlled effect of traffic controls is known; letters had weak effects abroad (D26).
Limits
    Cars are not modelled: who lives far away is taken to drive.
"""

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.rules.belief import see_risk
from odssim.rules.explore import travel
from odssim.rules.recording import record_possession, seize_carried
from odssim.world.codes import Log, PlaceTally
from odssim.world.columns import NOBODY, Guardian
from odssim.world.queue import count_place, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("approach.stop", "approach.hit", "approach.letter")


@kernel
def from_afar(st: State, b: int) -> bool:
    """Whether buyer `b` lives too far from his place to walk."""
    return bool(travel(st, st.buyers[b].home, st.buyers[b].place) >= st.par[0].approach_far_min)


@kernel
def drive_away(st: State, b: int) -> None:
    """Buyer `b` leaves his place with drugs: a control may stop him on the way."""
    buyer, p = st.buyers[b], st.buyers[b].place
    need = buyer.need_day * 16 + buyer.need_i
    if st.places[p].traffic > 0.0 and from_afar(st, b):
        if uniform(st.keys[0].approach_stop, buyer.uid, need) < st.places[p].traffic:
            count_place(st, p, PlaceTally.TRAFFIC_STOPS, 1)
            write_log(st, Log.TRAFFIC_STOP, buyer.uid, p, NOBODY, 0)
            see_risk(st, b, Guardian.POLICE, 1.0)
            if uniform(st.keys[0].approach_hit, buyer.uid, need) < st.par[0].approach_hit:
                record_possession(st, buyer.uid, p)
                seize_carried(st, b, p)


@kernel
def get_letter(st: State, b: int) -> None:
    """Buyer `b` has just bought: a card may reach the owner of his car."""
    buyer, p = st.buyers[b], st.buyers[b].place
    need = buyer.need_day * 16 + buyer.need_i
    if st.places[p].letters > 0.0 and from_afar(st, b):
        if uniform(st.keys[0].approach_letter, buyer.uid, need) < st.places[p].letters:
            count_place(st, p, PlaceTally.LETTERS, 1)
            write_log(st, Log.LETTER, buyer.uid, p, NOBODY, 0)
            see_risk(st, b, Guardian.POLICE, st.par[0].approach_letter_weight)
