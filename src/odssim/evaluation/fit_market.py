"""The numbers of a market city as one engine world has them, so that a cheap city can stand for the engine."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from odssim.core import maths
from odssim.evaluation.panel import Array
from odssim.evaluation.truth import Pair, truths

FIT = "fit."
"""What a column with such a number begins with."""
KEYS = (
    "market.deals", "market.city_sd", "market.near_ratio", "market.far_ratio", "market.hidden_ratio", "market.effect",
    "market.near", "market.far", "market.tactical", "data.counts.mean", "data.counts.dispersion",
    "data.counts.place_drift_sd", "data.counts.spread_of_places", "data.counts.detection_ratio",
)  # fmt: skip
"""Keys of a design file that an engine world gives a value to."""


def fit_market(pair: Pair, start: int, after: Array) -> dict[str, float]:
    """Return the values of `KEYS` in one pair of worlds; NaN where it has nothing to tell.

    Levels, ratios and the movement of the city come from before the start, the drift of places from both parts
    of the base, effect and displaced shares from how many deals there are in both worlds (net of what luck moves
    both ways, so that the market city has the engine's effects on target, surroundings and city), the detection
    ratio from recorded offences per open deal at the treated places in both worlds.
    """
    true = {name: float(values[0]) for name, values in truths(pair, after).items()}
    fall = -true["TE_target"]
    gains = (true["IE_buffer"], true["OE_open"] + fall - true["IE_buffer"], true["OE_all"] - true["OE_open"])
    base, other, treated = pair.base, pair.other, pair.treated[0]
    listed, near, far, hidden = base.listed[0], base.near[0], base.far[0], base.hidden[0]
    levels = listed[:, :start].mean(axis=1)
    counts = pair.given["recorded_offences"][:, 0, : len(levels)]
    recorded = counts[0][:, :start]
    with np.errstate(divide="ignore", invalid="ignore"):
        opened = listed.sum(axis=0) + near.sum(axis=0) + far
        drift = maths.log(listed[:, after].mean(axis=1) / levels)
        per_deal = counts[:, treated][:, :, after].sum(axis=(1, 2)) / np.array(
            [base.listed[0][treated][:, after].sum(), other.listed[0][treated][:, after].sum()]
        )
        shares = np.array(gains) / fall
        values = (
            levels.mean(), maths.log(opened[:start]).std(ddof=1) if start > 1 else np.nan,
            near[:, :start].sum() / listed[:, :start].sum(), far[:start].sum() / listed[:, :start].sum(),
            hidden[:start].sum() / opened[:start].sum(), fall / true["treated_base"], *shares,
            recorded.mean(), dispersion(recorded), np.std(drift[np.isfinite(drift)], ddof=1),
            levels.std(ddof=1) / levels.mean(), per_deal[1] / per_deal[0],
        )  # fmt: skip
    return {FIT + key: float(value) for key, value in zip(KEYS, values, strict=True)}


def dispersion(counts: Array) -> float:
    """Return the negative binomial alpha of counts around their places' means, by moments, at least 0."""
    n_periods = counts.shape[1]
    if n_periods < 2:
        return float("nan")
    mean = counts.mean(axis=1)
    extra = (counts.var(axis=1, ddof=1) - mean).sum()
    # the square of a mean of n counts is too large by its own variance
    squares = (mean**2 - counts.var(axis=1, ddof=1) / n_periods).sum()
    return float(max(0.0, extra / squares)) if squares > 0 else float("nan")


def fitted(columns: Mapping[str, Array]) -> list[dict[str, Any]]:
    """Return each key's mean over worlds and how worlds differ, from the scores of engine worlds; else nothing."""
    rows = []
    for key in KEYS:
        if FIT + key not in columns:
            continue
        _, first = np.unique(columns["world"], return_index=True)
        values = columns[FIT + key][first]
        values = values[np.isfinite(values)]
        rows.append({"key": key, "value": _mean(values), "sd": _sd(values), "n_worlds": len(values)})
    return rows


def _mean(values: Array) -> float | None:
    return float(values.mean()) if len(values) else None


def _sd(values: Array) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None
