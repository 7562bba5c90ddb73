"""registers: what the police's registers hold of a month when the run ends.

Instrument
    An offence that has been recorded comes into the register at once or some months later; the last months
    before the data are taken out always look too small. A call may be written down twice.
Formula
    offences in the register ~ Bin(recorded, 1 - (1 - prompt_share)^(m + 1)), m whole months between the
    month and the end of the run; calls ~ n + Bin(n, double_share).
Draws
    observe.register_sale, observe.register_possession, observe.register_use, observe.register_tips.
Sources
    None; the numbers are assumptions.
Limits
    Nothing is coded wrongly or struck out; codes do not change.
"""

import math

import numpy as np

from odssim.core.declare import Outcome, declared
from odssim.core.rng import decision_key, uniforms
from odssim.core.types import Array
from odssim.observe.laws import binomial
from odssim.observe.result import RunResult
from odssim.observe.windows import MONTH, Rows, Values, Window, stamp

PARAMETERS = declared(__file__)
OFFENCES = ("sale", "possession", "use")
DRAWS = (*(f"observe.register_{kind}" for kind in OFFENCES), "observe.register_tips")
OUTCOMES = (
    *(
        Outcome(f"seen.recorded_{kind}", "offences", f"Offences ({kind}) of 30 days in the register when the run ends.")
        for kind in OFFENCES
    ),
    Outcome("seen.tips", "calls", "Calls of 30 days in the register, some of them twice."),
)


def entered_share(months_since: int, par: Values) -> float:
    """Return the share of a month's offences in the register `months_since` months after the month."""
    return 1.0 - math.pow(1.0 - par["registers_prompt_share"], months_since + 1)


def register_rows(result: RunResult, window: Window, par: Values, rows: Rows) -> None:
    """Add what the registers hold of the month that `window` covers."""
    share = entered_share((len(result.days_kept) - window.end) // MONTH, par)
    for kind, draw in zip(OFFENCES, DRAWS, strict=False):
        where, count, u = _counted(result, window, f"recorded_{kind}", draw)
        rows.add(window.end, f"seen.recorded_{kind}", where, binomial(u, count, np.full(len(where), share)))
    where, count, u = _counted(result, window, "tips", DRAWS[-1])
    twice = binomial(u, count, np.full(len(where), par["registers_double_share"]))
    rows.add(window.end, "seen.tips", where, count + twice)


def _counted(result: RunResult, window: Window, tally: str, draw: str) -> tuple[Array, Array, Array]:
    """Return the places with a count of the tally in the window, the counts, and a uniform for each."""
    count = window.count(tally).astype(np.int64)
    where = np.flatnonzero(count)
    return where, count[where], uniforms(decision_key(result.seed, draw), where, stamp(result, window.end))
