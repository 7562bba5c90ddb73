"""search: arriving, waiting for a seller, giving up after one's patience, trying elsewhere.

Rule
    Who arrives tries at once, then waits in sight of the place; a seller who comes, comes back or is done
    with another customer wakes those who wait. When patience ends the buyer leaves and chooses again.
Formula
    patience log-normal with the type's median.
Reads
    buyers.{uid, type, act, until, woken, place}, places.n_police.
Writes
    buyers.{act, until, woken}.
Draws
    search.patience.
Sources
    Search times B16 (weak); row 23.
Limits
    No queue discipline but chance: within a minute the smallest keyed hash goes first.
"""

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import normal, spread_minutes
from odssim.rules.belief import see_risk
from odssim.rules.choice import try_index
from odssim.rules.purchase import fail_attempt, try_to_buy
from odssim.world.codes import Event, PlaceTally
from odssim.world.columns import NOBODY, BuyerAct, Guardian
from odssim.world.queue import count_place, enter_buyer, push
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("search.patience",)


@kernel
def on_arrive(st: State, b: int, t: int) -> None:
    """Buyer `b` arrives and tries at once."""
    par, buyer = st.par[0], st.buyers[b]
    if buyer.act != BuyerAct.TRAVELLING or buyer.until != t:
        return
    enter_buyer(st, b, buyer.place, t)
    z = normal(st.keys[0].search_patience, buyer.uid, try_index(st, b))
    wait = spread_minutes(par.search_patience_min[buyer.type], par.search_patience_sigma, z)
    buyer.act, buyer.until = BuyerAct.WAITING, t + wait
    push(st, buyer.until, Event.PATIENCE, b, 0)
    if st.places[buyer.place].n_police > 0:
        see_risk(st, b, Guardian.POLICE, 1.0)
    try_to_buy(st, b, t)


@kernel
def on_try(st: State, b: int, t: int) -> None:
    """A waiting buyer has been woken."""
    buyer = st.buyers[b]
    if buyer.act == BuyerAct.WAITING and buyer.woken == t:
        buyer.woken = NOBODY
        try_to_buy(st, b, t)


@kernel
def on_patience(st: State, b: int, t: int) -> None:
    """A waiting buyer's patience ends."""
    buyer = st.buyers[b]
    if buyer.act == BuyerAct.WAITING and buyer.until == t:
        count_place(st, buyer.place, PlaceTally.FAILED_VISITS, 1)
        fail_attempt(st, b, t)
