"""A calibration on disk: the ensemble, where it comes from, what is identified, and a picture."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

import odssim
from odssim.core.csv_json import json_text, jsonable, write_csv
from odssim.core.files import atomic_folder
from odssim.engine.key import program_hash
from odssim.studies.calibration.calibrate import Calibration, member_id
from odssim.studies.calibration.implausibility import CUTOFF

Row = dict[str, Any]


def wave_rows(result: Calibration) -> list[Row]:
    """Return one row per wave and pattern: how well it was emulated, or why it was not used."""
    rows: list[Row] = []
    for wave in result.history.waves:
        frame = {"wave": wave.number, "points": len(wave.points), "not_ruled_out_share": wave.nroy_share}
        for one in wave.emulators:
            fit = {"pattern": one.target.id, "q2": one.emulator.q2, "loo_error": one.emulator.loo_error, "not_used": ""}
            rows.append({**frame, **fit})
        rows += [
            {**frame, "pattern": key, "q2": None, "loo_error": None, "not_used": reason}
            for key, reason in wave.not_used.items()
        ]
    return rows


def ensemble_rows(result: Calibration) -> list[Row]:
    """Return one row per member: id and parameter values, a table of worlds for a study."""
    values = result.space.values(result.members)
    return [
        {"id": member_id(i), **dict(zip(result.space.ids, map(float, row), strict=True))}
        for i, row in enumerate(values)
    ]


def record(result: Calibration) -> Row:
    """Return all of a calibration but the ensemble itself, in types that JSON knows."""
    plain: Row = jsonable(
        {
            "study": result.study.name,
            "scenario": result.study.scenario.name,
            "ensemble_hash": _hash(ensemble_rows(result)),
            "model": program_hash(),
            "odssim": odssim.__version__,
            "seed": result.study.seed,
            "replicates": result.study.n_replicates,
            "settings": result.study.settings,
            "parameters": {f.id: [f.low, f.high] for f in result.space.factors},
            "targets": [
                {"id": t.id, "low": t.low, "high": t.high, "discrepancy_sd": t.discrepancy_sd} for t in result.targets
            ],
            "cutoff": CUTOFF,
            "waves": wave_rows(result),
            "not_ruled_out_share": result.history.nroy_share,
            "marginals": [asdict(row) for row in result.marginals],
            "implausible_together": result.corners,
            "finalists": result.finalists,
            "out_of_time": result.out_of_time,
        }
    )
    return plain


def _hash(rows: Sequence[Row]) -> str:
    return blake2b(json.dumps(rows).encode(), digest_size=10).hexdigest()


def write_calibration(result: Calibration, out: Path) -> None:
    """Write ``ensemble.csv``, ``provenance.json``, the tables and ``marginals.png``, all or nothing."""
    from odssim.studies.calibration.picture import draw_marginals

    tables = {
        "ensemble": ensemble_rows(result),
        "waves": wave_rows(result),
        "marginals": [asdict(row) for row in result.marginals],
        "finalists": list(result.finalists),
    }
    with atomic_folder(out) as folder:
        for name, rows in tables.items():
            if rows:
                write_csv(folder / f"{name}.csv", rows)
        (folder / "provenance.json").write_text(json_text(record(result), sort_keys=True), encoding="utf-8")
        draw_marginals(result, folder / "marginals.png")


def sentences(result: Calibration) -> list[str]:
    """Return the answer in plain words."""
    share = 100 * result.history.nroy_share
    lines = [
        f"{len(result.history.waves)} waves, {sum(len(w.points) for w in result.history.waves)} parameter sets run: "
        f"{share:.2g} % of the prior is not ruled out. Ensemble of {len(result.members)}."
    ]
    if result.out_of_time:
        lines.append("Out of time before the last wave: the same command goes on from here.")
    last = result.history.waves[-1]
    lines += [f"Not used in the last wave: {key}: {reason}." for key, reason in last.not_used.items()]
    same = [row.parameter for row in result.marginals if row.verdict.startswith("not identified")]
    if same:
        lines.append(f"These patterns say nothing of: {', '.join(same)}. What follows from them stays open.")
    for row in result.marginals:
        if row.implausible:
            lines.append(f"All but ruled out: {row.parameter} at {row.implausible}.")
    lines += [f"All but ruled out together: {text}." for text in result.corners]
    outside = [row for row in result.finalists if row["implausibility"] > CUTOFF]
    if result.finalists:
        n = len({row["member"] for row in result.finalists})
        bad = sorted({str(row["pattern"]) for row in outside})
        lines.append(
            f"{n} finalists run on {result.settings.check.name if result.settings.check else ''}: "
            + (f"implausible there by {', '.join(bad)}." if bad else "none is implausible there.")
        )
    return lines
