"""How offences come to be recorded (ODD.md: detection)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import Status

from . import arrest
from .draws import opt
from .surroundings import conceal, footfall

if TYPE_CHECKING:
    from .buyer import Buyer
    from .guardian import Visit
    from .model import TwinModel
    from .seller import Seller

POLICE = 0


def after_open_deal(b: Buyer, s: Seller) -> None:
    """Schedule what may follow an open deal in this minute; a neighbour may send a tip."""
    model, par, place = b.model, b.model.par, b.model.places[b.place]
    if place.n_police > 0:
        model.schedule(b, codes.Event.SEEN, model.minute, s.slot_number)
    if place.camera > 0:
        model.schedule(b, codes.Event.CAMERA, model.minute, s.slot_number)
    investigate_perhaps(b, s, par.detection_investigate_open)
    if model.draws.u("guardianship.tip", b.uid, b.need_number) < tip_share(b):
        model.count_place(b.place, codes.PlaceTally.TIPS)
        model.write(codes.Log.TIP, b.uid, b.place, -1, 0)
        place.attention += par.patrol_tip_attention


def tip_share(b: Buyer) -> float:
    """Return the chance that somebody calls about a deal of this buyer here and now."""
    par, place = b.model.par, b.model.places[b.place]
    people = footfall(b.model, place)
    calls = par.guardianship_tip_share * (1.0 + par.guardianship_efficacy * place.lighting)
    calls += par.guardianship_tip_line * place.tip_line
    return float(calls * (1.0 - place.fear) * people / (people + par.guardianship_tip_half))


def investigate_perhaps(b: Buyer, s: Seller, share: float) -> None:
    if b.model.draws.u("detection.investigate", b.uid, b.need_number) < share:
        b.model.schedule(b, codes.Event.INVESTIGATE, b.model.minute, s.slot_number)


def record_sale(model: TwinModel, s: Seller) -> None:
    if s.at_place():
        model.count_place(s.place, codes.PlaceTally.RECORDED_SALE)
    else:
        model.count_city(codes.CityTally.RECORDED_SALE_HIDDEN)
    model.write(codes.Log.RECORDED_SALE, s.uid, s.place if s.at_place() else -1, -1, 0)


def record_possession(model: TwinModel, uid: int, place: int) -> None:
    model.count_place(place, codes.PlaceTally.RECORDED_POSSESSION)
    model.write(codes.Log.RECORDED_POSSESSION, uid, place, -1, 0)


def record_use(model: TwinModel, uid: int, place: int) -> None:
    model.count_place(place, codes.PlaceTally.RECORDED_USE)
    model.write(codes.Log.RECORDED_USE, uid, place, -1, 0)


def seize_from_buyer(b: Buyer, place: int) -> None:
    """Take what the buyer carries; no line if he carries nothing."""
    if b.carry_mg > 0:
        b.model.count_place(place, codes.PlaceTally.SEIZED_MG, b.carry_mg)
        b.model.write(codes.Log.SEIZED, b.uid, place, -1, b.carry_mg)
        b.carry_mg = 0


def background(b: Buyer) -> None:
    """Buyers off the scene: offences of possession or use, recorded for the city only."""
    model, par = b.model, b.model.par
    if model.draws.u("recording.background", b.uid, b.need_number) < par.recording_background_share:
        u = model.draws.u("recording.background_kind", b.uid, b.need_number)
        if u < par.recording_background_possession:
            model.count_city(codes.CityTally.RECORDED_POSSESSION_HIDDEN)
            model.write(codes.Log.RECORDED_POSSESSION, b.uid, -1, -1, 0)
        else:
            model.count_city(codes.CityTally.RECORDED_USE_HIDDEN)
            model.write(codes.Log.RECORDED_USE, b.uid, -1, -1, 0)


def seen(b: Buyer, slot_number: int) -> None:
    """Handle SEEN: of the police at the place, the one with the smallest draw below p acts."""
    model, par, s = b.model, b.model.par, b.model.sellers[slot_number]
    if not s.at_place():
        return
    place = model.places[s.place]
    p = par.detection_officer * conceal(model, place) * sex_factor(b)
    witnesses: list[tuple[float, int, Visit]] = []
    for visit in place.visits:
        if visit.kind == POLICE and visit.may_arrest:
            u = model.draws.u("detection.seen", b.uid, opt(b.try_number, visit.unit))
            if u < p:
                witnesses.append((u, visit.uid, visit))
    if not witnesses:
        return
    visit = min(witnesses)[2]
    record_sale(model, s)
    record_possession(model, b.uid, s.place)
    seize_from_buyer(b, s.place)
    visit.incident = model.minute
    if arrested(b, s, 1, par.detection_arrest_seen):
        arrest.arrest(s, visit)


def sex_factor(b: Buyer) -> float:
    return float(b.model.par.detection_woman_factor) if b.sex == 0 else 1.0


def arrested(b: Buyer, s: Seller, way: int, share: float) -> bool:
    return b.model.draws.u("detection.arrest", s.uid, opt(b.try_number, way)) < share


def camera(b: Buyer, slot_number: int) -> None:
    model, par, s = b.model, b.model.par, b.model.sellers[slot_number]
    if not s.at_place():
        return
    place = model.places[s.place]
    p = place.camera * par.detection_camera_share * conceal(model, place)
    if model.draws.u("detection.camera", b.uid, b.need_number) < p:
        record_sale(model, s)
        if arrested(b, s, 2, par.detection_arrest_camera):
            arrest.arrest(s, None)


def investigate(b: Buyer, slot_number: int) -> None:
    s = b.model.sellers[slot_number]
    if s.status == Status.FREE:
        record_sale(b.model, s)
        if arrested(b, s, 3, b.model.par.detection_arrest_investigated):
            arrest.arrest(s, None)
