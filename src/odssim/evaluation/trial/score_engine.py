"""Scores of worlds from the engine."""

import numpy as np

from odssim.evaluation.trial.score import Columns, Setup, score_pair
from odssim.evaluation.worlds.conditions import NULL
from odssim.evaluation.worlds.engine_pair import READINGS, fit_market, pair_of
from odssim.evaluation.worlds.engine_worlds import run_twins


def score_engine_batch(setup: Setup, batch: int) -> list[Columns]:
    """Return the scores of one world, read by `READINGS` evaluators; of the null, both worlds are the base."""
    twins = run_twins(setup.design, batch)
    tables: list[Columns] = []
    fit = fit_market(pair_of(setup.design, twins, other=True), setup.design.keys.data.timing.pre, setup.after)
    for condition in setup.conditions:
        pair = pair_of(setup.design, twins, other=condition.id != NULL)
        mean = float(pair.base.listed[0, :, : setup.design.keys.data.timing.pre].mean())
        position = np.column_stack(twins.base.city.place_xy_m())[twins.listed]
        found = score_pair(setup, pair, twins.assignment, condition, mean, position, batch)
        tables += [table | {"world": np.full(READINGS, batch)} | fit for table in found]
    return tables
