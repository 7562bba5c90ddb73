"""Calibrate a study: waves over its own scenario and the contrasts' cities, an ensemble, finalists checked."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.language.written import figures
from odssim.studies.calibration.identified import implausible_corners, marginals
from odssim.studies.calibration.implausibility import Target, implausibility
from odssim.studies.calibration.measured import change_in_per_cent, check_treated, levels_at_treated, patterns_of_study
from odssim.studies.calibration.result import Calibration, member_id
from odssim.studies.calibration.settings import Contrast, Elsewhere, Settings, city_of, read_settings
from odssim.studies.calibration.waves import match, uniform_nroy
from odssim.studies.sensitivity.runs import outcomes_of, run_points, space_of_study, study_of
from odssim.studies.study.batch import estimate
from odssim.studies.study.records import Mix, Study
from odssim.studies.study.study import load_study

Row = dict[str, Any]
MINUTES = 120.0
N_MARGINAL = 2000
STREAMS_PER_WAVE = 20_000
"""Random number streams per wave, more than it may have points; the finalists are wave 0."""


@dataclass(frozen=True)
class Other:
    """Another study: the contrasts that are measured in it, and the patterns of its first mix."""

    study: Study
    contrasts: tuple[Contrast, ...]
    patterns: tuple[Elsewhere, ...]

    @property
    def targets(self) -> list[Target]:
        """All that is measured in it."""
        return [*(row.target for row in self.contrasts), *(row.target for row in self.patterns)]


class Calibrator:
    """The runs behind the waves: each point in the study's scenario and, once it is their turn, in those of the others."""

    def __init__(self, file: Path, store: Path, minutes: float, how: Mapping[str, Any]) -> None:
        """Read and check everything; nothing is run."""
        self.study = _whole_run(load_study(file))
        self.space = space_of_study(file)
        self.settings = read_settings(file, city_of(self.study))
        self.others = _others(self.settings)
        self.store, self.how, self.started, self.minutes = store, dict(how), time.monotonic(), minutes

    def evaluate(self, points: Array, wave: int) -> Mapping[str, Array]:
        """Run what is missing of a wave and return every pattern, float64[points, replicates]."""
        answers = self._patterns(self.study, wave, points)
        for i, other in enumerate(self.others):
            if wave < self.settings.contrasts_from:
                unknown = np.full((len(points), other.study.n_replicates), np.nan)
                answers |= {target.id: unknown for target in other.targets}
            else:
                answers |= self._elsewhere(other, wave, points, f"contrasts {i + 1}")
        return answers

    def _elsewhere(self, other: Other, wave: int, points: Array, what: str) -> dict[str, Array]:
        table, batch, labels = self._run(other.study, wave, points, what)
        found = patterns_of_study(self.store, batch, labels, [row.pattern for row in other.patterns])
        answers = {row.target.id: found[row.pattern] for row in other.patterns}
        first = other.study.mixes[0].id
        for row in other.contrasts:
            mixes = (row.base or first, row.mix)
            levels = (
                levels_at_treated(self.store, batch, labels, mixes, row.outcome)
                if row.where == "treated"
                else outcomes_of(table, labels, list(mixes), row.outcome, batch.n_replicates)
            )
            answers[row.target.id] = change_in_per_cent(levels)
        return answers

    def _points(self, wave: int, points: Array) -> tuple[Array, Array]:
        """Return parameter values and random number streams: every point has its own.

        So the errors of an emulator's data are free.
        """
        return self.space.values(points), STREAMS_PER_WAVE * wave + np.arange(len(points))

    def _run(self, study: Study, wave: int, points: Array, what: str = "patterns") -> tuple[Any, Study, list[str]]:
        name = f"{self.study.name} / wave {wave} {what}"
        return run_points(study, name, self.space, *self._points(wave, points), self.store, **self.how)

    def _patterns(self, study: Study, wave: int, points: Array) -> dict[str, Array]:
        _, batch, labels = self._run(study, wave, points)
        return patterns_of_study(self.store, batch, labels, [target.id for target in self.settings.targets])

    def has_time(self, points: Array, wave: int) -> bool:
        """Whether what is missing of a wave fits into what is left of the budget, by a probe run per study.

        Raises OdssimError: if not even the first does.
        """
        needed = 0.0
        others = [other.study for other in self.others if wave >= self.settings.contrasts_from]
        for study in [self.study, *others]:
            batch, _ = study_of(study, "probe", self.space, *self._points(wave, points))
            needed += estimate(batch, self.store, workers=self.how.get("workers")).seconds
        left = 60 * self.minutes - (time.monotonic() - self.started)
        if wave == 1 and needed > left:
            raise OdssimError(
                "the first wave takes about {minutes:.0f} minutes, more than {given:g}: give fewer points, fewer"
                " days or more --minutes",
                minutes=needed / 60,
                given=self.minutes,
            )
        return needed <= left

    def check_finalists(self, members: Array) -> list[Row]:
        """Return how the finalists fare on the scenario of the check, one row per finalist and pattern."""
        settings = self.settings
        if settings.check is None or settings.n_finalists == 0:
            return []
        city = replace(
            self.study, scenario=settings.check, mixes=(Mix("base", interventions=()),), settings={}, n_replicates=1
        )
        chosen = members[: settings.n_finalists]
        found = self._patterns(city, 0, chosen)
        rows = []
        for i in range(len(chosen)):
            for target in settings.targets:
                value = float(found[target.id][i, 0])
                score = float(implausibility(target, np.array([value]), np.zeros(1))[0])
                verdict = "inside" if target.low <= value <= target.high else "outside"
                rows.append({
                    "member": member_id(i), "pattern": target.id, "value": value, "band_low": target.low,
                    "band_high": target.high, "implausibility": score, "verdict": verdict,
                })  # fmt: skip
        return rows


