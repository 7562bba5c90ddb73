"""belief: what buyers and sellers learn about places, and what they tell each other.

Rule
    A buyer remembers for each known place how often buying worked (by time of day), the wait, the price
    and whether guardians were seen; a seller remembers, hour by hour, where guardians come. A fixed
    timetable is therefore learned, an irregular one is not. Memories fade; acquaintances talk.
Formula
    x += learn * (observed - x); a sighting moves risk by `see` towards 1, a quiet hour by `clear` to 0.
Reads
    buyers.{uid, status, substance, last_kind, last_slot, need_i, need_substance, place, need_day, wait_start,
    known, avail, risk, wait, price, contact, tie, contact_avail}, sellers.{uid, price, substance, risk}.
Writes
    buyers.{last_kind, last_slot, last_seller, known, seen_day, avail, risk, wait, price, contact,
    contact_avail}, sellers.risk; fade.
Draws
    belief.contact, belief.word, belief.word_who.
Sources
    Half-life of site risk 21 (7-60) days (table of facts, row 47); loyalty B20; other numbers assumptions.
Limits
    Word of mouth runs along fixed acquaintances; no media.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.world.columns import N_BANDS, N_CONTACTS, N_KNOWN, N_TIES, NOBODY, Status
from odssim.world.fetch import AHEAD, fetch_head, fetch_row
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("belief.contact", "belief.word", "belief.word_who")
LN2 = math.log(2.0)


@kernel
def band_of(t: int) -> int:
    """Return the band of minute `t`: 0 day (6-13 h), 1 evening (14-21 h), 2 night."""
    hour = t % 1440 // 60
    if hour < 6 or hour >= 22:
        return 2
    return 0 if hour < 14 else 1


@kernel
def best_avail(st: State, b: int, k: int) -> float:
    """Return the largest availability over the bands of buyer `b`'s slot `k`."""
    avail = st.buyers[b].avail
    best = avail[k * N_BANDS]
    for z in range(1, N_BANDS):
        best = max(best, avail[k * N_BANDS + z])
    return best


@kernel
def slot_of(st: State, b: int, p: int) -> int:
    """Return the slot in which buyer `b` knows place `p`, or NOBODY."""
    known = st.buyers[b].known
    for k in range(N_KNOWN):
        if known[k] == p:
            return k
    return NOBODY


@kernel
def replace_slot(st: State, b: int, p: int, avail: float, wait: float, price: float, day: int) -> int:
    """Let buyer `b` remember place `p` in his emptiest or least useful slot; return the slot."""
    buyer = st.buyers[b]
    worst, lowest = 0, math.inf
    for k in range(N_KNOWN):
        value = -1.0 if buyer.known[k] == NOBODY else best_avail(st, b, k)
        if value < lowest:
            worst, lowest = k, value
    buyer.known[worst], buyer.seen_day[worst] = p, day
    buyer.risk[worst], buyer.wait[worst], buyer.price[worst] = 0.0, wait, price
    for z in range(N_BANDS):
        buyer.avail[worst * N_BANDS + z] = avail
    if buyer.last_kind == 1 and buyer.last_slot == worst:
        buyer.last_kind = 0
    return worst


@kernel
def worst_contact(st: State, b: int) -> int:
    """Return buyer `b`'s empty contact slot, or that of the least reliable contact."""
    buyer = st.buyers[b]
    worst, lowest = 0, math.inf
    for c in range(N_CONTACTS):
        value = -1.0 if buyer.contact[c] == NOBODY else buyer.contact_avail[c]
        if value < lowest:
            worst, lowest = c, value
    return worst


@kernel
def has_contact(st: State, b: int, s: int) -> bool:
    """Whether seller slot `s` is among buyer `b`'s contacts."""
    buyer = st.buyers[b]
    for c in range(N_CONTACTS):
        if buyer.contact[c] == s:
            return True
    return False


@kernel
def replace_contact(st: State, b: int, s: int) -> None:
    """Let buyer `b` remember the number of seller slot `s` in place of his worst contact."""
    buyer = st.buyers[b]
    c = worst_contact(st, b)
    buyer.contact[c] = s
    buyer.contact_avail[c] = st.par[0].belief_contact_prior
    if buyer.last_kind == 2 and buyer.last_slot == c:
        buyer.last_kind = 0


@kernel
def see_risk(st: State, b: int, kind: int, times: float) -> None:
    """Buyer `b` sees a guardian at the place where he is; `times` scales the step."""
    buyer = st.buyers[b]
    k = slot_of(st, b, buyer.place)
    if k != NOBODY:
        buyer.risk[k] += min(1.0, times * st.par[0].belief_see[kind]) * (1.0 - buyer.risk[k])


@kernel
def learn_failure(st: State, b: int, t: int) -> None:
    """Buyer `b` leaves his place without a deal."""
    buyer, learn = st.buyers[b], st.par[0].belief_learn
    k = slot_of(st, b, buyer.place)
    if k != NOBODY:
        i = k * N_BANDS + band_of(t)
        buyer.avail[i] -= learn * buyer.avail[i]
        buyer.wait[k] += learn * ((t - buyer.wait_start) - buyer.wait[k])
        buyer.seen_day[k] = t // 1440


