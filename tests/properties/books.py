"""Double-entry books of a run: what the state holds against what the tallies say has flowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from odssim.engine.run import Run
from odssim.world import codes
from odssim.world.columns import BuyerAct, Status
from odssim.world.state import State

OPEN_ACTS = (BuyerAct.TRAVELLING, BuyerAct.WAITING, BuyerAct.AWAITING_DELIVERY, BuyerAct.POSTPONED)
CLOSED = ("open_deals", "hidden_deals", "failed_needs", "forgone_needs", "own_stock_needs", "merged_needs", "lost_needs")
ROW_UIDS = 2**32


def drugs_mg(st: State) -> int:
    """Return all drugs in the city's chain, mg."""
    held = sum(int(table["stock"].sum()) for table in (st.importers, st.wholesalers, st.sellers))
    return held + int(st.buyers["carry_mg"].sum())


def money_ore(st: State) -> int:
    """Return all money of buyers, sellers, wholesalers and importers, öre."""
    cash = sum(int(table["cash"].sum()) for table in (st.importers, st.wholesalers, st.sellers))
    return cash + int(st.buyers["wallet"].sum())


def generations(table: np.ndarray) -> int:
    """Return how many newcomers have taken a place in the table since the start."""
    return int((table["uid"] // ROW_UIDS).sum())


def vacant(table: np.ndarray) -> int:
    return int((table["status"] == Status.VACANT).sum())


def open_needs(st: State) -> int:
    return int(np.isin(st.buyers["act"], OPEN_ACTS).sum())


class Books:
    """Opened on a state at midnight; `close_day` adds a day's tallies, `assert_balanced` compares."""

    def __init__(self, st: State) -> None:
        self.flow: Counter[str] = Counter()
        self.start = self.holdings(st)

    @staticmethod
    def holdings(st: State) -> dict[str, int]:
        return {
            "drugs": drugs_mg(st), "money": money_ore(st), "open": open_needs(st),
            "buyers": generations(st.buyers) + vacant(st.buyers),
            "sellers": generations(st.sellers) + vacant(st.sellers), "new_sellers": generations(st.sellers),
        }  # fmt: skip

    def close_day(self, st: State) -> None:
        for i, name in enumerate(codes.CITY_TALLIES):
            self.flow[name] += int(st.city_tally[i])
        for i, name in enumerate(codes.PLACE_TALLIES):
            self.flow[name] += int(st.place_tally[:, i].sum())

    def change(self, st: State) -> dict[str, int]:
        now = self.holdings(st)
        return {name: now[name] - before for name, before in self.start.items()}

    def assert_balanced(self, st: State) -> None:
        """Assert every identity of ODD.md section 8, to the milligram, the öre and the person."""
        flow, change = self.flow, self.change(st)
        gone = flow["seized_border_mg"] + flow["seized_mg"] + flow["seized_hidden_mg"] + flow["consumed_mg"]
        assert change["drugs"] == flow["imported_mg"] - gone
        paid_out = flow["seller_income_ore"] + flow["wallet_left_ore"]
        assert change["money"] == flow["income_ore"] + flow["debt_written_off_ore"] - paid_out
        assert change["open"] == flow["needs"] - sum(flow[name] for name in CLOSED)
        assert change["buyers"] == flow["deaths"] + flow["quits"] + flow["recoveries"]
        assert change["sellers"] == flow["imprisoned"] + flow["exits"]
        assert change["new_sellers"] == flow["new_sellers"]


def run_with_books(run: Run, check: Callable[[State], None]) -> Books:
    """Run to the end and return the books: balanced each midnight, the state checked each noon and midnight."""
    books = Books(run.state)
    for day in range(run.scenario.burn_in_days + run.scenario.days):
        run.clockwork.run_until(1440 * day + 720)
        check(run.state)
        run.run_to_day(day + 1)
        books.close_day(run.state)
        books.assert_balanced(run.state)
        check(run.state)
    return books
