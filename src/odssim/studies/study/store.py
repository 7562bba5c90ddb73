"""The store of a batch: one SQLite file that only the parent process writes, one transaction per chunk.

Three tidy tables hold what runs gave (`runs`, `run_days`, `run_places`, and `run_place_days` on request); the
tables `studies`, `axes` and `jobs` say which study asked for which run. A run has one row, whoever asks. `seals` holds
a digest of all rows of a run, and of a study: a batch does again what is not as it was written, a reader refuses it.
"""

import json
import marshal
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from odssim.core.package_data import package_text
from odssim.engine.key import program_hash
from odssim.errors import FaultList, OdssimError, Sentence
from odssim.studies.study.jobs import Detail, Plan
from odssim.studies.study.work import DAY_OUTCOMES, PLACE_TABLE_OUTCOMES, PlaceRows, Record

FORMAT = 4
"""Number of the layout of a store; another one is refused, and what it holds is kept."""
BUSY_S = 60.0


class StoreError(OdssimError):
    """A store is no store, or of another format."""


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}" REAL' for name in names)


SCHEMA = package_text(__package__, "store.sql").format(days=_columns(DAY_OUTCOMES), places=_columns(PLACE_TABLE_OUTCOMES))
TABLES_OF = {"key": ("runs", "details", "run_days", "run_places", "run_place_days"), "study": ("studies", "axes", "jobs")}
"""By what a digest is of, a run's key or a study, the tables that hold its rows, in the order of their primary keys."""


@contextmanager
def open_store(path: Path, *, create: bool = False, study: str | None = None) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a store; to one that may not be written to, for reading only.

    `create`: for a batch: a missing store is made, and what is not as it was written is not refused but done again.
    `study`: the one that is read, whose runs must be as they were written; default: those of all studies.

    Raises StoreError: if the file is missing, no store, of another format, or not as it was written.
    """
    if not create and not path.is_file():
        raise StoreError("{path}: no such store; odssim batch STUDY --store FILE makes one", path=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("{path}: its folder cannot be made ({reason})", path=path, reason=error.strerror) from None
    try:
        reading = path.is_file() and not may_write(path)
        with closing(sqlite3.connect(_address(path, reading), timeout=BUSY_S, isolation_level=None, uri=True)) as db:
            try:
                _prepare(db, reading, create)
            except sqlite3.OperationalError:
                raise
            except (sqlite3.DatabaseError, UnicodeError) as error:  # SQLite quotes what it cannot read
                reason = error.args[0] if isinstance(error, sqlite3.DatabaseError) else error
                raise StoreError("{path}: is not a store of odssim ({reason})", path=path, reason=reason) from None
            if not create:
                _refuse_damaged(db, path, study)
            yield db
    except sqlite3.OperationalError as error:  # read-only, no room, locked by another batch
        raise StoreError(
            "{path}: cannot be opened or written ({error}); what is stored is kept", path=path, error=error
        ) from None
    except (sqlite3.DatabaseError, UnicodeError) as error:
        raise StoreError("{path}: is damaged ({error})", path=path, error=error) from None
    except OSError as error:
        if not isinstance(error.__cause__, sqlite3.Error):
            raise
        raise StoreError("{path}: is damaged ({error})", path=path, error=error.__cause__) from None  # as pandas tells it


def may_write(path: Path) -> bool:
    """Whether a store can be written; its log lies beside it, so that its folder counts too."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _address(path: Path, reading: bool) -> str:
    """Return a store's address for SQLite; a finished one needs no log, which a reader could not make beside it."""
    how = "?mode=ro" if os.path.exists(f"{path}-wal") else "?immutable=1"
    return path.absolute().as_uri() + (how if reading else "")


def _seal(db: sqlite3.Connection, kind: str, name: str) -> str:
    """Return a digest of all rows of a run or a study."""
    digest = blake2b(digest_size=16)
    for table in TABLES_OF[kind]:
        rows = db.execute(f"SELECT * FROM {table} WHERE {kind} = ?", (name,)).fetchall()
        digest.update(marshal.dumps(rows, 2))  # the last format without marks of what is shared in memory
    return digest.hexdigest()


def _write_seal(db: sqlite3.Connection, kind: str, name: str) -> None:
    db.execute("INSERT OR REPLACE INTO seals VALUES (?, ?, ?)", (kind, name, _seal(db, kind, name)))