@kernel
def learn_success(st: State, b: int, s: int, t: int) -> None:
    """Buyer `b` has bought from seller `s` at his place."""
    par, buyer, seller = st.par[0], st.buyers[b], st.sellers[s]
    k, learn = slot_of(st, b, buyer.place), par.belief_learn
    if k == NOBODY:
        ref = par.pricing_reference_sek_g[buyer.need_substance] * 100.0
        k = replace_slot(st, b, buyer.place, par.belief_prior, par.belief_prior_wait_min, ref, t // 1440)
    i = k * N_BANDS + band_of(t)
    buyer.avail[i] += learn * (1.0 - buyer.avail[i])
    buyer.wait[k] += learn * ((t - buyer.wait_start) - buyer.wait[k])
    buyer.price[k] += learn * (seller.price - buyer.price[k])
    buyer.risk[k] *= 1.0 - par.belief_clear
    buyer.seen_day[k] = t // 1440
    buyer.last_kind, buyer.last_slot, buyer.last_seller = 1, k, seller.uid
    need = buyer.need_day * 16 + buyer.need_i
    if uniform(st.keys[0].belief_contact, buyer.uid, need) < par.belief_contact_share:
        if not has_contact(st, b, s):
            replace_contact(st, b, s)


@kernel
def find_listeners(st: State, d: int, words: np.ndarray) -> int:
    """Note in column 0 the buyers who hear from somebody on day `d`; return their number."""
    heard = 0
    for b in range(len(st.buyers)):
        fetch_head(st.buyers, b + AHEAD)
        buyer = st.buyers[b]
        if buyer.status == Status.FREE:
            if uniform(st.keys[0].belief_word, buyer.uid, d) < st.par[0].belief_word_share:
                fetch_row(st.buyers, b)
                words[heard, 0] = b
                heard += 1
    return heard


@kernel
def talker(st: State, b: int, d: int) -> int:
    """Return the acquaintance from whom buyer `b` hears on day `d`, or NOBODY."""
    who = math.floor(N_TIES * uniform(st.keys[0].belief_word_who, st.buyers[b].uid, d))
    return st.buyers[b].tie[who]


@kernel
def read_word(st: State, friend_row: int, words: np.ndarray, told: np.ndarray, n: int) -> None:
    """Note in row `n` what buyer `friend_row` tells: (listener, place, contact); (bands, wait, price)."""
    words[n, 1], words[n, 2] = NOBODY, NOBODY
    if friend_row == NOBODY:
        return
    friend = st.buyers[friend_row]
    best, k = -math.inf, NOBODY
    for j in range(N_KNOWN):
        if friend.known[j] != NOBODY and best_avail(st, friend_row, j) > best:
            best, k = best_avail(st, friend_row, j), j
    if k != NOBODY:
        words[n, 1] = friend.known[k]
        for z in range(N_BANDS):
            told[n, z] = friend.avail[k * N_BANDS + z]
        told[n, 3], told[n, 4] = friend.wait[k], friend.price[k]
    best = -math.inf
    for c in range(N_CONTACTS):
        if friend.contact[c] != NOBODY and friend.contact_avail[c] > best:
            best = friend.contact_avail[c]
            words[n, 2] = friend.contact[c]


@kernel
def hear_place(st: State, b: int, p: int, told: np.ndarray, d: int) -> None:
    """Buyer `b` hears of place `p`; `told` holds three availabilities, wait (min) and price (öre/g)."""
    par, buyer = st.par[0], st.buyers[b]
    k = slot_of(st, b, p)
    if k != NOBODY:
        for z in range(N_BANDS):
            i = k * N_BANDS + z
            buyer.avail[i] += par.belief_word_weight * (told[z] - buyer.avail[i])
    elif max(told[0], told[1], told[2]) > par.belief_prior:
        k = replace_slot(st, b, p, 0.0, told[3], told[4], d)
        for z in range(N_BANDS):
            change = par.belief_word_weight * (told[z] - par.belief_prior)
            buyer.avail[k * N_BANDS + z] = par.belief_prior + change


@kernel
def hear_contact(st: State, b: int, s: int) -> None:
    """Buyer `b` hears of a seller who delivers."""
    buyer = st.buyers[b]
    c = worst_contact(st, b)
    wanted = buyer.contact[c] == NOBODY or buyer.contact_avail[c] < st.par[0].belief_contact_low
    if wanted and not has_contact(st, b, s) and st.sellers[s].substance == buyer.substance:
        replace_contact(st, b, s)


@entry
def note_fade(st: State) -> None:
    """Note what is left of a buyer's knowledge by its age in days."""
    for age in range(len(st.fade)):
        st.fade[age] = math.exp(-LN2 * age / st.par[0].belief_buyer_halflife_days)


@kernel
def forget_risk(st: State) -> None:
    """Let every seller's perceived risk fade by one day."""
    keep = math.exp(-LN2 / st.par[0].belief_seller_halflife_days)
    for s in range(len(st.sellers)):
        risk = st.sellers[s].risk
        for i in range(len(risk)):
            risk[i] *= keep


@entry
def midnight(st: State, d: int) -> None:
    """Forget, then let acquaintances talk: all messages are read before any is believed."""
    forget_risk(st)
    words = np.empty((len(st.buyers), 3), dtype=np.int64)
    heard = find_listeners(st, d, words)
    for i in range(heard):
        words[i, 1] = talker(st, words[i, 0], d)
        fetch_row(st.buyers, words[i, 1])
    told = np.empty((heard, 5), dtype=np.float64)
    for i in range(heard):
        read_word(st, words[i, 1], words, told, i)
    for i in range(heard):
        if words[i, 1] != NOBODY:
            hear_place(st, words[i, 0], words[i, 1], told[i], d)
        if words[i, 2] != NOBODY:
            hear_contact(st, words[i, 0], words[i, 2])
