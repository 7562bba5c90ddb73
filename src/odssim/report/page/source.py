"""What a report on mixes is made from: the folder of a run or of a comparison, read and checked."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from odssim.analysis.comparison.difference_rows import WHOLE_CITY, DifferenceRow
from odssim.analysis.comparison.set_apart import Values
from odssim.analysis.comparison.tables import Tables
from odssim.analysis.decision.ranking import Standing
from odssim.city.city import City
from odssim.city.load import load_city
from odssim.core.marks import check_sealed
from odssim.core.reading import DAMAGE, read_json
from odssim.core.types import Array
from odssim.errors import CityError, ScenarioError
from odssim.language import say
from odssim.language.written import UNKNOWN
from odssim.observe.cause import RunReport, read_report

Row = Mapping[str, Any]
USER_SUPPLIED = "known_activity"
"""The scenario's key that names a private file."""


@dataclass(frozen=True)
class RunFiles:
    """The folder of one run."""

    record: Row
    summary: Mapping[str, Row]
    scenes: RunReport
    path: Path
    city: City

    @property
    def process(self) -> Sequence[Row]:
        """One row per intervention: planned, delivered, cost."""
        rows: Sequence[Row] = self.record["interventions"]
        return rows

    @property
    def worked_at(self) -> list[int]:
        """The places (indices) where interventions worked."""
        index = self.city.place_index
        return [index[name] for name in self.record.get("worked_at", ()) if name in index]

    @cached_property
    def series(self) -> dict[str, Array]:
        """Each outcome for the city per day, float64[days]; of what is looked at now and then only some days."""
        table = pq.read_table(self.path / "outcomes.parquet", columns=["place", "outcome", "value"])
        table = table.filter(compute.is_null(table["place"]))
        names = table["outcome"].combine_chunks()
        codes, values = names.indices.to_numpy(), table["value"].to_numpy()
        return {name: values[codes == k] for k, name in enumerate(names.dictionary.to_pylist())}

    def deals_per_day(self, first: date, last: date) -> Array:
        """Return the open deals a day at each place from `first` to `last`, float64[P]."""
        wanted = [("outcome", "=", "open_deals"), ("day", ">=", first), ("day", "<=", last)]
        table = pq.read_table(self.path / "outcomes.parquet", columns=["place", "value"], filters=wanted)
        table = table.filter(compute.is_valid(table["place"]))
        places = np.array([self.city.place_index[name] for name in table["place"].to_pylist()], dtype=np.int64)
        total = np.bincount(places, table["value"].to_numpy(), self.city.n_places)
        return np.asarray(total / ((last - first).days + 1))


@dataclass(frozen=True)
class ComparisonFiles:
    """A comparison; its rows are those that `odssim compare` made."""

    base: str
    mixes: tuple[str, ...]
    """The alternatives' names."""
    tables: Tables
    worked_at: Mapping[str, Sequence[int]]
    """By mix, the places (indices) where it works."""
    objective: str
    standings: tuple[Standing, ...]
    """The outcome that the mixes are ranked by, and the ranking; none where nothing could be ranked."""
    apart: Values
    """Parameters in which the scenarios differ, by name of the scenario."""
    places: tuple[Array, ...]
    """Open deals a day at each place, the base first; none where no places were kept."""

    @property
    def ranked(self) -> tuple[str, ...]:
        """The alternatives from best to worst; as they were given where there is no ranking."""
        return tuple(row.mix for row in self.standings if row.mix in self.mixes) or self.mixes

    def difference(self, mix: str, outcome: str, where: str = WHOLE_CITY) -> DifferenceRow | None:
        """Return the row of one outcome."""
        rows = self.tables.of(mix).differences
        return next((row for row in rows if row.outcome == outcome and row.where == where), None)


@dataclass(frozen=True)
class StudyFiles:
    """What a study has beyond a comparison."""

    name: str
    file: Path
    store: Path
    by_world: bool
    """Whether a pair is a world, mean over its replicates, and not a run."""
    n_worlds: int
    n_replicates: int
    n_left_out: int
    """Runs of the study that are missing, failed, or of what is not compared."""
    same_model: bool
    """Whether all runs were made by this version of the model."""
    worlds: Sequence[Row]
    """Per world: its name, what it sets, open deals a day under each mix; empty for one world."""
    options: Mapping[str, Row] = field(default_factory=dict)
    """Per mix, what sweeps and keys set by hand have set, by column; empty where nothing is."""


