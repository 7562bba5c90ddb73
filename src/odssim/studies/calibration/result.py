"""What a calibration comes to: the ensemble, where it comes from, what is identified; in sentences and on disk."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import odssim
from odssim.core.csv_json import json_text, jsonable
from odssim.core.result import Content
from odssim.core.types import Array
from odssim.engine.key import program_hash
from odssim.language import LANGUAGES, speaking
from odssim.language.written import figures
from odssim.studies.calibration.identified import Marginal
from odssim.studies.calibration.implausibility import CUTOFF, Target
from odssim.studies.calibration.settings import Settings
from odssim.studies.calibration.waves import History
from odssim.studies.sensitivity.space import Space
from odssim.studies.study.records import Study

Row = dict[str, Any]


@dataclass(frozen=True)
class Calibration:
    """What `odssim calibrate` answers."""

    study: Study
    space: Space
    settings: Settings
    history: History
    members: Array
    """The ensemble in the unit cube, float64[members, k]."""
    marginals: tuple[Marginal, ...]
    corners: tuple[str, ...]
    finalists: tuple[Row, ...]
    """One row per finalist and pattern on the scenario of the check."""
    out_of_time: bool
    """Whether waves were left out; the same command goes on."""

    @property
    def targets(self) -> list[Target]:
        """All that the waves matched."""
        return self.settings.all_targets

    @cached_property
    def wave_rows(self) -> list[Row]:
        """Return one row per wave and pattern: how well it was emulated, or why it was not used."""
        rows: list[Row] = []
        for wave in self.history.waves:
            frame = {"wave": wave.number, "points": len(wave.points), "not_ruled_out_share": wave.nroy_share}
            for one in wave.emulators:
                fit = {"pattern": one.target.id, "q2": one.emulator.q2, "loo_error": one.emulator.loo_error, "not_used": ""}
                rows.append({**frame, **fit})
            rows += [
                {**frame, "pattern": key, "q2": None, "loo_error": None, "not_used": reason}
                for key, reason in wave.not_used.items()
            ]
        return rows

    @cached_property
    def ensemble(self) -> list[Row]:
        """Return one row per member: id and parameter values, a table of worlds for a study."""
        values = self.space.values(self.members)
        return [
            {"id": member_id(i), **dict(zip(self.space.ids, map(float, row), strict=True))} for i, row in enumerate(values)
        ]

    @speaking(LANGUAGES[0])  # as all that a record says
    def text(self) -> list[str]:
        """Return the answer in plain words."""
        share = figures(100 * self.history.nroy_share, 2)
        lines = [
            f"{len(self.history.waves)} waves, {sum(len(w.points) for w in self.history.waves)} parameter sets run: "
            f"{share} % of the prior is not ruled out. Ensemble of {len(self.members)}."
        ]
        if self.out_of_time:
            lines.append("Out of time before the last wave: the same command goes on from here.")
        last = self.history.waves[-1]
        lines += [f"Not used in the last wave: {key}: {reason}." for key, reason in last.not_used.items()]
        same = [row.parameter for row in self.marginals if row.verdict.startswith("not identified")]
        if same:
            lines.append(f"These patterns say nothing of: {', '.join(same)}. What follows from them stays open.")
        for row in self.marginals:
            if row.implausible:
                lines.append(f"All but ruled out: {row.parameter} at {row.implausible}.")
        lines += [f"All but ruled out together: {text}." for text in self.corners]
        outside = [row for row in self.finalists if row["implausibility"] > CUTOFF]
        if self.finalists:
            n = len({row["member"] for row in self.finalists})
            bad = sorted({str(row["pattern"]) for row in outside})
            lines.append(
                f"{n} finalists run on {self.settings.check.name if self.settings.check else ''}: "
                + (f"implausible there by {', '.join(bad)}." if bad else "none is implausible there.")
            )
        return lines

    def record(self) -> Row:
        """Return all of a calibration but the ensemble itself, in types that JSON knows."""
        plain: Row = jsonable(
            {
                "study": self.study.name,
                "scenario": self.study.scenario.name,
                "ensemble_hash": _hash(self.ensemble),
                "model": program_hash(),
                "odssim": odssim.__version__,
                "seed": self.study.seed,
                "replicates": self.study.n_replicates,
                "settings": self.study.settings,
                "parameters": {f.id: [f.low, f.high] for f in self.space.factors},
                "targets": [
                    {"id": t.id, "low": t.low, "high": t.high, "discrepancy_sd": t.discrepancy_sd} for t in self.targets
                ],
                "cutoff": CUTOFF,
                "waves": self.wave_rows,
                "not_ruled_out_share": self.history.nroy_share,
                "marginals": self.marginals,
                "implausible_together": self.corners,
                "finalists": self.finalists,
                "out_of_time": self.out_of_time,
            }
        )
        return plain

    def files(self) -> dict[str, Content]:
        """Return ``ensemble.csv``, ``provenance.json`` and the tables that have rows."""
        marginals = jsonable(self.marginals)
        tables = {"ensemble": self.ensemble, "waves": self.wave_rows, "marginals": marginals, "finalists": self.finalists}
        record = {"provenance.json": json_text(self.record(), sort_keys=True)}
        return {**{f"{name}.csv": rows for name, rows in tables.items() if rows}, **record}


def member_id(i: int) -> str:
    """Return the id of an ensemble's member, e001 onwards."""
    return f"e{i + 1:03d}"


def _hash(rows: Sequence[Row]) -> str:
    return blake2b(json.dumps(rows).encode(), digest_size=10).hexdigest()
