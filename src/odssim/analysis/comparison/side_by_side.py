"""Alternatives set beside a base over the same seeds: tables, sentences and files."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from odssim.analysis.comparison import displacement_words as wording_displacement
from odssim.analysis.comparison import words as wording
from odssim.analysis.comparison.averted_rows import averted_rows, averted_text
from odssim.analysis.comparison.contrast import SeedContrast, Window, shared_window
from odssim.analysis.comparison.difference_rows import difference_rows, fate_rows
from odssim.analysis.comparison.indicator_rows import indicator_rows
from odssim.analysis.comparison.net_words import net_sentence
from odssim.analysis.comparison.ring_rows import measure_row
from odssim.analysis.comparison.set_apart import Values, apart_text, parameters_apart, with_values
from odssim.analysis.comparison.source_rows import recorded_away, shift_row, source_rows
from odssim.analysis.decision.choose import Decision, decide
from odssim.analysis.decision.decision_words import decision_text
from odssim.analysis.decision.objective import COST, Objective, event_of
from odssim.analysis.decision.precision import Precision, precision_rows, precision_text
from odssim.analysis.decision.ranking import DISPLACED, HARM, Evidence
from odssim.analysis.displacement.seen import TRUTH
from odssim.core.csv_json import json_text, write_csv
from odssim.core.files import atomic_folder
from odssim.language import LANGUAGES, say, speaking
from odssim.language.written import said_range
from odssim.observe.write import scenario_record, versions
from odssim.scenario.command import command, file_of, set_words
from odssim.scenario.records import Scenario

Row = dict[str, Any]
OUT = "results/comparison"
"""Where the command that is shown puts its tables."""
Pictures = Mapping[str, Callable[[Decision, Path], None]]


@dataclass(frozen=True)
class Settings:
    """What an evaluator decides beforehand."""

    objective: Objective = field(default_factory=Objective)
    smallest: float = 0.05
    """Smallest difference of interest, as a share of the base's mean; assumption."""
    precision: tuple[Precision, ...] = ()
    """How well differences are to be known; if any, all intervals of differences are those of a confidence
    sequence, because the number of runs then depends on what was seen."""


@dataclass(frozen=True)
class Alternative:
    """One scenario beside the base, with one contrast per seed."""

    label: str
    scenario: Scenario
    window: Window
    contrasts: tuple[SeedContrast, ...]


