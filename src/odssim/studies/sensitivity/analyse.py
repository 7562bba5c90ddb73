"""One method on the outcomes of its sample: tables, verdicts, chance's share, and whether there are enough runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from odssim.core.csv_json import json_text, jsonable
from odssim.core.result import Content
from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.language import LANGUAGES, speaking
from odssim.language.written import figures, percent
from odssim.studies.sensitivity.chance import ChanceShare, chance_share
from odssim.studies.sensitivity.convergence import Convergence, convergence
from odssim.studies.sensitivity.decisions import best_mixes, flips, mix_shares
from odssim.studies.sensitivity.design import moved_group
from odssim.studies.sensitivity.emulator import emulated_indices
from odssim.studies.sensitivity.index import Index, judge
from odssim.studies.sensitivity.morris import morris
from odssim.studies.sensitivity.oat import oat_levels, swings
from odssim.studies.sensitivity.pawn import pawn
from odssim.studies.sensitivity.sample import Sample
from odssim.studies.sensitivity.shapley import shapley
from odssim.studies.sensitivity.sobol import Treatment, sobol_indices

Row = dict[str, Any]
NEVER_VARIES = "never varies"
TABLES = ("indices", "levels", "convergence", "shares")


@dataclass(frozen=True)
class Report:
    """What `odssim sensitivity` answers."""

    method: str
    outcome: str
    n_points: int
    n_replicates: int
    indices: tuple[Row, ...]
    """The main table, one row per parameter (or index), with verdicts; of ``decisions``, one per parameter."""
    notes: tuple[str, ...]
    """What a reader must know of the method and these runs, in sentences."""
    chance: ChanceShare | None = None
    levels: tuple[Row, ...] = ()
    """Of ``oat``: the response curves."""
    shares: tuple[Row, ...] = ()
    """Of ``decisions``: in which share of parameter space each mix is best."""
    converged: Convergence | None = None
    problem: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> Row:
        """Return all of it in types that JSON knows."""
        plain: Row = jsonable(self)
        return plain | {"notes": self.text()}

    def text(self) -> list[str]:
        """Return chance's share, and what must be known of method and runs."""
        return [*([] if self.chance is None else [self.chance.sentence]), *self.notes]

    def files(self) -> dict[str, Content]:
        """Return the tables as CSV, everything as JSON and, where there is one, the SALib problem."""
        tables: dict[str, Sequence[Row]] = {
            "indices": self.indices,
            "levels": self.levels,
            "shares": self.shares,
            "convergence": [asdict(step) for step in self.converged.steps] if self.converged else (),
        }
        problem = {"problem.json": json_text(self.problem, sort_keys=True)} if self.problem else {}
        record = {"sensitivity.json": json_text(self.record(), sort_keys=True)}
        return {**{f"{name}.csv": jsonable(rows) for name, rows in tables.items() if rows}, **problem, **record}


@speaking(LANGUAGES[0])  # as all that a record says
def analyse(
    sample: Sample,
    y: Array,
    outcome: str = "outcome",
    *,
    treatment: Treatment = "qoi",
    mixes: Sequence[str] = (),
    lower_is_better: bool = True,
) -> Report:
    """Return the report of a sample's outcomes.

    Parameters
    ----------
    y
        float64[blocks, rows, replicates]; for ``decisions`` float64[blocks, mixes, replicates].
    treatment
        How ``sobol`` treats chance (`sobol`).
    mixes, lower_is_better
        For ``decisions``: the mixes' names, and whether less of the outcome is better.

    Raises OdssimError: if there are too few runs to say anything.
    """
    seen = y[np.isfinite(y)]
    if len(seen) and not np.ptp(seen):
        return _never_varies(sample, outcome, y.shape[2], seen)
    methods: dict[str, Callable[[], dict[str, Any]]] = {
        "chance": lambda: {"indices": ()},
        "oat": lambda: _oat(sample, y),
        "morris": lambda: _morris(sample, y),
        "sobol": lambda: _sobol(sample, y, treatment),
        "pawn": lambda: _pawn(sample, y),
        "shapley": lambda: _shapley(sample, y),
        "emulator": lambda: _emulator(sample, y),
        "decisions": lambda: _decisions(sample, y, mixes, lower_is_better),
    }
    missing = int(np.isnan(y).any(axis=tuple(range(1, y.ndim))).sum())
    parts = {"notes": (), **methods[sample.method]()}
    notes = [*_chance_notes(sample), *parts.pop("notes")]
    if missing:
        notes.append(f"{missing} of {len(y)} blocks have runs without this outcome and were left out.")
    return Report(
        sample.method, outcome, int(np.prod(sample.unit.shape[:2])), y.shape[2], notes=tuple(notes),
        chance=None if sample.method == "decisions" else _chance(sample, y), problem=_problem(sample), **parts,
    )  # fmt: skip


