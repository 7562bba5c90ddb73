"""What every estimator answers: an estimate with its interval and p, one per replicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from odssim.core import maths
from odssim.core.package_data import package_toml
from odssim.core.types import Array
from odssim.errors import Sentence
from odssim.evaluation.estimators.panel import TREATED, Panel

LOG_RATIO, EVENTS = "log ratio", "events"
"""Scales: logarithm of a ratio of rates; change in events at all target places over the whole after period."""


@dataclass(frozen=True)
class Estimates:
    """One estimator's answers, float64[R] each."""

    estimator: str
    scale: str
    estimate: Array
    se: Array
    low: Array
    high: Array
    p: Array
    """On `scale`; the interval is at 1 - alpha, p is two-sided. NaN where there is none."""
    ok: Array
    """Whether the estimator worked, bool[R]. A failure counts as "not rejected" and is never left out."""
    alpha: float = 0.05
    warnings: tuple[str, ...] = ()
    """In plain words, what the reader must know."""
    parts: Mapping[str, Array] = field(default_factory=dict)
    """What else the estimator found, by name."""
    decides: Estimates | None = None
    """The answer on which verdicts rest, where the numbers here are those of a published formula that rejects too often;
    None if they are these."""

    @property
    def decisive(self) -> Estimates:
        """The answer on which verdicts rest."""
        return self if self.decides is None else self.decides

    @property
    def answered(self) -> Array:
        """In which replicates there is an estimate with a p or an interval that could have gone either way, bool[R].

        A lottery whose smallest p (`smallest_p` among the parts) is above alpha can reject nothing.
        """
        found = self.decisive
        has_answer = np.isfinite(found.p) | (np.isfinite(found.low) | np.isfinite(found.high))
        could = np.asarray(found.parts.get("smallest_p", 0.0)) <= found.alpha
        return np.asarray(self.ok & found.ok & np.isfinite(found.estimate) & has_answer & could)

    @property
    def rejected(self) -> Array:
        """In which replicates "no effect" is rejected, bool[R]: by p, or by the interval where there is no p."""
        found = self.decisive
        by_interval = (found.low > 0) | (found.high < 0)
        return np.asarray(self.answered & np.where(np.isnan(found.p), by_interval, found.p <= found.alpha))

    def established(self, sign: int) -> Array:
        """Return where "no effect" is rejected and the estimate has this sign, bool[R]."""
        return np.asarray(self.rejected & (np.sign(self.estimate) == sign))

    def events(self, panel: Panel) -> Array:
        """Return the estimated change in events at the target over the after period, float64[R]."""
        if self.scale == EVENTS:
            return self.estimate
        _, after = panel.area_sums(TREATED)
        return np.asarray(after * (1.0 - maths.exp(-self.estimate)))

    def share(self, panel: Panel) -> Array:
        """Return the estimated relative change at the target, float64[R]: -0.16 for sixteen per cent fewer."""
        if self.scale == LOG_RATIO:
            return np.asarray(maths.expm1(self.estimate))
        _, after = panel.area_sums(TREATED)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.estimate / (after - self.estimate))


def from_se(
    estimator: str, scale: str, estimate: Array, se: Array, *, alpha: float, df: Array | float | None = None, **rest: Any
) -> Estimates:
    """Return estimates with a symmetric interval and its p.

    `df`: degrees of freedom of Student's t; the normal distribution if left out.
    `rest`: `warnings`, `parts` and `decides`.
    """
    estimate, se = np.asarray(estimate, dtype=np.float64), np.asarray(se, dtype=np.float64)
    ok = np.isfinite(estimate) & np.isfinite(se) & (se > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(estimate) / se
    if df is None:
        quantile, p = ndtri(1.0 - alpha / 2.0), 2.0 * ndtr(-z)
    else:
        degrees = np.maximum(np.asarray(df, dtype=np.float64), 1e-9)
        ok = ok & (np.asarray(df) > 0)
        quantile, p = stdtrit(degrees, 1.0 - alpha / 2.0), 2.0 * stdtr(degrees, -z)
    reach = np.where(ok, quantile * se, np.nan)
    p = np.where(ok, p, np.nan)
    return Estimates(estimator, scale, estimate, se, estimate - reach, estimate + reach, p, ok, alpha, **rest)


def scaled(found: Estimates, times: Array) -> Estimates:
    """Return estimates in events, each times a number, float64[R]."""
    return replace(
        found, estimate=found.estimate * times, se=found.se * times, low=found.low * times, high=found.high * times
    )


def stacked(parts: Sequence[Estimates]) -> Estimates:
    """Return the answers of several runs of one estimator as one, replicates one after the other."""
    first, arrays = parts[0], ("estimate", "se", "low", "high", "p", "ok")
    values: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    inner = {name: np.concatenate([part.parts[name] for part in parts]) for name in first.parts}
    warnings = tuple(dict.fromkeys(text for part in parts for text in part.warnings))
    return replace(first, **values, parts=inner, warnings=warnings)


def warning(name: str, **values: object) -> Sentence:
    """Return what a reader must know of an estimate: a sentence of `warnings.toml`."""
    return Sentence(package_toml(__package__, "warnings.toml")[name], **values)


def safe_log(values: Array) -> Array:
    """Return the logarithm, NaN where a value is not positive."""
    array = np.asarray(values, dtype=np.float64)
    return np.where(array > 0, maths.log(array), np.nan)