def _damaged(db: sqlite3.Connection, kind: str) -> set[str]:
    """Return the runs, or studies, that have lost rows or hold others than were written."""
    seals = dict(db.execute("SELECT name, seal FROM seals WHERE kind = ?", (kind,)))
    names = {name for (name,) in db.execute(f"SELECT {kind} FROM {TABLES_OF[kind][0]}")} | seals.keys()
    return {name for name in names if seals.get(name) != _seal(db, kind, name)}


def _refuse_damaged(db: sqlite3.Connection, path: Path, only: str | None) -> None:
    faults = FaultList()
    asked = {key for key, study in db.execute("SELECT key, study FROM jobs") if only in (None, study)}
    for key in sorted(map(str, _damaged(db, "key") & asked)):
        rule = "{path}: run {key} has lost rows or was changed; odssim batch STUDY does it again"
        faults.append(StoreError(rule, path=path, key=key))
    for study in sorted(str(study) for study in _damaged(db, "study") if only in (None, study)):
        rule = "{path}: study {study} has lost rows or was changed; odssim batch STUDY writes it again"
        faults.append(StoreError(rule, path=path, study=study))
    faults.refuse()


def _layout(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return every table's columns."""
    of_each = "FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
    return set(db.execute(f"SELECT t.name, c.name {of_each}"))


def _prepare(db: sqlite3.Connection, reading: bool, create: bool) -> None:
    """Make the tables of a new store; a file that is no store is refused as it is, nothing written.

    The log is written ahead and synced at every commit: what is committed outlives the process and the machine.
    """
    asked = "SELECT user_version, (SELECT COUNT(*) FROM sqlite_master) FROM pragma_user_version"
    found, n_tables = db.execute(asked).fetchone()
    if found not in (0, FORMAT):
        raise sqlite3.DatabaseError(
            Sentence("format {found}, this version reads {format}; name a new file", found=found, format=FORMAT)
        )
    if found == 0 and (n_tables or not create):
        why = Sentence("it holds tables of something else" if n_tables else "it holds nothing")
        raise sqlite3.DatabaseError(why)
    if found == FORMAT:
        with closing(sqlite3.connect(":memory:")) as new:
            new.executescript(SCHEMA)
            lacking = _layout(new) - _layout(db)
        if lacking:
            raise sqlite3.DatabaseError(Sentence("it lacks tables or columns, {name} is one", name=".".join(min(lacking))))
    if reading:
        return
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    if found == 0:
        db.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("COMMIT")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit all that the block writes, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def detail_names(detail: Detail) -> list[str]:
    """Return the names under which the rows per place of a run are noted."""
    names = [f"places {detail.first}-{detail.end} by {detail.period_days}"]
    return [*names, f"place days {detail.first}-{detail.end}"] if detail.place_days else names


def note_study(db: sqlite3.Connection, plan: Plan) -> None:
    """Write down which runs a study consists of, unless it stands there; an earlier version of the study is replaced."""
    study = plan.study
    scenario = next(iter(plan.resolved.values()))
    start = scenario.start_date
    window = (None, None) if study.window is None else tuple((day - start).days for day in study.window)
    tables: dict[str, list[tuple[Any, ...]]] = {
        "studies": [(study.name, start.isoformat(), scenario.substances[0], *window, study.period_days)],
        "axes": [(study.name, *axis, _plain(value), i) for i, (*axis, value) in enumerate(study.axes)],
        "jobs": [(study.name, j.world, j.mix, j.replicate, j.seed, j.key) for j in plan.jobs],
    }
    mine = "FROM {} WHERE study = ?"
    held = {table: set(db.execute(f"SELECT * {mine.format(table)}", (study.name,))) for table in tables}
    if all(held[table] == set(rows) for table, rows in tables.items()) and study.name not in _damaged(db, "study"):
        return
    with transaction(db):
        for table, rows in tables.items():
            db.execute(f"DELETE {mine.format(table)}", (study.name,))
            if rows:
                db.executemany(f"INSERT INTO {table} VALUES ({_marks(len(rows[0]))})", rows)
        _write_seal(db, "study", study.name)


def _plain(value: Any) -> Any:
    """Return a number or text as it is, anything else as text."""
    if value is None or isinstance(value, int | float | str):
        return value
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, list | Mapping) else str(value)


