"""Compare scenarios with a base, seed by seed: paired differences and where the removed deals went."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from odssim.analysis import tables, wording
from odssim.analysis.averted import averted_rows, averted_text
from odssim.analysis.contrast import SeedContrast, Window, contrast, window_of
from odssim.analysis.placebo import placebo_place, placebo_scenario
from odssim.engine.run import run_pair
from odssim.errors import ScenarioError
from odssim.observe.result import RunResult
from odssim.observe.write import atomic_folder
from odssim.scenario.records import Scenario

Progress = Callable[[int, int], None]
Row = dict[str, Any]
MUST_AGREE = ("city", "start_date", "days", "burn_in_days")


@dataclass(frozen=True)
class Alternative:
    """One scenario beside the base, with one contrast per seed."""

    label: str
    scenario: Scenario
    window: Window
    contrasts: tuple[SeedContrast, ...]


@dataclass(frozen=True)
class Comparison:
    """Alternatives against one base, over the same seeds.

    Attributes
    ----------
    placebo_place
        Where the single visit of the noise floor took place; None if no place was unrelated or no
        alternative works at places.
    """

    base: Scenario
    seeds: tuple[int, ...]
    alternatives: tuple[Alternative, ...]
    placebo_place: str | None

    def rows(self) -> list[Row]:
        """Return one row per alternative, outcome and area: means per day, difference, interval, verdict."""
        return [row for one in self.alternatives for row in tables.difference_rows(one.label, one)]

    def displacement_rows(self) -> list[Row]:
        """Return one row per alternative and fate of the open deals at its places, placebo beside it."""
        return [row for one in self.alternatives for row in tables.fate_rows(one.label, one.contrasts)]

    def measure_rows(self) -> list[Row]:
        """Return, per alternative, the displacement measures that counts alone give, and checks."""
        return [tables.measure_row(one.label, one.contrasts) for one in self.alternatives]

    def averted_rows(self) -> list[Row]:
        """Return, per alternative, what an averted deal or gram and a year in care cost."""
        return [row for one in self.alternatives for row in averted_rows(one.label, one.contrasts)]

    def text(self) -> list[str]:
        """Return lines for a terminal, as an evaluator would write them."""
        lines: list[str] = []
        for one in self.alternatives:
            header = wording.header(one.label, self.base.name, len(self.seeds), one.window)
            rows = tables.difference_rows(one.label, one)
            fates = tables.fate_rows(one.label, one.contrasts)
            measures = tables.measure_row(one.label, one.contrasts)
            lines += [header, *wording.differences(rows)]
            lines += wording.displacement(fates, measures, self.placebo_place)
            lines += [*averted_text(averted_rows(one.label, one.contrasts)), ""]
        return lines[:-1]

    def record(self) -> dict[str, Any]:
        """Return everything as one JSON document."""
        return {
            "base": {"name": self.base.name, "content_hash": self.base.content_hash},
            "alternatives": [
                {"name": one.label, "content_hash": one.scenario.content_hash,
                 "first_day": one.window.first_date.isoformat(), "last_day": one.window.last_date.isoformat()}
                for one in self.alternatives
            ],
            "seeds": list(self.seeds),
            "placebo_place": self.placebo_place,
            "differences": self.rows(),
            "displacement": self.displacement_rows(),
            "measures": self.measure_rows(),
            "cost_per_unit": self.averted_rows(),
            "text": self.text(),
        }  # fmt: skip

    def write(self, out_dir: Path) -> None:
        """Write comparison.json, differences.csv and displacement.csv into `out_dir`, all or nothing."""
        with atomic_folder(out_dir) as folder:
            text = json.dumps(self.record(), indent=1, ensure_ascii=False, allow_nan=False)
            (folder / "comparison.json").write_text(text + "\n", encoding="utf-8")
            _write_csv(folder / "differences.csv", self.rows())
            _write_csv(folder / "displacement.csv", self.displacement_rows())


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write rows of equal keys; a table without rows is a file without lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else [], lineterminator="\n")
        if rows:
            writer.writeheader()
        writer.writerows(rows)


def compare(
    base: Scenario,
    alternatives: Sequence[Scenario],
    *,
    seeds: int,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Comparison:
    """Run every scenario with each of `seeds` seeds, from the base's own on, and compare pair by pair.

    Parameters
    ----------
    progress
        Called with (seeds done, seeds in all).
    executor
        Spreads the seeds over workers; results do not depend on it.

    Raises
    ------
    ScenarioError
        If an alternative is of another city or other days than the base.
    """
    check_comparable(base, alternatives)
    numbers = tuple(range(base.seed, base.seed + seeds))
    windows = [window_of(base, one) for one in alternatives]
    tell = progress or (lambda done, total: None)
    first = run_pair(base, alternatives, numbers[0])
    placebo, place = _placebo(base, first, windows)
    if placebo is not None:
        first.append(run_pair(base, [placebo], numbers[0])[1])
    contrasts = [_contrasts(first, windows)]
    del first
    tell(1, seeds)
    work = partial(run_seed, base, tuple(alternatives), placebo, windows)
    rest: Iterable[list[SeedContrast]] = (executor.map if executor else map)(work, numbers[1:])
    for done, of_seed in enumerate(rest, start=2):
        contrasts.append(of_seed)
        tell(done, seeds)
    labels = distinct([one.name for one in alternatives])
    found = tuple(
        Alternative(label, scenario, window, tuple(of_seed[k] for of_seed in contrasts))
        for k, (label, scenario, window) in enumerate(zip(labels, alternatives, windows, strict=True))
    )
    return Comparison(base, numbers, found, place)


def check_comparable(base: Scenario, alternatives: Sequence[Scenario]) -> None:
    """Check that the needs of all scenarios are the same needs.

    Raises
    ------
    ScenarioError
        Naming the key in which an alternative differs.
    """
    for one in alternatives:
        for key in MUST_AGREE:
            if getattr(one, key) != getattr(base, key):
                rule = f"must be as in the base, {getattr(base, key)}, to be compared with it"
                file = Path(one.files[-1]).name if one.files else None
                raise ScenarioError(rule, file=file, key=key, value=str(getattr(one, key)))


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names, repeated ones with a number after them."""
    return [
        f"{name} ({names[:k].count(name) + 1})" if name in names[:k] else name for k, name in enumerate(names)
    ]


