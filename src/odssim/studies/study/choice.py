"""The mixes of a batch set beside each other, as `odssim compare` does with scenarios: paired within (world, replicate)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.analysis.comparison import words as wording
from odssim.analysis.comparison.contrast import Window
from odssim.analysis.comparison.difference_rows import WHOLE_CITY, DifferenceRow, difference_row
from odssim.analysis.comparison.net_words import net_sentence
from odssim.analysis.comparison.set_apart import Values, with_values
from odssim.analysis.comparison.tables import Settings
from odssim.analysis.decision.choose import Decision, decide
from odssim.analysis.decision.decision_words import decision_text
from odssim.analysis.decision.objective import ALL_DEALS, COST
from odssim.analysis.decision.ranking import WORLDS, evidence_of
from odssim.core.csv_json import json_text, jsonable
from odssim.core.outcomes import REPORTED
from odssim.core.result import Content
from odssim.language import LANGUAGES, speaking
from odssim.observe.write import versions
from odssim.scenario.faults import nearest
from odssim.studies.study.store import StoreError, open_store
from odssim.studies.study.tables import options_of, runs_table

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = tuple(dict.fromkeys((*REPORTED, *wording.COSTS)))
NO_LEDGER = (
    "A batch counts and follows no single need: where deals moved is shown by odssim compare with the scenarios themselves."
)


@dataclass(frozen=True)
class Choice:
    """The mixes of one study, ranked."""

    study: str
    base_is_cheapest: bool
    """Whether nobody named the base: it is the mix that costs least."""
    window: Window
    n_jobs: int
    n_done: int
    """Runs that the study asks for of these mixes, and those that there are."""
    decision: Decision
    differences: tuple[DifferenceRow, ...]
    """One row per mix but the base and outcome; a pair is a (world, replicate), with several worlds a world."""
    smallest: float
    options: Values = field(default_factory=dict)
    """By mix, what sweeps and keys set by hand have set; columns of every table."""

    def text(self) -> list[str]:
        """Return lines for a terminal, as an evaluator would write them."""
        base, *others = self.decision.mixes
        unit, n = self.decision.evidence.unit, self.decision.evidence.n
        days = f"{self.window.first_date} to {self.window.last_date}"
        chosen = ", the mix that costs least" if self.base_is_cheapest else ""
        pairs = f"{n} {unit}, each the mean of its runs" if unit == WORLDS else f"{n} {unit}"
        lines = [f"{self.study}: {pairs}, {days}. The base is {base}{chosen}. Every figure is modelled."]
        if self.n_done < self.n_jobs:
            gone = f"{self.n_jobs - self.n_done} of {self.n_jobs} runs failed or are missing"
            lines.append(f"{gone}; their pairs are left out.")
        for mix in others:
            rows = [row for row in self.differences if row.alternative == mix]
            lines += ["", f"{mix}, against {base}", net_sentence(rows), "", *wording.difference_table(rows), ""]
            lines += wording.cost_table(rows)
        return [*lines, *decision_text(self.decision, days), NO_LEDGER]

    def record(self) -> dict[str, Any]:
        """Return everything as one JSON document; its sentences are English, whoever asks."""
        with speaking(LANGUAGES[0]):
            text = self.text()
        plain: dict[str, Any] = with_values(jsonable({
            "study": self.study, "base": self.decision.mixes[0], "versions": versions(), "n_runs": self.n_jobs,
            "n_done": self.n_done, "first_day": self.window.first_date,
            "last_day": self.window.last_date, "smallest_share": self.smallest,
            "differences": self.differences, "decision": self.decision.record(), "text": text,
        }), self.options, self.decision.mixes[0])  # fmt: skip
        return plain

    def files(self) -> dict[str, Content]:
        """Return choice.json and two CSV tables."""
        record = self.record()
        tables = {"differences.csv": record["differences"], "ranking.csv": record["decision"]["ranking"]}
        return {"choice.json": json_text(record), **tables}


def choose(store: Path, study: str | None = None, mixes: Sequence[str] = (), settings: Settings | None = None) -> Choice:
    """Rank the mixes of a study that is in a store; nothing is run.

    `study`: its name; may be left out if the store holds one.
    `mixes`: which mixes, the base first; default all, the base being the one that costs least.

    Raises StoreError: if the file is no store, a name is not in it, or no (world, replicate) has all the mixes.
    """
    rules = settings or Settings()
    name, window, jobs = _asked(store, study)
    runs = runs_table(store, name)
    runs = runs[runs["status"] == "done"]
    runs = runs.assign(**{ALL_DEALS: runs["open_deals"] + runs["hidden_deals"]})
    names = _names(jobs, runs, mixes)
    runs = runs[runs["mix"].isin(names)]
    try:
        evidence = evidence_of(runs, rules.objective, names, window.days)
    except ValueError as error:
        raise StoreError("{store}: nothing to compare in {name!r}: {error}", store=store, name=name, error=error) from None
    n_jobs = sum(count for mix, count in jobs.items() if mix in names)
    rows = paired_rows(runs, names, window, rules.smallest, by_world=evidence.unit == WORLDS)
    decision = decide(evidence, rules.objective, rules.smallest)
    return Choice(name, not mixes, window, n_jobs, len(runs), decision, rows, rules.smallest, options_of(runs))


def _asked(store: Path, study: str | None) -> tuple[str, Window, dict[str, int]]:
    """Return the study's name, its days, and how many runs of each mix it asks for."""
    with open_store(store, study=study) as db:
        held = [name for (name,) in db.execute("SELECT study FROM studies ORDER BY study")]
        if study is None and len(held) > 1:
            raise StoreError(
                "{store} holds {n} studies; add --study NAME, one of {names}",
                store=store,
                n=len(held),
                names=", ".join(map(repr, held)),
            )
        if not held:
            raise StoreError("{store} holds no study; odssim batch STUDY --store FILE runs one", store=store)
        name = held[0] if study is None else study
        if name not in held:
            raise StoreError(
                "{store}: no study {name!r} in this store; {remedy}", store=store, name=name, remedy=nearest(name, held)
            )
        start, first, last = db.execute(
            "SELECT start_date, first_day, last_day FROM studies WHERE study = ?", (name,)
        ).fetchone()
        if last is None:
            last = db.execute("SELECT MAX(day) FROM run_days JOIN jobs USING (key) WHERE study = ?", (name,)).fetchone()[0]
        jobs = dict(db.execute("SELECT mix, COUNT(*) FROM jobs WHERE study = ? GROUP BY mix ORDER BY mix", (name,)))
    return name, Window(date.fromisoformat(start), first or 0, (last or 0) + 1), jobs


