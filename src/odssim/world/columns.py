"""Storage types of every state table: one record per agent, one field per column.

A table is a NumPy record array: ``buyers["wallet"]`` is a column, ``buyers[i]`` one agent. All real
numbers are float64, money is int64 öre, minutes and days are int32 or, where days alone, int16. Drugs are
int64 mg, but what one buyer asks for or carries is int32. Within the declared ranges no whole number fills
more than a quarter of its storage (tests/properties/corners.py).
"""

from enum import IntEnum

import numpy as np

SUBSTANCES = ("cannabis", "amphetamine", "cocaine", "heroin")
BANDS = ("day", "evening", "night")

N_KNOWN = 5
"""Open places a buyer keeps in mind."""
N_CONTACTS = 3
"""Sellers a buyer can phone."""
N_TIES = 3
"""Acquaintances a buyer listens to."""
N_SPOTS = 5
"""Open places a seller keeps in mind."""
N_BANDS = len(BANDS)
N_HOURS = 24
MAX_NEEDS = 8
"""Needs of one buyer in one day at most."""
MAX_ATTEMPTS = 6
"""Attempts to satisfy one need at most."""
NOBODY = -1


class BuyerType(IntEnum):
    """How a buyer uses."""

    OCCASIONAL = 0
    REGULAR = 1
    DEPENDENT = 2


class SellerKind(IntEnum):
    """Whom a seller works for: himself, a network that pays him, a network by phone."""

    USER_SELLER = 0
    NETWORK = 1
    RUNNER = 2


class Guardian(IntEnum):
    """A kind of guardian."""

    POLICE = 0
    VOLUNTEER = 1
    GUARD = 2
    OUTREACH = 3


class Status(IntEnum):
    """Status of a person; a vacant row waits for a newcomer; who is away at the start is in care from day 0."""

    FREE = 0
    CUSTODY = 1
    VACANT = 2
    AWAY = 3
    IN_CARE = 4


class Care(IntEnum):
    """A buyer's tie to care: none, on the waiting list, or (in care) there by law."""

    NONE = 0
    ASKED = 1
    COMPELLED = 2


class BuyerAct(IntEnum):
    """What a buyer is doing."""

    IDLE = 0
    TRAVELLING = 1
    WAITING = 2
    AWAITING_DELIVERY = 3
    POSTPONED = 4
    DWELLING = 5
    COMPANY_TRIP = 6


class SellerAct(IntEnum):
    """What a seller is doing."""

    OFF = 0
    MOVING = 1
    VISIBLE = 2
    HIDING = 3
    PAUSED = 4
    ON_CALL = 5


class Plan(IntEnum):
    """A seller's plan for the day."""

    OFF = 0
    OPEN = 1
    HIDDEN = 2
    OTHER = 3


class VisitState(IntEnum):
    """State of a guardian's visit."""

    PLANNED = 0
    ON_SITE = 1
    DONE = 2
    MISSED = 3


def names(enum: type[IntEnum]) -> tuple[str, ...]:
    """Return what the members of a list of codes are called in tables and files."""
    return tuple(member.name.lower() for member in enum)


BUYER_TYPES, SELLER_KINDS, GUARDIAN_KINDS = names(BuyerType), names(SellerKind), names(Guardian)

BUYER = np.dtype(
    [
        # what every midnight looks at comes first: one cache line
        ("uid", "i8"), ("rate", "f8"), ("status_until", "i4"), ("seller", "i4"), ("status", "i1"),
        ("type", "i1"), ("substance", "i1"), ("act", "i1"), ("sex", "i1"),
        ("last_kind", "i1"), ("last_slot", "i1"), ("slot", "i1"), ("attempt", "i1"),
        ("need_i", "i1"), ("need_substance", "i1"), ("care", "i1"), ("tried", "i2"), ("care_day", "i2"),
        ("until", "i4"), ("woken", "i4"),
        ("place", "i4"), ("previous", "i4"), ("next", "i4"),
        ("need_day", "i2"), ("credit_day", "i2"), ("need_minute", "i4"), ("deadline", "i4"),
        ("wait_start", "i4"), ("waited", "i4"), ("home", "i4"), ("routine", "i4"), ("basket_mg", "i4"),
        ("carry_mg", "i4"), ("income", "i8"), ("wallet", "i8"), ("risk_aversion", "f8"), ("last_seller", "i8"),
        ("known", "i4", (N_KNOWN,)), ("seen_day", "i2", (N_KNOWN,)), ("stranger", "i1"),
        ("avail", "f8", (N_KNOWN * N_BANDS,)),
        ("risk", "f8", (N_KNOWN,)), ("wait", "f8", (N_KNOWN,)), ("price", "f8", (N_KNOWN,)),
        ("contact", "i4", (N_CONTACTS,)), ("tie", "i4", (N_TIES,)),
        ("contact_avail", "f8", (N_CONTACTS,)),
    ],
    align=True,
)  # fmt: skip

