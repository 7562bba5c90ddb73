"""purchase: seller and buyer meet, both weigh what they see, and deal or not.

Rule
    In sight of the police few buyers try and few sellers sell; cameras make sellers refuse too. The buyer
    takes less when the price is high, never more than he can pay; strangers are sometimes cheated.
Formula
    q = basket * (price / reference) ** -elasticity, limited by wallet and stock.
Reads
    buyers.{uid, type, act, sex, slot, need_i, need_substance, until, place, need_day, credit_day,
    need_minute, wait_start, basket_mg, income, wallet, last_seller, stranger, price, contact, contact_avail},
    sellers.{uid, stock, price, risk_aversion, wholesaler, busy_until, next, act, substance, status},
    places.{fear, camera, camera_fear, lighting, tip_line, first_seller, n_police}, wholesalers.price.
Writes
    buyers.{act, last_kind, last_slot, attempt, tried, credit_day, waited, carry_mg, wallet, last_seller,
    stranger, price, contact_avail}, sellers.{stock, busy_until, turned_away, sold, cash, shift_income},
    places.attention.
Draws
    purchase.bold, purchase.seller, purchase.ripoff.
Sources
    Elasticities rows 19-21 (B10-B13); rip-offs B20; baskets A17.
Limits
    No quality; no credit to buyers.
"""

import math

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import exponential, uniform
from odssim.rules.approach import get_letter
from odssim.rules.belief import learn_failure, learn_success, slot_of
from odssim.rules.choice import choose, close_unmet, need_index, origin, refuse_contact, try_index
from odssim.rules.explore import option_index
from odssim.rules.footfall import passers_by
from odssim.rules.funding import fund
from odssim.rules.presence import dwell, leave
from odssim.rules.use import consume
from odssim.world.codes import CityTally, Event, Fate, Log, PlaceTally
from odssim.world.columns import NOBODY, BuyerAct, SellerAct, Status
from odssim.world.queue import close_need, count_city, count_place, push, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("purchase.bold", "purchase.seller", "purchase.ripoff")


@kernel
def credit_wallet(st: State, b: int, d: int) -> None:
    """Pay buyer `b` the income since the last need, up to what he keeps for drugs."""
    buyer = st.buyers[b]
    cap = math.floor(st.par[0].purchase_wallet_cap_days * buyer.income)
    amount = min((d - buyer.credit_day) * buyer.income, max(0, cap - buyer.wallet))
    buyer.wallet += amount
    buyer.credit_day = d
    count_city(st, CityTally.INCOME_ORE, amount)


@kernel
def refuses(st: State, b: int, s: int, p: int) -> bool:
    """Whether seller `s` finds a deal with buyer `b` at place `p` too risky for its gain."""
    par, seller, place = st.par[0], st.sellers[s], st.places[p]
    fear = par.selling_loss_police_sek if place.n_police > 0 else 0.0
    gain = st.buyers[b].basket_mg * (seller.price - st.wholesalers[seller.wholesaler].price) / 100000
    return bool(seller.risk_aversion * (fear + place.camera_fear) > gain)


@kernel
def find_seller(st: State, b: int, p: int, t: int) -> int:
    """Return the seller at place `p` whom buyer `b` turns to; tally why there is none."""
    par, buyer = st.par[0], st.buyers[b]
    ref = par.pricing_reference_sek_g[buyer.need_substance] * 100.0
    index, best, chosen, refused = try_index(st, b), math.inf, NOBODY, False
    s = st.places[p].first_seller
    while s != NOBODY:
        seller = st.sellers[s]
        if (
            seller.act == SellerAct.VISIBLE
            and seller.substance == buyer.need_substance
            and seller.stock >= par.purchase_min_mg
        ):
            if seller.busy_until > t:
                pass
            elif refuses(st, b, s, p):
                refused = True
            else:
                v = -par.purchase_price_weight * (seller.price - ref) / ref
                if seller.uid == buyer.last_seller:
                    v += par.purchase_familiar
                score = exponential(st.keys[0].purchase_seller, buyer.uid, option_index(index, s))
                score = score * math.exp(-v)
                if score < best or (score == best and s < chosen):
                    best, chosen = score, s
        s = seller.next
    if chosen == NOBODY:
        count_place(st, p, PlaceTally.BLOCKED_GUARDIAN if refused else PlaceTally.BLOCKED_OFFENDER, 1)
        if not refused:
            turn_away(st, b, p, t)
    return chosen


@kernel
def turn_away(st: State, b: int, p: int, t: int) -> None:
    """Every busy seller whom buyer `b` would have turned to notices a customer lost."""
    s = st.places[p].first_seller
    while s != NOBODY:
        seller = st.sellers[s]
        if seller.act == SellerAct.VISIBLE and seller.substance == st.buyers[b].need_substance:
            if seller.busy_until > t and seller.stock >= st.par[0].purchase_min_mg:
                seller.turned_away += 1
        s = seller.next


