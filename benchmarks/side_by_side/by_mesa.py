"""What a patrol changes in the teaching town, asked of Mesa's `batch_run` alone."""

import json
import sys

import mesa
import pandas as pd
from scipy import stats

from odssim.engine.model import OpenDrugSceneModel

FIRST_STEP = 32  # the first of February

if __name__ == "__main__":
    town, patrol = sys.argv[1:]
    rows = mesa.batch_run(
        OpenDrugSceneModel, {"scenario": [town, patrol], "days": 60, "burn_in_days": 60}, rng=range(1, 17),
        number_processes=2, max_steps=60, data_collection_period=1, display_progress=False,
    )  # fmt: skip
    table = pd.DataFrame(rows)
    table = table[table["Step"] >= FIRST_STEP]
    means = table.groupby(["iteration", "scenario"])["open_deals"].mean().unstack("scenario")
    change = means[patrol] - means[town]
    low, high = stats.t.interval(0.95, len(change) - 1, change.mean(), change.sem())
    print(json.dumps({"value": change.mean(), "low": low, "high": high}))
