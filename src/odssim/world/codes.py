"""Names of what happens: kinds of events, lines of the log, fates of needs, tallies."""

from odssim.world.columns import SUBSTANCES

N_PHASES = 5

(VISIT_END, VISIT_START, SELLER_END, SELLER_START, SELLER_HOUR, SERVICE_END, HIDE_END, EMERGE,
 NEED, ARRIVE, PATIENCE, TRY, RETRY, DELIVERY, DWELL_END, COMPANY_GO, COMPANY_ARRIVE,
 SEEN, CAMERA, INVESTIGATE, STOP, STASH) = range(22)  # fmt: skip
"""Kinds of scheduled events; the code also breaks ties between events of one agent in one phase."""

PHASE_OF = (0, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4)
"""Phase of each kind of event, in the order of the codes."""

LOG = (
    "need", "choice", "wait", "meeting", "deal_open", "deal_hidden", "ripoff", "closed",
    "visit", "visit_missed", "visit_end", "shift_start", "shift_end", "hide", "pushed",
    "tip", "stop", "recorded_sale", "recorded_possession", "recorded_use", "seized", "arrest",
    "overdose", "death", "sent_off", "letter", "traffic_stop",
    "contact", "asked", "care_entry", "care_return",
)  # fmt: skip
"""Lines of the event log (`--events`), each (minute, code, who, place, other, value)."""

(L_NEED, L_CHOICE, L_WAIT, L_MEETING, L_OPEN, L_HIDDEN, L_RIPOFF, L_CLOSED,
 L_VISIT, L_MISSED, L_VISIT_END, L_SHIFT, L_SHIFT_END, L_HIDE, L_PUSHED,
 L_TIP, L_STOP, L_SALE, L_POSSESSION, L_USE, L_SEIZED, L_ARREST,
 L_OVERDOSE, L_DEATH, L_SENT_OFF, L_LETTER, L_TRAFFIC,
 L_CONTACT, L_ASKED, L_ENTRY, L_RETURN) = range(len(LOG))  # fmt: skip

FATES = ("open", "hidden", "failed", "forgone", "own_stock", "merged", "lost", "unfinished")
"""How a need ends; `unfinished` needs were still open when the run ended."""

F_OPEN, F_HIDDEN, F_FAILED, F_FORGONE, F_OWN_STOCK, F_MERGED, F_LOST, F_UNFINISHED = range(len(FATES))

PLACE_TALLIES = (
    "open_deals", "grams_mg", "turnover_ore", "meetings", "blocked_offender", "blocked_target",
    "blocked_guardian", "ripoffs", "failed_visits", "wait_min", "crowd_min", "seller_min",
    "visits", "police_min", "volunteer_min", "stops", "arrests", "seized_mg",
    "recorded_sale", "recorded_possession", "recorded_use", "tips", "guards_min", "outreach_min", "sent_off",
    "letters", "traffic_stops", "care_contacts", "violence", "violence_women",
)  # fmt: skip
"""Counted per place and day (whole numbers)."""

(P_OPEN, P_GRAMS, P_TURNOVER, P_MEETINGS, P_OFFENDER, P_TARGET, P_GUARDIAN, P_RIPOFFS, P_FAILED,
 P_WAIT, P_CROWD, P_SELLER, P_VISITS, P_POLICE, P_VOLUNTEER, P_STOPS, P_ARRESTS, P_SEIZED,
 P_SALE, P_POSSESSION, P_USE, P_TIPS, P_GUARD, P_OUTREACH, P_SENT_OFF, P_LETTERS, P_TRAFFIC, P_CONTACTS, P_VIOLENCE,
 P_VIOLENCE_WOMEN) = range(len(PLACE_TALLIES))  # fmt: skip

CITY_TALLIES = (
    "needs", "choices", "waits", "meetings_hidden", "hidden_deals", "hidden_mg", "hidden_ore",
    "failed_needs", "forgone_needs", "own_stock_needs", "merged_needs", "lost_needs", "buyers_active",
    "sellers_active", "visits_missed", "recorded_sale_hidden", "recorded_possession_hidden",
    "recorded_use_hidden", "arrests_hidden", "seized_hidden_mg", "overdoses", "deaths", "quits",
    "escalations", "first_users", "new_sellers", "imprisoned", "imported_mg", "seized_border_mg",
    "supply_short_mg", "consumed_mg", "income_ore", "wallet_left_ore", "seller_income_ore",
    "debt_written_off_ore", "care_asked", "care_entries", "care_compelled", "care_returns", "recoveries",
    "in_care", "care_waiting", "women_active", "women_seen", "first_users_averted", "young_sellers_averted",
    "exits", "listed_arrests", "funding_crimes", "exploited", "other_crime_days",
)  # fmt: skip
"""Counted per day for the whole city, what has no place included (whole numbers)."""

(C_NEEDS, C_CHOICES, C_WAITS, C_MEETINGS_HIDDEN, C_HIDDEN, C_HIDDEN_MG, C_HIDDEN_ORE,
 C_FAILED, C_FORGONE, C_OWN_STOCK, C_MERGED, C_LOST, C_BUYERS,
 C_SELLERS, C_MISSED, C_SALE, C_POSSESSION,
 C_USE, C_ARRESTS, C_SEIZED, C_OVERDOSES, C_DEATHS, C_QUITS,
 C_ESCALATIONS, C_FIRST_USERS, C_NEW_SELLERS, C_IMPRISONED, C_IMPORTED, C_BORDER,
 C_SHORT, C_CONSUMED, C_INCOME, C_WALLET_LEFT, C_SELLER_INCOME,
 C_WRITTEN_OFF, C_ASKED, C_ENTRIES, C_COMPELLED, C_RETURNS, C_RECOVERIES,
 C_IN_CARE, C_CARE_WAITING, C_WOMEN, C_WOMEN_SEEN, C_AVERTED, C_YOUNG_AVERTED,
 C_EXITS, C_LISTED, C_FUNDING, C_EXPLOITED, C_OTHER_CRIME) = range(len(CITY_TALLIES))  # fmt: skip

PRICES = {f"price_{name}_sek": k for k, name in enumerate(SUBSTANCES)}
PRICE_SPREADS = {f"price_cv_{name}": k for k, name in enumerate(SUBSTANCES)}
"""What is told of prices, always of one substance: the name, and the substance's number."""
