"""Try designs on worlds, batch by batch: finished batches are kept, enough is enough, losers of a race may drop out."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from odssim.core.files import naming_faults, whole_file
from odssim.core.folders import sealed, unsealed
from odssim.core.processes import local_pool
from odssim.core.types import Array
from odssim.engine.key import EVERYTHING, city_of, digest, program_hash, run_key
from odssim.evaluation.design.design_file import Design, scenarios_named
from odssim.evaluation.trial.characteristics import Columns, select
from odssim.evaluation.trial.noise import Look, look
from odssim.evaluation.trial.score import Setup, columns_of, score_batch, setup_of
from odssim.evaluation.worlds.cities import BATCH

Progress = Callable[[int, int], None]
Drop = Callable[[Mapping[str, "Tried"]], set[str]]
"""Which designs leave a race, by id, from all that still take part."""
TEXTS = ("condition", "indicator", "estimator")
FORMAT = 4
"""Number of the layout of stored batches; another one is not read."""


@dataclass
class Tried:
    """A design and what its worlds have given so far."""

    design: Design
    setup: Setup
    tables: list[Columns] = field(default_factory=list)
    """One table of columns per finished batch."""
    looks: dict[str, Look] = field(default_factory=dict)
    """The last looks at power for target and for city under pure reduction."""
    why_stopped: str = ""
    """In plain words; empty while it goes on."""

    @property
    def columns(self) -> Columns:
        """All scores as one table."""
        return columns_of(self.tables)

    def headline_scores(self) -> Columns:
        """Return the primary estimator's scores on the first indicator under the headline's condition."""
        setup, primary = self.setup, self.design.keys.answer.primary
        return select(self.columns, condition=setup.headline, indicator=setup.indicators[0], estimator=primary)

    @property
    def n_worlds(self) -> int:
        """Worlds tried."""
        return len({int(w) for table in self.tables for w in np.unique(table["world"])})

    @property
    def most_worlds(self) -> int:
        """Worlds at which the design stops in any case."""
        return most_worlds(self.design)


def most_worlds(design: Design) -> int:
    """Return the number of worlds that a design asks for."""
    return 400 if design.keys.world is None else design.keys.world.worlds


def run_designs(
    designs: Sequence[Design], folder: Path, *, workers: int = 1, half_width: float = 0.05, everything: bool = False,
    progress: Progress | None = None, drop: Drop | None = None,
) -> list[Tried]:  # fmt: skip
    """Try every design until its power is known to `half_width`, or all its worlds are used.

    Parameters
    ----------
    folder
        Where finished batches are kept; the same call again goes on from them. A batch of other code, of another
        city or of files that hold something else is not found.
    half_width
        Of the interval of power (target, and city where it is asked) at the look's share of alpha. A design
        also stops when the interval leaves out the power wanted.
    everything
        Read every indicator, the truth among them.
    drop
        Asked after every round which designs leave.
    """
    tried = [Tried(design, setup_of(design, everything=everything)) for design in designs]
    stores = {one.design.id: folder / "batches" / _key(one.design, everything) for one in tried}
    n_all = sum(_n_batches(one) for one in tried)
    with _pool(workers) as run:
        while going := [one for one in tried if not one.why_stopped]:
            tasks = [(one, len(one.tables) + k) for one in going for k in range(_ahead(one, workers, len(going)))]
            paths = [stores[one.design.id] / f"{batch:05d}.scores" for one, batch in tasks]
            found = {i: table for i, path in enumerate(paths) if (table := _read(path)) is not None}
            missing = [i for i in range(len(tasks)) if i not in found]
            work = [(tasks[i][0].design, everything, tasks[i][1], paths[i]) for i in missing]
            found |= zip(missing, run(_do_batch, work), strict=True)
            for i, (one, _) in enumerate(tasks):
                one.tables.append(_asked_for(found[i], one))
            for one in going:
                _judge(one, half_width)
            _race(going, drop)
            if progress is not None:
                n_left = sum(_n_batches(one) - len(one.tables) for one in tried if not one.why_stopped)
                progress(n_all - n_left, n_all)
    return tried


def _n_batches(one: Tried) -> int:
    return max(1, -(-one.most_worlds // worlds_per_batch(one.design)))


def worlds_per_batch(design: Design) -> int:
    """Return how many worlds a batch has: an engine world is a batch of its own."""
    return 1 if design.kind == "engine" else BATCH


def _ahead(one: Tried, workers: int, n_going: int) -> int:
    """Return how many batches of a design to do in this round: all workers have something to do."""
    return min(max(1, workers // n_going), _n_batches(one) - len(one.tables))


def _judge(one: Tried, half_width: float) -> None:
    """Look at the powers, and stop a design whose powers are known well enough or whose worlds are used up."""
    answer = one.design.keys.answer
    c = one.headline_scores()
    asked = {"target": c["falls"]} | ({"city": c["city_falls"]} if c["city_asked"].all() else {})
    one.looks = {name: _look(len(one.tables), c["world"], found, answer.power, half_width) for name, found in asked.items()}
    wide = {name: seen for name, seen in one.looks.items() if (seen.high - seen.low) / 2 > half_width}
    if not wide:
        one.why_stopped = f"power is known to {half_width:g}"
    elif len(one.tables) >= _n_batches(one):
        one.why_stopped = "all worlds are used"


def _look(k: int, world: Array, found: Array, power: float, half_width: float) -> Look:
    """Return the k-th look at a power; a world read by several evaluators counts once, with its share of successes."""
    n = len(np.unique(world))
    return look(k, round(float(found.mean()) * n), n, target=power, half_width=half_width)


def _race(going: Sequence[Tried], drop: Drop | None) -> None:
    if drop is None:
        return
    losers = drop({one.design.id: one for one in going})
    for one in going:
        if one.design.id in losers and not one.why_stopped:
            one.why_stopped = "beaten in the race"


def _key(design: Design, everything: bool) -> str:
    """Return the key of a design's batches: all that decides them, not what the design is called."""
    runs = [run_key(one, city_of(one.city)) for one in scenarios_named(design)]
    return digest(program_hash(EVERYTHING), f"{FORMAT} {everything} {BATCH}", design.content_hash, *runs)


