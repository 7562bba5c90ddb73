"""recording: what the police records, which is not what happens.

Rule
    Offences are recorded only when somebody is found: at a scene (detection) or away from scenes, in
    traffic, homes and custody (background check). Nobody reports a purchase.
Formula
    a consumed purchase is found away from scenes with probability `background_share`.
Reads
    buyers.{uid, need_i, need_day, carry_mg}.
Writes
    buyers.carry_mg; tallies recorded_sale, recorded_possession, recorded_use, seized_mg.
Draws
    recording.background, recording.background_kind.
Sources
    Composition of recorded offences A39; detection per transaction A40.
Limits
    Offences only; tips, surveys, prices and observers as instruments come later.
"""

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.world.codes import CityTally, Log, PlaceTally
from odssim.world.columns import NOBODY
from odssim.world.queue import count_city, count_place, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("recording.background", "recording.background_kind")


@kernel
def record_sale(st: State, uid: int, p: int) -> None:
    """Record a sale offence of the seller `uid` at place `p` (NOBODY: away from scenes)."""
    if p == NOBODY:
        count_city(st, CityTally.RECORDED_SALE_HIDDEN, 1)
    else:
        count_place(st, p, PlaceTally.RECORDED_SALE, 1)
    write_log(st, Log.RECORDED_SALE, uid, p, NOBODY, 0)


@kernel
def record_possession(st: State, uid: int, p: int) -> None:
    """Record a possession offence at place `p` (NOBODY: away from scenes)."""
    if p == NOBODY:
        count_city(st, CityTally.RECORDED_POSSESSION_HIDDEN, 1)
    else:
        count_place(st, p, PlaceTally.RECORDED_POSSESSION, 1)
    write_log(st, Log.RECORDED_POSSESSION, uid, p, NOBODY, 0)


@kernel
def record_use(st: State, uid: int, p: int) -> None:
    """Record an own-use offence at place `p` (NOBODY: away from scenes)."""
    if p == NOBODY:
        count_city(st, CityTally.RECORDED_USE_HIDDEN, 1)
    else:
        count_place(st, p, PlaceTally.RECORDED_USE, 1)
    write_log(st, Log.RECORDED_USE, uid, p, NOBODY, 0)


@kernel
def seize_carried(st: State, b: int, p: int) -> None:
    """Take what buyer `b` carries."""
    buyer = st.buyers[b]
    if buyer.carry_mg > 0:
        count_place(st, p, PlaceTally.SEIZED_MG, buyer.carry_mg)
        write_log(st, Log.SEIZED, buyer.uid, p, NOBODY, buyer.carry_mg)
        buyer.carry_mg = 0


@kernel
def background_check(st: State, b: int) -> None:
    """Record, now and then, an offence of buyer `b` away from the scene."""
    par, buyer = st.par[0], st.buyers[b]
    need = buyer.need_day * 16 + buyer.need_i
    if uniform(st.keys[0].recording_background, buyer.uid, need) < par.recording_background_share:
        kind = uniform(st.keys[0].recording_background_kind, buyer.uid, need)
        if kind < par.recording_background_possession:
            record_possession(st, buyer.uid, NOBODY)
        else:
            record_use(st, buyer.uid, NOBODY)
