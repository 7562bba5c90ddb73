"""How interventions reach the state: visits, cameras, interception. The closed list of levers.

Nothing else in the program lets an intervention touch the market: effects come from what those who are
affected see, learn and do.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core.declare import Intervention
from odssim.engine.room import make_room
from odssim.engine.targets import fixed_targets, rank_day, ranked_targets, target_count
from odssim.observe.recorder import DayRecord, Recorder
from odssim.scenario.records import InterventionSpec, Scenario, minute_of_day
from odssim.world.columns import SUBSTANCES
from odssim.world.state import State

Array = np.ndarray[Any, Any]
WEEKDAY_BITS = {"all": 0b1111111, "mon_fri": 0b0011111, "fri_sat": 0b0110000}
FIRST_PROGRAMME_UID = 2**15
OFFICERS_PER_VISIT = {0: 2, 1: 4}
"""Persons who come on a visit, by kind of guardian (police, volunteers); assumption."""


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


class Levers:
    """Puts the interventions of a scenario to work in a state, day by day."""

    def __init__(
        self, scenario: Scenario, city: City, recorder: Recorder, catalogue: Mapping[str, Intervention]
    ) -> None:
        """Sort the interventions by lever."""
        self.scenario, self.city, self.recorder, self.catalogue = scenario, city, recorder, catalogue
        self.visits = [spec for spec in scenario.interventions if catalogue[spec.type].lever == "visits"]
        self.others = [spec for spec in scenario.interventions if catalogue[spec.type].lever != "visits"]
        self.worked_at: set[int] = set()
        self.camera_places: dict[str, Array] = {}

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
        row["kind"] = int(options["volunteer"])
        row["may_search"], row["may_arrest"] = options["may_search"], options["may_arrest"]
        row["stay"] = options["stay_until_done"]
        row["stash"] = options.get("stash_find", options["stash_search"])
        times = [minute_of_day(clock) for clock in options["timetable"]]
        row["n_times"] = len(times)
        row["times"][: len(times)] = times

    def day(self, when: Any) -> int:
        """Return the simulated day number of a date."""
        return int((when - self.scenario.first_day).days)

    def dose(self, spec: InterventionSpec, d: int) -> float:
        """Return the dose of an intervention on day `d`, with its ramp."""
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
        for g, spec in enumerate(self.visits):
            chosen = self.places_on(spec, d)
            if chosen is not None:
                row = st.programmes[g]
                row["n_targets"] = len(chosen)
                st.targets[row["first_target"] : row["first_target"] + len(chosen)] = chosen
                self._note(spec, chosen)
        if self.others:
            self._set_attributes(st, d)

    def _note(self, spec: InterventionSpec, chosen: Array) -> None:
        if spec.dose > 0:
            self.worked_at.update(int(p) for p in chosen)

    def _set_attributes(self, st: State, d: int) -> None:
        """Set cameras in view and the extra share of consignments intercepted, from nothing."""
        st.places["camera"] = st.places["camera_fear"] = 0.0
        st.tables["extra_border"] = 0.0
        for spec in self.others:
            dose, options = self.dose(spec, d), spec.options
            chosen = self.places_on(spec, d)
            if chosen is not None:
                self.camera_places[spec.id] = chosen
                self._note(spec, chosen)
            if self.catalogue[spec.type].lever == "interception":
                wanted = [options["substance"] in ("all", name) for name in SUBSTANCES]
                st.tables["extra_border"][0] += np.array(wanted) * float(options["extra_share"]) * dose  # type: ignore[arg-type]
            elif dose > 0:
                self._add_cameras(st, spec, dose)

    def _add_cameras(self, st: State, spec: InterventionSpec, dose: float) -> None:
        """Let cameras watch their places; `dose` scales the share of the place in view."""
        par, options, places = st.par[0], spec.options, self.camera_places[spec.id]
        view = float(options["coverage"]) * float(options["uptime"]) * dose  # type: ignore[arg-type]
        watched = view if options["monitored"] else view * par["guardianship_camera_passive"]
        known = 1.0 if options["signs"] else par["guardianship_camera_unsigned"]
        st.places["camera"][places] = np.minimum(1.0, st.places["camera"][places] + watched)
        st.places["camera_fear"][places] += watched * known * par["guardianship_camera_fear_sek"]

    def add_cost(self, st: State, record: DayRecord, d: int) -> dict[str, float]:
        """Book the day's cost of each intervention in `record`; return it by id, SEK."""
        before = self.recorder.days[-2].process if len(self.recorder.days) > 1 else record.process[:0]
        costs = {}
        for g, spec in enumerate(self.visits):
            minutes = record.process[g, 3] - (before[g, 3] if len(before) > g else 0)
            persons = OFFICERS_PER_VISIT[int(st.programmes["kind"][g])]
            costs[spec.id] = float(minutes) / 60 * persons * self._unit_cost(st, spec)
        for spec in self.others:
            yearly = self._unit_cost(st, spec) * self.dose(spec, d)
            if self.catalogue[spec.type].lever == "cameras":
                costs[spec.id] = yearly * len(self.camera_places.get(spec.id, ())) / 365
            else:
                costs[spec.id] = yearly * float(spec.options["extra_share"]) * 100 / 365  # type: ignore[arg-type]
        record.cost_sek = sum(costs.values())
        return costs

    def _unit_cost(self, st: State, spec: InterventionSpec) -> float:
        return float(st.par[0][self.catalogue[spec.type].cost_parameter.replace(".", "_")])