def _never_varies(sample: Sample, outcome: str, n_replicates: int, seen: Array) -> Report:
    """Return the report of an outcome that is the same in every run: it says just that."""
    value, n = float(seen[0]), len(seen)
    row = {"outcome": outcome, "value": value, "n_runs": n, "verdict": NEVER_VARIES}
    note = (
        f"{outcome} is {figures(value, 6)} in all {n} runs: it never varies,"
        " so that no parameter can be said to matter for it."
    )
    n_points = int(np.prod(sample.unit.shape[:2]))
    return Report(sample.method, outcome, n_points, n_replicates, (row,), (note,), problem=_problem(sample))


def _chance_notes(sample: Sample) -> list[str]:
    if not sample.common_random_numbers:
        return []
    return [
        "All points share the same few seeds: differences are precise, but blocks say nothing of what other random numbers "
        "would have given; use 3 replicates or more, or leave --common-random-numbers out."
    ]


def _chance(sample: Sample, y: Array) -> ChanceShare | None:
    """Return chance's share over the blocks' first points, which are spread over the space."""
    if y.shape[2] < 2 or np.isfinite(y[:, 0]).all(axis=1).sum() < 3:
        return None
    return chance_share(y[:, 0], common_random_numbers=sample.common_random_numbers)


def _problem(sample: Sample) -> Mapping[str, Any]:
    try:
        return dict(sample.space.problem())
    except OdssimError:
        return {}


def _oat(sample: Sample, y: Array) -> dict[str, Any]:
    levels = oat_levels(y[0], sample.space, sample.unit[0, 0])
    note = "One parameter at a time from the base: interactions are not seen."
    rows = tuple(asdict(swing) for swing in swings(levels))
    return {"indices": rows, "levels": tuple(asdict(level) for level in levels), "notes": (note,)}


def _morris(sample: Sample, y: Array) -> dict[str, Any]:
    groups = sample.space.groups
    moved = moved_group(sample.unit, groups)

    def rows(n: int) -> list[Any]:
        return morris(y[:n], sample.unit[:n], moved[:n], list(groups))

    effects = rows(sample.n_blocks)
    strongest = max(abs(effect.index.value) for effect in effects)
    converged = convergence(sample.n_blocks, lambda n: [e.index for e in rows(n)], widest=0.25 * strongest, least_blocks=4)
    notes = (
        "value: root mean square effect over the whole range, chance taken out; mu* of chance: what a parameter without "
        "effect would show.",
        converged.sentence,
    )
    return {"indices": tuple(effect.row() for effect in effects), "converged": converged, "notes": notes}


