"""The compiled event loop: runs what is due, minute by minute, phase by phase.

Nothing is polled: a minute in which nothing is due costs a look at five empty buckets.
"""

from odssim.core.compiled import entry, kernel
from odssim.rules import choice, detection, guardianship, need, presence, purchase, search, selling
from odssim.world.codes import N_PHASES, Event
from odssim.world.columns import N_CONTACTS, N_KNOWN
from odssim.world.fetch import fetch_head, fetch_row
from odssim.world.queue import take_bucket, wake
from odssim.world.state import LEDGER_ROOM, LOG_ROOM, RING_MINUTES, State

MINUTES_PER_DAY = 1440
BUYERS_TURN = Event.NEED.phase
ROOM = 1 << 15
"""Log and ledger lines that one minute may need at most; the loop pauses when less is left."""


@kernel
def run_guardian_event(st: State, kind: int, v: int, extra: int, t: int) -> None:
    """Run an event of a visit."""
    if kind == Event.VISIT_END:
        guardianship.on_visit_end(st, v, t)
    elif kind == Event.VISIT_START:
        guardianship.on_visit_start(st, v, t)
    elif kind == Event.STOP:
        detection.on_stop(st, v, extra, t)
    else:
        detection.on_stash(st, v, t)


@kernel
def run_seller_event(st: State, kind: int, s: int, extra: int, t: int) -> None:
    """Run an event of a seller."""
    if kind == Event.SELLER_END:
        selling.on_end(st, s, extra, t)
    elif kind == Event.SELLER_START:
        selling.on_start(st, s, extra, t)
    elif kind == Event.SELLER_HOUR:
        selling.on_hour(st, s, extra, t)
    elif kind == Event.SERVICE_END:
        if purchase.on_service_end(st, s, t):
            wake(st, st.sellers[s].place, st.sellers[s].substance, t)
    elif kind == Event.HIDE_END:
        selling.on_hide_end(st, s, t)
    else:
        selling.on_emerge(st, s, t)


@kernel
def run_buyer_event(st: State, kind: int, b: int, extra: int, t: int) -> None:
    """Run an event of a buyer."""
    if kind == Event.NEED:
        need.on_need(st, b, extra, t)
    elif kind == Event.ARRIVE:
        search.on_arrive(st, b, t)
    elif kind == Event.PATIENCE:
        search.on_patience(st, b, t)
    elif kind == Event.TRY:
        search.on_try(st, b, t)
    elif kind == Event.RETRY:
        choice.on_retry(st, b, t)
    elif kind == Event.DELIVERY:
        purchase.on_delivery(st, b, t)
    elif kind == Event.DWELL_END:
        presence.on_dwell_end(st, b, t)
    elif kind == Event.COMPANY_GO:
        need.on_company_go(st, b, t)
    else:
        presence.on_company_arrive(st, b, t)


@kernel
def run_detection(st: State, kind: int, b: int, s: int, t: int) -> None:
    """Run what may detect a deal of buyer `b` with seller `s`."""
    if kind == Event.SEEN:
        detection.on_seen(st, b, s, t)
    elif kind == Event.CAMERA:
        detection.on_camera(st, b, s, t)
    else:
        detection.on_investigate(st, b, s, t)


@kernel
def fetch_buyers(st: State, t: int) -> None:
    """Fetch the rows of the buyers to whom something happens in minute `t`."""
    e = st.heads[t % RING_MINUTES, BUYERS_TURN]
    while e >= 0:
        fetch_row(st.buyers, st.events[e].who)
        e = st.events[e].next


@kernel
def fetch_options(st: State, t: int) -> None:
    """Fetch what the buyers with a need in minute `t`, whose rows are there, will weigh."""
    e = st.heads[t % RING_MINUTES, BUYERS_TURN]
    while e >= 0:
        event = st.events[e]
        if event.kind == Event.NEED:
            buyer = st.buyers[event.who]
            for k in range(N_KNOWN):
                fetch_head(st.places, buyer.known[k])
            for c in range(N_CONTACTS):
                fetch_head(st.sellers, buyer.contact[c])
        e = event.next


@kernel
def run_phase(st: State, phase: int, t: int) -> None:
    """Run the events of one phase of minute `t`, smallest hash first."""
    n = take_bucket(st, t, phase)
    for k in range(n):
        e = st.order_event[k]
        event = st.events[e]
        kind, who, extra = event.kind, event.who, event.extra
        event.next = st.clock[0].free_event
        st.clock[0].free_event = e
        if kind <= Event.VISIT_START or kind >= Event.STOP:
            run_guardian_event(st, kind, who, extra, t)
        elif kind <= Event.EMERGE:
            run_seller_event(st, kind, who, extra, t)
        elif kind <= Event.COMPANY_ARRIVE:
            run_buyer_event(st, kind, who, extra, t)
        else:
            run_detection(st, kind, who, extra, t)
    st.clock[0].n_events += n


@entry
def advance(st: State, until: int) -> int:
    """Run the minutes from now up to, not including, `until`; return the minute reached.

    The loop stops early when the log or the ledger is nearly full (empty it and go on) and on a fault.
    All minutes must lie within one day whose midnight has been done.
    """
    clock = st.clock[0]
    while clock.now < until and clock.fault == 0:
        if clock.log_on and clock.n_log > LOG_ROOM - ROOM:
            break
        if clock.ledger_on and clock.n_ledger > LEDGER_ROOM - ROOM:
            break
        fetch_buyers(st, clock.now + 2)
        fetch_options(st, clock.now + 1)
        for phase in range(N_PHASES):
            run_phase(st, phase, clock.now)
        clock.now += 1
    return int(clock.now)
