"""Worlds of one to three persons in which nothing is left to chance: every probability is 0 or 1, no spread.

A world does nothing by itself. A test lets somebody have a need, start a shift or pay a visit at a chosen
minute of the first day, runs the clock and reads the log and the columns.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from odssim.core.compiled import entry
from odssim.core.rng import decision_keys
from odssim.engine.build import DRAWS, PARAMETERS, make_tables, prepare
from odssim.engine.clockwork import Clockwork, keep_log
from odssim.world import codes, columns
from odssim.world.columns import NOBODY
from odssim.world.queue import push
from odssim.world.state import State, assemble, make_calendar, pack_parameters

Array = np.ndarray[Any, Any]
Line = tuple[str, str, int, int, int, int]
FIRST_DAY = date(2024, 1, 1)
"""A Monday."""
DAYS = 70
STEP_M = 800.0
"""Places lie in a row, ten minutes' walk apart."""
BUYER, SELLER, UNIT, VISIT = 100, 200, 300, 400
"""The first uid of each kind of agent."""
REF_ORE_G = 10_000
"""Usual price, and what sellers ask."""
WHOLESALE_ORE_G = 4_000
BASKET_MG = 1_000
WALLET_ORE = 200_000
STOCK_MG = 10_000
NEVER, SURELY = -500.0, 500.0

QUIET: dict[str, Any] = {
    "search.detour": 1.0, "search.walk_m_per_min": 80.0, "search.patience_min": 19, "search.patience_sigma": 0,
    "choice.loyalty": 0, "choice.explore_share": 0, "choice.postpone_min": 1e6, "choice.without_utility": NEVER,
    "choice.search_max_min": 239, "choice.search_max_sigma": 0, "choice.value_sek": 300, "choice.scale_sek": 60,
    "choice.time_value_sek_h": 0, "choice.open_discomfort_sek": 0, "choice.hidden_discomfort_sek": 0,
    "belief.learn": 0.5, "belief.prior": 0.5, "belief.prior_wait_min": 10, "belief.contact_share": 0,
    "belief.word_share": 0, "belief.see": 0.5, "belief.clear": 0.5,
    "purchase.bold_share": 0, "purchase.price_limit": 2, "purchase.elasticity": 0, "purchase.min_mg": 50,
    "purchase.service_min": 2, "purchase.ripoff_share": 0, "pricing.reference_sek_g": REF_ORE_G / 100,
    "pricing.revert": 0, "pricing.up": 0, "pricing.down": 0,
    "presence.dwell_min": 0, "presence.dwell_sigma": 0, "presence.company_share": 0, "presence.season": 0,
    "presence.rain_share": 0,
    "selling.off_utility": SURELY, "selling.other_utility": NEVER, "selling.explore_share": 0,
    "selling.hidden_ease_sek": 0, "selling.hide_share": 0, "selling.hide_min": 6, "selling.hide_sigma": 0,
    "selling.emerge_min": 0, "selling.break_min": 0, "selling.delivery_min": 29, "selling.delivery_sigma": 0,
    "selling.handling_min": 10, "selling.max_queue_min": 60, "selling.learn": 0.5, "selling.learn_other": 0,
    "selling.margin_share": 0.5,
    "selling.prior_profit_sek_h": 100, "selling.loss_sight_sek": 1000, "selling.loss_police_sek": 0,
    "supply.reorder_baskets": 0, "supply.keep_sek": 1e9, "supply.border_share": 0, "supply.lead_days": 2,
    "detection.officer": 1, "detection.conceal": 0, "detection.hit_carry": 0, "detection.hit_use": 0,
    "detection.hit_seller": 0, "detection.stash_share": 0.5, "detection.stash_found": 0.5,
    "detection.arrest_seen": 0, "detection.arrest_stop": 0, "detection.arrest_camera": 0,
    "detection.arrest_investigated": 0, "detection.investigate_open": 0, "detection.investigate_hidden": 0,
    "detection.prison_share": 0, "detection.custody_days": 0, "detection.camera_share": 1,
    "guardianship.tip_share": 0, "patrol.stop_min": 0, "patrol.stay_min": 10, "patrol.stay_limit_min": 60,
    "patrol.arrest_min": 120, "recruitment.replace_days": 0, "recruitment.newcomer_days": 0,
    "use.overdose_share": 0, "use.death_share": 0, "use.remission_year": 0, "use.escalation_year": 0,
    "use.quit_year": 0, "use.substitution_share": 0, "recording.background_share": 0,
    "disorder.fear_share": 0,
}  # fmt: skip
"""Values under which nothing is left to chance; a name without label sets every entry of a vector."""


