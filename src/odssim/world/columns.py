"""The columns of every state table: one record per agent, one field per column; declared in columns.csv.

A table is a NumPy record array: ``buyers["wallet"]`` is a column, ``buyers[i]`` one agent. All real
numbers are float64, money is int64 öre, minutes and days are int32 or, where days alone, int16. Drugs are
int64 mg, but what one buyer asks for or carries is int32. Within the declared ranges no whole number fills
more than a quarter of its storage (tests/properties/corners.py).
"""

from dataclasses import dataclass
from enum import IntEnum
from math import prod

import numpy as np

from odssim.core import declare
from odssim.core.declare import rows_beside
from odssim.world.attributes import ATTRIBUTES

SUBSTANCES = declare.SUBSTANCES
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

N_NEAR = 16
"""Districts within reach of somebody who looks for a new place."""


@dataclass(frozen=True)
class Column:
    """One column of a state table: a row of columns.csv."""

    table: str
    """Field of `world.state.State`."""
    name: str
    storage: str
    """NumPy's type of one number."""
    shape: str
    """Numbers a row, as a product of counts and names of this module; empty for one."""
    unit: str
    meaning: str
    special: str
    """What a value that is no quantity means."""

    @property
    def field(self) -> tuple[str, str, tuple[int, ...]]:
        """The column as a field of a NumPy record; a vector of several axes is laid out row by row."""
        counts = [int(word) if word.isdigit() else int(globals()[word]) for word in self.shape.split()]
        return self.name, self.storage, (prod(counts),) if counts else ()


def _column(row: dict[str, str]) -> Column:
    """Return a column; unit and meaning of what interventions move stand in attributes.csv only."""
    for attribute in ATTRIBUTES:
        if attribute.id == row["name"] and not row["meaning"]:
            special = f"{attribute.neutral:g}: no intervention"
            row |= {"unit": attribute.unit, "meaning": attribute.meaning, "special": special}
    return Column(**row)


COLUMNS = tuple(map(_column, rows_beside(__file__)))
"""Every column of every state table, in the order in which it is stored: what is read together lies together."""


def record(table: str) -> np.dtype[np.void]:
    """Return the storage type of a row of a table."""
    return np.dtype([column.field for column in COLUMNS if column.table == table], align=True)


BUYER, SELLER, PLACE, VISIT = record("buyers"), record("sellers"), record("places"), record("visits")
UNIT, PROGRAMME, IMPORTER = record("units"), record("programmes"), record("importers")
WHOLESALER = record("wholesalers")