@dataclass(frozen=True)
class Comparison:
    """Alternatives against one base, over the same seeds."""

    base: Scenario
    seeds: tuple[int, ...]
    alternatives: tuple[Alternative, ...]
    placebo_place: str | None
    """Where the single visit of the noise floor took place; None if no place was unrelated or no
    alternative works at places."""
    settings: Settings = field(default_factory=Settings)

    @property
    def anytime(self) -> bool:
        """Whether intervals must hold at every look."""
        return bool(self.settings.precision)

    @property
    def window(self) -> Window:
        """The days over which all mixes are ranked."""
        return shared_window([one.window for one in self.alternatives])

    @cached_property
    def tables(self) -> dict[str, dict[str, list[Row]]]:
        """Rows by table (`TABLES`) and alternative."""
        return {name: {one.label: rows(self, one) for one in self.alternatives} for name, rows in TABLES.items()}

    def rows(self, table: str = "differences") -> list[Row]:
        """Return the rows of a table (`TABLES`), alternative by alternative."""
        return [row for rows in self.tables[table].values() for row in rows]

    def place_table(self) -> pa.Table:
        """Return one row per place: open deals a day over the shared days, mean over seeds, `base` and each mix."""
        columns = {"base": [c.base_deals for c in self.alternatives[0].contrasts]}
        columns |= {f"mix_{k}": [c.other_deals for c in one.contrasts] for k, one in enumerate(self.alternatives, 1)}
        table = pa.table({name: np.mean(deals, axis=0) for name, deals in columns.items()})
        return table.replace_schema_metadata({"parameters_apart": json.dumps(self.apart)} if self.apart else None)

    def worked_at(self) -> dict[str, list[int]]:
        """Return, per alternative, the places (indices) where it works in at least half of the seeds."""
        return {one.label: _in_half([c.targets for c in one.contrasts]) for one in self.alternatives}

    @cached_property
    def evidence(self) -> Evidence:
        """What is known of all mixes over the days that they share, the base first."""
        sides = [one.contrasts for one in self.alternatives]
        days = self.window.days

        def column(name: str) -> np.ndarray[Any, Any]:
            worlds = [[c.base_shared for c in sides[0]], *([c.other_shared for c in side] for side in sides)]
            return np.array([[means[name] for means in world] for world in worlds]).T

        names = (self.settings.objective.outcome, COST, HARM)
        values = {name: column(name) for name in names if name in sides[0][0].base_shared}
        moved = [[_displaced(c) for c in side] for side in sides]
        if all(number is not None for side in moved for number in side):
            values[DISPLACED] = np.array([[0.0] * len(self.seeds), *moved], dtype=np.float64).T / days
        known = ~np.isnan(np.hstack(list(values.values()))).any(axis=1)
        mixes = (self.base.name, *(one.label for one in self.alternatives))
        kept = {name: table[known] for name, table in values.items()}
        event = event_of(self.settings.objective.outcome, days)
        return Evidence(mixes, kept, n_left_out=int((~known).sum()), event=event)

    @cached_property
    def decision(self) -> Decision | None:
        """The mixes ranked; None if the objective has no value in any seed."""
        if not self.evidence.n:
            return None
        return decide(self.evidence, self.settings.objective, self.settings.smallest)

    @cached_property
    def apart(self) -> Values:
        """The parameters in which the scenarios differ, by label; empty where all agree."""
        sides = (self.base, *(one.scenario for one in self.alternatives))
        return parameters_apart([self.base.name, *(one.label for one in self.alternatives)], sides)

    @property
    def command(self) -> str:
        """The command that makes the same tables."""
        goal, n = self.settings.objective, len(self.seeds)
        words: list[object] = [file_of(one) for one in (self.base, *(one.scenario for one in self.alternatives))]
        words += [*set_words(self.base, seed=True), "--seeds", n, "--smallest", self.settings.smallest]
        words += ["--objective", goal.outcome if goal.worth_sek is None else f"{goal.outcome}:{goal.worth_sek!r}"]
        words += [word for one in self.settings.precision for word in ("--precision", one.written)]
        words += ["--max-seeds", n] if self.settings.precision else []
        return command("compare", *words, "--out", OUT)

    def text(self) -> list[str]:
        """Return lines for a terminal, as an evaluator would write them."""
        lines: list[str] = []
        for one in self.alternatives:
            found = {name: rows[one.label] for name, rows in self.tables.items()}
            rows, (measures,) = found["differences"], found["measures"]
            lines += [wording.header(one.label, self.base.name, len(self.seeds), one.window)]
            lines += [
                *wording.idle(found["works_nowhere"]),
                *wording.cut(found["cut_by_budget"]),
                *apart_text(self.apart),
            ]
            lines += [net_sentence(rows)]
            lines += wording_displacement.ledger(found["displacement"], measures, self.placebo_place)
            lines += [*wording.differences(rows, self.settings.smallest), ""]
            lines += [*wording.difference_table(rows), "", *wording.cost_table(rows)]
            truth = next((row for row in found["sources"] if row["source"] == TRUTH), None)
            lines += [*wording_displacement.checks(measures), *wording_displacement.shifts(found["shifts"][0], truth)]
            for part in (wording_displacement.sources(found["sources"]), averted_text(found["cost_per_unit"])):
                lines += ["", *part] if part else []
            lines.append("")
        lines += precision_text(self.rows("precision"), self.settings.precision, len(self.seeds))
        if self.anytime:
            lines += [say("Intervals of differences hold however often one looks (confidence sequence)."), ""]
        days = self.window
        if self.decision is None:
            return [*lines, say("No ranking: the objective has no value in any seed.")]
        lines += apart_text(self.apart)
        return [*lines, *decision_text(self.decision, said_range(str(days.first_date), str(days.last_date)))]

    def record(self) -> dict[str, Any]:
        """Return everything as one JSON document; its sentences are English, whoever asks."""
        with speaking(LANGUAGES[0]):
            text = self.text()
        found = {
            "base": {"name": self.base.name, "content_hash": self.base.content_hash},
            "command": self.command,
            "parameters_apart": self.apart,
            "scenarios": [scenario_record(one) for one in (self.base, *(a.scenario for a in self.alternatives))],
            "versions": versions(),
            "alternatives": [
                {"name": one.label, "content_hash": one.scenario.content_hash,
                 "first_day": one.window.first_date.isoformat(), "last_day": one.window.last_date.isoformat()}
                for one in self.alternatives
            ],
            "seeds": list(self.seeds),
            "placebo_place": self.placebo_place,
            "smallest_share": self.settings.smallest,
            "interval": "confidence sequence" if self.anytime else "paired t",
            **{name: self.rows(name) for name in TABLES},
            "worked_at": self.worked_at(),
            "decision": None if self.decision is None else self.decision.record(),
            "text": text,
        }  # fmt: skip
        plain: dict[str, Any] = with_values(found, self.apart, self.base.name)
        return plain

    def write(self, out_dir: Path, *, pictures: Pictures | None = None) -> None:
        """Write comparison.json, places.parquet, one CSV per table and the pictures into `out_dir`, all or nothing.

        Parameters
        ----------
        pictures
            File name to a function that draws the decision into a path.
        """
        record = self.record()
        with atomic_folder(out_dir) as folder:
            (folder / "comparison.json").write_text(json_text(record), encoding="utf-8")
            pq.write_table(self.place_table(), folder / "places.parquet", compression="zstd")
            for name in ("differences", "displacement", "sources", "indicators"):
                write_csv(folder / f"{name}.csv", record[name])
            write_csv(folder / "ranking.csv", record["decision"]["ranking"] if self.decision else [])
            for name, draw in (pictures or {}).items():
                if self.decision is not None:
                    draw(self.decision, folder / name)


