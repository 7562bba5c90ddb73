"""Every outcome: its id, unit and definition, and how it follows from what the engine counts."""

from collections.abc import Mapping

from odssim.core.declare import Outcome
from odssim.scenario.records import PAYERS
from odssim.world.codes import CITY_TALLIES, PLACE_TALLIES, PRICE_SPREADS, PRICES
from odssim.world.columns import SUBSTANCES

PLACE_OUTCOMES: tuple[tuple[Outcome, tuple[str, ...], float], ...] = (
    (Outcome("open_deals", "deals", "Purchases in the open."), ("open_deals",), 1.0),
    (Outcome("grams", "g", "Quantity sold in the open."), ("grams_mg",), 1e-3),
    (Outcome("turnover_sek", "SEK", "Money paid in the open."), ("turnover_ore",), 1e-2),
    (Outcome("meetings", "meetings", "Meetings of a buyer and a seller in the open, deal or not."),
     ("meetings",), 1.0),
    (Outcome("blocked_offender", "tries", "Tries to buy stopped because no seller with stock was in view and free."),
     ("blocked_offender",), 1.0),
    (Outcome("blocked_target", "tries", "Meetings without a deal because of price or money."),
     ("blocked_target",), 1.0),
    (Outcome("blocked_guardian", "tries", "Tries to buy stopped by guardians or cameras."),
     ("blocked_guardian",), 1.0),
    (Outcome("ripoffs", "events", "Buyers cheated in the open."), ("ripoffs",), 1.0),
    (Outcome("failed_visits", "visits", "Buyers who left a place after waiting in vain."), ("failed_visits",), 1.0),
    (Outcome("wait_min", "min", "Minutes that buyers waited at places."), ("wait_min",), 1.0),
    (Outcome("crowd_min", "min", "Minutes that buyers spent at places."), ("crowd_min",), 1.0),
    (Outcome("seller_min", "min", "Minutes that sellers spent at places."), ("seller_min",), 1.0),
    (Outcome("visits", "visits", "Guardians' visits, ordinary patrol included."), ("visits",), 1.0),
    (Outcome("guard_min", "min", "Minutes that guardians spent at places."), 
     ("police_min", "volunteer_min", "guards_min", "outreach_min"), 1.0),
    (Outcome("police_min", "min", "Minutes of police at places."), ("police_min",), 1.0),
    (Outcome("volunteer_min", "min", "Minutes of volunteers at places."), ("volunteer_min",), 1.0),
    (Outcome("guards_min", "min", "Minutes of guards and hosts at places."), ("guards_min",), 1.0),
    (Outcome("outreach_min", "min", "Minutes of outreach workers at places."), ("outreach_min",), 1.0),
    (Outcome("stops", "stops", "Persons stopped."), ("stops",), 1.0),
    (Outcome("arrests", "arrests", "Sellers arrested."), ("arrests",), 1.0),
    (Outcome("seized_g", "g", "Drugs seized from persons and stashes."), ("seized_mg",), 1e-3),
    (Outcome("recorded_sale", "offences", "Recorded offences: sale."), ("recorded_sale",), 1.0),
    (Outcome("recorded_possession", "offences", "Recorded offences: possession."), ("recorded_possession",), 1.0),
    (Outcome("recorded_use", "offences", "Recorded offences: own use."), ("recorded_use",), 1.0),
    (Outcome("tips", "calls", "Bystanders' calls about open deals."), ("tips",), 1.0),
    (Outcome("sent_off", "events", "Sellers sent off by those who manage the place, or because it is closed."),
     ("sent_off",), 1.0),
    (Outcome("letters_sent", "letters", "Cards to owners of cars seen at a scene."), ("letters",), 1.0),
    (Outcome("traffic_stops", "stops", "Buyers stopped on the approaches."), ("traffic_stops",), 1.0),
    (Outcome("care_contacts", "meetings", "Users met by outreach workers."), ("care_contacts",), 1.0),
    (Outcome("violence", "events", "Violence over debts and rip-offs, women included."),
     ("violence", "violence_women"), 1.0),
    (Outcome("violence_women", "events", "Violence against women at scenes."), ("violence_women",), 1.0),
)  # fmt: skip
"""Outcome, the tallies per place that add up to it, and the factor from the tally's unit."""

AWAY_FROM_SCENES: Mapping[str, str] = {
    "arrests": "arrests_hidden", "seized_g": "seized_hidden_mg", "recorded_sale": "recorded_sale_hidden",
    "recorded_possession": "recorded_possession_hidden", "recorded_use": "recorded_use_hidden",
}  # fmt: skip
"""City-wide outcomes that include what happened away from scenes: the tally of that part."""

