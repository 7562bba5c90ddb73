"""Names of what happens: kinds of events, lines of the log, fates of needs, tallies."""

from enum import IntEnum
from typing import Self

from odssim.world.columns import SUBSTANCES, names


class Event(IntEnum):
    """A kind of scheduled event and its phase; the number also breaks ties between events of one agent in one phase."""

    phase: int

    def __new__(cls, code: int, phase: int) -> Self:
        """Return the kind of event with this number and phase."""
        kind = int.__new__(cls, code)
        kind._value_, kind.phase = code, phase
        return kind

    VISIT_END = 0, 0
    VISIT_START = 1, 1
    SELLER_END = 2, 2
    SELLER_START = 3, 2
    SELLER_HOUR = 4, 2
    SERVICE_END = 5, 2
    HIDE_END = 6, 2
    EMERGE = 7, 2
    NEED = 8, 3
    ARRIVE = 9, 3
    PATIENCE = 10, 3
    TRY = 11, 3
    RETRY = 12, 3
    DELIVERY = 13, 3
    DWELL_END = 14, 3
    COMPANY_GO = 15, 3
    COMPANY_ARRIVE = 16, 3
    SEEN = 17, 4
    CAMERA = 18, 4
    INVESTIGATE = 19, 4
    STOP = 20, 4
    STASH = 21, 4


class Log(IntEnum):
    """A line of the event log (`--events`): minute, code, who, place, other, value."""

    NEED = 0
    CHOICE = 1
    WAIT = 2
    MEETING = 3
    DEAL_OPEN = 4
    DEAL_HIDDEN = 5
    RIPOFF = 6
    CLOSED = 7
    VISIT = 8
    VISIT_MISSED = 9
    VISIT_END = 10
    SHIFT_START = 11
    SHIFT_END = 12
    HIDE = 13
    PUSHED = 14
    TIP = 15
    STOP = 16
    RECORDED_SALE = 17
    RECORDED_POSSESSION = 18
    RECORDED_USE = 19
    SEIZED = 20
    ARREST = 21
    OVERDOSE = 22
    DEATH = 23
    SENT_OFF = 24
    LETTER = 25
    TRAFFIC_STOP = 26
    CONTACT = 27
    ASKED = 28
    CARE_ENTRY = 29
    CARE_RETURN = 30


class Fate(IntEnum):
    """How a need ends; an `UNFINISHED` one was still open when the run ended."""

    OPEN = 0
    HIDDEN = 1
    FAILED = 2
    FORGONE = 3
    OWN_STOCK = 4
    MERGED = 5
    LOST = 6
    UNFINISHED = 7


class PlaceTally(IntEnum):
    """Counted per place and day (whole numbers)."""

    OPEN_DEALS = 0
    GRAMS_MG = 1
    TURNOVER_ORE = 2
    MEETINGS = 3
    BLOCKED_OFFENDER = 4
    BLOCKED_TARGET = 5
    BLOCKED_GUARDIAN = 6
    RIPOFFS = 7
    FAILED_VISITS = 8
    WAIT_MIN = 9
    CROWD_MIN = 10
    SELLER_MIN = 11
    VISITS = 12
    POLICE_MIN = 13
    VOLUNTEER_MIN = 14
    STOPS = 15
    ARRESTS = 16
    SEIZED_MG = 17
    RECORDED_SALE = 18
    RECORDED_POSSESSION = 19
    RECORDED_USE = 20
    TIPS = 21
    GUARDS_MIN = 22
    OUTREACH_MIN = 23
    SENT_OFF = 24
    LETTERS = 25
    TRAFFIC_STOPS = 26
    CARE_CONTACTS = 27
    VIOLENCE = 28
    VIOLENCE_WOMEN = 29


class CityTally(IntEnum):
    """Counted per day for the whole city, what has no place included (whole numbers)."""

    NEEDS = 0
    CHOICES = 1
    WAITS = 2
    MEETINGS_HIDDEN = 3
    HIDDEN_DEALS = 4
    HIDDEN_MG = 5
    HIDDEN_ORE = 6
    FAILED_NEEDS = 7
    FORGONE_NEEDS = 8
    OWN_STOCK_NEEDS = 9
    MERGED_NEEDS = 10
    LOST_NEEDS = 11
    BUYERS_ACTIVE = 12
    SELLERS_ACTIVE = 13
    VISITS_MISSED = 14
    RECORDED_SALE_HIDDEN = 15
    RECORDED_POSSESSION_HIDDEN = 16
    RECORDED_USE_HIDDEN = 17
    ARRESTS_HIDDEN = 18
    SEIZED_HIDDEN_MG = 19
    OVERDOSES = 20
    DEATHS = 21
    QUITS = 22
    ESCALATIONS = 23
    FIRST_USERS = 24
    NEW_SELLERS = 25
    IMPRISONED = 26
    IMPORTED_MG = 27
    SEIZED_BORDER_MG = 28
    SUPPLY_SHORT_MG = 29
    CONSUMED_MG = 30
    INCOME_ORE = 31
    WALLET_LEFT_ORE = 32
    SELLER_INCOME_ORE = 33
    DEBT_WRITTEN_OFF_ORE = 34
    CARE_ASKED = 35
    CARE_ENTRIES = 36
    CARE_COMPELLED = 37
    CARE_RETURNS = 38
    RECOVERIES = 39
    IN_CARE = 40
    CARE_WAITING = 41
    WOMEN_ACTIVE = 42
    WOMEN_SEEN = 43
    FIRST_USERS_AVERTED = 44
    YOUNG_SELLERS_AVERTED = 45
    EXITS = 46
    LISTED_ARRESTS = 47
    FUNDING_CRIMES = 48
    EXPLOITED = 49
    OTHER_CRIME_DAYS = 50


N_PHASES = 1 + max(kind.phase for kind in Event)
LOG, FATES, PLACE_TALLIES, CITY_TALLIES = names(Log), names(Fate), names(PlaceTally), names(CityTally)
"""What they are called in tables and files."""

PRICES = {f"price_{name}_sek": k for k, name in enumerate(SUBSTANCES)}
PRICE_SPREADS = {f"price_cv_{name}": k for k, name in enumerate(SUBSTANCES)}
"""What is reported of prices, always of one substance: the name, and the substance's number."""
