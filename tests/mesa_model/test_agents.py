"""Agents through Mesa's own calls: rows of the engine, seen one by one or as columns."""

from __future__ import annotations

from collections import Counter

import mesa
import numpy as np
import pytest
from mesa.agentset import AgentSet

from odssim.engine.model import OpenDrugSceneModel
from odssim.engine.views import Buyer, Seller, Unit
from odssim.world.columns import NOBODY, BuyerAct, SellerAct, VisitState

from .conftest import Town


@pytest.fixture(scope="module")
def noon(town: Town) -> OpenDrugSceneModel:
    """A model in an hour in which buyers wait and dwell, a seller sells and a unit is on site."""
    model = town(days=30, population_multiplier=4)
    for hour in range(60, 720):
        model.run_until(hour / 24)
        st = model.state
        bought = {BuyerAct.WAITING, BuyerAct.DWELLING} <= set(st.buyers["act"])
        if bought and (st.sellers["act"] == SellerAct.VISIBLE).any() and (st.visits["state"] == VisitState.ON_SITE).any():
            return model
    raise AssertionError("no such hour in a month")


def test_a_column_is_read_without_any_view(town: Town):
    model = town()
    buyers = model.agents_by_type[Buyer]
    wallets = buyers.get("wallet")
    assert wallets == model.state.buyers["wallet"].tolist()
    assert {type(value) for value in wallets} == {int}
    assert buyers.get(["uid", "rate"])[5] == [5, model.state.buyers["rate"].item(5)]
    assert buyers.agg("rate", max) == model.state.buyers["rate"].max()
    assert len(model.agents) == sum(len(getattr(model.state, t)) for t in ("buyers", "sellers", "units"))
    assert model.agents.get("uid")[: len(buyers)] == list(range(len(buyers)))
    assert not any(rows._made for rows in model._rows.values())
    assert "grid" not in vars(model)


def test_views_are_agents_and_stay_the_same(noon: OpenDrugSceneModel):
    agents = noon.agents.to_list()
    by_type = noon.agents_by_type
    assert Counter(map(type, agents)) == {kind: len(by_type[kind]) for kind in (Buyer, Seller, Unit)}
    assert all(isinstance(agent, mesa.Agent) for agent in agents)
    assert all(a is b for a, b in zip(agents, noon.agents, strict=True))
    assert agents[7] in noon.agents
    assert agents[7] not in noon.agents_by_type[Seller]
    assert len({agent.unique_id for agent in agents}) == len(agents)
    assert not vars(agents[7]), "a view keeps nothing but its model and row"


def test_every_column_can_be_read_and_is_plain(noon: OpenDrugSceneModel):
    for kind, rows in noon.agents_by_type.items():
        view = rows.view(1)
        for name in kind.COLUMN:
            value = getattr(view, name)
            assert type(value) in (int, float, tuple), name
            np.testing.assert_array_equal(value, rows.table[name][1], err_msg=name)
            assert rows.get(name)[1] == value


def test_traits_can_be_written_and_the_queue_cannot(town: Town):
    model = town()
    buyer, seller = model.agents_by_type[Buyer].to_list()[3], model.agents_by_type[Seller].to_list()[0]
    buyer.wallet, seller.risk = 12_345, 0.5
    assert model.state.buyers["wallet"][3] == 12_345
    assert set(model.state.sellers["risk"][0]) == {0.5}
    assert model.agents_by_type[Buyer].set("wallet", 7).agg("wallet", set) == {7}
    for name in ("act", "place", "uid", "status", "until"):
        with pytest.raises(AttributeError):
            setattr(buyer, name, 0)
        with pytest.raises(AttributeError):
            model.agents_by_type[Buyer].set(name, 0)
    for change in (model.agents.add, model.agents.discard, model.agents.remove):
        with pytest.raises(TypeError):
            change(buyer)
    with pytest.raises(TypeError):
        model.agents.shuffle(inplace=True)
    with pytest.raises(TypeError):
        buyer.remove()


def test_mesas_agent_set_methods_work(noon: OpenDrugSceneModel):
    buyers = noon.agents_by_type[Buyer]
    rich = buyers.select(lambda b: b.wallet > 50_000)
    assert isinstance(rich, AgentSet)
    assert len(rich) == (noon.state.buyers["wallet"] > 50_000).sum() > 0
    assert {b.type for b in buyers.select(at_most=10)} <= {0, 1, 2}
    by_type = buyers.groupby("type").count()
    assert by_type == dict(Counter(noon.state.buyers["type"].tolist()))
    assert sorted(buyers.shuffle().get("row")) == list(range(len(buyers)))
    assert buyers.sort("rate").get("rate") == sorted(buyers.get("rate"), reverse=True)
    assert buyers.map(lambda b: b.row) == list(range(len(buyers)))
    assert len(noon.agents.select(agent_type=Seller)) == len(noon.state.sellers)
    seen: list[int] = []
    assert buyers.do(lambda b: seen.append(b.row)) is buyers
    assert seen == list(range(len(buyers)))
    assert sorted(noon.agents.shuffle_do("step").map(type), key=str)[0] is Buyer
    assert len(buyers.copy() | noon.agents_by_type[Seller]) == len(buyers) + len(noon.state.sellers)
    assert buyers.get("no_such", handle_missing="default", default_value=0) == [0] * len(buyers)
    with pytest.raises(AttributeError):
        buyers.get("no_such")


