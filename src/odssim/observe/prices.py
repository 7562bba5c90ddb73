"""prices: what the police areas report of prices in the street.

Instrument
    Twice a year (every 180 days) reporters name a price per gram of each substance; while an
    intervention `price_mapping` runs, every 30 days. Each reporter has a bias of his own and rounds.
Formula
    report = 50 SEK * round(P * exp(bias + error) / 50 SEK); the instrument reads the median of reports.
Draws
    observe.price_bias, observe.price_error.
Sources
    27 police areas asked twice a year (CAN's price survey); sizes of bias and error are assumptions.
Limits
    No difference between places or reporters' areas; prices of whole ounces are not asked.
"""

import warnings
from datetime import date, timedelta

import numpy as np

from odssim.core import maths
from odssim.core.declare import Outcome, declared
from odssim.core.rng import decision_key, normals
from odssim.core.types import Array
from odssim.observe.laws import rounded_to
from odssim.observe.result import RunResult
from odssim.observe.windows import CITY, HALF_YEAR, MONTH, Rows, Values, ends, stamp
from odssim.world.columns import SUBSTANCES

PARAMETERS = declared(__file__)
DRAWS = ("observe.price_bias", "observe.price_error")
OUTCOMES = tuple(
    Outcome(f"seen.price_{name}_sek", "SEK/g", f"Median of reported prices of {name} (price mapping, 180 days).")
    for name in SUBSTANCES
)
MAPPING = "price_mapping"
"""The catalogue's entry that pays for a monthly round."""


def reports(price: float, seed: int, wave: int, substance: int, par: Values) -> Array:
    """Return what each reporter says of a substance that costs `price` SEK/g, SEK/g."""
    who = np.arange(round(par["prices_reporters"]))
    bias = par["prices_bias_sd"] * normals(decision_key(seed, DRAWS[0]), who, 0)
    asked = who * len(SUBSTANCES) + substance
    error = par["prices_error_sd"] * normals(decision_key(seed, DRAWS[1]), asked, wave)
    return rounded_to(price * maths.exp(bias + error), par["prices_step_sek"])


def is_mapped(result: RunResult, day: date) -> bool:
    """Whether an intervention pays for price mapping on `day`."""
    return any(
        spec.type == MAPPING and spec.dose > 0 and spec.start <= day < spec.end for spec in result.scenario.interventions
    )


def price_rows(result: RunResult, par: Values, rows: Rows) -> None:
    """Add every round of price mapping."""
    for end in ends(len(result.days_kept), MONTH):
        day = result.scenario.start_date + timedelta(days=end - 1)
        if end % HALF_YEAR and not is_mapped(result, day):
            continue
        days = MONTH if is_mapped(result, day) else HALF_YEAR
        prices = np.array([r.price_sek for r in result.days_kept[max(0, end - days) : end]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a substance that nobody sells has no price
            level = np.nanmean(prices, axis=0)
        for k, name in enumerate(SUBSTANCES):
            if np.isfinite(level[k]):
                said = reports(float(level[k]), result.seed, stamp(result, end), k, par)
                rows.add(end, f"seen.price_{name}_sek", CITY, np.median(said))
