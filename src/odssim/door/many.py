"""Many runs: a study, which parameters matter, which values the known patterns leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.core.result import write_result
from odssim.door.answer import Answer, intervals, joined, new_axes, new_rows, table
from odssim.door.arguments import door
from odssim.errors import ScenarioError
from odssim.language.written import figures
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario.faults import nearest
from odssim.scenario.shipped import located
from odssim.studies.calibration.calibrate import calibrate
from odssim.studies.calibration.result import Calibration
from odssim.studies.sensitivity.analyse import Report
from odssim.studies.sensitivity.of_study import sensitivity
from odssim.studies.study.batch import Summary
from odssim.studies.study.batch import run_study as run_missing
from odssim.studies.study.export import export
from odssim.studies.study.records import Study
from odssim.studies.study.study import load_study
from odssim.studies.study.tables import runs_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def _files(study: str | Path, store: str | Path | None) -> tuple[Path, Path]:
    """Return the files of a study and of its runs; without a store results/<study>.sqlite, as on the command line."""
    file = Path(located(study))
    return file, Path(store) if store is not None else Path("results") / f"{file.stem}.sqlite"


@dataclass(frozen=True, repr=False)
class StudyAnswer(Answer):
    """The runs of a study, kept in a store."""

    study: Study
    store: Path
    summary: Summary

    @property
    def title(self) -> str:
        """Name of the study and what has been run of it."""
        return f"{self.study.name}, {self.summary.n_done} of {self.summary.n_runs} runs done"

    def text(self) -> list[str]:
        """Return where the runs are."""
        left = f"{self.summary.n_failed} failed, {self.summary.n_missing} are missing"
        return [f"{self.summary.n_done} runs are in {self.store}; {left}."]

    def frame(self) -> pd.DataFrame:
        """Return a row per run: world, mix, replicate, what was set, the mean of every outcome over the window."""
        found = runs_table(self.store, self.study)
        found.attrs["units"] = {key: one.unit_a_day for key, one in OUTCOMES.items() if key in found}
        return found

    def plot(self, outcome: str = "open_deals", *, ax: Axes | None = None) -> Axes:
        """Draw every run's value of an outcome, a row of dots per mix.

        Raises ScenarioError: if there is no such outcome.
        """
        runs = self.frame()
        if outcome not in runs.attrs["units"]:
            known = list(runs.attrs["units"])
            raise ScenarioError("no such outcome", key="outcome", value=outcome, remedy=nearest(outcome, known))
        mixes = list(dict.fromkeys(runs["mix"]))
        ax = new_axes(ax)
        height = dict(zip(mixes, new_rows(ax, [f"{outcome}: {mix}" for mix in mixes]), strict=True))
        ax.plot(runs[outcome], runs["mix"].map(height), "o", alpha=0.5)
        ax.set_xlabel(joined(ax.get_xlabel(), f"modelled, {OUTCOMES[outcome].unit_a_day}"))
        return ax

    def save(self, folder: str | Path, formats: Sequence[str] = ("csv",)) -> Path:
        """Write all tables into a folder of each format (parquet, csv, csv-semicolon, excel, stata); return the folder."""
        export(self.store, self.study, Path(folder), list(formats))
        return Path(folder)


@door()
def run_study(study: str | Path, store: str | Path | None = None, *, workers: int | None = None) -> StudyAnswer:
    """Run what is missing of a study; the same call again goes on.

    Parameters
    ----------
    study
        A study file (TOML), or a shipped one's name.
    store
        SQLite file of the runs; default results/<study>.sqlite.
    workers
        Processes; default the cores at hand.
    """
    file, runs = _files(study, store)
    checked = load_study(file)
    return StudyAnswer(checked, runs, run_missing(checked, runs, workers=workers))


@dataclass(frozen=True, repr=False)
class SensitivityAnswer(Answer):
    """Which parameters matter; `report` holds all of it."""

    report: Report

    @property
    def title(self) -> str:
        """Outcome, method, points and replicates."""
        one = self.report
        return f"{one.outcome}, {one.method}: {one.n_points} points, {one.n_replicates} replicates"

    def text(self) -> list[str]:
        """Return chance's share, and what must be known of method and runs."""
        return self.report.text()

    def frame(self) -> pd.DataFrame:
        """Return a row per parameter and index, with interval and verdict."""
        return table(self.report.indices)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw every index with its interval.

        Raises ScenarioError: if the method gives no indices.
        """
        rows = [row for row in self.report.indices if "value" in row and "parameter" in row]
        if not rows:
            raise ScenarioError("gives no indices to draw", key="method", value=self.report.method)
        columns = [[row.get(name) for row in rows] for name in ("value", "low", "high")]
        return intervals(ax, [str(row["parameter"]) for row in rows], *columns, at=0.0, unit=str(rows[0]["measure"]))

    def save(self, folder: str | Path) -> Path:
        """Write tables and pictures into a folder, all or nothing, and return it."""
        from odssim.studies.sensitivity.pictures import pictures

        write_result(self.report, Path(folder), pictures(self.report))
        return Path(folder)


@door(sensitivity, run_missing)
def run_sensitivity(
    study: str | Path, store: str | Path | None = None, *, method: str = "morris", outcome: str = "open_deals", **how: Any
) -> SensitivityAnswer:
    """Return which of a study's parameters matter for an outcome; runs that the store holds are not run again.

    Parameters
    ----------
    study, store
        As for `run_study`.
    method
        chance, oat, morris, sobol, pawn, shapley, emulator or decisions.
    how
        Further arguments of `odssim.studies.sensitivity.of_study.sensitivity`: ``effect_of``, ``n_blocks``, ``workers``, ...
    """
    return SensitivityAnswer(sensitivity(*_files(study, store), method=method, outcome=outcome, **how))


@dataclass(frozen=True, repr=False)
class CalibrationAnswer(Answer):
    """Which parameter values are left; `calibration` holds all of it."""

    calibration: Calibration

    @property
    def title(self) -> str:
        """Study, share of the prior left, size of the ensemble."""
        one = self.calibration
        left = figures(100 * one.history.nroy_share, 2)
        return f"{one.study.name}, {left} % of the prior left, ensemble of {len(one.members)}"

    def text(self) -> list[str]:
        """Return what the command prints."""
        return self.calibration.text()

    def frame(self) -> pd.DataFrame:
        """Return a row per parameter: range, what is left of it, verdict."""
        return table(self.calibration.marginals)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw what is left of each parameter's range, as shares of the range."""
        rows = self.calibration.marginals
        columns = [
            [(getattr(row, name) - row.low) / (row.high - row.low) for row in rows]
            for name in ("left_median", "left_low", "left_high")
        ]
        return intervals(ax, [row.parameter for row in rows], *columns, at=0.5, unit="share of the range: median, 5 to 95 %")

    def save(self, folder: str | Path) -> Path:
        """Write ensemble, provenance, tables and picture into a folder, all or nothing, and return it."""
        from odssim.studies.calibration.picture import pictures

        write_result(self.calibration, Path(folder), pictures(self.calibration))
        return Path(folder)


@door(calibrate, run_missing)
def run_calibration(
    study: str | Path, store: str | Path | None = None, *, minutes: float = 120.0, **how: Any
) -> CalibrationAnswer:
    """Rule out parameter values that do not show the known patterns; the same call again goes on.

    Parameters
    ----------
    study, store
        As for `run_study`; the study has a table ``[calibrate]``.
    minutes
        Budget; a wave that would exceed it is not begun.
    how
        Further arguments of `odssim.studies.calibration.calibrate.calibrate`: ``n_waves``, ``workers``, ...
    """
    return CalibrationAnswer(calibrate(*_files(study, store), minutes=minutes, **how))
