"""The results of a run as tables and records, and the folder that holds them."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import odssim
from odssim.core.csv_json import json_text, jsonable
from odssim.core.files import atomic_folder
from odssim.observe.instruments import DISTRICT, PERIOD_OUTCOMES, Seen, measure
from odssim.observe.outcomes import OUTCOMES, PLACE_COLUMNS, PLACE_LEVELS, PLACE_OUTCOMES
from odssim.observe.ratings import rating_table
from odssim.observe.result import RunResult
from odssim.scenario.command import command, file_of, set_words, shown_overrides
from odssim.scenario.records import Scenario
from odssim.world.codes import FATES, LOG
from odssim.world.columns import SUBSTANCES

PICTURES = Mapping[str, Callable[[RunResult, Path], None]]
USER_SUPPLIED = "initial beliefs from a private file"
USER_SUPPLIED_ROW = {"value": 1, "unit": USER_SUPPLIED}
"""What every table of a run says whose scenario names a private file of known activity."""
PACKAGES = ("mesa", "numba", "numpy", "networkx", "pyarrow")


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """Return a resolved scenario as plain values, its files by their names alone."""
    record = asdict(scenario)
    record.pop("origins")
    record["files"] = [Path(name).name for name in scenario.files]
    record["overrides"] = [text for texts in shown_overrides(scenario).values() for text in texts]
    if scenario.known_activity is None:
        del record["known_activity"]
    else:
        record["known_activity"] = "user-supplied"
    plain: dict[str, Any] = jsonable(record)
    return plain


def versions() -> dict[str, str]:
    """Return the versions of this program, Python and the packages that decide numbers."""
    packages = {name: version(name) for name in PACKAGES}
    return {"odssim": odssim.__version__, "python": platform.python_version(), **packages}


def run_command(result: RunResult) -> str:
    """Return the command that makes the same tables."""
    rows = [word for word, kept in (("--ledger", result.ledger), ("--events", result.events)) if kept is not None]
    scenario = result.scenario
    return command("run", file_of(scenario), *set_words(scenario), "--seed", result.seed, *rows)


def run_record(result: RunResult) -> dict[str, Any]:
    """Return what is needed to run this again and to know who made the data."""
    return {
        "scenario": scenario_record(result.scenario),
        "command": run_command(result),
        "content_hash": result.scenario.content_hash,
        "seed": result.seed,
        "versions": versions(),
        "wall_s": round(result.wall_s, 3),
        "interventions": jsonable(result.process),
        "worked_at": [result.city.place_name[place] for place in sorted(result.targets)],
        "notices": [asdict(notice) for notice in result.city.notices],
        "modelled": "Every figure is modelled. No place in it is known to be an open drug scene.",
    }


def _codes(values: list[np.ndarray[Any, Any]], names: list[str]) -> pa.DictionaryArray:
    indices = pa.array(np.concatenate(values) if values else np.zeros(0, dtype=np.int32), type=pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, type=pa.string()))


def outcome_table(result: RunResult, seen: Seen | None = None) -> pa.Table:
    """Return the tidy table (day, place, outcome, unit, value), sorted by day, outcome, place.

    `place` is null in the city-wide rows, which exist for every day; place rows only where not zero.
    What is looked at now and then (`instruments`) has rows on the last day of its period; the survey's
    rows per district have a place that begins with "district: ".
    """
    ids = [*OUTCOMES, *(f"process.{row['id']}.{key}" for row in result.process for key in row["daily"])]
    ids += PERIOD_OUTCOMES
    units = {key: outcome.unit for key, outcome in {**OUTCOMES, **PERIOD_OUTCOMES}.items()}
    code = {name: i for i, name in enumerate(ids)}
    rows = (seen or measure(result)).rows
    row_day, row_place = np.array(rows.days, dtype=np.int64), np.array(rows.places, dtype=np.int64)
    row_code = np.array([code[name] for name in rows.outcomes], dtype=np.int64)
    row_value = np.array(rows.values, dtype=np.float64)
    days, places, outcomes, values = [], [], [], []
    for d, record in enumerate(result.days_kept):
        names = [(key, series[d]) for key, series in result.city_series.items()]
        names += [(f"process.{row['id']}.{key}", daily[d]) for row in result.process for key, daily in row["daily"].items()]
        days.append(np.full(len(names), d))
        places.append(np.full(len(names), -1))
        outcomes.append(np.array([code[name] for name, _ in names]))
        values.append(np.array([float(value) for _, value in names]))
        for outcome in PLACE_OUTCOMES:
            columns = PLACE_COLUMNS[outcome.id]
            mine = np.isin(record.tally, columns)
            total = np.bincount(record.place[mine], record.value[mine])
            where = np.flatnonzero(total)
            _append(days, places, outcomes, values, d, where, code[outcome.id], total[where] * outcome.factor)
        for level, field in PLACE_LEVELS.items():
            _append(days, places, outcomes, values, d, record.nuisance_place, code[level], getattr(record, field))
        due = np.flatnonzero(row_day == d)
        due = due[np.lexsort((row_place[due], row_code[due]))]
        _append(days, places, outcomes, values, d, row_place[due], row_code[due], row_value[due])
    day = np.concatenate(days)
    place = np.concatenate(places).astype(np.int32)
    outcome_code = np.concatenate(outcomes).astype(np.int32)
    all_units = sorted({*units.values(), "min", "visits"})
    unit_of = np.array([all_units.index(units.get(name, "min" if name.endswith("_min") else "visits")) for name in ids])
    dates = np.datetime64(result.scenario.start_date, "D") + day.astype("timedelta64[D]")
    place_codes = pa.array(place, type=pa.int32(), mask=place < 0)
    names_of_places = [*result.city.place_name, *(DISTRICT + name for name in result.city.districts)]
    return pa.table(
        {
            "day": pa.array(dates, type=pa.date32()),
            "place": pa.DictionaryArray.from_arrays(place_codes, pa.array(names_of_places, type=pa.string())),
            "outcome": _codes([outcome_code], ids),
            "unit": _codes([unit_of[outcome_code].astype(np.int32)], all_units),
            "value": pa.array(np.concatenate(values)),
        }
    )


def _append(days: list[Any], places: list[Any], outcomes: list[Any], values: list[Any],
            d: int, where: Any, code: Any, amounts: Any) -> None:  # fmt: skip
    days.append(np.full(len(where), d))
    places.append(where)
    outcomes.append(np.broadcast_to(code, len(where)))
    values.append(amounts)


def place_table(result: RunResult) -> pa.Table:
    """Return one row per place: where it lies, what it is, and its totals over the run."""
    city = result.city
    row, col = np.divmod(city.place_cell, city.width)
    columns: dict[str, Any] = {
        "place": list(city.place_name), "cell": city.place_cell, "col": col, "row": row, "x_m": (col + 0.5) * city.cell_m,
        "y_m": (row + 0.5) * city.cell_m, "type": city.place_type,
        "district": [city.districts[d] for d in city.place_district], "socioeconomic_class": city.place_class,
        "class_modelled": city.place_class_modelled, "residents": city.residents.sum(axis=(1, 2)),
        "footfall_per_day": city.place_footfall, "metres_to_station": result.metres_to_station,
    }  # fmt: skip
    return pa.table(columns | result.place_totals)


def ledger_table(result: RunResult) -> pa.Table:
    """Return the need-level ledger, one row per need, sorted by buyer, day and number."""
    ledger = result.ledger
    assert ledger is not None
    ledger = ledger[np.lexsort((ledger["i"], ledger["day"], ledger["buyer"]))]
    columns = {name: ledger[name] for name in ledger.dtype.names or ()}
    columns["fate"] = _codes([ledger["fate"]], list(FATES))
    columns["substance"] = _codes([ledger["substance"]], list(SUBSTANCES))
    return pa.table(columns)


def event_table(result: RunResult) -> pa.Table:
    """Return every line of the event log, sorted by minute and content."""
    log = result.events
    assert log is not None
    log = log[np.lexsort(log.T[::-1])]
    names = ("minute", "event", "who", "place", "other", "value")
    columns: dict[str, Any] = {name: log[:, i] for i, name in enumerate(names)}
    columns["event"] = _codes([log[:, 1].astype(np.int32)], list(LOG))
    return pa.table(columns)


def write_run(result: RunResult, out_dir: Path, *, pictures: PICTURES | None = None) -> None:
    """Write all files of a run into `out_dir`, all or nothing.

    `pictures`: file name to a function that draws the result into a path.
    """
    with atomic_folder(out_dir) as folder:
        seen, private = measure(result), result.scenario.known_activity is not None
        tables = {"outcomes": outcome_table(result, seen), "places": place_table(result)}
        tables["indicators"] = rating_table(result, seen)
        summary = result.summary | ({"user_supplied": USER_SUPPLIED_ROW} if private else {})
        if result.ledger is not None:
            tables["ledger"] = ledger_table(result)
        if result.events is not None:
            tables["events"] = event_table(result)
        for name, table in tables.items():
            if private:
                table = table.replace_schema_metadata({"user_supplied": USER_SUPPLIED})
            pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        for name, content in (("run", run_record(result)), ("summary", summary)):
            (folder / f"{name}.json").write_text(json_text(content, sort_keys=True), encoding="utf-8")
        for name, draw in (pictures or {}).items():
            draw(result, folder / name)