@entry
def schedule(st: State, minute: int, kind: int, who: int, extra: int) -> None:
    """Put one event into the calendar."""
    push(st, minute, kind, who, extra)


def scalar_values(given: dict[str, Any]) -> dict[str, float]:
    """Return the values by scalar id; a name that no parameter has is a mistake of the test."""
    values: dict[str, float] = {}
    for parameter in PARAMETERS:
        if parameter.id in given:
            values |= dict.fromkeys(parameter.ids, float(given[parameter.id]))
        values |= {i: float(given[i]) for i in parameter.ids if i in given}
    unknown = set(given) - {p.id for p in PARAMETERS} - {i for p in PARAMETERS for i in p.ids}
    assert not unknown, unknown
    return values


def empty(kind: Any, n: int, first_uid: int, *nobody: str) -> Array:
    """Return n rows with uids from `first_uid` and NOBODY in the named columns."""
    table = np.zeros(n, dtype=kind)
    table["uid"] = first_uid + np.arange(n)
    for column in nobody:
        table[column] = NOBODY
    return table


def make_buyers(n: int) -> Array:
    """Return buyers who live at place 0 and know places 0, 1, ... as far as there are any."""
    rows = empty(
        columns.BUYER, n, BUYER, "known", "contact", "seller", "last_seller", "previous", "next", "woken", "need_day"
    )
    rows["sex"], rows["basket_mg"], rows["wallet"] = 1, BASKET_MG, WALLET_ORE
    rows["risk_aversion"], rows["avail"], rows["wait"], rows["price"] = 1.0, 0.5, 10.0, REF_ORE_G
    return rows


def make_sellers(n: int, n_places: int) -> Array:
    """Return network sellers who fear nothing; spot k is place k."""
    rows = empty(columns.SELLER, n, SELLER, "buyer", "order_day", "previous", "next", "spot")
    rows["kind"], rows["stock"], rows["price"], rows["price_factor"] = 1, STOCK_MG, REF_ORE_G, 1.0
    spots = np.arange(min(n_places, columns.N_SPOTS))
    rows["spot"][:, : len(spots)] = spots
    rows["profit"] = 100.0
    return rows


def widen(st: State, n: int) -> None:
    """Make room for n scheduled events, all of which may fall into one minute; nothing is scheduled yet."""
    st.events = np.zeros(n, dtype=st.events.dtype)
    st.events["next"] = np.append(np.arange(1, n), NOBODY)
    st.order_event = np.zeros(n, dtype=st.order_event.dtype)
    st.order_hash = np.zeros(n, dtype=st.order_hash.dtype)
    st.refresh()