def _idle(found: Comparison, one: Alternative) -> list[Row]:
    """Return a row per intervention of an alternative, or of the base, that works nowhere in some run."""
    idle = Counter(idle for contrast in one.contrasts for idle in contrast.idle)
    return [
        {"mix": one.label, "id": key, "why": why, "n_runs": n, "of_runs": len(found.seeds)}
        for (key, why), n in idle.items()
    ]


def _cut(found: Comparison, one: Alternative) -> list[Row]:
    """Return a row per intervention of an alternative, or of the base, that a budget cut: means over those runs."""
    cuts: dict[str, list[tuple[float, float, float]]] = {}
    for contrast in one.contrasts:
        for key, *sums in contrast.cut:
            cuts.setdefault(key, []).append((sums[0], sums[1], sums[2]))
    names = ("plan_sek", "cut_sek", "cost_sek")
    return [
        {"mix": one.label, "id": key, "n_runs": len(sums), "of_runs": len(found.seeds)}
        | dict(zip(names, np.mean(sums, axis=0).tolist(), strict=True))
        for key, sums in cuts.items()
    ]


def _precision(found: Comparison, one: Alternative) -> list[Row]:
    """Return, for each precision asked for, what the runs have reached."""
    pairs = [(c.base, c.other) for c in one.contrasts]
    return precision_rows(found.settings.precision, one.label, pairs, one.window.days)


def _indicators(_: Comparison, one: Alternative) -> list[Row]:
    """Return, per indicator, how many places have it, with the paired difference."""
    worlds = [c.base_indicators for c in one.contrasts], [c.other_indicators for c in one.contrasts]
    return indicator_rows(one.label, *worlds)


TABLES: Mapping[str, Callable[[Comparison, Alternative], list[Row]]] = {
    "differences": lambda found, one: difference_rows(
        one.label, one.contrasts, one.window, found.settings.smallest, anytime=found.anytime
    ),
    "displacement": lambda _, one: fate_rows(one.label, one.contrasts),
    "measures": lambda _, one: [measure_row(one.label, one.contrasts)],
    "sources": lambda _, one: source_rows(one.label, one.contrasts),
    "shifts": lambda _, one: [{**shift_row(one.label, one.contrasts), **recorded_away(one.contrasts, one.window.days)}],
    "indicators": _indicators,
    "works_nowhere": _idle,
    "cut_by_budget": _cut,
    "cost_per_unit": lambda _, one: averted_rows(one.label, one.contrasts, one.window.days),
    "precision": _precision,
}
"""Tables of a comparison: the rows of one alternative, by the name that the table has in ``comparison.json``."""


def _in_half(chosen: Sequence[frozenset[int]]) -> list[int]:
    return sorted(p for p in frozenset().union(*chosen) if 2 * sum(p in places for places in chosen) >= len(chosen))


def _displaced(one: SeedContrast) -> float | None:
    """Return the deals displaced beyond the placebo's; None where the ledger was not followed."""
    if one.flows is None:
        return None
    return float(one.flows.displaced - (one.placebo.displaced if one.placebo else 0))
