"""Operating characteristics: what a design would have reported, with the Monte Carlo error of every number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.withheld import VERDICTS
from odssim.evaluation.worlds.conditions import NULL

Row = dict[str, Any]
Columns = Mapping[str, Array]


@dataclass(frozen=True)
class Mean:
    """A mean over worlds and its Monte Carlo standard error; worlds are the units, whatever was drawn within them."""

    value: float | None
    mcse: float | None

    def row(self, name: str) -> Row:
        """Return both as columns of a table."""
        return {name: self.value, f"{name}_mcse": self.mcse}


def mean_over(world: Array, values: Array, used: Array | None = None) -> Mean:
    """Return the mean of `values` with an error from how worlds differ; what is NaN or not `used` is left out.

    A ratio of sums over worlds, linearised, as worlds may have unequal numbers of replicates in use.
    """
    kept = np.isfinite(values) if used is None else used & np.isfinite(values)
    if not kept.any():
        return Mean(None, None)
    _, code = np.unique(world, return_inverse=True)
    n = np.bincount(code, kept)
    total = np.bincount(code, np.where(kept, values, 0.0))
    value = float(total.sum() / n.sum())
    if len(n) < 2:
        return Mean(value, None)
    spread = float(((total - value * n) ** 2).sum() * len(n) / (len(n) - 1))
    return Mean(value, float(np.sqrt(spread) / n.sum()))


def select(columns: Columns, **equal: str) -> Columns:
    """Return the rows in which the named text columns have these values."""
    inside = np.ones(len(columns["estimate"]), dtype=bool)
    for name, value in equal.items():
        inside &= columns[name] == value
    return {name: values[inside] for name, values in columns.items()}


def combinations(columns: Columns) -> list[tuple[str, str, str]]:
    """Return every (condition, indicator, estimator), in the order of first appearance."""
    triples = zip(columns["condition"], columns["indicator"], columns["estimator"], strict=True)
    return [(str(c), str(i), str(e)) for c, i, e in dict.fromkeys(triples)]


def characteristics(columns: Columns) -> list[Row]:
    """Return one row per condition, indicator and estimator."""
    rows = []
    for condition, indicator, estimator in combinations(columns):
        part = select(columns, condition=condition, indicator=indicator, estimator=estimator)
        rows.append({"condition": condition, "indicator": indicator, "estimator": estimator} | of_one(part, condition))
    return rows


def of_one(c: Columns, condition: str) -> Row:
    """Return the operating characteristics of one estimator on one indicator under one condition.

    power_target
        P(a fall at the treated places is established); under the null half the size.
    power_city
        P(a fall of target and surroundings together is established); 0 where the design does not ask.
    power_displacement
        P(a rise in the surroundings is established).
    bias_*
        Mean estimate less truth: `te` and `own` on the log scale, against the true fall of open deals at the
        treated places and against what the indicator itself would show without chance; `oe` in shares of the
        treated places' events, the estimated change of the whole against the true OE_open.
    type_s, type_m
        Among established effects: share with the wrong sign; mean size over true size. Against TE and OE.
    """
    world, n = c["world"], len(c["world"])
    te, oe = true_log(c), true_share(c)
    found = c["falls"] | c["rises"]
    row: Row = {"n_worlds": len(np.unique(world)), "n": n}
    row |= mean_over(world, found.astype(float)).row("size" if condition.startswith(NULL) else "rejects")
    for name, column in (("power_target", "falls"), ("power_city", "city_falls"), ("power_displacement", "buffer_rises")):
        row |= mean_over(world, c[column].astype(float)).row(name)
    row["city_asked"] = bool(c["city_asked"].all())
    row |= mean_over(world, c["estimate"]).row("estimate")
    row |= {"true_te": _mean(te), "true_own": _mean(c["own_truth"]), "true_oe": _mean(oe)}
    row |= mean_over(world, c["estimate"] - te).row("bias_te")
    row |= mean_over(world, c["estimate"] - c["own_truth"]).row("bias_own")
    row |= mean_over(world, c["overall"] - oe).row("bias_oe")
    for name, low, high, truth in (
        ("coverage_te", "low", "high", te),
        ("coverage_own", "low", "high", c["own_truth"]),
        ("coverage_oe", "overall_low", "overall_high", oe),
    ):
        covered = (c[low] - 1e-12 <= truth) & (truth <= c[high] + 1e-12)
        row |= mean_over(world, covered.astype(float), np.isfinite(c[low]) | np.isfinite(c[high])).row(name)
    row |= sign_and_size(world, c["estimate"], te, found, "te")
    row |= sign_and_size(world, c["overall"], oe, c["city_falls"] if row["city_asked"] else found, "oe")
    row |= mean_over(world, 1.0 - c["ok"]).row("failed")
    finite = c["estimate"][np.isfinite(c["estimate"])]
    row["sd"] = float(finite.std(ddof=1)) if len(finite) > 1 else None
    for kind in ("near", "far", "tactical", "temporal", "prevented"):
        if f"delta_{kind}" in c:
            row[f"delta_{kind}"] = _mean(c[f"delta_{kind}"])
    return row


def sign_and_size(world: Array, estimate: Array, truth: Array, found: Array, name: str) -> Row:
    """Return type S and type M errors among what was established; None where the truth is nothing."""
    real = found & (np.abs(truth) > 1e-9) & np.isfinite(estimate)
    wrong = np.sign(estimate) != np.sign(truth)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.abs(estimate) / np.abs(truth)
    type_s, type_m = mean_over(world, wrong.astype(float), real), mean_over(world, times, real)
    return type_s.row(f"type_s_{name}") | type_m.row(f"type_m_{name}")


def true_log(c: Columns) -> Array:
    """Return the true log ratio of open deals at the treated places."""
    return np.asarray(maths.log1p(np.maximum(c["TE_target"] / c["treated_base"], -1 + 1e-12)))


def true_share(c: Columns) -> Array:
    """Return the true overall effect on open deals as a share of the treated places' deals."""
    return np.asarray(c["OE_open"] / c["treated_base"])


