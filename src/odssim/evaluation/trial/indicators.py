"""Which indicator tells most, and which one misleads: ranked by power, with the sign of the bias.

And how many places leave a list of scenes at a new rating though nothing has changed, by the number of raters. A place
is listed if most raters grant it at least seven of ten indicators. With qualifying share m and agreement kappa of two
ratings of the same places, (1 - m)(1 - kappa) of the listed leave by rating noise alone (`observe.laws.churn`): the
number of scenes is no outcome before kappa is known.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from odssim.evaluation.design.design_file import Design
from odssim.evaluation.trial.characteristics import Columns, Row, mean_over, select, true_log
from odssim.evaluation.trial.score import market_of
from odssim.evaluation.worlds.assignment import n_candidates
from odssim.evaluation.worlds.cities import base_deals, stream
from odssim.evaluation.worlds.conditions import EXPECTED, NULL
from odssim.evaluation.worlds.instruments import INSTRUMENTS, Scene
from odssim.observe.laws import churn, fleiss_kappa

TRUTH = "latent_open_deals"
DETECTED = "detection x"
CLEAR = 2.0
"""Standard errors beyond which a bias has a sign."""
RATERS = (1, 3, 5)
"""Numbers of raters that are compared with the design's own."""


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


def list_churn(design: Design, batches: int = 4) -> list[Row]:
    """Return, per number of raters, who is listed, how two ratings agree, and what leaves: seen, and by the law."""
    own = design.keys.data.rating.raters
    return [_with_raters(design, n, batches) | {"own": n == own} for n in sorted({*RATERS, own})]


def _with_raters(design: Design, raters: int, batches: int) -> Row:
    rating = design.keys.data.rating.model_copy(update={"raters": raters})
    data = design.keys.data.model_copy(update={"rating": rating})
    changed = replace(design, keys=design.keys.model_copy(update={"data": data}))
    market = market_of(design)
    listed = []
    for batch in range(batches):
        deals = base_deals(market, design.seed, batch, n_candidates(design), 1, 1).listed
        twice = np.repeat(deals.mean(axis=2, keepdims=True), 2, axis=2)
        scene = Scene(twice, twice, np.ones_like(twice), twice, market.mean, 30.0, changed)
        instrument = INSTRUMENTS["listed_places"]
        rng = stream(design.seed, "list churn", batch, raters)
        listed.append(instrument.draw(instrument.mean(scene), scene, rng).reshape(-1, 2))
    both = np.concatenate(listed)
    m, times = float(both.mean()), both.sum(axis=1).astype(int)
    kappa = fleiss_kappa(np.column_stack([2 - times, times]))
    # a place listed once has left in one of the two orders
    left = float((times == 1).sum() / both.sum())
    return {"raters": raters, "qualifying_share": m, "kappa": kappa, "leave_list": left, "leave_by_law": churn(m, kappa)}
