"""Which indicator tells most, and which one misleads: ranked by power, with the sign of the bias."""

from collections.abc import Sequence

import numpy as np

from odssim.evaluation.characteristics import Columns, Row, mean_over, select, true_log
from odssim.evaluation.conditions import EXPECTED, NULL
from odssim.evaluation.measure import INSTRUMENTS

TRUTH = "latent_open_deals"
DETECTED = "detection x"
CLEAR = 2.0
"""Standard errors beyond which a bias has a sign."""


def rank_indicators(columns: Columns, indicators: Sequence[str], estimator: str) -> list[Row]:
    """Return one row per indicator, the most powerful first, under the expected effect.

    `power` counts established effects in the direction that means less dealing (down, or up where an indicator
    falls with dealing). `bias` is the mean log ratio read less that of the open deals: `understates` if the fall
    looks smaller than it is; the same where recording rises with the intervention.
    """
    rows = [_row(columns, indicator, estimator) for indicator in indicators]
    rows.sort(key=lambda row: -(row["power"] or 0.0))
    return [{"rank": k + 1} | row for k, row in enumerate(rows)]


def _row(columns: Columns, indicator: str, estimator: str) -> Row:
    instrument = INSTRUMENTS[indicator]
    c = select(columns, condition=EXPECTED, indicator=indicator, estimator=estimator)
    null = select(columns, condition=NULL, indicator=indicator, estimator=estimator)
    good = c["falls"] if instrument.sign > 0 else c["rises"]
    row: Row = {"indicator": indicator, "estimator": estimator, "is_truth": indicator == TRUTH}
    row |= mean_over(c["world"], good.astype(float)).row("power")
    row |= mean_over(null["world"], (null["falls"] | null["rises"]).astype(float)).row("size")
    bias = mean_over(c["world"], instrument.sign * c["estimate"] - true_log(c))
    row |= bias.row("bias") | {"bias_sign": sign_of(bias.value, bias.mcse)}
    raised = [name for name in dict.fromkeys(columns["condition"]) if str(name).startswith(DETECTED)]
    if raised:
        worst = select(columns, condition=str(raised[-1]), indicator=indicator, estimator=estimator)
        shifted = mean_over(worst["world"], instrument.sign * worst["estimate"] - true_log(worst))
        bad = worst["rises"] if instrument.sign > 0 else worst["falls"]
        row |= {"bias_detection": shifted.value, "wrong_way": float(np.mean(bad))}
    return row


def sign_of(bias: float | None, mcse: float | None) -> str:
    """Return a bias in words; none unless it is clear of its Monte Carlo error."""
    if bias is None or mcse is None or abs(bias) <= CLEAR * mcse:
        return "none seen"
    return "understates the fall" if bias > 0 else "overstates the fall"
