"""The tables of a store as data frames, sorted by key, without anything that depends on where a run was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from odssim.errors import Sentence
from odssim.studies.study.records import OPTION, Study
from odssim.studies.study.store import StoreError, open_store
from odssim.studies.study.work import DAY_OUTCOMES, PLACE_TABLE_OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

RUN_COLUMNS = ("key", "study", "world", "mix", "replicate", "seed", "status", "error")
JOB_COLUMNS = ("key", "study", "world", "mix", "replicate")
JOB = "j.key, j.study, j.world, j.mix, j.replicate"
KEYS_AT_A_TIME = 200
TABLES = ("runs", "run_days", "run_places", "run_place_days")
"""The tidy tables: run, run x day, run x place x period, and on request run x place x day."""


def runs_table(store: Path, study: Study | str | None = None) -> pd.DataFrame:
    """Return one row per finished or failed run of a study, or of every study in a store.

    Returns
    -------
    DataFrame
        `RUN_COLUMNS`, one column ``p.<id>`` per parameter that some world sets and ``o.<key>`` per key that some
        mix sets (missing: as in the scenario, or not in the mix), and one per outcome: the mean over the days of
        the study's window that have a value, per day for flows, the level for levels.

    Raises StoreError: if the file is no store or does not hold the study.
    """
    import pandas as pd

    with open_store(store, study=_name(study)) as db:
        where, names = _of_study(db, store, study)
        runs = pd.read_sql_query(_runs_sql(where), db, params=names)
        axes = _axes(db, where, names)
    runs[list(DAY_OUTCOMES)] = runs[list(DAY_OUTCOMES)].astype(float)
    return _with_axes(runs, axes, RUN_COLUMNS)


def options_of(runs: pd.DataFrame) -> dict[str, dict[str, float | str | None]]:
    """Return, per mix of a table of runs, its columns ``o.<key>``; None for what is not in the mix."""
    columns = [column for column in runs if column.startswith(OPTION)]
    first = runs.drop_duplicates("mix").set_index("mix")[columns].astype(object)
    return first.where(first.notna(), None).to_dict("index") if columns else {}


def _axes(db: sqlite3.Connection, where: str, names: tuple[str, ...]) -> list[tuple[str, pd.DataFrame]]:
    """Return what worlds and what mixes set, a row each, a column per parameter or option."""
    import pandas as pd

    values = pd.read_sql_query(f"SELECT * FROM axes {where} ORDER BY study, position", db, params=names)
    found = []
    for axis, part in values.groupby("axis", sort=False):
        wide = part.pivot(index=["study", "id"], columns="name", values="value")[list(dict.fromkeys(part["name"]))]
        for name in wide:
            is_text = wide[name].map(lambda value: isinstance(value, str)).any()
            wide[name] = wide[name].map(lambda v: v if pd.isna(v) else str(v)) if is_text else wide[name].astype(float)
        found.append((str(axis), wide.reset_index().rename(columns={"id": axis})))
    return found


def _with_axes(frame: pd.DataFrame, axes: Sequence[tuple[str, pd.DataFrame]], after: Sequence[str]) -> pd.DataFrame:
    """Return a table with what its worlds and mixes set in columns after those named."""
    own = [column for column in frame if column not in after]
    for axis, wide in axes:
        frame = frame.merge(wide, on=["study", axis], how="left")
    return frame[[*after, *(column for column in frame if column not in (*after, *own)), *own]].copy()


def days_table(store: Path, study: Study | str | None = None) -> pd.DataFrame:
    """Return one row per finished run and day: which run, the date, every outcome of the city."""
    return _whole(store, study, "run_days")


def places_table(store: Path, study: Study | str | None = None) -> pd.DataFrame:
    """Return one row per finished run, period and place with anything to tell: sums, nuisance a mean."""
    return _whole(store, study, "run_places")


def _whole(store: Path, study: Study | str | None, table: str) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(list(frames(store, study, table)), ignore_index=True)


def frames(store: Path, study: Study | str | None, table: str) -> Iterator[pd.DataFrame]:
    """Yield one of `TABLES` in parts of some hundred runs, so that a table may be larger than the memory.

    The first part comes always, empty if the table is.

    Raises StoreError: if the file is no store or does not hold the study.
    """
    if table == "runs":
        yield runs_table(store, study)
        return
    with open_store(store, study=_name(study)) as db:
        where, names = _of_study(db, store, study)
        found = db.execute(f"SELECT DISTINCT key FROM jobs JOIN runs USING (key) {where} ORDER BY key", names)
        keys, axes = [key for (key,) in found], _axes(db, where, names)
        for start in range(0, max(1, len(keys)), KEYS_AT_A_TIME):
            part = keys[start : start + KEYS_AT_A_TIME]
            rows = _part(db, table, (part[0], part[-1]) if part else ("", ""), where, names)
            yield _with_axes(rows, axes, JOB_COLUMNS)


def _part(db: sqlite3.Connection, table: str, between: tuple[str, str], where: str, names: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    outcomes = DAY_OUTCOMES if table == "run_days" else PLACE_TABLE_OUTCOMES
    own, condition = OWN_COLUMNS[table]
    values = ", ".join(f't."{name}"' for name in outcomes)
    sql = (
        f"WITH j AS ({ASKED} {where} {'AND' if where else 'WHERE'} key BETWEEN ? AND ?) "
        f"SELECT {JOB}, j.start_date, {own}, {values} FROM j JOIN {table} t USING (key) WHERE {condition} "
        f"ORDER BY {JOB}, {own}"
    )
    frame = pd.read_sql_query(sql, db, params=(*names, *between))
    day = "first_day" if table == "run_places" else "day"
    start = pd.to_datetime(frame.pop("start_date"))
    frame[day] = (start + pd.to_timedelta(frame[day].astype("int64"), unit="D")).dt.date
    return frame.astype(dict.fromkeys(outcomes, float))


ASKED = """
    SELECT key, study, world, mix, replicate, start_date, COALESCE(first_day, 0) AS first, period_days,
        COALESCE(last_day, (SELECT MAX(day) FROM run_days d WHERE d.key = jobs.key)) + 1 AS end
    FROM jobs JOIN studies USING (study)"""
"""Jobs with the days of their study's window; a store may hold other periods of the same run, for other studies."""
OWN_COLUMNS = {
    "run_days": ("t.day", "TRUE"),
    "run_places": (
        "t.first_day, t.n_days, t.place",
        "t.first_day >= j.first AND (t.first_day - j.first) % COALESCE(j.period_days, j.end - j.first) = 0"
        " AND t.n_days = MIN(COALESCE(j.period_days, j.end - j.first), j.end - t.first_day)",
    ),
    "run_place_days": ("t.day, t.place", "t.day >= j.first AND t.day < j.end"),
}
"""By table, its own columns and which rows a study has asked for."""