SELLER = np.dtype(
    [
        # what a buyer who looks for a seller reads comes first: one cache line
        ("uid", "i8"), ("stock", "i8"), ("price", "i8"), ("risk_aversion", "f8"), ("wholesaler", "i4"),
        ("busy_until", "i4"), ("previous", "i4"), ("next", "i4"), ("act", "i1"), ("substance", "i1"),
        ("kind", "i1"), ("status", "i1"), ("slot", "i1"), ("emerging", "i1"), ("saw_guardian", "i1"),
        ("worked", "i1"), ("plan", "i1"), ("plan_slot", "i1"),
        ("status_until", "i4"), ("home", "i4"), ("buyer", "i4"), ("place", "i4"), ("start", "i4"),
        ("end", "i4"), ("until", "i4"), ("shift", "i4"), ("pushes", "i4"), ("plan_start", "i4"),
        ("plan_end", "i4"), ("turned_away", "i4"), ("sold", "i4"), ("order_day", "i4"),
        ("wary_until", "i4"), ("order_mg", "i8"), ("cash", "i8"), ("shift_income", "i8"),
        ("price_factor", "f8"), ("reserve", "f8"), ("hours", "f8"), ("hidden_profit", "f8"),
        ("spot", "i4", (N_SPOTS,)), ("profit", "f8", (N_SPOTS * N_BANDS,)),
        ("risk", "f8", (N_SPOTS * N_HOURS,)),
    ],
    align=True,
)  # fmt: skip

PLACE = np.dtype(
    [
        ("x_m", "f8"), ("y_m", "f8"), ("station_min", "f8"), ("station", "i4"), ("cell", "i4"),
        ("attraction", "f8"), ("nuisance", "f8"), ("footfall", "f8"), ("district", "i4"), ("type", "i1"),
        ("closed", "i1"),
        ("litter", "f8"), ("alarm", "f8"), ("fear", "f8"),
        ("attention", "f8"), ("camera", "f8"), ("camera_fear", "f8"), ("manager", "f8"), ("upkeep", "f8"),
        ("lighting", "f8"), ("tip_line", "f8"), ("letters", "f8"), ("traffic", "f8"),
        ("first_buyer", "i4"), ("first_seller", "i4"), ("first_visit", "i4"),
        ("n_police", "i4"), ("n_others", "i4"), ("n_buyers", "i4"), ("n_visible", "i4"),
    ],
    align=True,
)  # fmt: skip

VISIT = np.dtype(
    [
        ("uid", "i8"), ("place", "i4"), ("start", "i4"), ("end", "i4"), ("unit", "i4"), ("programme", "i4"),
        ("kind", "i1"), ("may_search", "i1"), ("may_arrest", "i1"), ("refer", "i1"), ("stay", "i1"), ("stash", "f8"),
        ("state", "i1"), ("arrived", "i4"), ("incident", "i4"), ("previous", "i4"), ("next", "i4"),
    ],
    align=True,
)  # fmt: skip

UNIT = np.dtype([("uid", "i8"), ("district", "i4"), ("shift", "i1"), ("busy_until", "i4")], align=True)

PROGRAMME = np.dtype(
    [
        ("uid", "i8"), ("first_day", "i4"), ("last_day", "i4"), ("ramp_days", "i4"), ("dose", "f8"),
        ("visits_per_day", "i4"), ("min_minutes", "i4"), ("max_minutes", "i4"), ("from_minute", "i4"),
        ("to_minute", "i4"), ("irregular", "i1"), ("weekdays", "i4"), ("added", "i1"), ("unit", "i4"),
        ("kind", "i1"), ("may_search", "i1"), ("may_arrest", "i1"), ("refer", "i1"), ("stay", "i1"),
        ("stash", "f8"), ("delivery", "f8"),
        ("n_times", "i4"), ("times", "i4", (48,)), ("first_target", "i4"), ("n_targets", "i4"),
        ("n_planned", "i8"), ("planned_min", "i8"), ("n_delivered", "i8"), ("delivered_min", "i8"),
    ],
    align=True,
)  # fmt: skip

IMPORTER = np.dtype(
    [
        ("uid", "i8"), ("substance", "i1"), ("stock", "i8"), ("cash", "i8"), ("size_mg", "i8"),
        ("interval_days", "i4"), ("next_day", "i4"), ("n_sent", "i4"), ("capacity", "f8"),
    ],
    align=True,
)  # fmt: skip

WHOLESALER = np.dtype(
    [
        ("uid", "i8"), ("substance", "i1"), ("importer", "i4"), ("stock", "i8"), ("cash", "i8"),
        ("target_mg", "i8"), ("price", "f8"),
    ],
    align=True,
)  # fmt: skip
