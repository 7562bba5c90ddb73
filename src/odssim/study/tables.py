"""The tables of a store as data frames, sorted by key, without anything that depends on where a run was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from odssim.study.records import Study
from odssim.study.store import StoreError, open_store
from odssim.study.work import DAY_OUTCOMES, PLACE_TABLE_OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

RUN_COLUMNS = ("key", "study", "world", "mix", "replicate", "seed", "status", "error")
PARAMETER = "p."
"""What a column of a varied parameter begins with."""
ORDER = "key, study, world, mix, replicate"
RUNS_AT_A_TIME = 200


def runs_table(store: Path, study: Study | str | None = None) -> pd.DataFrame:
    """Return one row per finished or failed run of a study, or of every study in a store.

    Returns
    -------
    DataFrame
        `RUN_COLUMNS`, one column ``p.<id>`` per parameter that some world sets (missing: as in the base
        scenario), and one per outcome: the mean over the days of the study's window that have a value,
        per day for flows, the level for levels.

    Raises
    ------
    StoreError
        If the file is no store or does not hold the study.
    """
    import pandas as pd

    with open_store(store) as db:
        where, names = _of_study(db, study)
        runs = pd.read_sql_query(_runs_sql(where), db, params=names)
        values = pd.read_sql_query(
            f"SELECT study, world, parameter, value FROM worlds {where} ORDER BY study, position, world", db, params=names
        )  # fmt: skip
    order = [f"{PARAMETER}{key}" for key in dict.fromkeys(values["parameter"])]
    wide = values.pivot(index=["study", "world"], columns="parameter", values="value").add_prefix(PARAMETER)
    runs = runs.merge(wide.reset_index()[["study", "world", *order]], on=["study", "world"], how="left")
    runs[list(DAY_OUTCOMES)] = runs[list(DAY_OUTCOMES)].astype(float)
    return runs[[*RUN_COLUMNS, *order, *DAY_OUTCOMES]]


def _runs_sql(where: str) -> str:
    means = ", ".join(f'AVG(d."{name}") AS "{name}"' for name in DAY_OUTCOMES)
    in_window = "d.day >= COALESCE(s.first_day, 0) AND d.day <= COALESCE(s.last_day, d.day)"
    return (
        f"SELECT j.key, j.study, j.world, j.mix, j.replicate, j.seed, r.status, r.error, {means} "
        f"FROM jobs j JOIN runs r USING (key) JOIN studies s USING (study) "
        f"LEFT JOIN run_days d ON d.key = j.key AND {in_window} {where.replace('study', 'j.study')} "
        "GROUP BY j.key, j.study, j.world, j.mix, j.replicate ORDER BY j.key, j.study, j.world, j.mix, j.replicate"
    )


def _of_study(db: sqlite3.Connection, study: Study | str | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition for one study's rows, or none, and its values."""
    if study is None:
        return "", ()
    name = study if isinstance(study, str) else study.name
    held = [row[0] for row in db.execute("SELECT study FROM studies ORDER BY study")]
    if name not in held:
        raise StoreError(f"no study {name!r} in this store; it holds {', '.join(held) or 'none'}")
    return "WHERE study = ?", (name,)
