"""How interventions reach the state: visits, cameras, attributes of places and of the city.

Nothing else in the program lets an intervention touch the market: effects come from what those who are
affected see, learn and do.
"""

import math
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core.declare import Intervention
from odssim.core.types import Array
from odssim.engine.attributes import SETTERS, clear
from odssim.engine.costs import WEEKDAY_BITS, day_counts, day_sek, harm_sek, hours_sek
from odssim.engine.room import make_room
from odssim.engine.targets import fixed_targets, rank_day, ranked_targets, target_count
from odssim.observe.recorder import DayRecord, Recorder
from odssim.scenario.records import InterventionSpec, Scenario, minute_of_day
from odssim.world.columns import GUARDIAN_KINDS
from odssim.world.state import State

FIRST_PROGRAMME_UID = 2**15
NOWHERE = np.zeros(0, dtype=np.int64)


def programme_uids(labels: list[str]) -> dict[str, int]:
    """Return a uid per label that does not depend on the other labels (unless two collide)."""
    uids: dict[str, int] = {}
    for label in labels:
        text = label
        while True:
            digest = blake2b(text.encode(), digest_size=4).digest()
            uid = FIRST_PROGRAMME_UID + int.from_bytes(digest, "little") % FIRST_PROGRAMME_UID
            if uid not in uids.values():
                break
            text += "'"
        uids[label] = uid
    return uids


def own_delivery(spec: InterventionSpec, days_on: int) -> float:
    """Return the share of a plan that is carried out `days_on` days after its start, coordination apart."""
    if days_on < spec.late_days:
        return 0.0
    return spec.delivery * (math.pow(0.5, days_on / 7 / spec.fade_weeks) if spec.fade_weeks else 1.0)


