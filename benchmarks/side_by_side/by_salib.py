"""Which of three numbers matter for hidden dealing, asked of SALib alone; the fourth is one that the model does not have."""

import json
import sys
from multiprocessing import get_context

import numpy as np
from SALib.analyze import sobol as analyze
from SALib.sample import sobol as sample

from odssim.engine.model import OpenDrugSceneModel

NAMES = ["need.rate_month.dependent", "selling.hidden_ease_sek", "patrol.arrest_min", "dummy"]
PROBLEM = {"num_vars": 4, "names": NAMES, "bounds": [[10, 60], [300, 1200], [30, 480], [0, 1]]}
N = 64  # as many runs as odssim makes of 32 blocks with two replicates


def run(job):
    """Return the mean of ten days' hidden deals."""
    town, seed, values = job
    given = {name.replace(".", "__"): value for name, value in zip(NAMES[:3], values, strict=False)}
    model = OpenDrugSceneModel(town, rng=seed, days=10, burn_in_days=10, population_multiplier=2, **given)
    for _ in range(10):
        model.step()
    return float(np.mean(model.datacollector.model_vars["hidden_deals"]))


if __name__ == "__main__":
    points = sample.sample(PROBLEM, N, calc_second_order=False, seed=1)
    jobs = [(sys.argv[1], seed, row.tolist()) for seed, row in enumerate(points)]
    with get_context("spawn").Pool(2) as pool:
        y = np.array(pool.map(run, jobs, chunksize=8))
    found = analyze.analyze(PROBLEM, y, calc_second_order=False, seed=1)
    ends = zip(NAMES, found["ST"].tolist(), found["ST_conf"].tolist(), strict=True)
    print(json.dumps({name: {"value": value, "low": value - half, "high": value + half} for name, value, half in ends}))
