"""The city's raster as a Mesa grid: made when first asked for, looked at and never written to.

Coordinates are (column, row), row 0 = south. Property layers and the agents in cells are read from the
engine's columns at the moment of looking; agents of one's own may be put into cells as in any Mesa grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from mesa.agentset import AgentSet
from mesa.discrete_space import Cell, OrthogonalMooreGrid, PropertyLayer

from odssim.core.types import Array
from odssim.engine.views import KINDS, Buyer, Row, Seller, Unit
from odssim.world.codes import PlaceTally
from odssim.world.columns import NOBODY, VisitState

if TYPE_CHECKING:
    from odssim.engine.model import OpenDrugSceneModel
    from odssim.world.state import State


def _nobody_there(st: State) -> Array:
    places = st.places
    return (places["first_buyer"] < 0) & (places["first_seller"] < 0) & (places["first_visit"] < 0)


COLUMNS: dict[str, Callable[[State], Array]] = {
    "open_deals_today": lambda st: st.place_tally[:, PlaceTally.OPEN_DEALS],
    "nuisance": lambda st: st.places["nuisance"],
    "footfall": lambda st: st.places["footfall"],
}
"""Layers that are columns of the places; footfall is passers-by per weekday."""


class PlaceLayer(PropertyLayer):  # type: ignore[misc]
    """A layer that shows one number per place as it is now, 0 in cells without a place.

    The engine keeps places in a table, not in a raster: `data` gathers the raster anew at each look and
    is read-only, so that nothing written to it can be lost in silence.
    """

    def __init__(self, name: str, grid: SceneGrid, column: Callable[[State], Array]) -> None:
        """Show `column` on `grid`; nothing is copied yet."""
        self.name, self.dimensions, self.grid, self.column = name, grid.dimensions, grid, column

    @property
    def data(self) -> Array:
        """The raster [width, height]."""
        values = self.column(self.grid.model.state)
        raster = np.zeros(self.dimensions, dtype=values.dtype)
        raster[self.grid.place_x, self.grid.place_y] = values
        raster.flags.writeable = False
        return raster

    @property
    def _data(self) -> PlaceLayer:
        """What Mesa reads single cells from."""
        return self

    def __getitem__(self, coordinate: tuple[int, int]) -> Any:
        """Return the number in one cell."""
        p = self.grid.place_at[coordinate]
        return self.column(self.grid.model.state).item(p) if p != NOBODY else 0

    def __setitem__(self, coordinate: tuple[int, int], value: Any) -> None:
        """Refuse."""
        raise TypeError(f"layer {self.name!r} belongs to the engine and is read-only")


class EmptyLayer(PlaceLayer):
    """Mesa's layer of empty cells: no agent of the engine's there now, and none of one's own."""

    def __init__(self, grid: SceneGrid) -> None:
        """Remember where agents of one's own are."""
        super().__init__("empty", grid, _nobody_there)
        self.own_empty = np.ones(grid.dimensions, dtype=bool)

    @property
    def data(self) -> Array:
        """The raster bool [width, height]."""
        raster = self.own_empty.copy()
        raster[self.grid.place_x, self.grid.place_y] &= self.column(self.grid.model.state)
        raster.flags.writeable = False
        return raster

    def __getitem__(self, coordinate: tuple[int, int]) -> Any:
        """Tell whether one cell is empty."""
        p = self.grid.place_at[coordinate]
        engine_empty = p == NOBODY or self.column(self.grid.model.state).item(p)
        return bool(engine_empty and self.own_empty[coordinate])

    def __setitem__(self, coordinate: tuple[int, int], value: Any) -> None:
        """Note that agents of one's own came or went."""
        self.own_empty[coordinate] = value


class Occupants(list[Any]):
    """The agents in a cell: those of one's own are kept in the list, the engine's are looked up."""

    __slots__ = ("cell",)

    def __init__(self, cell: SceneCell) -> None:
        """Start without agents of one's own."""
        super().__init__()
        self.cell = cell

    def of_engine(self) -> list[Row]:
        """Return the engine's agents who are here now."""
        grid: SceneGrid = type(self.cell).grid
        return grid.rows_at(self.cell.coordinate)

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the engine's agents, then one's own."""
        yield from self.of_engine()
        yield from super().__iter__()

    def __len__(self) -> int:
        """Return the number of agents here now."""
        return len(self.of_engine()) + super().__len__()

    def __contains__(self, agent: object) -> bool:
        """Tell whether the agent is here now."""
        return any(here is agent for here in self)

    def copy(self) -> list[Any]:
        """Return the agents who are here now."""
        return list(iter(self))


class SceneCell(Cell):  # type: ignore[misc]
    """A cell of the raster; its agents are those of the place in it."""

    __slots__ = ()
    grid: ClassVar[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let the cell ask the engine who is there."""
        super().__init__(*args, **kwargs)
        self._agents = Occupants(self)  # type: ignore[misc]


class SceneGrid(OrthogonalMooreGrid):  # type: ignore[misc]
    """The raster of the model's city."""

    def __init__(self, model: OpenDrugSceneModel) -> None:
        """Make cells and layers."""
        city = model.engine.city
        super().__init__((city.width, city.height), random=model.random, cell_klass=SceneCell)
        self.model = model
        self.place_y, self.place_x = np.divmod(city.place_cell, city.width)
        self.place_at = np.full(self.dimensions, NOBODY, dtype=np.int32)
        self.place_at[self.place_x, self.place_y] = np.arange(city.n_places)
        self.cell_klass.grid = self
        self.remove_property_layer("empty")
        self.add_property_layer(EmptyLayer(self))
        for name, column in COLUMNS.items():
            self.add_property_layer(PlaceLayer(name, self, column))
        self.add_property_layer(PropertyLayer.from_data("land", city.land.T))

    @property
    def agents(self) -> AgentSet:
        """All agents who are in some cell now."""
        agents: list[Any] = []
        for kind in KINDS:
            seen = np.flatnonzero(kind.places_now(self.model.state) != NOBODY)
            agents += [self.model.view(kind, int(row)) for row in seen]
        own = [agent for agent in self.model.own_agents if getattr(agent, "cell", None) is not None]
        return AgentSet(agents + own, random=self.random)

    def rows_at(self, coordinate: tuple[int, int]) -> list[Row]:
        """Return the engine's agents at one coordinate: buyers, sellers, units."""
        p = int(self.place_at[coordinate])
        if p == NOBODY:
            return []
        st, place = self.model.state, self.model.state.places[p]
        buyers = _linked(st.buyers, int(place["first_buyer"]))
        sellers = _linked(st.sellers, int(place["first_seller"]))
        visits = _linked(st.visits, int(place["first_visit"]))
        units = [int(st.visits["unit"][v]) for v in visits if st.visits["state"][v] == VisitState.ON_SITE]
        found = ((Buyer, buyers), (Seller, sellers), (Unit, units))
        return [self.model.view(kind, row) for kind, rows in found for row in rows]


def _linked(table: Array, first: int) -> list[int]:
    """Return the rows of a linked list."""
    rows = []
    while first != NOBODY:
        rows.append(first)
        first = int(table["next"][first])
    return rows
