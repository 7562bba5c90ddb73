"""Evaluations: what designs could tell, and what counts tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from odssim.core.reading import reading
from odssim.door.answer import Answer, intervals, table
from odssim.door.arguments import door
from odssim.errors import ScenarioError
from odssim.evaluation.counts.analyse import Result, analyse
from odssim.evaluation.counts.data_file import read_panel
from odssim.evaluation.counts.hand_over import held, write_hand_over
from odssim.evaluation.design.design_file import Design, load_design, with_worlds
from odssim.evaluation.estimators.panel import Panel
from odssim.evaluation.trial.results import CONDITIONAL, result_of, write_results
from odssim.evaluation.trial.trials import run_designs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

POWERS = ("power_target", "power_city")


@dataclass(frozen=True, repr=False)
class DesignAnswer(Answer):
    """Designs tried on simulated cities; `results` has all tables of each."""

    results: Sequence[dict[str, Any]]

    @property
    def title(self) -> str:
        """Names of the designs and the worlds they were tried in."""
        return "; ".join(f"{one['design']}, {one['n_worlds']} {one['world']} worlds" for one in self.results)

    def text(self) -> list[str]:
        """Return the warnings of each design, and on what every figure rests."""
        return [*(f"{one['design']}: {w['text']}" for one in self.results for w in one["warnings"]), CONDITIONAL]

    def frame(self) -> pd.DataFrame:
        """Return a row per design: cost, worlds, size, power, smallest effect, what displacement it could see."""
        return table([one["headline"] for one in self.results], {"cost_sek": "SEK"})

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw power for the target and for the city with twice its Monte Carlo error."""
        rows = [(one["headline"], name) for one in self.results for name in POWERS if one["headline"].get(name) is not None]
        power = np.array([row[name] for row, name in rows], dtype=np.float64)
        error = np.array([2 * (row[f"{name}_mcse"] or 0) for row, name in rows], dtype=np.float64)
        labels = [f"{row['design']}: {name.removeprefix('power_')}" for row, name in rows]
        return intervals(ax, labels, power, power - error, power + error, at=0.8, unit="power in modelled worlds")

    def save(self, folder: str | Path) -> Path:
        """Write a folder per design, all or nothing each, and return the folder."""
        write_results(self.results, Path(folder))
        return Path(folder)


@door()
def run_design(
    *designs: str | Path, folder: str | Path = "results/designs", worlds: int | None = None, workers: int = 1,
    half_width: float = 0.05,
) -> DesignAnswer:  # fmt: skip
    """Try designs on simulated cities; the same call again goes on.

    Parameters
    ----------
    designs
        Design files (TOML), or shipped ones' names.
    folder
        Where finished batches are kept.
    worlds
        Most worlds, in place of the files'.
    half_width
        Wanted half width of power's interval.
    """
    if not designs:
        raise ScenarioError("needs a design file or more", key="run_design()")
    loaded = [with_worlds(load_design(file), worlds) for file in designs]
    tried = run_designs(loaded, Path(folder), workers=workers, half_width=half_width)
    return DesignAnswer([result_of(one) for one in tried])


@dataclass(frozen=True, repr=False)
class EstimateAnswer(Answer):
    """A design's planned estimators on counts; `result` holds all of it."""

    design: Design
    panel: Panel
    result: Result

    @property
    def title(self) -> str:
        """Design and number of estimators."""
        return f"{self.design.id}: {len(self.design.estimators)} estimators"

    def text(self) -> list[str]:
        """Return how the counts agree with the registered design, and all warnings."""
        return [*held(self.design, self.result), *self.result.warnings]

    def frame(self) -> pd.DataFrame:
        """Return a row per estimator and area: estimate, interval, p, change in events and per cent, verdict."""
        return table(self.result.rows, {"percent": "%", "events": "events in the after period"})

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the change in per cent of every estimator and area; intervals of those on the scale of logarithms."""
        rows = [row for row in self.result.rows if row["percent"] is not None]
        ends = {name: [_percent(row, name) for row in rows] for name in ("low", "high")}
        labels = [f"{row['estimator']}: {row['area']}" for row in rows]
        return intervals(ax, labels, [row["percent"] for row in rows], ends["low"], ends["high"], at=0.0, unit="change, %")

    def save(self, folder: str | Path) -> Path:
        """Write plan, panel, scripts and spreadsheet into a folder, all or nothing, and return it."""
        write_hand_over(self.design, self.panel, self.result, Path(folder))
        return Path(folder)


def _percent(row: dict[str, Any], end: str) -> float:
    """Return an end of an interval in per cent, by the share that one unit of the estimate is; NaN if not known."""
    value, estimate = row[end], row["estimate"]
    if value is None or row["percent"] is None or not estimate:
        return float("nan")
    if row["scale"] == "events":
        return float(value / estimate * row["percent"])
    return 100 * math.expm1(value)


@door()
def estimate(counts: str | Path, design: str | Path) -> EstimateAnswer:
    """Run a design's planned estimators on counts.

    `counts`: CSV: place, period, count, arm.
    `design`: the design file with the planned analysis, or a shipped one's name.

    Raises ScenarioError: if a file is wrong, or the counts are not those of the registered design.
    """
    checked = load_design(design)
    with reading(counts):
        panel = read_panel(str(counts), checked)
    return EstimateAnswer(checked, panel, analyse(panel, checked))
