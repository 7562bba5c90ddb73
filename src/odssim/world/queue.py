"""The calendar of due events, the lists of people at places, and the counting of what happens.

Events lie in a ring of (minute, phase) buckets, each a linked list through a pool of recycled slots;
an entry that no longer holds is recognised by its handler. Cost grows with events, not with agents.
"""

import numpy as np

from odssim.core.compiled import kernel
from odssim.core.rng import draw_word
from odssim.world.codes import Event, Log
from odssim.world.columns import NOBODY, BuyerAct
from odssim.world.state import RING_MINUTES, State

PHASES = np.array([kind.phase for kind in Event], dtype=np.int64)
FAULT_POOL, FAULT_AHEAD, FAULT_VISITS, FAULT_LOG = 1, 2, 3, 4
"""Codes in `clock.fault`: event pool empty; event too far ahead; too many visits in a day; log full."""


@kernel
def who_uid(st: State, kind: int, who: int) -> int:
    """Return the uid of the visit, seller or buyer that an event belongs to."""
    phase = PHASES[kind]
    if phase <= 1 or kind >= Event.STOP:
        return st.visits[who].uid
    if phase == 2:
        return st.sellers[who].uid
    return st.buyers[who].uid


@kernel
def push(st: State, minute: int, kind: int, who: int, extra: int) -> None:
    """Schedule an event at `minute` (not before now, less than `RING_MINUTES` ahead)."""
    clock = st.clock[0]
    e = clock.free_event
    if e < 0:
        clock.fault = FAULT_POOL
        return
    if minute - clock.now >= RING_MINUTES or minute < clock.now:
        clock.fault = FAULT_AHEAD
        return
    event = st.events[e]
    clock.free_event = event.next
    event.hash = draw_word(st.keys[0].order, who_uid(st, kind, who), minute)
    event.kind, event.who, event.extra = kind, who, extra
    bucket = minute % RING_MINUTES
    event.next = st.heads[bucket, PHASES[kind]]
    st.heads[bucket, PHASES[kind]] = e


@kernel
def enter_buyer(st: State, b: int, p: int, t: int) -> None:
    """Put buyer `b` into the list of place `p`."""
    buyer, place = st.buyers[b], st.places[p]
    buyer.place, buyer.wait_start = p, t
    buyer.previous, buyer.next = NOBODY, place.first_buyer
    if place.first_buyer != NOBODY:
        st.buyers[place.first_buyer].previous = b
    place.first_buyer = b
    place.n_buyers += 1


@kernel
def remove_buyer(st: State, b: int) -> None:
    """Take buyer `b` out of the list of the place where he is."""
    buyer = st.buyers[b]
    place = st.places[buyer.place]
    if buyer.previous != NOBODY:
        st.buyers[buyer.previous].next = buyer.next
    else:
        place.first_buyer = buyer.next
    if buyer.next != NOBODY:
        st.buyers[buyer.next].previous = buyer.previous
    buyer.previous = buyer.next = NOBODY
    place.n_buyers -= 1


@kernel
def enter_seller(st: State, s: int, p: int) -> None:
    """Put seller `s` into the list of place `p`."""
    seller, place = st.sellers[s], st.places[p]
    seller.place = p
    seller.previous, seller.next = NOBODY, place.first_seller
    if place.first_seller != NOBODY:
        st.sellers[place.first_seller].previous = s
    place.first_seller = s


@kernel
def remove_seller(st: State, s: int) -> None:
    """Take seller `s` out of the list of the place where he is."""
    seller = st.sellers[s]
    place = st.places[seller.place]
    if seller.previous != NOBODY:
        st.sellers[seller.previous].next = seller.next
    else:
        place.first_seller = seller.next
    if seller.next != NOBODY:
        st.sellers[seller.next].previous = seller.previous
    seller.previous = seller.next = NOBODY


@kernel
def enter_visit(st: State, v: int) -> None:
    """Put visit `v` into the list of its place."""
    visit = st.visits[v]
    place = st.places[visit.place]
    visit.previous, visit.next = NOBODY, place.first_visit
    if place.first_visit != NOBODY:
        st.visits[place.first_visit].previous = v
    place.first_visit = v