def _placebo(
    base: Scenario, results: Sequence[RunResult], windows: Sequence[Window]
) -> tuple[Scenario | None, str | None]:
    """Return the placebo and its place, chosen from the first seed's worlds."""
    placed = [(r, w) for r, w in zip(results[1:], windows, strict=True) if r.targets | results[0].targets]
    if not placed:
        return None, None
    window = min((w for _, w in placed), key=lambda w: w.first)
    place = placebo_place(results[0], [r for r, _ in placed], window)
    if place is None:
        return None, None
    name = results[0].city.place_name[place]
    return placebo_scenario(base, name, window), name


def run_seed(
    base: Scenario,
    alternatives: Sequence[Scenario],
    placebo: Scenario | None,
    windows: Sequence[Window],
    seed: int,
) -> list[SeedContrast]:
    """Run all worlds of one seed and return one contrast per alternative."""
    extra = [] if placebo is None else [placebo]
    return _contrasts(run_pair(base, [*alternatives, *extra], seed), windows)


def _contrasts(results: Sequence[RunResult], windows: Sequence[Window]) -> list[SeedContrast]:
    """Reduce a seed's results: the base, one per window, and the placebo if there is one."""
    base, others = results[0], results[1 : 1 + len(windows)]
    placebo = results[1 + len(windows)] if len(results) > 1 + len(windows) else None
    return [contrast(base, other, placebo, window) for other, window in zip(others, windows, strict=True)]
