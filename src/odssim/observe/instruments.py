"""All that is seen of a town beside what is true of it: registers, survey, prices, observers, cameras, raters.

Instruments only look. They draw from numbers of their own (`observe.*`), after the run, so that no byte of
what the market does depends on them. Their rows stand in ``outcomes.parquet`` on the last day of each
period; names that begin with ``seen.`` are what an instrument reads, the others are true. Recorded
offences, seizures, tips and the interventions' process (planned, delivered) are outcomes of every day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from odssim.core.declare import Outcome, Parameter
from odssim.observe import indicators, observers, prices, raters, registers, survey
from odssim.observe.indicators import Truth, candidates, rating_ends, truth
from odssim.observe.raters import Rated, judge, rating_rows
from odssim.observe.result import RunResult
from odssim.observe.windows import MONTH, QUARTER, Rows, Values, ends, values_of, window

MODULES = (registers, survey, prices, observers, indicators, raters)
PARAMETERS: tuple[Parameter, ...] = tuple(p for module in MODULES for p in module.PARAMETERS)
DRAWS: tuple[str, ...] = (*registers.DRAWS, *survey.DRAWS, *prices.DRAWS, *observers.DRAWS, *raters.DRAWS)
PERIOD_OUTCOMES: Mapping[str, Outcome] = {outcome.id: outcome for module in MODULES for outcome in module.OUTCOMES}
"""Outcomes that exist on the last day of a period only."""
DISTRICT = "district: "
"""What the name of a district begins with in the column of places; only the survey has such rows."""


@dataclass(frozen=True)
class Seen:
    """What the instruments read in one run: rows for the outcome table, and every rating."""

    rows: Rows
    ratings: tuple[tuple[Truth, Rated], ...]


def measure(result: RunResult) -> Seen:
    """Return what every instrument reads; the same for the same run."""
    par = values_of(PARAMETERS, result.scenario.parameters)
    rows, n_days = Rows(), len(result.days_kept)
    _months(result, n_days, par, rows, surveyed=True)
    prices.price_rows(result, par, rows)
    ratings = []
    for end in rating_ends(n_days):
        true = truth(result, end, par)
        rated = judge(result, true, par)
        rating_rows(result, true, rated, par, rows)
        ratings.append((true, rated))
    return Seen(rows, tuple(ratings))


def count(result: RunResult) -> Rows:
    """Return what those instruments read that count by place: observers and cameras; the same as in `measure`."""
    rows = Rows()
    par = values_of(PARAMETERS, result.scenario.parameters)
    _months(result, len(result.days_kept), par, rows, surveyed=False)
    return rows


def _months(result: RunResult, n_days: int, par: Values, rows: Rows, *, surveyed: bool) -> None:
    """Add monthly and quarterly rounds; a place once on the list of frequent places stays on it."""
    listed = candidates(window(result, 0, QUARTER), par)
    for end in ends(n_days, MONTH):
        month = window(result, end, MONTH)
        observers.observer_rows(result, month, listed, par, rows)
        observers.camera_rows(result, month, par, rows)
        registers.register_rows(result, month, par, rows)
        before = window(result, end, QUARTER)
        if surveyed and end % QUARTER == 0:
            survey.wave_rows(result, before, listed, par, rows)
        listed = np.union1d(listed, candidates(before, par))