@kernel
def quantity(st: State, b: int, s: int) -> int:
    """Return the mg that buyer `b` takes from seller `s`."""
    buyer, seller = st.buyers[b], st.sellers[s]
    ref = st.par[0].pricing_reference_sek_g[buyer.need_substance] * 100.0
    wish = buyer.basket_mg * math.exp(-st.par[0].purchase_elasticity[buyer.type] * math.log(seller.price / ref))
    return min(math.floor(wish), buyer.wallet * 1000 // seller.price, seller.stock)


@kernel
def too_dear(st: State, b: int, s: int) -> bool:
    """Whether the price of seller `s` is beyond what buyer `b` pays."""
    buyer = st.buyers[b]
    ref = st.par[0].pricing_reference_sek_g[buyer.need_substance] * 100.0
    return bool(st.sellers[s].price > st.par[0].purchase_price_limit[buyer.type] * ref)


@kernel
def pay(st: State, b: int, s: int, mg: int) -> int:
    """Move the price of `mg` from buyer to seller; return it, öre."""
    buyer, seller = st.buyers[b], st.sellers[s]
    amount = min((mg * seller.price + 999) // 1000, buyer.wallet)
    buyer.wallet -= amount
    seller.cash += amount
    seller.shift_income += amount
    fund(st, b, amount)
    return amount


@kernel
def stop_waiting(st: State, b: int, t: int) -> None:
    """Account for the wait that ends now."""
    buyer = st.buyers[b]
    buyer.waited += t - buyer.wait_start
    count_place(st, buyer.place, PlaceTally.WAIT_MIN, t - buyer.wait_start)


@kernel
def fail_attempt(st: State, b: int, t: int) -> None:
    """Buyer `b` gives up on the place where he waits and chooses again."""
    buyer = st.buyers[b]
    start = buyer.place
    stop_waiting(st, b, t)
    learn_failure(st, b, t)
    if buyer.slot >= 0:
        buyer.tried |= 1 << buyer.slot
    leave(st, b, t)
    buyer.attempt += 1
    choose(st, b, start, t)


@kernel
def stays_waiting(st: State, b: int) -> None:
    """Buyer `b` has tried in vain and goes on waiting."""
    buyer = st.buyers[b]
    count_city(st, CityTally.WAITS, 1)
    write_log(st, Log.WAIT, buyer.uid, buyer.place, NOBODY, buyer.until)


@kernel
def try_to_buy(st: State, b: int, t: int) -> None:
    """Buyer `b`, waiting at his place, tries to buy."""
    par, buyer = st.par[0], st.buyers[b]
    p = buyer.place
    if st.places[p].n_police > 0:
        if uniform(st.keys[0].purchase_bold, buyer.uid, try_index(st, b)) >= par.purchase_bold_share:
            count_place(st, p, PlaceTally.BLOCKED_GUARDIAN, 1)
            stays_waiting(st, b)
            return
    s = find_seller(st, b, p, t)
    if s == NOBODY:
        stays_waiting(st, b)
        return
    meet(st, b, s, p, t)


@kernel
def meet(st: State, b: int, s: int, p: int, t: int) -> None:
    """Buyer `b` and seller `s` meet in the open."""
    par, buyer, seller = st.par[0], st.buyers[b], st.sellers[s]
    count_place(st, p, PlaceTally.MEETINGS, 1)
    write_log(st, Log.MEETING, buyer.uid, p, seller.uid, 0)
    if too_dear(st, b, s):
        count_place(st, p, PlaceTally.BLOCKED_TARGET, 1)
        k = slot_of(st, b, p)
        if k != NOBODY:
            buyer.price[k] += par.belief_learn * (seller.price - buyer.price[k])
        fail_attempt(st, b, t)
        return
    q = quantity(st, b, s)
    if q < par.purchase_min_mg:
        count_place(st, p, PlaceTally.BLOCKED_TARGET, 1)
        stop_waiting(st, b, t)
        leave(st, b, t)
        close_unmet(st, b, Fate.FAILED)
        return
    amount = pay(st, b, s, q)
    seller.busy_until = t + math.floor(par.purchase_service_min)
    push(st, seller.busy_until, Event.SERVICE_END, s, 0)
    buyer.stranger = 1 if seller.uid != buyer.last_seller else 0
    if buyer.stranger:
        if uniform(st.keys[0].purchase_ripoff, buyer.uid, try_index(st, b)) < par.purchase_ripoff_share:
            count_place(st, p, PlaceTally.RIPOFFS, 1)
            write_log(st, Log.RIPOFF, buyer.uid, p, seller.uid, amount)
            if uniform(st.keys[0].disorder_ripoff, buyer.uid, try_index(st, b)) < par.disorder_ripoff_violence:
                count_place(st, p, PlaceTally.VIOLENCE_WOMEN if buyer.sex == 0 else PlaceTally.VIOLENCE, 1)
            fail_attempt(st, b, t)
            return
    deal(st, b, s, p, q, amount, t)


@kernel
def deal(st: State, b: int, s: int, p: int, q: int, amount: int, t: int) -> None:
    """Hand over `q` mg for `amount` öre in the open."""
    buyer, seller = st.buyers[b], st.sellers[s]
    seller.stock -= q
    seller.sold += 1
    buyer.carry_mg += q
    stop_waiting(st, b, t)
    count_place(st, p, PlaceTally.OPEN_DEALS, 1)
    count_place(st, p, PlaceTally.GRAMS_MG, q)
    count_place(st, p, PlaceTally.TURNOVER_ORE, amount)
    write_log(st, Log.DEAL_OPEN, buyer.uid, p, seller.uid, q)
    close_need(st, b, buyer.need_day, buyer.need_i, Fate.OPEN, p, seller.uid, q, amount)
    learn_success(st, b, s, t)
    notice_deal(st, b, s, p, t)
    get_letter(st, b)
    dwell(st, b, t)


@kernel
def notice_deal(st: State, b: int, s: int, p: int, t: int) -> None:
    """Schedule what may detect this deal, and let a bystander call."""
    par, buyer, place = st.par[0], st.buyers[b], st.places[p]
    need = need_index(st, b)
    if place.n_police > 0:
        push(st, t, Event.SEEN, b, s)
    if place.camera > 0.0:
        push(st, t, Event.CAMERA, b, s)
    if uniform(st.keys[0].detection_investigate, buyer.uid, need) < par.detection_investigate_open:
        push(st, t, Event.INVESTIGATE, b, s)
    people = passers_by(st, p, t)
    willing = par.guardianship_tip_share * (1.0 + par.guardianship_efficacy * place.lighting)
    willing = willing + par.guardianship_tip_line * place.tip_line
    willing = willing * (1.0 - place.fear) * people / (people + par.guardianship_tip_half)
    if uniform(st.keys[0].guardianship_tip, buyer.uid, need) < willing:
        count_place(st, p, PlaceTally.TIPS, 1)
        place.attention += par.patrol_tip_attention
        write_log(st, Log.TIP, buyer.uid, p, NOBODY, 0)


@kernel
def on_service_end(st: State, s: int, t: int) -> bool:
    """Whether seller `s` is free for the next customer now."""
    return st.sellers[s].busy_until == t and st.sellers[s].act == SellerAct.VISIBLE


@kernel
def on_delivery(st: State, b: int, t: int) -> None:
    """A delivery comes due: the buyer meets the contact in private."""
    par, buyer = st.par[0], st.buyers[b]
    if buyer.act != BuyerAct.AWAITING_DELIVERY or buyer.until != t:
        return
    c = buyer.slot
    s = buyer.contact[c]
    if s == NOBODY or st.sellers[s].status != Status.FREE or st.sellers[s].stock < par.purchase_min_mg:
        refuse_contact(st, b, c)
        choose(st, b, origin(st, b, t), t)
        return
    count_city(st, CityTally.MEETINGS_HIDDEN, 1)
    write_log(st, Log.MEETING, buyer.uid, NOBODY, st.sellers[s].uid, 0)
    if too_dear(st, b, s):
        refuse_contact(st, b, c)
        choose(st, b, origin(st, b, t), t)
        return
    q = quantity(st, b, s)
    if q < par.purchase_min_mg:
        close_unmet(st, b, Fate.FAILED)
        return
    deliver(st, b, s, c, q, t)


@kernel
def deliver(st: State, b: int, s: int, c: int, q: int, t: int) -> None:
    """Hand over `q` mg in private."""
    par, buyer, seller = st.par[0], st.buyers[b], st.sellers[s]
    amount = pay(st, b, s, q)
    seller.stock -= q
    seller.sold += 1
    buyer.waited = t - buyer.need_minute
    count_city(st, CityTally.HIDDEN_DEALS, 1)
    count_city(st, CityTally.HIDDEN_MG, q)
    count_city(st, CityTally.HIDDEN_ORE, amount)
    write_log(st, Log.DEAL_HIDDEN, buyer.uid, NOBODY, seller.uid, q)
    close_need(st, b, buyer.need_day, buyer.need_i, Fate.HIDDEN, NOBODY, seller.uid, q, amount)
    buyer.contact_avail[c] += par.belief_learn * (1.0 - buyer.contact_avail[c])
    buyer.stranger = 1 if seller.uid != buyer.last_seller else 0
    buyer.last_kind, buyer.last_slot, buyer.last_seller = 2, c, seller.uid
    if uniform(st.keys[0].detection_investigate, buyer.uid, need_index(st, b)) < par.detection_investigate_hidden:
        push(st, t, Event.INVESTIGATE, b, s)
    buyer.act = BuyerAct.IDLE
    consume(st, b, q, t)