CITY_OUTCOMES: tuple[tuple[Outcome, str, float], ...] = (
    (Outcome("needs", "needs", "Needs that came due."), "needs", 1.0),
    (Outcome("choices", "choices", "Choices made by buyers."), "choices", 1.0),
    (Outcome("hidden_deals", "deals", "Purchases by phone and delivery."), "hidden_deals", 1.0),
    (Outcome("hidden_grams", "g", "Quantity sold by delivery."), "hidden_mg", 1e-3),
    (Outcome("hidden_turnover_sek", "SEK", "Money paid on delivery."), "hidden_ore", 1e-2),
    (Outcome("failed_needs", "needs", "Needs given up after search."), "failed_needs", 1.0),
    (Outcome("forgone_needs", "needs", "Needs that the buyer chose to do without."), "forgone_needs", 1.0),
    (Outcome("own_stock_needs", "needs", "Needs of user-sellers met from own stock."), "own_stock_needs", 1.0),
    (Outcome("merged_needs", "needs", "Needs that came while an earlier one was still open."), "merged_needs", 1.0),
    (Outcome("buyers_active", "persons", "Buyers with at least one need that day.", "mean"), "buyers_active", 1.0),
    (Outcome("sellers_active", "persons", "Sellers who worked that day.", "mean"), "sellers_active", 1.0),
    (Outcome("visits_missed", "visits", "Planned visits not made: the unit was busy or sent elsewhere."),
     "visits_missed", 1.0),
    (Outcome("overdoses", "events", "Overdoses."), "overdoses", 1.0),
    (Outcome("deaths", "persons", "Deaths by overdose."), "deaths", 1.0),
    (Outcome("quits", "persons", "Users who quit."), "quits", 1.0),
    (Outcome("escalations", "persons", "Users who became dependent."), "escalations", 1.0),
    (Outcome("first_users", "persons", "New users."), "first_users", 1.0),
    (Outcome("new_sellers", "persons", "Sellers who filled a vacancy."), "new_sellers", 1.0),
    (Outcome("imprisoned", "persons", "Sellers sent to prison."), "imprisoned", 1.0),
    (Outcome("imported_g", "g", "Drugs sent by importers, intercepted or not."), "imported_mg", 1e-3),
    (Outcome("seized_border_g", "g", "Drugs intercepted at the border."), "seized_border_mg", 1e-3),
    (Outcome("supply_short_g", "g", "Ordered by sellers and not delivered for want of stock or credit."),
     "supply_short_mg", 1e-3),
    (Outcome("consumed_g", "g", "Drugs used."), "consumed_mg", 1e-3),
    (Outcome("care_asked", "persons", "Dependent users who asked for care."), "care_asked", 1.0),
    (Outcome("care_entries", "persons", "Users who entered care they had asked for."), "care_entries", 1.0),
    (Outcome("care_compelled", "persons", "Users taken into care by law."), "care_compelled", 1.0),
    (Outcome("care_returns", "persons", "Users who left care and buy again."), "care_returns", 1.0),
    (Outcome("recoveries", "persons", "Users who left care and do not buy again."), "recoveries", 1.0),
    (Outcome("in_care", "persons", "Users in care.", "mean"), "in_care", 1.0),
    (Outcome("care_waiting", "persons", "Users waiting for care.", "mean"), "care_waiting", 1.0),
    (Outcome("women_active", "persons", "Women with a need that day: the truth.", "mean"), "women_active", 1.0),
    (Outcome("women_seen", "meetings", "Women whom police or outreach workers met."), "women_seen", 1.0),
    (Outcome("first_users_averted", "persons", "Would-be new users held back for now."), "first_users_averted", 1.0),
    (Outcome("young_sellers_averted", "persons", "Would-be young runners held back for now."),
     "young_sellers_averted", 1.0),
    (Outcome("exits", "persons", "Sellers helped to leave."), "exits", 1.0),
    (Outcome("listed_arrests", "persons", "Listed sellers arrested."), "listed_arrests", 1.0),
    (Outcome("funding_crimes", "crimes", "Crimes that pay for use."), "funding_crimes", 1.0),
    (Outcome("exploited", "events", "Women exploited to pay for use: a harm suffered."), "exploited", 1.0),
    (Outcome("other_crime_days", "person-days", "Days on which a seller turned to other crime."),
     "other_crime_days", 1.0),
)  # fmt: skip
"""Outcome, the city tally behind it, and the factor from the tally's unit."""

STATE_OUTCOMES = (
    Outcome("nuisance", "index", "Visible nuisance: decayed sum of open deals and presence.", "mean"),
    Outcome("fear_share", "share", "Share of those who would pass who stay away for fear.", "mean"),
    *(Outcome(key, "SEK/g", f"Median price of free sellers of {SUBSTANCES[k]}.", "mean") for key, k in PRICES.items()),
    *(Outcome(key, "1", f"Coefficient of variation of sellers' prices of {SUBSTANCES[k]}.", "mean")
      for key, k in PRICE_SPREADS.items()),
    Outcome("n_scenes", "scenes", "Open drug scenes: clusters of touching cells with at least 5 open deals a"
            " day and a deal on at least 80 % of the last 90 days.", "mean"),
    Outcome("cost_sek", "SEK", "Cost of the interventions as carried out, all payers."),
    *(Outcome(f"cost_{payer}_sek", "SEK", f"Of this, borne by: {payer.replace('_', ' ')}.") for payer in PAYERS),
    Outcome("harm_cost_sek", "SEK", "Social cost of overdoses, deaths, violence and funding crime; in no other sum."),
)  # fmt: skip

PLACE_LEVELS: Mapping[str, str] = {"nuisance": "nuisance", "fear_share": "fear"}
"""Outcomes that are a level of each place, and the field of the day's record that holds them."""

OUTCOMES: Mapping[str, Outcome] = {
    outcome.id: outcome
    for outcome in (*(row[0] for row in PLACE_OUTCOMES), *(row[0] for row in CITY_OUTCOMES), *STATE_OUTCOMES)
}
"""Every outcome by id."""

PLACE_COLUMNS = {row[0].id: tuple(PLACE_TALLIES.index(name) for name in row[1]) for row in PLACE_OUTCOMES}
CITY_COLUMNS = {row[0].id: CITY_TALLIES.index(row[1]) for row in CITY_OUTCOMES}
AWAY_COLUMNS = {outcome: CITY_TALLIES.index(name) for outcome, name in AWAY_FROM_SCENES.items()}
"""Where the engine's tallies stand."""
