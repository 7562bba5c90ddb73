"""One simulated world on the page: a run, its dots, and the rows of its charts."""

import weakref
from typing import Any

import numpy as np

from odssim.app import figures
from odssim.app.dots import Dots
from odssim.city.city import City
from odssim.engine.run import Run
from odssim.observe.recorder import Recorder
from odssim.scenario.records import Scenario
from odssim.world.state import State

DAY_MIN = 1440
LEDGER_DAYS = 29
"""Days of needs kept for comparing two worlds."""


class Pane:
    """One world on its way. Minutes are counted from midnight of the start date."""

    def __init__(self, scenario: Scenario, city: City, past: tuple[State, Recorder]) -> None:
        """Start at midnight of the start date from a copy of `past`."""
        st, recorder = past
        self.run = Run(scenario, city, st, Recorder(recorder.days), ledger=True)
        me = weakref.proxy(self.run)  # no ring of references: a city's memory is free as soon as its pane is gone
        self.run.clockwork.before_midnight = lambda d: me.before_midnight(d)
        self.run.clockwork.after_day = lambda d: me.after_day(d)
        self.first_minute = scenario.burn_in_days * DAY_MIN
        self.dots = Dots(self.run.state, city)
        self.rows: list[dict[str, Any]] = []
        n_past = len(recorder.days)
        self.daily = [figures.day_values(self.run, d) for d in range(max(0, n_past - figures.WEEK_DAYS + 1), n_past)]

    @property
    def minute(self) -> int:
        """Minutes since midnight of the start date."""
        return self.run.clockwork.now - self.first_minute

    @property
    def last_minute(self) -> int:
        """Where the run ends."""
        return self.run.scenario.days * DAY_MIN

    def advance(self, minute: int) -> None:
        """Run up to a minute and note the days that have ended on the way."""
        self.run.clockwork.run_until(self.first_minute + min(minute, self.last_minute))
        first = self.run.scenario.burn_in_days + len(self.rows)
        new = range(first, len(self.run.recorder.days))
        for d in new:
            self.daily = [*self.daily[-figures.WEEK_DAYS + 1 :], figures.day_values(self.run, d)]
            self.rows.append({**figures.day_row(self.daily), "price_of": figures.price_of(self.run)})
        if new:
            self._trim_ledger()

    def _trim_ledger(self) -> None:
        """Keep the needs of the last days only, in one array."""
        kept = np.concatenate([*self.run.clockwork.ledgers, np.zeros(0, dtype=self.run.state.ledger.dtype)])
        oldest = self.run.clockwork.now // DAY_MIN - LEDGER_DAYS
        self.run.clockwork.ledgers[:] = [kept[kept["day"] >= oldest]]

    def draw(self) -> None:
        """Let the dots follow their people to now."""
        self.dots.update(self.run.state, self.run.clockwork.now)

    def news(self, rows_seen: int) -> dict[str, Any]:
        """Return the days that a viewer has not seen, and the map's glow and scenes as of now."""
        return {
            "first": rows_seen,
            "rows": self.rows[rows_seen:],
            "glow": figures.heat(figures.deals_a_day(self.run)),
            "scenes": figures.scenes(self.run),
        }
