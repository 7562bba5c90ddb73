"""cause: the handbook's cause analysis, read from the files of a run.

A deal needs a seller with stock, a price that the buyer can pay and the absence of guardians. Of all
tries to buy at a scene, some end in a deal and the others lack one of the three: their shares say which
condition an intervention would have to take away, and which are already rare.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from odssim.core.marks import check_sealed
from odssim.core.reading import DAMAGE, read_json
from odssim.errors import ScenarioError
from odssim.observe.indicators import ENOUGH, INDICATORS
from odssim.observe.laws import churn
from odssim.observe.scenes import WINDOW_DAYS

ENDINGS = ("open_deals", "blocked_offender", "blocked_target", "blocked_guardian")
"""How a try to buy ends: a deal, no seller, no agreement on price or money, guardians."""
CITY_VALUES = ("places_seven", "scenes_seven", "seen.places_seven", "seen.scenes_seven", "seen.rater_kappa")
FILES = ("run.json", "outcomes.parquet", "indicators.parquet")
LEAST_PLACES = 10
"""Fewer places say nothing of how far raters agree; assumption."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """One indicator at one place: its true value, whether it is met, and the raters' share who grant it."""

    id: str
    value: float
    threshold: float
    unit: str
    met: bool
    yes_share: float

    @property
    def rated(self) -> bool:
        """Whether more than half of the raters grant it."""
        return self.yes_share > 0.5


@dataclass(frozen=True)
class SceneReport:
    """One modelled scene: its places, its verdicts (those of its busiest place) and how tries to buy ended."""

    name: str
    places: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    tries: Mapping[str, float]

    @property
    def n_tries(self) -> float:
        """Tries to buy in the open."""
        return sum(self.tries.values())

    def share(self, ending: str) -> float:
        """Return the share of the tries that ended so."""
        return self.tries[ending] / self.n_tries if self.n_tries else 0.0


@dataclass(frozen=True)
class RunReport:
    """The scenes of a run at its end, busiest first, and what holds for the whole city.

    `others` are further places with seven or more indicators, true or as rated: beside a scene's busiest, or in none.
    """

    scenario: str
    seed: int
    first: date
    last: date
    scenes: tuple[SceneReport, ...]
    city: Mapping[str, float]
    n_candidates: int
    others: tuple[SceneReport, ...] = ()

    @property
    def days(self) -> int:
        """Days over which tries are counted."""
        return (self.last - self.first).days + 1

    @property
    def leaving_by_noise(self) -> float | None:
        """Places expected to leave the raters' list at a new rating though nothing has changed."""
        listed, kappa = self.city.get("seen.places_seven"), self.city.get("seen.rater_kappa")
        if not listed or kappa is None or self.n_candidates < LEAST_PLACES:
            return None
        return listed * churn(listed / self.n_candidates, kappa)


def read_report(folder: Path) -> RunReport:
    """Return what a run's folder tells of its scenes.

    Raises ScenarioError: if the folder is missing, is not that of a run, or one of its files is damaged.
    """
    if not folder.is_dir():
        raise ScenarioError("no such folder", file=str(folder), remedy="name a folder that `odssim run` has written")
    for name in FILES:
        if not (folder / name).is_file():
            raise ScenarioError(
                "no {name} in it", file=str(folder), remedy="run the scenario anew with `odssim run`", name=name
            )
    name = FILES[0]
    try:
        record = read_json(folder / name)
        check_sealed(folder / name, *FILES[1:])
        scenario, seed = record["scenario"], int(record["seed"])
        start = date.fromisoformat(scenario["start_date"])
        last = start + timedelta(days=int(scenario["days"]) - 1)
        first = max(start, last - timedelta(days=WINDOW_DAYS - 1))
        name = FILES[1]
        tries, city = _read_outcomes(folder / name, first, last)
        name = FILES[2]
        verdicts, members, n_candidates = _read_verdicts(folder / name, last)
        scenes = [_scene(scene, places, verdicts[scene], tries) for scene, places in members.items()]
        listed = [p for p in verdicts if p not in members and max(_n_met(verdicts[p])) >= ENOUGH]
        others = tuple(_scene(place, [place], verdicts[place], tries) for place in listed)
    except (*DAMAGE, pa.ArrowException) as error:
        reason = " ".join(str(error).split())[:120]
        raise ScenarioError("damaged or not of a run ({reason})", file=str(folder / name), reason=reason) from None
    scenes.sort(key=lambda s: (-s.tries["open_deals"], s.name))
    return RunReport(str(scenario["name"]), seed, first, last, tuple(scenes), city, n_candidates, others)


