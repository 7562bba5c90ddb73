"""What buyers come to believe from trying (ODD.md: belief, by day)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from odssim.world.columns import N_BANDS, NOBODY

from .surroundings import band_of

if TYPE_CHECKING:
    from .buyer import Buyer
    from .seller import Seller


def best_avail(b: Buyer, k: int) -> float:
    """Return the largest availability over the bands of known place k."""
    return max(b.avail[k * N_BANDS : (k + 1) * N_BANDS])


def weakest_place(b: Buyer) -> int:
    """Return the slot of known places to be overwritten: an empty one, else the least available."""
    if NOBODY in b.known:
        return b.known.index(NOBODY)
    return min(range(len(b.known)), key=lambda k: (best_avail(b, k), k))


def weakest_contact(b: Buyer) -> int:
    if NOBODY in b.contact:
        return b.contact.index(NOBODY)
    return min(range(len(b.contact)), key=lambda c: (b.contact_avail[c], c))


def set_place(b: Buyer, k: int, place: int, avail: list[float], wait: float, price: float) -> None:
    """Overwrite slot k of the known places."""
    b.known[k] = place
    b.avail[k * N_BANDS : (k + 1) * N_BANDS] = avail
    b.risk[k], b.wait[k], b.price[k] = 0.0, wait, price
    if b.last_kind == 1 and b.last_slot == k:
        b.last_kind = 0


def set_contact(b: Buyer, c: int, slot_number: int) -> None:
    """Overwrite slot c of the contacts."""
    b.contact[c] = slot_number
    b.contact_avail[c] = b.model.par.belief_contact_prior
    if b.last_kind == 2 and b.last_slot == c:
        b.last_kind = 0


def has_contact(b: Buyer, slot_number: int) -> bool:
    return slot_number in b.contact


def slot_of(b: Buyer, place: int) -> int:
    """Return the slot in which the buyer knows the place at this moment, or NOBODY."""
    return b.known.index(place) if place in b.known else NOBODY


def price_heard(b: Buyer, s: Seller) -> None:
    k = slot_of(b, b.place)
    if k >= 0:
        b.price[k] += b.model.par.belief_learn * (s.price - b.price[k])


def success(b: Buyer, s: Seller) -> None:
    """Learn from an open deal; an unknown place becomes a known one first."""
    model, par = b.model, b.model.par
    k = slot_of(b, b.place)
    if k < 0:
        k = weakest_place(b)
        prior = [par.belief_prior] * N_BANDS
        set_place(b, k, b.place, prior, par.belief_prior_wait_min, model.reference(b.need_substance))
    entry = k * N_BANDS + band_of(model.minute)
    b.avail[entry] += par.belief_learn * (1.0 - b.avail[entry])
    b.wait[k] += par.belief_learn * ((model.minute - b.wait_start) - b.wait[k])
    b.price[k] += par.belief_learn * (s.price - b.price[k])
    b.risk[k] *= 1.0 - par.belief_clear
    b.seen_day[k] = model.day
    b.last_kind, b.last_slot, b.last_seller = 1, k, s.uid


def failure(b: Buyer) -> None:
    """Learn from an attempt at a known place that came to nothing."""
    model, par = b.model, b.model.par
    k = slot_of(b, b.place)
    if k < 0:
        return
    entry = k * N_BANDS + band_of(model.minute)
    b.avail[entry] -= par.belief_learn * b.avail[entry]
    b.wait[k] += par.belief_learn * ((model.minute - b.wait_start) - b.wait[k])
    b.seen_day[k] = model.day


def risk_seen(b: Buyer, share: float) -> None:
    """See a guardian at the place where the buyer is."""
    k = slot_of(b, b.place)
    if k >= 0:
        b.risk[k] += share * (1.0 - b.risk[k])


def exchange_numbers(b: Buyer, s: Seller) -> None:
    """After an open deal the seller may become a contact."""
    u = b.model.draws.u("belief.contact", b.uid, b.need_number)
    if u < b.model.par.belief_contact_share and not has_contact(b, s.slot_number):
        set_contact(b, weakest_contact(b), s.slot_number)
