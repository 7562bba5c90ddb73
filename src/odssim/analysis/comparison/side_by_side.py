"""Alternatives set beside a base over the same seeds: tables, a ranking, sentences and files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from odssim.analysis.comparison import displacement_words as wording_displacement
from odssim.analysis.comparison import words as wording
from odssim.analysis.comparison.averted_rows import averted_text
from odssim.analysis.comparison.contrast import SeedContrast, Window, shared_window
from odssim.analysis.comparison.net_words import net_sentence
from odssim.analysis.comparison.set_apart import Values, apart_text, parameters_apart, with_values
from odssim.analysis.comparison.tables import Alternative, Settings, Tables, tables_of
from odssim.analysis.decision.choose import Decision, decide
from odssim.analysis.decision.decision_words import decision_text
from odssim.analysis.decision.objective import COST, event_of
from odssim.analysis.decision.precision import precision_text
from odssim.analysis.decision.ranking import DISPLACED, HARM, Evidence
from odssim.analysis.displacement.seen import TRUTH
from odssim.core.csv_json import json_text, jsonable
from odssim.core.result import Content
from odssim.core.types import Array
from odssim.language import LANGUAGES, say, speaking
from odssim.language.written import said_range
from odssim.observe.write import scenario_record, versions
from odssim.scenario.command import command, file_of, set_words
from odssim.scenario.records import Scenario

OUT = "results/comparison"
"""Where the command that is shown puts its tables."""


@dataclass(frozen=True)
class Comparison:
    """Alternatives against one base, over the same seeds; all worked out by `side_by_side`."""

    base: Scenario
    seeds: tuple[int, ...]
    alternatives: tuple[Alternative, ...]
    placebo_place: str | None
    """Where the single visit of the noise floor took place; None if no place was unrelated or no
    alternative works at places."""
    settings: Settings
    tables: Tables
    decision: Decision | None
    """The mixes ranked over the days that they share; None if the objective has no value in any seed."""
    apart: Values
    """The parameters in which the scenarios differ, by label; empty where all agree."""
    places: pa.Table
    """A row per place: open deals a day over the shared days, mean over seeds, `base` and each mix."""
    worked_at: Mapping[str, Sequence[int]]
    """By alternative, the places (indices) where it works in at least half of the seeds."""

    @property
    def window(self) -> Window:
        """The days over which all mixes are ranked."""
        return shared_window([one.window for one in self.alternatives])

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
            found = self.tables.of(one.label)
            rows, (measures,), (shift,) = found.differences, found.measures, found.shifts
            lines += [wording.header(one.label, self.base.name, len(self.seeds), one.window)]
            lines += [*wording.idle(found.works_nowhere), *wording.cut(found.cut_by_budget), *apart_text(self.apart)]
            lines += [net_sentence(rows)]
            lines += wording_displacement.ledger(found.displacement, measures, self.placebo_place)
            lines += [*wording.differences(rows, self.settings.smallest), ""]
            lines += [*wording.difference_table(rows), "", *wording.cost_table(rows)]
            truth = next((row for row in found.sources if row.source == TRUTH), None)
            lines += [*wording_displacement.checks(measures), *wording_displacement.shifts(shift, truth)]
            for part in (wording_displacement.sources(found.sources), averted_text(found.cost_per_unit)):
                lines += ["", *part] if part else []
            lines.append("")
        lines += precision_text(self.tables.precision, self.settings.precision, len(self.seeds))
        if self.settings.anytime:
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
                 "first_day": one.window.first_date, "last_day": one.window.last_date}
                for one in self.alternatives
            ],
            "seeds": list(self.seeds),
            "placebo_place": self.placebo_place,
            "smallest_share": self.settings.smallest,
            "interval": "confidence sequence" if self.settings.anytime else "paired t",
            **{table.name: getattr(self.tables, table.name) for table in fields(Tables)},
            "worked_at": self.worked_at,
            "decision": None if self.decision is None else self.decision.record(),
            "text": text,
        }  # fmt: skip
        plain: dict[str, Any] = with_values(jsonable(found), self.apart, self.base.name)
        return plain

    def files(self) -> dict[str, Content]:
        """Return comparison.json, places.parquet and a CSV per table."""
        record = self.record()
        rows = {name: record[name] for name in ("differences", "displacement", "sources", "indicators")}
        rows["ranking"] = record["decision"]["ranking"] if self.decision else []
        return {
            "comparison.json": json_text(record),
            "places.parquet": partial(pq.write_table, self.places, compression="zstd"),
            **{f"{name}.csv": table for name, table in rows.items()},
        }


def side_by_side(
    base: Scenario, seeds: Sequence[int], alternatives: Sequence[Alternative], placebo_place: str | None, rules: Settings
) -> Comparison:
    """Work out all that a comparison says."""
    sides, labels = [one.contrasts for one in alternatives], [one.label for one in alternatives]
    scenarios = [base, *(one.scenario for one in alternatives)]
    apart = parameters_apart([base.name, *labels], scenarios)
    known = evidence(base, alternatives, rules)
    return Comparison(
        base, tuple(seeds), tuple(alternatives), placebo_place, rules, tables_of(alternatives, rules),
        decide(known, rules.objective, rules.smallest) if known.n else None, apart, _place_table(sides, apart),
        dict(zip(labels, (_in_half([c.targets for c in side]) for side in sides), strict=True)),
    )  # fmt: skip


def evidence(base: Scenario, alternatives: Sequence[Alternative], rules: Settings) -> Evidence:
    """Return what is known of all mixes over the days that they share, the base first."""
    sides = [one.contrasts for one in alternatives]
    days = shared_window([one.window for one in alternatives]).days

    def column(name: str) -> Array:
        worlds = [[c.base_shared for c in sides[0]], *([c.other_shared for c in side] for side in sides)]
        return np.array([[means[name] for means in world] for world in worlds]).T

    names = (rules.objective.outcome, COST, HARM)
    values = {name: column(name) for name in names if name in sides[0][0].base_shared}
    moved = [[_displaced(c) for c in side] for side in sides]
    if all(number is not None for side in moved for number in side):
        values[DISPLACED] = np.array([[0.0] * len(sides[0]), *moved], dtype=np.float64).T / days
    known = ~np.isnan(np.hstack(list(values.values()))).any(axis=1)
    mixes = (base.name, *(one.label for one in alternatives))
    kept = {name: table[known] for name, table in values.items()}
    return Evidence(mixes, kept, n_left_out=int((~known).sum()), event=event_of(rules.objective.outcome, days))


def _place_table(sides: Sequence[Sequence[SeedContrast]], apart: Values) -> pa.Table:
    columns = {"base": [c.base_deals for c in sides[0]]}
    columns |= {f"mix_{k}": [c.other_deals for c in side] for k, side in enumerate(sides, 1)}
    table = pa.table({name: np.mean(deals, axis=0) for name, deals in columns.items()})
    return table.replace_schema_metadata({"parameters_apart": json.dumps(apart)} if apart else None)


def _in_half(chosen: Sequence[frozenset[int]]) -> list[int]:
    return sorted(p for p in frozenset().union(*chosen) if 2 * sum(p in places for places in chosen) >= len(chosen))


def _displaced(one: SeedContrast) -> float | None:
    """Return the deals displaced beyond the placebo's; None where the ledger was not followed."""
    if one.flows is None:
        return None
    return float(one.flows.displaced - (one.placebo.displaced if one.placebo else 0))