def calibrate(
    file: str | Path,
    store: Path,
    *,
    minutes: float = MINUTES,
    n_waves: int | None = None,
    tell: Callable[[str], None] = lambda text: None,
    **how: Any,
) -> Calibration:
    """Return what is left of a study's parameter space, and an ensemble drawn from it.

    Parameters
    ----------
    minutes
        Budget. A wave that would exceed it is not begun; what is done stays in the store, and the same call goes on.
    n_waves
        In place of the study's number of waves.
    tell
        Called with a line before each stage.
    how
        ``workers``, ``executor``, ``progress`` of `study.run_study`.

    Raises OdssimError: if a key is wrong, if even the first wave exceeds the budget, or if everything is ruled out.
    """
    calibrator = Calibrator(Path(file), store, minutes, how)
    settings, space = calibrator.settings, calibrator.space
    wanted = n_waves or settings.n_waves

    def evaluate(points: Array, wave: int) -> Mapping[str, Array]:
        tell(f"wave {wave} of {wanted}: {len(points)} parameter sets")
        return calibrator.evaluate(points, wave)

    history = match(
        evaluate, settings.all_targets, len(space.ids), n_waves=wanted, n_points=settings.n_points,
        seed=calibrator.study.seed, may_start=calibrator.has_time,
    )  # fmt: skip
    sample = uniform_nroy(history, max(N_MARGINAL, settings.n_ensemble))
    members = sample[: settings.n_ensemble]
    tell(f"{len(members)} members; {figures(100 * history.nroy_share, 2)} % of the prior is not ruled out")
    return Calibration(
        calibrator.study, space, settings, history, members, tuple(marginals(sample, space)),
        tuple(implausible_corners(sample, space.ids)), tuple(calibrator.check_finalists(members)),
        len(history.waves) < wanted,
    )  # fmt: skip


def _whole_run(study: Study) -> Study:
    """Return the study with its first mix alone and means over the whole run, as the patterns are defined."""
    return replace(study, mixes=study.mixes[:1], window=None, period_days=None, place_days=False, pairs=None)


def _others(settings: Settings) -> list[Other]:
    """Return each other study once, with the mixes that its contrasts name; the first mix is always run."""
    found = []
    files = [*(row.study for row in settings.contrasts), *(row.study for row in settings.elsewhere)]
    for file in dict.fromkeys(files):
        study = load_study(file)
        contrasts = tuple(row for row in settings.contrasts if row.study == file)
        by_id = {mix.id: mix for mix in study.mixes}
        keys = [study.mixes[0].id, *(key for row in contrasts for key in (row.base, row.mix) if key)]
        for key in keys:
            if key not in by_id:
                raise OdssimError("{file}: no such mix: {key!r}; one of {words}", file=file, key=key, words=", ".join(by_id))
        study = replace(study, mixes=tuple(by_id[key] for key in dict.fromkeys(keys)), pairs=None)
        if any(row.where == "treated" for row in contrasts):
            check_treated(study, str(file), {row.mix for row in contrasts if row.where == "treated"})
        found.append(Other(study, contrasts, tuple(row for row in settings.elsewhere if row.study == file)))
    return found