class Tiny:
    """A tiny world with its clock, at 00:01 of its first day."""

    def __init__(
        self, *, buyers: int = 1, sellers: int = 1, places: int = 1, substances: tuple[int, ...] = (0,),
        days: int = DAYS, tables: dict[str, dict[str, Any]] | None = None, **parameters: Any,
    ) -> None:  # fmt: skip
        """Set parameters as `rule__name=value` and columns as `tables={"sellers": {"cash": -1}}`."""
        given = {key.replace("__", "."): value for key, value in parameters.items()}
        par = pack_parameters(PARAMETERS, scalar_values(QUIET | given))
        town = np.zeros(places, dtype=columns.PLACE)
        town["x_m"], town["station"], town["attraction"] = STEP_M * np.arange(places), NOBODY, 1.0
        for link in ("first_buyer", "first_seller", "first_visit"):
            town[link] = NOBODY
        rows = {"buyers": make_buyers(buyers), "sellers": make_sellers(sellers, places), "places": town}
        known = np.arange(min(places, columns.N_KNOWN))
        rows["buyers"]["known"][:, : len(known)] = known
        rows["units"] = empty(columns.UNIT, 4, UNIT, "district", "shift")
        rows["importers"] = empty(columns.IMPORTER, 1, 0, "next_day")
        rows["wholesalers"] = empty(columns.WHOLESALER, 1, 0)
        rows["wholesalers"]["price"], rows["importers"]["capacity"] = WHOLESALE_ORE_G, 1.0
        rows["wholesalers"]["target_mg"] = rows["wholesalers"]["stock"] = 10**9
        rows["programmes"] = np.zeros(0, dtype=columns.PROGRAMME)
        for table, values in (tables or {}).items():
            for column, value in values.items():
                rows[table][column] = value
        par["supply_wholesale_sek_g"] = WHOLESALE_ORE_G / 100
        on = np.isin(np.arange(4), substances).astype(np.int64)
        self.state: State = assemble(
            **rows, targets=np.zeros(0, dtype=np.int64), rail_min=np.zeros((0, 0)),
            calendar=make_calendar(FIRST_DAY, days), par=par, keys=decision_keys(1, DRAWS),
            tables=make_tables(on),
        )  # fmt: skip
        widen(self.state, 4 * buyers + 64 * sellers + 4096)
        prepare(self.state)
        keep_log(self.state, events=True)
        self.clock = Clockwork(self.state)
        self.clock.run_until(1)
        self.n_visits = 0

    def need(self, at: str, buyer: int = 0) -> None:
        """Let the buyer have a need."""
        schedule(self.state, minute(at), codes.Event.NEED, buyer, 0)

    def shift(self, start: str, end: str, seller: int = 0, spot: int = 0) -> None:
        """Let the seller sell in the open."""
        self._plan(columns.Plan.OPEN, start, end, seller, spot)

    def on_call(self, start: str, end: str, seller: int = 0) -> None:
        """Let the seller deliver."""
        self._plan(columns.Plan.HIDDEN, start, end, seller, 0)

    def _plan(self, plan: int, start: str, end: str, seller: int, spot: int) -> None:
        row = self.state.sellers[seller]
        row["plan"], row["plan_slot"] = plan, spot
        row["plan_start"], row["plan_end"] = minute(start), minute(end)
        schedule(self.state, minute(start), codes.Event.SELLER_START, seller, 0)

    def visit(self, start: str, end: str, place: int = 0, unit: int | None = None, **settings: Any) -> int:
        """Let a guardian (police if not `kind=1`) come; settings are columns of visits. Return its row."""
        v, self.n_visits = self.n_visits, self.n_visits + 1
        row = self.state.visits[v]
        row["uid"], row["place"], row["unit"] = VISIT + v, place, v if unit is None else unit
        row["start"], row["end"] = minute(start), minute(end)
        row["programme"] = row["incident"] = row["previous"] = row["next"] = NOBODY
        for name, value in settings.items():
            row[name] = value
        schedule(self.state, minute(start), codes.Event.VISIT_START, v, 0)
        return v

    def run(self, until: str) -> list[Line]:
        """Run up to and including a minute; return all lines so far that are not `need` or `choice`."""
        self.clock.run_until(minute(until) + 1)
        lines = [line for line in self.all_lines() if line[1] not in ("need", "choice")]
        return lines

    def midnights(self, n: int) -> None:
        """Run until minute 0 of day n is done: n midnights after the first."""
        self.clock.run_until(1440 * n + 1)

    def all_lines(self) -> list[Line]:
        """Return the log, sorted by minute and content, as (clock, event, who, place, other, value)."""
        rows = sorted(tuple(line) for block in self.clock.logs for line in block.tolist())
        return [(clock(m), codes.LOG[code], *rest) for m, code, *rest in rows]

    def place_tally(self, place: int = 0) -> dict[str, int]:
        """Return today's counts of a place that are not zero."""
        counts = zip(codes.PLACE_TALLIES, self.state.place_tally[place].tolist(), strict=True)
        return {name: n for name, n in counts if n}

    def city_tally(self) -> dict[str, int]:
        """Return today's counts for the city that are not zero."""
        counts = zip(codes.CITY_TALLIES, self.state.city_tally.tolist(), strict=True)
        return {name: n for name, n in counts if n}

    @property
    def buyer(self) -> Any:
        """The first buyer's row."""
        return self.state.buyers[0]

    @property
    def seller(self) -> Any:
        """The first seller's row."""
        return self.state.sellers[0]

    @property
    def place(self) -> Any:
        """The first place's row."""
        return self.state.places[0]


def minute(at: str) -> int:
    """Return the minute of "HH:MM"; hours go on beyond 24."""
    hours, minutes = at.split(":")
    return 60 * int(hours) + int(minutes)


def clock(t: int) -> str:
    """Return minute `t` as "HH:MM"."""
    return f"{t // 60:02d}:{t % 60:02d}"