def missing_keys(db: sqlite3.Connection, plan: Plan, *, retry_failed: bool = False) -> set[str]:
    """Return the keys of a study's runs that are to be done: not there, without wanted rows, or killed.

    A run that raised an error would raise it again: it counts as done unless `retry_failed`.
    """
    kept = {"done"} if retry_failed else {"done", "failed"}
    return {key for key, status in _statuses(db, plan).items() if status not in kept}


def count_status(db: sqlite3.Connection, plan: Plan) -> Counter[str]:
    """Return how many runs of a study have each status; a run that two rows of a study share counts twice."""
    statuses = _statuses(db, plan)
    return Counter(statuses[job.key] for job in plan.jobs)


def _statuses(db: sqlite3.Connection, plan: Plan) -> dict[str, str]:
    """Return the status of every run of a study; not as it was written, or without wanted details, it is "missing"."""
    details: dict[str, set[str]] = {}
    for key, detail in db.execute("SELECT key, detail FROM details"):
        details.setdefault(key, set()).add(detail)
    runs, damaged = dict(db.execute("SELECT key, status FROM runs")), _damaged(db, "key")
    statuses = {}
    for key, job in plan.by_key.items():
        lacks = runs.get(key) == "done" and not details.get(key, set()).issuperset(detail_names(plan.detail(job)))
        statuses[key] = "missing" if lacks or key in damaged else runs.get(key, "missing")
    return statuses


def add_records(db: sqlite3.Connection, records: Iterable[tuple[Record, Detail]]) -> int:
    """Write runs in one transaction; return how many: what another worker has stored is not written twice."""
    now, n_new = datetime.now(UTC).isoformat(timespec="seconds"), 0
    with transaction(db):
        for record, detail in records:
            before = db.total_changes
            if not _is_whole(db, record.key):
                _forget(db, record.key)
            _add(db, record, detail, now)
            if db.total_changes > before:
                _write_seal(db, "key", record.key)
                n_new += 1
    return n_new


def _is_whole(db: sqlite3.Connection, key: str) -> bool:
    """Whether a run is finished, and as it was written."""
    found = "SELECT seal FROM seals JOIN runs ON kind = 'key' AND name = key WHERE key = ? AND status = 'done'"
    return bool(db.execute(found, (key,)).fetchone() == (_seal(db, "key", key),))


def _forget(db: sqlite3.Connection, key: str) -> None:
    for table in TABLES_OF["key"]:
        db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))


def _add(db: sqlite3.Connection, record: Record, detail: Detail, now: str) -> None:
    row = (record.key, record.seed, record.status, record.error, program_hash(), record.wall_s, record.host, now)
    db.execute(f"INSERT OR IGNORE INTO runs VALUES ({_marks(8)})", row)
    if record.status != "done":
        return
    days = [(record.key, d, *values) for d, values in enumerate(record.days.tolist())]
    _insert(db, "run_days", 2 + len(DAY_OUTCOMES), days)
    for rows in record.places:
        _insert(db, "run_places", 4 + len(PLACE_TABLE_OUTCOMES), _place_values(record.key, rows, True))
    for rows in record.place_days:
        _insert(db, "run_place_days", 3 + len(PLACE_TABLE_OUTCOMES), _place_values(record.key, rows, False))
    _insert(db, "details", 2, [(record.key, name) for name in detail_names(detail)])


def _place_values(key: str, rows: PlaceRows, with_length: bool) -> list[tuple[Any, ...]]:
    period = (rows.first, rows.n_days) if with_length else (rows.first,)
    return [(key, *period, place, *values) for place, values in zip(rows.place, rows.values.tolist(), strict=True)]


def _insert(db: sqlite3.Connection, table: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
    db.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({_marks(width)})", rows)


def _marks(n: int) -> str:
    return ", ".join("?" * n)


def merge_into(db: sqlite3.Connection, other: Path) -> None:
    """Take over all runs of another store; a run that both hold is taken once, a finished one before a failed.

    Raises StoreError: if the other store is none, or has runs that are not as they were written.
    """
    with open_store(other) as source:
        keys = {key for (key,) in source.execute("SELECT key FROM runs")} - _damaged(source, "key")
    db.execute("ATTACH DATABASE ? AS other", (_address(other, not may_write(other)),))
    try:
        with transaction(db):
            for key in sorted(keys):
                if not _is_whole(db, key):
                    _forget(db, key)
                for table in TABLES_OF["key"]:
                    db.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM other.{table} WHERE key = ?", (key,))
                _write_seal(db, "key", key)
    finally:
        db.execute("DETACH DATABASE other")