def test_positions_are_those_of_the_scene(noon: OpenDrugSceneModel):
    st = noon.state
    expected = {
        Buyer: np.isin(st.buyers["act"], (BuyerAct.WAITING, BuyerAct.DWELLING)),
        Seller: np.isin(st.sellers["act"], (SellerAct.VISIBLE, SellerAct.HIDING, SellerAct.PAUSED)),
        Unit: np.isin(np.arange(len(st.units)), st.visits["unit"][st.visits["state"] == VisitState.ON_SITE]),
    }
    n_on_scene = 0
    for kind, seen in expected.items():
        for agent in noon.agents_by_type[kind]:
            assert (agent.pos is not None) == seen[agent.row]
            if agent.pos is not None:
                n_on_scene += 1
                column, row = agent.pos
                assert row * 40 + column == st.places["cell"][agent.place_now]
                assert agent.cell is noon.grid[agent.pos]
                assert agent in agent.cell.agents
    assert n_on_scene > 5
    assert len(noon.grid.agents) == n_on_scene
    assert set(noon.grid.all_cells.agents) == set(noon.grid.agents)


def test_layers_are_the_engines_columns(town: Town):
    model = town()
    grid = model.grid
    model.run_until(2.7)
    st, city = model.state, model.engine.city
    assert isinstance(grid, mesa.discrete_space.OrthogonalMooreGrid)
    assert (grid.width, grid.height) == (city.width, city.height)
    np.testing.assert_array_equal(grid.land.data.T, city.land)
    for name, column in (("nuisance", st.places["nuisance"]), ("footfall", st.places["footfall"]),
                         ("open_deals_today", st.place_tally[:, 0])):  # fmt: skip
        layer = getattr(grid, name)
        assert column.any(), name
        np.testing.assert_array_equal(layer.data.T.ravel()[city.place_cell], column)
        assert layer.aggregate(np.sum) == layer.data.sum()
        p = int(np.argmax(column))
        assert getattr(grid[model.coordinate(p)], name) == column[p]
        with pytest.raises((ValueError, TypeError)):
            layer.data[0, 0] = 1
        with pytest.raises((ValueError, TypeError)):
            setattr(grid[0, 0], name, 1)
    busiest = grid.select_cells(extreme_values={"open_deals_today": "highest"})
    assert model.coordinate(int(np.argmax(st.place_tally[:, 0]))) in [tuple(map(int, c)) for c in busiest]


def test_cells_know_who_is_there_and_next_door(noon: OpenDrugSceneModel):
    place = int(np.argmax(noon.state.places["n_buyers"]))
    cell = noon.grid[noon.coordinate(place)]
    assert sum(isinstance(agent, Buyer) for agent in cell.agents) == noon.state.places["n_buyers"][place] > 0
    assert not cell.is_empty
    assert not cell.empty
    neighbours = list(cell.neighborhood.agents)
    for next_cell in cell.neighborhood:
        assert all(agent in neighbours for agent in next_cell.agents)
    empty = noon.grid.empty.data
    assert empty.sum() == len(noon.grid.empties) == 1600 - len({a.pos for a in noon.grid.agents})
    heads = [noon.state.places[name] for name in ("first_buyer", "first_seller", "first_visit")]
    assert (np.max(heads, axis=0) != NOBODY).sum() == 1600 - empty.sum()


class Observer(mesa.discrete_space.CellAgent):
    """An agent that a user adds."""

    def __init__(self, model: OpenDrugSceneModel, cell: mesa.discrete_space.Cell) -> None:
        super().__init__(model)
        self.cell, self.counts = cell, []

    def count(self) -> None:
        self.counts.append(len(self.cell.agents))


def test_agents_of_ones_own_live_beside_the_engines(town: Town, finished: OpenDrugSceneModel):
    model = town()
    place = int(np.argmax(finished.state.places["footfall"]))
    observer = Observer(model, model.grid[model.coordinate(place)])
    assert model.agents.to_list()[-1] is observer
    assert model.agents_by_type[Observer].to_list() == [observer]
    assert observer.unique_id not in model.agents.get("unique_id")[:-1]
    assert observer in observer.cell.agents
    assert not observer.cell.empty
    assert observer in model.grid.agents
    model.schedule_event(observer.count, at=0.6)
    model.run_until(1.0)
    assert observer.counts[0] >= 1
    observer.remove()
    assert observer not in model.agents


def test_agent_reporters_write_plain_numbers(town: Town):
    model = town()
    model.datacollector = mesa.DataCollector(
        model_reporters={"tips": "tips", "scenes": "n_scenes"}, agenttype_reporters={Seller: {"stock": "stock"}}
    )
    model.step()
    model.step()
    stocks = model.datacollector.get_agenttype_vars_dataframe(Seller)
    assert stocks.loc[2.0, "stock"].tolist() == model.state.sellers["stock"].tolist()
    assert list(model.datacollector.get_model_vars_dataframe().columns) == ["tips", "scenes"]
