"""Moves a state through time: midnights, days, and what is handed over on the way."""

from collections.abc import Callable

import numpy as np

from odssim.core.types import Array
from odssim.engine.day import MINUTES_PER_DAY, advance
from odssim.engine.schedule import run_midnight
from odssim.errors import EngineError, Sentence
from odssim.world import queue
from odssim.world.state import LEDGER, LEDGER_ROOM, LOG_ROOM, State

FAULTS = {
    queue.FAULT_POOL: "the pool of scheduled events is exhausted",
    queue.FAULT_AHEAD: "an event was scheduled in the past or more than two days ahead",
    queue.FAULT_VISITS: "more visits were planned for a day than there is room for",
    queue.FAULT_LOG: "one minute wrote more lines than the log or the ledger has room for",
}


def keep_log(st: State, *, events: bool = False, ledger: bool = False) -> None:
    """Switch the event log and the ledger on or off."""
    st.clock["log_on"], st.clock["ledger_on"] = int(events), int(ledger)
    st.log = np.zeros((LOG_ROOM if events else 0, 6), dtype=np.int64)
    st.ledger = np.zeros(LEDGER_ROOM if ledger else 0, dtype=LEDGER)
    st.refresh()


class Clockwork:
    """Runs a state from minute to minute and collects the log and the ledger.

    Results do not depend on how a run is chopped into calls of `run_until`.
    """

    def __init__(
        self,
        st: State,
        *,
        before_midnight: Callable[[int], None] | None = None,
        after_day: Callable[[int], None] | None = None,
    ) -> None:
        """Take over `st`; call `before_midnight(d)` ahead of the rules, `after_day(d)` when d is over."""
        self.state = st
        self.before_midnight, self.after_day = before_midnight, after_day
        self.logs: list[Array] = []
        self.ledgers: list[Array] = []
        self.midnights_done = -(-int(st.clock["now"][0]) // MINUTES_PER_DAY)

    @property
    def now(self) -> int:
        """Minutes since the start."""
        return int(self.state.clock["now"][0])

    def collect(self) -> None:
        """Take the lines that the engine has written so far."""
        clock = self.state.clock[0]
        if clock["n_log"]:
            self.logs.append(self.state.log[: clock["n_log"]].copy())
        if clock["n_ledger"]:
            self.ledgers.append(self.state.ledger[: clock["n_ledger"]].copy())
        clock["n_log"] = clock["n_ledger"] = 0

    def run_until(self, minute: int) -> None:
        """Run all that happens before `minute`.

        Raises EngineError: if the engine refuses to go on.
        """
        while self.now < minute:
            day = self.now // MINUTES_PER_DAY
            if self.midnights_done == day:
                if self.before_midnight is not None:
                    self.before_midnight(day)
                run_midnight(self.state, day)
                self.midnights_done = day + 1
            end = (day + 1) * MINUTES_PER_DAY
            reached = advance(self.state, min(minute, end))
            self.collect()
            fault = int(self.state.clock["fault"][0])
            if fault:
                raise EngineError("minute {reached}: {fault}", reached=reached, fault=Sentence(FAULTS[fault]))
            if reached == end and self.after_day is not None:
                self.after_day(day)


def run_days(st: State, n_days: int) -> tuple[Array, Array, Array]:
    """Run `n_days` days with the event log on; return log, place tallies and city tallies per day.

    Returns
    -------
    tuple
        log (n, 6) int64 in the order of the minutes; place tallies (days, P, n); city tallies (days, n).
    """
    keep_log(st, events=True)
    place, city = [], []

    def note(_day: int) -> None:
        place.append(st.place_tally.copy())
        city.append(st.city_tally.copy())

    work = Clockwork(st, after_day=note)
    work.run_until(n_days * MINUTES_PER_DAY)
    log = np.concatenate([*work.logs, np.zeros((0, 6), dtype=np.int64)])
    return log, np.array(place), np.array(city)
