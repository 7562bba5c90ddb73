"""Digests of what analyses find and write: `python tests/golden/analyses.py` prints them, as `outputs.py` does for runs."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evaluation.sizes import alone, panels, plan_of
from evaluation.tried import small
from golden.measure import HEAD, PATROL, digest
from odssim.analysis.comparison.run_pairs import compare
from odssim.core.marks import RECORDS, SEAL
from odssim.core.result import write_result
from odssim.engine.build import PARAMETERS
from odssim.evaluation.counts.analyse import analyse as analyse_counts
from odssim.evaluation.counts.hand_over import write_hand_over, write_plan
from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, make_panel
from odssim.evaluation.estimators.registry import ESTIMATORS, answer
from odssim.evaluation.lottery.over_time import Crossover, steps
from odssim.evaluation.trial.results import result_of, write_results
from odssim.evaluation.trial.score import setup_of
from odssim.evaluation.trial.trials import run_designs
from odssim.evaluation.trial.worth import measure_first, try_prior, value_row
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.studies.sensitivity.analyse import analyse
from odssim.studies.sensitivity.sample import BLOCKS, make_sample
from odssim.studies.sensitivity.space import Factor, Space

SHORT = HEAD.replace("days = 21\nburn_in_days = 28", "days = 14\nburn_in_days = 7")
INDICATORS = (
    '["recorded_offences", "seizures", "tips", "survey_problem", "user_survey", "price", "observed_deals", "nuisance", '
    '"latent_open_deals", "indicators_met"]'
)
DATA = (
    "survey = { n_wave = 100 }\nrating = { raters = 3 }\ndose = 0.8\n[data.counts]\nplace_drift_sd = 0.1\ndispersion = 0.1"
)
BY_ARM = tuple(name for name in ESTIMATORS if name not in ("crossover", "stepped_wedge", "saturation"))
N = 30
"""Panels: some of a hundred exponentials differ in the last bit."""
SPACE = Space((Factor("a", 0, 1), Factor("b", 1, 100, is_log=True), Factor("idle", -1, 1)))


def estimates() -> Iterator[tuple[str, bytes]]:
    """Yield what every estimator finds on small panels of counts."""
    rng = np.random.default_rng(1)
    for treated, control in ((3, 12), (8, 20)):
        near, plan = panels(rng, N, treated, control), plan_of(treated, control)
        tried = [(name, panel, plan) for name in BY_ARM for panel in (near, alone(near, rng))]
        for name, lottery in (("crossover", Crossover(treated, 12, 2)), ("stepped_wedge", steps(treated, 3, 12))):
            own = alone(panels(rng, N, treated, 0), rng)
            dose = np.zeros(own.counts.shape)
            dose[:, :, 12:] = np.resize(lottery.table(N, np.random.default_rng(2))[0], (N, treated, 12))
            tried.append((name, replace(own, dose=dose, washout=1), replace(plan, time_lottery=lottery, mechanism=None)))
        districts = np.arange(treated + control) % 4
        counts = panels(rng, N, treated, control, near=0).counts
        tried.append(("saturation", make_panel(counts, (districts > 1) * 1, start=12, block=districts), plan))
        for name, panel, one in tried:
            found = answer(name, panel, one)
            for area, part in (("target", found.target), ("buffer", found.buffer), ("overall", found.overall)):
                if part is not None:
                    values = (part.estimate, part.se, part.low, part.high, part.p, *part.parts.values())
                    size = f"{name} {treated}+{control} {panel.n_places} {area}"
                    yield size, repr([np.asarray(x, dtype=np.float64).tolist() for x in values]).encode()


def designs(folder: Path) -> Iterator[Path]:
    """Write the plan, trials, worth and hand-over of a tiny design; yield their folders."""
    one = small(folder, indicators=INDICATORS, places="treated = 4, control = 6", data=DATA)
    write_plan(one, folder / "plan")
    tried = run_designs([one], folder / "batches", half_width=0.2)
    write_results([result_of(t) for t in tried], folder / "result")
    tries = try_prior(one, 200)
    rows = [value_row(one, tries), *measure_first(one, tries)]
    (folder / "result" / "worth.json").write_text(json.dumps(rows), encoding="utf-8")
    panel = panels(np.random.default_rng(5), 1, 4, 6)
    assert {BUFFER, BUFFER_CONTROL} <= set(panel.area[0].tolist())
    write_hand_over(one, panel, analyse_counts(panel, one), folder / "hand_over")
    assert len(setup_of(one).indicators) == 10
    yield from (folder / "plan", folder / "result", folder / "hand_over")


def sensitivities(folder: Path) -> Iterator[Path]:
    """Write the tables of every method for a function of three parameters; yield their folders."""
    for method in BLOCKS:
        sample = make_sample(method, SPACE, 1 if method == "oat" else 32)
        a, b = sample.unit[..., 0], sample.values[..., 1] / 50
        luck = np.random.default_rng(4).normal(size=(*a.shape, 3))
        y = (a * (1 + b) + b * b)[..., None] + 0.2 * luck
        if method == "decisions":
            y = np.stack([y[:, 0], 1.6 - 0.5 * y[:, 0]], axis=1)
        write_result(analyse(sample, y, mixes=("one", "other")), folder / method)
        yield folder / method


def comparison(folder: Path) -> Path:
    """Write the comparison of two pairs of worlds."""
    worlds = []
    for name, text in (("base", SHORT), ("patrol", SHORT + PATROL)):
        path = folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        worlds.append(load(path, parameters=PARAMETERS, catalogue=CATALOGUE))
    write_result(compare(worlds[0], worlds[1:], seeds=2), folder / "comparison")
    return folder / "comparison"


def plain(path: Path) -> bytes:
    """Return what a file holds; of a sealed record without the seal, which covers the name of the folder too."""
    content = path.read_bytes()
    if path.name not in RECORDS:
        return content
    record = json.loads(content)
    del record[SEAL]
    return json.dumps(record).encode()


def outputs() -> dict[str, str]:
    """Return a digest per estimate and per file written."""
    found = {key: digest(value) for key, value in estimates()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for written in (*designs(folder), *sensitivities(folder), comparison(folder)):
            for path in sorted(p for p in written.rglob("*") if p.suffix in (".json", ".csv", ".md", ".html", ".parquet")):
                found[f"{written.name} {path.name}"] = digest(plain(path).replace(folder.name.encode(), b""))
    return found


if __name__ == "__main__":
    print(json.dumps(outputs()))