def _sobol(sample: Sample, y: Array, treatment: Treatment) -> dict[str, Any]:
    names = list(sample.space.groups)

    def indices(n: int) -> list[Index]:
        return sobol_indices(y[:n], names, treatment=treatment, common_random_numbers=sample.common_random_numbers)

    def totals(n: int) -> list[Index]:
        return [index for index in indices(n) if index.measure == "ST"]

    found = indices(sample.n_blocks)
    judged = judge(i for i in found if i.measure == "ST")
    order = [row.parameter for row in judged]
    first = sorted((i for i in found if i.measure == "S1"), key=lambda i: order.index(i.parameter))
    converged = convergence(sample.n_blocks, totals)
    notes = [f"Treatment of chance: {treatment} ({TREATMENTS[treatment]}).", converged.sentence]
    if treatment == "raw" and not sample.common_random_numbers:
        notes.append("The dummy's total is chance's: a raw total near it says nothing.")
    pairs = sorted((i for i in found if i.measure == "S2"), key=lambda i: -i.value)
    if pairs:
        notes.append(_interactions(pairs))
    rows = tuple(asdict(index) for index in (*judged, *first, *pairs))
    return {"indices": rows, "converged": converged, "notes": tuple(notes)}


def _interactions(pairs: Sequence[Index]) -> str:
    clear = [
        f"{i.parameter} ({figures(i.value, 2)}, {figures(i.low, 2)} to {figures(i.high, 2)})" for i in pairs if i.low > 0
    ]
    if clear:
        return f"Pairs that do more together than each alone (S2): {', '.join(clear)}."
    widest = max((i.high - i.low) / 2 for i in pairs)
    return f"No pair is shown to do more together than each alone (S2 known to +/- {figures(widest, 2)} at worst)."


TREATMENTS: Mapping[str, str] = {
    "qoi": "indices of the expected outcome, chance taken out",
    "raw": "indices of the outcome of one run, chance being one more input",
    "hart": "indices for given random numbers, averaged over them",
}


def _pawn(sample: Sample, y: Array) -> dict[str, Any]:
    names = list(sample.space.ids)

    def rows(n: int) -> list[Index]:
        return pawn(y[:n, 0], sample.unit[:n, 0], names)

    converged = convergence(sample.n_blocks, rows, least_blocks=32)
    notes = ("value: median PAWN index less what random columns get.", converged.sentence)
    return {"indices": tuple(asdict(row) for row in rows(sample.n_blocks)), "converged": converged, "notes": notes}


def _shapley(sample: Sample, y: Array) -> dict[str, Any]:
    def rows(n: int) -> list[Index]:
        return shapley(y[:n], sample.unit[:n], list(sample.space.ids))

    converged = convergence(sample.n_blocks, rows)
    return {
        "indices": tuple(asdict(row) for row in rows(sample.n_blocks)),
        "converged": converged,
        "notes": (converged.sentence,),
    }


def _emulator(sample: Sample, y: Array) -> dict[str, Any]:
    found, emulator = emulated_indices(y[:, 0], sample.unit[:, 0], sample.space.groups)
    judged = judge(i for i in found if i.measure == "ST")
    order = [row.parameter for row in judged]
    first = sorted((i for i in found if i.measure == "S1"), key=lambda i: order.index(i.parameter))
    note = (
        f"By way of an emulator of {sample.n_blocks} points: it explains {percent(emulator.q2)} of what the "
        f"parameters do at points left out (Q2 {figures(emulator.q2, 2)}); leave-one-out error "
        f"{figures(emulator.loo_error, 4)}, chance included."
    )
    return {"indices": tuple(asdict(index) for index in (*judged, *first)), "notes": (note,)}


def _decisions(sample: Sample, y: Array, mixes: Sequence[str], lower_is_better: bool) -> dict[str, Any]:
    kept = np.isfinite(y).all(axis=(1, 2))
    best, clear = best_mixes(y[kept], lower_is_better=lower_is_better)
    unit, values = sample.unit[kept, 0], sample.values[kept, 0]
    shares = tuple(asdict(share) for share in mix_shares(best, clear, mixes))
    turns = tuple(asdict(flip) for flip in flips(unit, values, best, mixes, sample.space.ids))
    top = shares[0]
    note = (
        f"Best in most of parameter space: {top['mix']} ({percent(top['share'])}, 95 % interval "
        f"{percent(top['low'])} to {percent(top['high'])}); clearly best in {percent(top['clear_share'])}. In "
        f"{percent(1 - clear.mean())} of the points chance leaves open which of the best two it is."
    )
    return {"indices": turns, "shares": shares, "notes": (note,)}