def _names(jobs: dict[str, int], runs: pd.DataFrame, mixes: Sequence[str]) -> tuple[str, ...]:
    """Return the mixes to compare, the base first."""
    for mix in mixes:
        if mix not in jobs:
            raise StoreError(
                "no such mix: {mix!r}; {remedy}", mix=mix, remedy=nearest(mix, list(jobs)) or ", ".join(map(repr, jobs))
            )
    names = tuple(dict.fromkeys(mixes)) or tuple(jobs)
    if len(names) < 2:
        raise StoreError(
            "nothing to compare: only the mix {mix!r}; the study has {mixes}", mix=names[0], mixes=", ".join(map(repr, jobs))
        )
    if mixes:
        return names
    costs = runs.groupby("mix")[COST].mean()
    cheapest = min(names, key=lambda mix: (costs.get(mix, float("inf")), mix))
    return (cheapest, *(mix for mix in names if mix != cheapest))


def paired_rows(
    runs: pd.DataFrame, names: Sequence[str], window: Window, smallest: float, *, by_world: bool,
    outcomes: Sequence[str] = OUTCOMES,
) -> tuple[DifferenceRow, ...]:  # fmt: skip
    """Return a row per mix but the first, the base, and outcome; a pair that lacks a value on one side is left out.

    `by_world`: whether a pair is a world, mean over its replicates, and not a run.
    """
    base, *others = names
    wide = runs.pivot(index=["world", "replicate"], columns="mix", values=list(outcomes))

    def row(mix: str, outcome: str) -> DifferenceRow:
        pairs = wide[outcome][[base, mix]].dropna()
        pairs = pairs.groupby(level="world").mean() if by_world else pairs
        return difference_row(mix, outcome, WHOLE_CITY, pairs[base], pairs[mix], window, smallest)

    return tuple(row(mix, outcome) for mix in others for outcome in outcomes)