def _do_batch(task: tuple[Design, bool, int, Path]) -> Columns:
    """Score one batch, store it, whole or not at all, and return it."""
    design, everything, batch, path = task
    setup = setup_of(design, everything=everything)
    if design.kind == "engine":
        from odssim.evaluation.trial.score_engine import score_engine_batch

        tables = score_engine_batch(setup, batch)
    else:
        tables = score_batch(setup, batch)
    columns = columns_of(tables)
    arrays = {n: pa.array(v).dictionary_encode() if n in TEXTS else pa.array(v) for n, v in columns.items()}
    table, stored = pa.table(arrays), io.BytesIO()
    pq.write_table(table, stored)
    with naming_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(sealed(stored.getvalue(), _name(path)))
    return _columns(table)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _read(path: Path) -> Columns | None:
    """Return a stored batch; None if it is not there, or damaged: it is done anew."""
    try:
        stored = unsealed(path.read_bytes(), _name(path))
    except OSError:
        return None
    return None if stored is None else _columns(pq.read_table(pa.BufferReader(stored)))


def _columns(table: pa.Table) -> Columns:
    return {
        name: np.asarray(table[name].to_pylist()) if name in TEXTS else table[name].to_numpy() for name in table.column_names
    }


def _asked_for(columns: Columns, one: Tried) -> Columns:
    """Return the scores of the worlds that are asked for: the last batch may hold more."""
    if one.design.kind == "engine":
        return columns
    wanted = columns["world"] < one.most_worlds
    return {name: values[wanted] for name, values in columns.items()}


@contextmanager
def _pool(workers: int) -> Iterator[Callable[..., Any]]:
    """Yield a map over worker processes; over this one if there is only one worker."""
    if workers <= 1:
        yield map
        return
    with local_pool(workers) as pool:
        yield partial(pool.map, chunksize=1)
