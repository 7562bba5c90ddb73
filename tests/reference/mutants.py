"""Textual mutants of the rules: each is a plausible slip that the twin must notice."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """Replace `old`, which occurs once in the rule's file, by `new`."""

    rule: str
    old: str
    new: str


MUTANTS = tuple(
    Mutant(*row)
    for row in (
        ("belief", "if hour < 6 or hour >= 22:", "if hour < 6 or hour > 22:"),
        ("belief", "value = -1.0 if buyer.known[k] == NOBODY", "value = 2.0 if buyer.known[k] == NOBODY"),
        ("belief", "buyer.last_kind == 1 and buyer.last_slot == worst", "buyer.last_kind == 9"),
        ("belief", "buyer.last_kind == 2 and buyer.last_slot == c", "buyer.last_kind == 9"),
        ("belief", "buyer.risk[k] *= 1.0 - par.belief_clear", "buyer.risk[k] *= 1.0"),
        ("belief", "min(1.0, times * st.par[0].belief_see[kind])", "st.par[0].belief_see[kind]"),
        ("belief", "max(told[0], told[1], told[2]) > par.belief_prior", "told[0] > par.belief_prior"),
        ("belief", "and st.sellers[s].substance == buyer.substance:", ":"),
        ("belief", "if not has_contact(st, b, s):", "if True:"),
        ("choice", "8 <= hour < 17", "8 <= hour <= 17"),
        (
            "choice",
            "+ buyer.risk_aversion * buyer.risk[k] * fade *",
            "+ buyer.risk_aversion * buyer.risk[k] *",
        ),
        ("choice", "return k if open_slot(st, b, k) else NOTHING", "return k"),
        ("choice", "buyer.act, buyer.tried = POSTPONED, 0", "buyer.act = POSTPONED"),
        (
            "choice",
            "buyer.need_substance, buyer.attempt, buyer.tried = other, 0, 0",
            "buyer.need_substance = other",
        ),
        ("choice", "if buyer.need_substance != buyer.substance or not", "if not"),
        ("choice", "buyer.tried |= 1 << (N_KNOWN + c)", "buyer.tried |= 1 << c"),
        ("choice", "or slot_of(st, b, p) != NOBODY else p", "else p"),
        (
            "detection",
            "if buyer.carry_mg > 0 and u < par.detection_hit_carry",
            "if u < par.detection_hit_carry",
        ),
        ("detection", "if st.buyers[b].sex == 0 else 1.0", "if st.buyers[b].sex == 1 else 1.0"),
        ("detection", "buyer.seller = NOBODY", "pass"),
        ("detection", "if visit.kind == POLICE and visit.may_arrest:", "if visit.kind == POLICE:"),
        ("detection", "if u < chance and u < best:", "if u < chance:"),
        ("detection", "    seller.shift += 1\n    imprison", "    imprison"),
        ("detection", "math.floor(st.par[0].patrol_arrest_min)", "1"),
        ("detection", "if st.buyers[b].act in (WAITING, DWELLING):", "if st.buyers[b].act == WAITING:"),
        ("detection", "see_risk(st, b, POLICE, 2.0)", "see_risk(st, b, POLICE, 1.0)"),
        ("detection", "elif seller.act == ON_CALL:\n        settle(st, s, t)", "elif False:\n        pass"),
        ("disorder", "par.disorder_crowd_weight * tally[p, P_CROWD] / 60", "par.disorder_crowd_weight"),
        ("explore", "math.floor(min(best, FURTHEST_MIN) + 0.5)", "math.floor(min(best, FURTHEST_MIN))"),
        ("explore", "place.attraction * (1.0 + par.search_activity_pull * seen)", "place.attraction"),
        (
            "explore",
            "for i in range(N_NEAR):\n        j = near[i]",
            "for i in range(9):\n        j = near[i]",
        ),
        ("explore", "minutes[order[i]] < FURTHEST_MIN", "minutes[order[i]] < 9e9"),
        ("explore", "u < best * row.attraction", "u < 0.9 * best * row.attraction"),
        ("explore", "u < best * place.pull", "u < best * st.places[place.place].attraction"),
        ("footfall", "weekday >= 5", "weekday > 5"),
        ("guardianship", "elif act == HIDING and alone:", "elif act == HIDING:"),
        ("guardianship", "if act in (VISIBLE, PAUSED):", "if act == VISIBLE:"),
        ("guardianship", "if visit.stay and recent", "if recent"),
        ("guardianship", "    if remaining == 0:", "    if True:"),
        ("need", "25 <= day.dom <= 27", "25 <= day.dom < 27"),
        ("need", "n < MAX_NEEDS", "n <= MAX_NEEDS"),
        (
            "need",
            "if buyer.act not in (IDLE, DWELLING, COMPANY_TRIP):",
            "if buyer.act not in (IDLE, DWELLING):",
        ),
        ("need", "if buyer.type == DEPENDENT and buyer.seller == NOBODY:", "if buyer.type == DEPENDENT:"),
        ("patrol", "visit.end > start - gap", "visit.end > start"),
        (
            "patrol",
            "(d - programme.first_day + 1) / programme.ramp_days",
            "(d - programme.first_day) / programme.ramp_days",
        ),
        (
            "patrol",
            "programme.max_minutes - programme.min_minutes + 1",
            "programme.max_minutes - programme.min_minutes",
        ),
        ("patrol", "if unit.district == district and not local:", "if False:"),
        ("presence", "t + max(1, stay)", "t + stay"),
        ("pricing", "for h in range(8, N_HOURS):", "for h in range(9, N_HOURS):"),
        ("pricing", "if seller.turned_away > 0:", "if seller.turned_away > 1:"),
        ("purchase", "fear = par.selling_loss_police_sek if place.n_police > 0 else 0.0", "fear = 0.0"),
        ("purchase", "(mg * seller.price + 999) // 1000", "mg * seller.price // 1000"),
        ("purchase", "if seller.uid == buyer.last_seller:", "if False:"),
        (
            "purchase",
            "            elif refuses(st, b, s, p):\n                refused = True",
            "            elif False:\n                pass",
        ),
        ("purchase", "stays_waiting(st, b)\n        return\n    meet", "return\n    meet"),
        ("purchase", "buyer.waited = t - buyer.need_minute", "buyer.waited += t - buyer.need_minute"),
        (
            "recording",
            "if kind < par.recording_background_possession:",
            "if kind > par.recording_background_possession:",
        ),
        ("recruitment", "buyer.seller == NOBODY", "True"),
        ("recruitment", "buyer.type == DEPENDENT", "True"),
        ("recruitment", "buyer.substance == st.sellers[s].substance", "True"),
        ("recruitment", "(seller.profit[i] + prior) / 2.0", "seller.profit[i]"),
        ("recruitment", "if seller.cash < 0:", "if False:"),
        ("search", "if buyer.act == WAITING and buyer.woken == t:", "if buyer.act == WAITING:"),
        ("search", "see_risk(st, b, 0, 1.0)", "pass"),
        ("selling", "if total < lowest or (k == 0):", "if total <= lowest or (k == 0):"),
        ("selling", "max(30, math.floor(60.0 * seller.hours))", "math.floor(60.0 * seller.hours)"),
        ("selling", "(t % 1440 // 60 + N_HOURS - 1) % N_HOURS", "t % 1440 // 60"),
        ("selling", "if seller.saw_guardian == 0:", "if True:"),
        ("selling", "elif seller.spot[seller.slot] == seller.place:", "else:"),
        ("selling", "if hours >= 0.25:", "if hours > 1.0:"),
        ("selling", "band = band_of(seller.start)", "band = band_of(t)"),
        ("selling", "max(0.0, rem - away_min)", "(rem - away_min)"),
        ("selling", "last < st.visits[w].uid < smallest", "last < st.visits[w].uid"),
        ("selling", "return max(seller.busy_until, t) - t <=", "return seller.busy_until - t <"),
        ("supply", "if importer.stock > 2 * importer.size_mg:", "if importer.stock > 9 * importer.size_mg:"),
        (
            "supply",
            "got = min(seller.order_mg, source.stock, can_pay)",
            "got = min(seller.order_mg, source.stock)",
        ),
        ("supply", "importer.capacity *= par.supply_hit_capacity", "pass"),
        ("supply", "if want * 2 > seller.target_mg:", "if want > seller.target_mg:"),
        ("use", "if buyer.need_substance == HEROIN:", "if buyer.substance == HEROIN:"),
        (
            "use",
            "buyer.wallet, buyer.credit_day, buyer.last_kind = 0, d, 0",
            "buyer.wallet, buyer.last_kind = 0, 0",
        ),
        (
            "use",
            "if first and buyer.act == IDLE and buyer.seller == NOBODY:",
            "if first and buyer.act == IDLE:",
        ),
        ("use", "if buyer.status == FREE:\n        background_check", "if True:\n        background_check"),
    )
)