@kernel
def remove_visit(st: State, v: int) -> None:
    """Take visit `v` out of the list of its place."""
    visit = st.visits[v]
    place = st.places[visit.place]
    if visit.previous != NOBODY:
        st.visits[visit.previous].next = visit.next
    else:
        place.first_visit = visit.next
    if visit.next != NOBODY:
        st.visits[visit.next].previous = visit.previous
    visit.previous = visit.next = NOBODY


@kernel
def wake(st: State, p: int, substance: int, t: int) -> None:
    """Let every buyer who waits at `p` for `substance` try again in this minute."""
    b = st.places[p].first_buyer
    while b != NOBODY:
        buyer = st.buyers[b]
        if buyer.act == BuyerAct.WAITING and buyer.need_substance == substance and buyer.woken != t:
            buyer.woken = t
            push(st, t, Event.TRY, b, 0)
        b = buyer.next


@kernel
def count_place(st: State, p: int, tally: int, amount: int) -> None:
    """Add to a tally of place `p`."""
    st.place_tally[p, tally] += amount


@kernel
def count_city(st: State, tally: int, amount: int) -> None:
    """Add to a tally of the city."""
    st.city_tally[tally] += amount


@kernel
def write_log(st: State, code: int, who: int, place: int, other: int, value: int) -> None:
    """Write one line of the event log, if it is kept."""
    clock = st.clock[0]
    if clock.log_on:
        n = clock.n_log
        if n >= len(st.log):
            clock.fault = FAULT_LOG
            return
        line = st.log[n]
        line[0], line[1], line[2], line[3], line[4], line[5] = clock.now, code, who, place, other, value
        clock.n_log = n + 1


@kernel
def close_need(st: State, b: int, day: int, i: int, fate: int, place: int, seller: int, mg: int, pay: int) -> None:
    """Note the fate of need `i` of `day` of buyer `b` in the log and, if kept, the ledger."""
    clock, buyer = st.clock[0], st.buyers[b]
    opened = buyer.need_day == day and buyer.need_i == i
    substance = buyer.need_substance if opened else buyer.substance
    write_log(st, Log.CLOSED, buyer.uid, NOBODY, substance, fate)
    if clock.ledger_on:
        if clock.n_ledger >= len(st.ledger):
            clock.fault = FAULT_LOG
            return
        row = st.ledger[clock.n_ledger]
        row.buyer, row.day, row.i, row.fate = buyer.uid, day, i, fate
        row.minute, row.closed = buyer.need_minute if opened else clock.now, clock.now
        row.substance, row.place, row.seller = substance, place, seller
        row.mg, row.pay_ore, row.attempts = mg, pay, buyer.attempt + 1 if opened else 0
        clock.n_ledger += 1


@kernel
def take_bucket(st: State, minute: int, phase: int) -> int:
    """Move the bucket of (minute, phase) into `order_event`, sorted by (hash, kind, extra); return its size."""
    bucket = minute % RING_MINUTES
    e = st.heads[bucket, phase]
    st.heads[bucket, phase] = -1
    n = 0
    while e >= 0:
        if n >= len(st.order_event):
            st.clock[0].fault = FAULT_POOL
            break
        st.order_event[n], st.order_hash[n] = e, st.events[e].hash
        n += 1
        e = st.events[e].next
    sort_bucket(st, n)
    return n


@kernel
def comes_before(st: State, hash_a: np.uint64, a: int, hash_b: np.uint64, b: int) -> bool:
    """Whether event `a` runs before event `b`."""
    if hash_a != hash_b:
        return bool(hash_a < hash_b)
    first, second = st.events[a], st.events[b]
    if first.kind != second.kind:
        return first.kind < second.kind
    return first.extra < second.extra


@kernel
def sort_bucket(st: State, n: int) -> None:
    """Shell sort of the bucket's events: in place, no recursion, near-linear for the few that are due."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap >= 1:
        for i in range(gap, n):
            h, e = st.order_hash[i], st.order_event[i]
            j = i
            while j >= gap and comes_before(st, h, e, st.order_hash[j - gap], st.order_event[j - gap]):
                st.order_hash[j], st.order_event[j] = st.order_hash[j - gap], st.order_event[j - gap]
                j -= gap
            st.order_hash[j], st.order_event[j] = h, e
        gap //= 3