class Levers:
    """Puts the interventions of a scenario to work in a state, day by day."""

    def __init__(self, scenario: Scenario, city: City, recorder: Recorder, catalogue: Mapping[str, Intervention]) -> None:
        """Sort the interventions by lever."""
        self.scenario, self.city, self.recorder, self.catalogue = scenario, city, recorder, catalogue
        self.visits = [spec for spec in scenario.interventions if catalogue[spec.type].lever == "visits"]
        self.others = [spec for spec in scenario.interventions if catalogue[spec.type].lever != "visits"]
        self.worked_at: set[int] = set()
        self.chosen: dict[str, Array] = {}
        self.carried_out: set[str] = set()  # had dose, money and delivery on some day
        self.placed: set[str] = set()  # was carried out at some place
        self.joined: set[str] = set()  # coordinated another
        self.fresh: set[str] = set()  # its latest choice of places has not been worked at yet

    def lever(self, spec: InterventionSpec) -> str:
        """Return the lever that an intervention moves."""
        return self.catalogue[spec.type].lever

    def install(self, st: State) -> State:
        """Return a copy of `st` with a programme for each intervention that sends people to places."""
        counts = [target_count(spec.places, self.city, self.scenario.seed) for spec in self.visits]
        st = make_room(st, len(self.visits), sum(counts))
        uids = programme_uids([spec.id for spec in self.visits])
        first = 0
        for g, (spec, count) in enumerate(zip(self.visits, counts, strict=True)):
            row = st.programmes[g]
            row["uid"], row["first_target"], row["n_targets"] = uids[spec.id], first, 0
            row["unit"] = len(st.units) - sum(counts) + first
            row["first_day"], row["last_day"] = self.day(spec.start), self.day(spec.end)
            row["ramp_days"], row["dose"], row["added"] = spec.ramp_days, spec.dose, spec.resources == "added"
            self._set_visits(row, spec)
            first += count
        return st

    def _set_visits(self, row: Any, spec: InterventionSpec) -> None:
        options: Any = {**self.catalogue[spec.type].fixed, **spec.options}
        row["visits_per_day"] = options["visits_per_day"]
        row["min_minutes"], row["max_minutes"] = options["minutes"]
        row["from_minute"], row["to_minute"] = (round(60 * h) for h in options["hours"])
        row["irregular"] = options["irregular"]
        row["weekdays"] = WEEKDAY_BITS[options["weekdays"]]
        row["kind"] = GUARDIAN_KINDS.index(options["kind"])
        row["may_search"], row["may_arrest"] = options["may_search"], options["may_arrest"]
        row["refer"], row["stay"], row["delivery"] = options["refer"], options["stay_until_done"], 1.0
        row["stash"] = options.get("stash_find", options["stash_search"])
        times = [minute_of_day(clock) for clock in options["timetable"]]
        row["n_times"] = len(times)
        row["times"][: len(times)] = times

    def day(self, when: Any) -> int:
        """Return the simulated day number of a date."""
        return int((when - self.scenario.first_day).days)

    def dose(self, spec: InterventionSpec, d: int) -> float:
        """Return the planned dose of an intervention on day `d`, with its ramp."""
        first, last = self.day(spec.start), self.day(spec.end)
        if not first <= d < last:
            return 0.0
        return spec.dose * (min(1.0, (d - first + 1) / spec.ramp_days) if spec.ramp_days else 1.0)

    def places_on(self, spec: InterventionSpec, d: int) -> Array | None:
        """Return the places chosen for work from day `d` on, or None if the choice stands."""
        places, start = spec.places, self.day(spec.start)
        if places is None or not start <= d < self.day(spec.end):
            return None
        again = places.rerank_days is not None and (d - start) % places.rerank_days == 0
        if d != start and not again:
            return None
        if places.kind != "rank":
            return fixed_targets(places, self.city, self.scenario.seed)
        day = rank_day(places, self.scenario, d, start)
        return ranked_targets(places, self.city, self.recorder, day)

    def before_midnight(self, st: State, d: int) -> None:
        """Set what the interventions do on day `d`."""
        for spec in self.scenario.interventions:
            chosen = self.places_on(spec, d)
            if chosen is not None:
                self.chosen[spec.id] = chosen
                self.fresh.add(spec.id)
        afford = self._affordable(st, d)
        self._note(d, afford)
        for g, spec in enumerate(self.visits):
            row, chosen = st.programmes[g], self.chosen.get(spec.id, NOWHERE)
            row["n_targets"] = len(chosen)
            st.targets[row["first_target"] : row["first_target"] + len(chosen)] = chosen
            row["dose"], row["delivery"] = spec.dose * afford[spec.id], self.delivery(spec, d)
        if self.others:
            self._set_attributes(st, d, afford)

    def _note(self, d: int, afford: Mapping[str, float]) -> None:
        """Note who is at work on day `d`, and where."""
        for spec in self.scenario.interventions:
            if self.dose(spec, d) * afford[spec.id] * self.delivery(spec, d) <= 0.0:
                continue
            self.carried_out.add(spec.id)
            if spec.id in self.fresh and len(chosen := self.chosen[spec.id]):
                self.fresh.discard(spec.id)
                self.placed.add(spec.id)
                self.worked_at.update(chosen.tolist())
            if self.lever(spec) == "coordination" and any(self._covers(spec, one) for one in self.scenario.interventions):
                self.joined.add(spec.id)

    def delivery(self, spec: InterventionSpec, d: int) -> float:
        """Return the share of the plan that is carried out on day `d`, with what coordination adds to it."""
        missing = 1.0 - own_delivery(spec, d - self.day(spec.start))
        for other in self.others:
            if missing > 0.0 and self.lever(other) == "coordination" and self._covers(other, spec):
                missing *= 1.0 - min(1.0, self._bonus(other, d))
        return 1.0 - missing

    def _bonus(self, frame: InterventionSpec, d: int) -> float:
        """Return the share of what others miss that a joint plan makes good on day `d`."""
        bonus: Any = frame.options["bonus"]
        return float(bonus * self.dose(frame, d) * own_delivery(frame, d - self.day(frame.start)))

    def _covers(self, frame: InterventionSpec, spec: InterventionSpec) -> bool:
        """Whether a joint plan `frame` covers the work of `spec`: everywhere, or at one of its places."""
        if frame is spec:
            return False
        return frame.places is None or bool(set(self.chosen.get(frame.id, ())) & set(self.chosen.get(spec.id, ())))

    def _affordable(self, st: State, d: int) -> dict[str, float]:
        """Return the share of each intervention's plan that its payer's budget covers today.

        A budget is an account: so much a day from the payer's first intervention on, less all that has been paid. A
        day's visits may cost more than planned (they are whole, and drawn), and so may what is counted by an outcome:
        the days after have so much less.
        """
        shares = dict.fromkeys((spec.id for spec in self.scenario.interventions), 1.0)
        for payer, limit_sek in self.scenario.budget.items():
            mine = [spec for spec in self.scenario.interventions if spec.payer == payer]
            first = min((self.day(spec.start) for spec in mine), default=d + 1)
            if d < first:
                continue
            paid = sum(record.cost_by_payer_sek.get(payer, 0.0) for record in self.recorder.days[first:d])
            left_sek = max(0.0, limit_sek * (d - first + 1) - paid)
            plan = sum(self._day_sek(st, spec, d, {}) for spec in mine)
            if plan > left_sek or left_sek == 0:
                shares |= {spec.id: left_sek / plan if plan else 0.0 for spec in mine}
        return shares

    def _day_sek(self, st: State, spec: InterventionSpec, d: int, counts: Mapping[str, int], share: float = 1.0) -> float:
        n_places, weekday = len(self.chosen.get(spec.id, NOWHERE)), (self.scenario.first_day.weekday() + d) % 7
        return day_sek(st, self.catalogue[spec.type], spec, n_places, self.dose(spec, d) * share, weekday, counts)

    def _set_attributes(self, st: State, d: int, afford: Mapping[str, float]) -> None:
        """Set the attributes of places and of the city that interventions move, from nothing."""
        clear(st)
        for spec in self.others:
            strength = self.dose(spec, d) * afford[spec.id] * self.delivery(spec, d)
            if strength <= 0.0:
                continue
            if setter := SETTERS.get(self.lever(spec)):
                setter(st, spec, self.chosen.get(spec.id), strength, d - self.day(spec.start))

    def add_cost(self, st: State, record: DayRecord, d: int) -> dict[str, tuple[float, float, float]]:
        """Book the day's cost of each intervention in `record`; return by id: cost, plan, what a budget cut of it, SEK."""
        before = self.recorder.days[-2].process if len(self.recorder.days) > 1 else record.process[:0]
        afford = self._affordable(st, d)
        costs: dict[str, float] = {}
        for g, spec in enumerate(self.visits):
            minutes = record.process[g, 3] - (before[g, 3] if len(before) > g else 0)
            costs[spec.id] = hours_sek(st, self.catalogue[spec.type], float(minutes))
        counts = day_counts(st) if self.others else {}
        for spec in self.others:
            costs[spec.id] = self._day_sek(st, spec, d, counts, afford[spec.id] * self.delivery(spec, d))
        record.cost_sek = sum(costs.values())
        by_payer: dict[str, float] = {}
        for spec in self.scenario.interventions:
            by_payer[spec.payer] = by_payer.get(spec.payer, 0.0) + costs[spec.id]
        record.cost_by_payer_sek = by_payer
        record.harm_cost_sek = harm_sek(st)
        plans = {spec.id: self._day_sek(st, spec, d, {}) for spec in self.scenario.interventions}
        return {key: (costs[key], plan, (1.0 - afford[key]) * plan) for key, plan in plans.items()}
