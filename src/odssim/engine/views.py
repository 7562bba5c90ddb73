"""Agents as Mesa sees them: thin views of rows of the engine's tables, made when first asked for.

Every column of buyers, sellers and units (`world/columns.csv`) is a property of the view of that name, so
``buyer.wallet`` is öre and ``seller.stock`` mg. A row outlives the person in it: when a newcomer takes
over a vacant row, `unique_id` changes and the view stays. What the event queue relies on is read-only.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from mesa import Agent

from odssim.core.types import Array
from odssim.world.columns import COLUMNS, NOBODY, BuyerAct, Column, SellerAct, VisitState

if TYPE_CHECKING:
    from odssim.engine.model import OpenDrugSceneModel
    from odssim.world.state import State

KIND_BITS = 2
"""Buyers, sellers and units count their uids from 0 each; the kind in the low bits keeps them apart."""


class Row(Agent):  # type: ignore[misc]
    """One agent: a row of one table of the state."""

    __slots__ = ("model", "row")
    TABLE: ClassVar[str]
    KIND: ClassVar[int]
    COLUMN: ClassVar[dict[str, Column]]
    WRITABLE: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the view a property for each column of its table."""
        super().__init_subclass__(**kwargs)
        cls.COLUMN = {column.name: column for column in COLUMNS if column.table == cls.TABLE}
        for name, column in cls.COLUMN.items():
            setattr(cls, name, _property(column, name in cls.WRITABLE))

    def __init__(self, model: OpenDrugSceneModel, row: int) -> None:
        """Look at `row`; Mesa's own registration, which costs memory per agent, is left out."""
        self.model, self.row = model, row

    def __repr__(self) -> str:
        """Return kind, row, scenario and date in angle brackets."""
        return f"<odssim {type(self).__name__} {self.row}: {self.model.engine.scenario.name}, {self.model.today}>"

    @property
    def unique_id(self) -> int:
        """Unique in the model and over time: the person's uid and, in the lowest bits, the kind."""
        return (int(self.uid) << KIND_BITS) + self.KIND

    @property
    def place_now(self) -> int | None:
        """Index of the place at which the agent can be seen now, None if at none."""
        p = int(self.places_now(self.model.state)[self.row])
        return None if p == NOBODY else p

    @property
    def pos(self) -> tuple[int, int] | None:
        """Grid coordinate (column, row; row 0 = south) of `place_now`."""
        p = self.place_now
        return None if p is None else self.model.coordinate(p)

    @property
    def cell(self) -> Any:
        """Cell of the model's grid at `pos`."""
        pos = self.pos
        return None if pos is None else self.model.grid[pos]

    def remove(self) -> None:
        """Refuse: people come and go by the model's rules only."""
        raise TypeError("rows of the engine cannot be removed; see the status column")

    @classmethod
    @abstractmethod
    def places_now(cls, st: State) -> Array:
        """Return the place at which each row can be seen, NOBODY if at none."""


def _property(column: Column, writable: bool) -> property:
    """Return a property for one column; a vector reads as a tuple."""
    table, name = column.table, column.name

    def read(self: Row) -> Any:
        values = getattr(self.model.state, table)[name]
        return tuple(values[self.row].tolist()) if column.shape else values.item(self.row)

    def write(self: Row, value: Any) -> None:
        getattr(self.model.state, table)[name][self.row] = value

    return property(read, write if writable else None, doc=f"{column.unit}: {column.meaning}")


class Buyer(Row):
    """A user of drugs."""

    __slots__ = ()
    TABLE, KIND = "buyers", 1
    WRITABLE = frozenset(
        ("rate", "basket_mg", "wallet", "income", "risk_aversion", "avail", "risk", "wait", "price", "contact_avail")
    )

    @classmethod
    def places_now(cls, st: State) -> Array:
        """Return the place of each buyer who waits or dwells at one."""
        return np.where(np.isin(st.buyers["act"], (BuyerAct.WAITING, BuyerAct.DWELLING)), st.buyers["place"], NOBODY)


class Seller(Row):
    """A seller."""

    __slots__ = ()
    TABLE, KIND = "sellers", 2
    WRITABLE = frozenset(("stock", "cash", "price", "price_factor", "reserve", "risk_aversion", "hours",
                          "profit", "risk", "hidden_profit"))  # fmt: skip

    @classmethod
    def places_now(cls, st: State) -> Array:
        """Return the place of each seller who sells, hides or pauses at one."""
        there = np.isin(st.sellers["act"], (SellerAct.VISIBLE, SellerAct.HIDING, SellerAct.PAUSED))
        return np.where(there, st.sellers["place"], NOBODY)


class Unit(Row):
    """A pair of guardians on patrol, police or volunteers."""

    __slots__ = ()
    TABLE, KIND = "units", 3

    @classmethod
    def places_now(cls, st: State) -> Array:
        """Return the place of each unit that is on a visit."""
        places = np.full(len(st.units), NOBODY, dtype=np.int32)
        on_site = st.visits[st.visits["state"] == VisitState.ON_SITE]
        places[on_site["unit"]] = on_site["place"]
        return places


KINDS: tuple[type[Row], ...] = (Buyer, Seller, Unit)
