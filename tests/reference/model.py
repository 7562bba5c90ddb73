"""The twin: a plain Mesa model of ODD.md, one object per agent, one heap of events."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import mesa

from odssim.world import codes
from odssim.world.state import State

from . import arrest, detection, market, midnight, planning, plans, search, treatment, use
from .buyer import Buyer
from .delivery import delivery
from .draws import Draws
from .guardian import Visit
from .records import LINKS, Record, column, records
from .seller import Seller
from .surroundings import MINUTES_PER_DAY

HANDLERS: dict[int, Callable[[Any, int], None]] = {
    codes.Event.VISIT_END: Visit.finish, codes.Event.VISIT_START: Visit.begin,
    codes.Event.SELLER_END: Seller.end_shift, codes.Event.SELLER_START: Seller.start_shift,
    codes.Event.SELLER_HOUR: Seller.hour, codes.Event.SERVICE_END: Seller.service_end,
    codes.Event.HIDE_END: Seller.hide_end, codes.Event.EMERGE: Seller.emerge,
    codes.Event.NEED: Buyer.need, codes.Event.ARRIVE: Buyer.arrive, codes.Event.PATIENCE: Buyer.patience,
    codes.Event.TRY: Buyer.try_again, codes.Event.RETRY: Buyer.retry, codes.Event.DELIVERY: delivery,
    codes.Event.DWELL_END: Buyer.dwell_end, codes.Event.COMPANY_GO: Buyer.company_go,
    codes.Event.COMPANY_ARRIVE: Buyer.company_arrive,
    codes.Event.SEEN: detection.seen, codes.Event.CAMERA: detection.camera,
    codes.Event.INVESTIGATE: detection.investigate, codes.Event.STOP: search.stop, codes.Event.STASH: search.stash,
}  # fmt: skip
BETWEEN_DAYS = -1
"""Phase of midnight: before every phase of the day's first minute."""


class TwinModel(mesa.Model):
    """Reads the tables of a State, writes nothing into them; a step is a day."""

    def __init__(self, state: State) -> None:
        super().__init__(rng=0)
        self.draws = Draws(state.keys)
        self.par = Record(state.par[0])
        self.places, self.units = records(state.places), records(state.units)
        self.importers, self.wholesalers = records(state.importers), records(state.wholesalers)
        self.programmes, self.targets = records(state.programmes), state.targets.tolist()
        self.rail_min, self.calendar = state.rail_min.tolist(), records(state.calendar)
        tables = Record(state.tables[0])
        self.profile, self.hour_cdf, self.season = tables.profile, tables.hour_cdf, tables.season
        self.substance_on, self.substitute = tables.substance_on, tables.substitute
        self.extra_border = tables.extra_border
        self.levers, self.care_base = Record(state.levers[0]), int(state.clock["care_base"][0])
        for place in self.places:
            place.buyers, place.sellers, place.visits = [], [], []
            place.seen_closed = place.closed
        n_districts = max(p.district for p in self.places) + 1
        self.districts = [[p for p in self.places if p.district == k] for k in range(n_districts)]
        self.buyers = [Buyer(self, row, values) for row, values in enumerate(state.buyers)]
        self.sellers = [Seller(self, slot, values) for slot, values in enumerate(state.sellers)]
        self.dtypes = {name: getattr(state, name).dtype.names for name in TABLES}
        self.minute, self.phase, self.day = 0, BETWEEN_DAYS, 0
        self.queue: list[tuple[Any, ...]] = []
        self.n_scheduled = 0
        self.log: list[tuple[int, int, int, int, int, int]] = []
        self.kinds_seen: set[int] = set()
        self.place_tally: list[list[dict[str, int]]] = []
        self.city_tally: list[dict[str, int]] = []
        self.open_tallies()

    # ---- time

    def run(self, n_days: int) -> None:
        for _ in range(n_days):
            self.step()

    def step(self) -> None:
        """Run one day: midnight, then what is due, then the day's tallies."""
        self.minute, self.phase = self.day * MINUTES_PER_DAY, BETWEEN_DAYS
        self.between_days()
        while self.queue and self.queue[0][0] < (self.day + 1) * MINUTES_PER_DAY:
            self.minute, self.phase, _, kind, extra, _, who = heapq.heappop(self.queue)
            self.kinds_seen.add(kind)
            HANDLERS[kind](who, extra)
        self.close_tallies()
        self.day += 1

    def between_days(self) -> None:
        yesterday = self.place_count
        self.open_tallies()
        market.supply(self)
        market.pricing(self)
        midnight.belief(self)
        plans.selling(self)
        planning.patrol(self)
        use.use(self)
        treatment.treatment(self)
        market.recruitment(self)
        midnight.disorder(self, yesterday)
        arrest.target_list(self)
        midnight.need(self)

    def schedule(self, who: Any, kind: int, minute: int, extra: int = 0) -> None:
        """Put an event of this visit, seller or buyer into the queue."""
        phase = codes.Event(kind).phase
        if minute < self.minute or (minute == self.minute and phase <= self.phase):
            raise AssertionError(f"event {kind} for {minute}/{phase} made at {self.minute}/{self.phase}")
        order = self.draws.word("order", who.uid, minute)
        self.n_scheduled += 1
        heapq.heappush(self.queue, (minute, phase, order, kind, extra, self.n_scheduled, who))

    def weekday(self) -> int:
        return int(self.calendar[self.day].weekday)

    def is_open(self, place: int) -> bool:
        """Say whether the number is that of a place, and people may enter it today."""
        return place >= 0 and not self.places[place].closed

    def reference(self, substance: int) -> float:
        """Return the reference price, öre per gram."""
        return float(self.par.pricing_reference_sek_g[substance] * 100)

    # ---- recording

    def open_tallies(self) -> None:
        self.place_count = [[0] * len(codes.PLACE_TALLIES) for _ in self.places]
        self.city_count = [0] * len(codes.CITY_TALLIES)
        self.buyers_today: set[int] = set()

    def close_tallies(self) -> None:
        self.place_tally.append([dict(zip(codes.PLACE_TALLIES, row, strict=True)) for row in self.place_count])
        self.city_tally.append(dict(zip(codes.CITY_TALLIES, self.city_count, strict=True)))

    def count_place(self, place: int, what: int, n: int = 1) -> None:
        self.place_count[place][what] += n

    def count_city(self, what: int, n: int = 1) -> None:
        self.city_count[what] += n

    def write(self, code: int, who: int, place: int, other: int, value: int) -> None:
        self.log.append((self.minute, code, who, place, other, value))

    def columns(self) -> dict[str, dict[str, list[Any]]]:
        """Return every comparable column: table name -> column name -> values."""
        return {
            table: {name: column(getattr(self, table), name) for name in names if name not in LINKS}
            for table, names in self.dtypes.items()
        }


TABLES = ("buyers", "sellers", "places", "units", "importers", "wholesalers", "programmes")
"""Tables compared with the engine."""