def _n_met(verdicts: list[Verdict]) -> tuple[int, int]:
    """Return how many indicators a place has, true and as rated."""
    return sum(v.met for v in verdicts), sum(v.rated for v in verdicts)


def _scene(name: str, places: list[str], verdicts: list[Verdict], tries: dict[tuple[str, str], float]) -> SceneReport:
    total = {ending: sum(tries.get((place, ending), 0.0) for place in places) for ending in ENDINGS}
    return SceneReport(name, tuple(places), tuple(verdicts), total)


def _read_outcomes(path: Path, first: date, last: date) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Return tries by place and ending from `first` to `last`, and the city's counts of the last day."""
    wanted = [("day", ">=", first), ("day", "<=", last), ("outcome", "in", [*ENDINGS, *CITY_VALUES])]
    tries: dict[tuple[str, str], float] = {}
    city: dict[str, float] = {}
    for row in pq.read_table(path, columns=["day", "place", "outcome", "value"], filters=wanted).to_pylist():
        if row["place"] is not None:
            key = (row["place"], row["outcome"])
            tries[key] = tries.get(key, 0.0) + row["value"]
        elif row["outcome"] in CITY_VALUES and row["day"] == last:
            city[row["outcome"]] = row["value"]
    return tries, city


def _read_verdicts(path: Path, last: date) -> tuple[dict[str, list[Verdict]], dict[str, list[str]], int]:
    """Return verdicts by place, places by scene, and the number of candidate places on the last day."""
    rows: list[Row] = pq.read_table(path, filters=[("day", "==", last)]).to_pylist()
    verdicts: dict[str, list[Verdict]] = {}
    members: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row["place"], row["number"])):
        fields = (row[key] for key in ("indicator", "value", "threshold", "unit", "met", "yes_share"))
        verdicts.setdefault(row["place"], []).append(Verdict(*fields))
        if row["scene"] is not None and row["number"] == 1:
            members.setdefault(row["scene"], []).append(row["place"])
    ids = [indicator.id for indicator in INDICATORS]
    if any([verdict.id for verdict in of_place] != ids for of_place in verdicts.values()):
        raise ValueError(f"a place has not the {len(ids)} indicators")
    return verdicts, members, len(verdicts)


def as_record(report: RunReport) -> Row:
    """Return the report as plain values."""
    return {
        "scenario": report.scenario, "seed": report.seed, "first_day": report.first.isoformat(),
        "last_day": report.last.isoformat(), "days": report.days, "enough": ENOUGH, "n_candidates": report.n_candidates,
        **report.city, "leaving_list_by_noise": report.leaving_by_noise,
        "scenes": [_scene_record(scene) for scene in report.scenes],
        "other_places": [_scene_record(place) for place in report.others],
        "modelled": "Every figure is modelled. No place in it is known to be an open drug scene.",
    }  # fmt: skip


def _scene_record(scene: SceneReport) -> Row:
    labels = {i.id: i for i in INDICATORS}
    n_met, n_rated = _n_met(list(scene.verdicts))
    return {
        "scene": scene.name, "places": list(scene.places), "indicators_met": n_met, "indicators_rated": n_rated,
        "indicators": [
            {"number": n, "id": v.id, "label": labels[v.id].label, "unit": v.unit, "value": v.value,
             "threshold": v.threshold, "met": v.met, "yes_share": v.yes_share, "rated": v.rated,
             "proxy": labels[v.id].proxy}
            for n, v in enumerate(scene.verdicts, start=1)
        ],
        "tries": scene.n_tries, "shares": {ending: scene.share(ending) for ending in ENDINGS},
    }  # fmt: skip