def verdict_matrix(columns: Columns, indicator: str, estimator: str) -> list[Row]:
    """Return P(verdict | condition) for one estimator on one indicator, one row per condition."""
    rows = []
    for condition in dict.fromkeys(columns["condition"]):
        c = select(columns, condition=condition, indicator=indicator, estimator=estimator)
        row: Row = {"condition": str(condition)}
        for code, verdict in enumerate(VERDICTS):
            row |= mean_over(c["world"], (c["verdict"] == code).astype(float)).row(verdict.replace(" ", "_"))
        rows.append(row)
    return rows


def disturbances(columns: Columns, indicator: str, estimator: str, against: Mapping[str, str]) -> list[Row]:
    """Return what each disturbance changes, paired world by world.

    `against`: for each condition the one it is compared with.
    """
    rows = []
    for condition, reference in against.items():
        a = select(columns, condition=reference, indicator=indicator, estimator=estimator)
        b = select(columns, condition=condition, indicator=indicator, estimator=estimator)
        if not len(b["world"]) or len(a["world"]) != len(b["world"]):
            continue
        row: Row = {"condition": condition, "against": reference}
        for name, column in (("power_target", "falls"), ("power_city", "city_falls"), ("rises", "rises")):
            row |= mean_over(b["world"], b[column].astype(float) - a[column]).row(f"change_{name}")
        row |= mean_over(b["world"], b["estimate"] - a["estimate"]).row("change_estimate")
        row |= mean_over(b["world"], (b["estimate"] - true_log(b)) - (a["estimate"] - true_log(a))).row("change_bias_te")
        rows.append(row)
    return rows


def _mean(values: Array) -> float | None:
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else None
