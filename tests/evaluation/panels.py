"""Panels for tests."""

import numpy as np
import pandas as pd

from odssim.evaluation.estimators.panel import Panel, make_panel


def draw(seed: int = 1, *, n: int = 1, treated: int = 5, control: int = 4, pre: int = 8, post: int = 6, effect: float = 0.3,
         alpha: float = 0.2, **rest) -> Panel:  # fmt: skip
    """Counts with places, a trend and NB2 noise."""
    rng = np.random.default_rng(seed)
    places, periods = treated + control, pre + post
    is_treated = np.arange(places) < treated
    mean = rng.gamma(3, 5, (n, places, 1)) * np.exp(rng.normal(0, 0.1, (n, 1, periods)))
    mean = mean * np.where(is_treated[:, None] & (np.arange(periods) >= pre), 1 - effect, 1.0)
    counts = rng.poisson(mean * rng.gamma(1 / alpha, alpha, mean.shape))
    return make_panel(counts, np.where(is_treated, 0, 1), start=pre, **rest)


def frame(panel: Panel) -> pd.DataFrame:
    """One replicate in long form."""
    j, t = np.indices(panel.counts.shape[1:])
    return pd.DataFrame({
        "y": panel.counts[0].ravel(), "place": j.ravel(), "period": t.ravel(), "dose": panel.dose[0].ravel(),
        "treated": (panel.area[0] == 0)[j.ravel()].astype(int), "after": (t.ravel() >= panel.start).astype(int),
    })  # fmt: skip