def _runs_sql(where: str) -> str:
    means = ", ".join(f'AVG(d."{name}") AS "{name}"' for name in DAY_OUTCOMES)
    in_window = "d.day >= COALESCE(s.first_day, 0) AND d.day <= COALESCE(s.last_day, d.day)"
    return (
        f"SELECT j.key, j.study, j.world, j.mix, j.replicate, j.seed, r.status, r.error, {means} "
        f"FROM jobs j JOIN runs r USING (key) JOIN studies s USING (study) "
        f"LEFT JOIN run_days d ON d.key = j.key AND {in_window} {where.replace('study', 'j.study')} "
        f"GROUP BY {JOB} ORDER BY {JOB}"
    )


def _of_study(db: sqlite3.Connection, store: Path, study: Study | str | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition for one study's rows, or none, and its values."""
    name = _name(study)
    if name is None:
        return "", ()
    held = [row[0] for row in db.execute("SELECT study FROM studies ORDER BY study")]
    if name not in held:
        rule = "{store}: no study {name!r} in this store; it holds {names}"
        raise StoreError(rule, store=store, name=name, names=", ".join(held) or Sentence("none"))
    return "WHERE study = ?", (name,)


def _name(study: Study | str | None) -> str | None:
    return study.name if isinstance(study, Study) else study