@dataclass(frozen=True)
class Source:
    """A run, a comparison or a study, with what they have in common; a study is a comparison and more."""

    path: Path
    city: City
    scenarios: tuple[Row, ...]
    """Resolved scenarios as plain values; of a comparison the base first."""
    seeds: tuple[int, ...]
    command: str
    """What makes the numbers anew."""
    versions: Mapping[str, str]
    first: date
    last: date
    """The days that the report is about."""
    run: RunFiles | None = None
    comparison: ComparisonFiles | None = None
    study: StudyFiles | None = None

    @property
    def planned(self) -> list[tuple[str, Row]]:
        """Each intervention that is planned, with the name of its scenario; those of all worlds once."""
        seen: dict[str, tuple[str, Row]] = {}
        for scenario in self.scenarios:
            for spec in scenario["interventions"]:
                seen.setdefault(json.dumps(spec, sort_keys=True), (scenario["name"], spec))
        return list(seen.values())

    @property
    def apart(self) -> Values:
        """Parameters in which the scenarios of a comparison differ, by the name of the scenario."""
        return {} if self.comparison is None else self.comparison.apart

    @property
    def user_supplied(self) -> bool:
        """Whether a private file of known activity set what people believe at the start."""
        return any(scenario.get(USER_SUPPLIED) for scenario in self.scenarios)


def read_source(folder: Path) -> Source:
    """Return what a folder holds.

    Raises ScenarioError: if it is neither the folder of a run nor that of a comparison, or is damaged.
    """
    if not folder.is_dir():
        raise ScenarioError("no such folder", file=str(folder), remedy="name a folder that odssim has written")
    for name, read in READERS.items():
        if (folder / name).is_file():
            return guarded(read, folder, name)
    raise ScenarioError(
        "holds no results",
        file=str(folder),
        remedy="name a folder of `odssim run`, `odssim compare --out` or `odssim design run`, or the file of a study",
    )


def guarded[T](read: Callable[[Path], T], folder: Path, name: str | Path) -> T:
    """Return what is read from a folder; damage is reported in one line.

    Raises ScenarioError: if the folder is damaged.
    """
    try:
        return read(folder)
    except (*DAMAGE, pa.ArrowException) as error:
        reason = " ".join(str(error).split())[:120]
        rule, remedy = "damaged, or written by another version ({reason})", "write the folder anew"
        raise ScenarioError(rule, file=str(folder / name), remedy=remedy, reason=reason) from None


def _city(scenario: Row) -> City:
    try:
        return load_city(scenario["city"])
    except CityError as error:
        raise ScenarioError("the run's city is needed for its maps: {error}", key="city", error=error) from None


def _in_language(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record in which scenarios that are shipped have their names in the reader's language."""
    scenarios = record["scenarios"] if "scenarios" in record else [record["scenario"]]
    names = {scenario["name"]: say(scenario["name"]) for scenario in scenarios}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(key, key): named(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [named(entry) for entry in value]
        return names.get(value, value) if isinstance(value, str) else value

    renamed: dict[str, Any] = named(record)
    return renamed


def _read_run(folder: Path) -> Source:
    record = _in_language(read_json(folder / "run.json"))
    check_sealed(folder / "run.json", "summary.json")
    scenario = record["scenario"]
    first = date.fromisoformat(scenario["start_date"])
    city = _city(scenario)
    summary = read_json(folder / "summary.json")
    run = RunFiles(record, summary, read_report(folder), folder, city)
    last = first + timedelta(days=int(scenario["days"]) - 1)
    return Source(
        folder, city, (scenario,), (int(record["seed"]),), record.get("command", UNKNOWN), record["versions"], first, last,
        run=run,
    )  # fmt: skip


def _read_comparison(folder: Path) -> Source:
    record = _in_language(read_json(folder / "comparison.json"))
    check_sealed(folder / "comparison.json", "places.parquet")
    scenarios = tuple(record["scenarios"])
    table = pq.read_table(folder / "places.parquet")
    places = tuple(table[name].to_numpy() for name in table.column_names)
    city = _city(scenarios[0])
    if len(places) != len(scenarios) or any(len(deals) != city.n_places for deals in places):
        raise ValueError("places.parquet does not fit the city, which was changed")
    days = [date.fromisoformat(one[key]) for one in record["alternatives"] for key in ("first_day", "last_day")]
    return Source(
        folder, city, scenarios, tuple(record["seeds"]), record.get("command", UNKNOWN), record["versions"], min(days),
        max(days), comparison=_comparison(record, places),
    )  # fmt: skip


def _comparison(record: Row, places: tuple[Array, ...]) -> ComparisonFiles:
    """Return a record as it was made; a ValueError names a field that is missing or of another kind."""
    decision = record.get("decision") or {"objective": {"outcome": ""}, "ranking": ()}
    return ComparisonFiles(
        base=record["base"]["name"],
        mixes=tuple(one["name"] for one in record["alternatives"]),
        tables=TypeAdapter(Tables).validate_python(record),
        worked_at=record["worked_at"],
        objective=decision["objective"]["outcome"],
        standings=TypeAdapter(tuple[Standing, ...]).validate_python(decision["ranking"]),
        apart=record.get("parameters_apart", {}),
        places=places,
    )


READERS: Mapping[str, Callable[[Path], Source]] = {"comparison.json": _read_comparison, "run.json": _read_run}
"""By the file that tells what a folder is: how it is read. Another kind of result is one more row."""
