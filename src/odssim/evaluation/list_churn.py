"""How many places leave a list of scenes at a new rating though nothing has changed, by the number of raters.

A place is listed if most raters grant it at least seven of ten indicators. With qualifying share m and agreement
kappa of two ratings of the same places, (1 - m)(1 - kappa) of the listed leave by rating noise alone
(`observe.laws.churn`): the number of scenes is no outcome before kappa is known.
"""

from dataclasses import replace

import numpy as np

from odssim.evaluation.characteristics import Row
from odssim.evaluation.design import Design
from odssim.evaluation.lots import n_candidates
from odssim.evaluation.measure import INSTRUMENTS, Scene
from odssim.evaluation.operate import market_of, seed_of
from odssim.evaluation.worlds import base_deals, stream
from odssim.observe.laws import churn, fleiss_kappa

RATERS = (1, 3, 5)
"""Numbers of raters that are compared with the design's own."""


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
        deals = base_deals(market, seed_of(design), batch, n_candidates(design), 1, 1).listed
        twice = np.repeat(deals.mean(axis=2, keepdims=True), 2, axis=2)
        scene = Scene(twice, twice, np.ones_like(twice), twice, market.mean, 30.0, changed)
        instrument = INSTRUMENTS["listed_places"]
        rng = stream(seed_of(design), "list churn", batch, raters)
        listed.append(instrument.draw(instrument.mean(scene), scene, rng).reshape(-1, 2))
    both = np.concatenate(listed)
    m, times = float(both.mean()), both.sum(axis=1).astype(int)
    kappa = fleiss_kappa(np.column_stack([2 - times, times]))
    # a place listed once has left in one of the two orders
    left = float((times == 1).sum() / both.sum())
    return {"raters": raters, "qualifying_share": m, "kappa": kappa, "leave_list": left, "leave_by_law": churn(m, kappa)}
