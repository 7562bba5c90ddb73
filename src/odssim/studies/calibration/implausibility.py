"""How far a parameter set's predicted patterns lie outside what is known, in standard deviations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.language.written import figures
from odssim.studies.sensitivity.emulator import Emulator, fit_emulator

CUTOFF = 3.0
"""Ruled out above this many standard deviations: 95 % of any unimodal distribution lies within (Pukelsheim 1994)."""
DISCREPANCY_SHARE = 0.1
"""Standard deviation of the model's own error, as a share of the band's width; assumption."""
LEAST_Q2 = 0.3
"""An emulator that predicts less than this is left out of a wave, and said so; assumption."""


@dataclass(frozen=True)
class Target:
    """A pattern that the model should show: any value within the band is as good as another."""

    id: str
    low: float
    high: float
    discrepancy_sd: float
    """How far the model may be off even with the best parameters, in the pattern's unit."""

    def outside(self, value: Array) -> Array:
        """Return the distance from the band, 0 within it."""
        return np.maximum(0.0, np.maximum(self.low - value, value - self.high))


def target_of_band(label: str, low: float, high: float, share: float = DISCREPANCY_SHARE) -> Target:
    """Return the target of a band with a discrepancy that is a share of its width."""
    return Target(label, low, high, share * (high - low))


def implausibility(target: Target, mean: Array, variance: Array) -> Array:
    """Return I = distance from the band / sqrt(emulator or chance variance + discrepancy variance).

    Craig, Goldstein, Seheult and Smith 1997, with the observation's error in the band itself. `variance` is that of the
    emulator for predictions, and chance / R for the mean of R runs.
    """
    return np.asarray(target.outside(mean) / np.sqrt(variance + target.discrepancy_sd**2 + 1e-300))


@dataclass(frozen=True)
class PatternEmulator:
    """The emulator of one pattern in one wave; `inflation` widens it where left-out points were missed by more."""

    target: Target
    emulator: Emulator
    inflation: float

    def implausibility(self, points: Array) -> Array:
        """Return I at points of the unit cube, float64[n]."""
        mean, variance = self.emulator.predict(points)
        return implausibility(self.target, mean, variance * self.inflation)


def fit_patterns(
    points: Array, outcomes: Mapping[str, Array], targets: Sequence[Target]
) -> tuple[list[PatternEmulator], dict[str, str]]:
    """Return the emulators of a wave, and why each pattern without one has none.

    `points`: float64[n, k] in the unit cube.
    `outcomes`: by pattern, float64[n, replicates]; a point where it is missing is left out for that pattern.
    """
    found: list[PatternEmulator] = []
    without: dict[str, str] = {}
    for target in targets:
        y = outcomes[target.id]
        known = np.isfinite(y).all(axis=1)
        if known.sum() < points.shape[1] + 3:
            without[target.id] = f"only {int(known.sum())} points have it"
            continue
        y, n_replicates = y[known], y.shape[1]
        chance = float(y.var(axis=1, ddof=1).mean()) if n_replicates > 1 else 0.0
        if float(y.mean(axis=1).var(ddof=1)) == 0.0:
            without[target.id] = "it is the same everywhere"
            continue
        emulator = fit_emulator(points[known], y.mean(axis=1), np.full(len(y), chance / n_replicates), least_q2=None)
        if emulator.q2 < LEAST_Q2:
            without[target.id] = f"its emulator predicts too little (Q2 {figures(emulator.q2, 2)})"
            continue
        found.append(PatternEmulator(target, emulator, max(1.0, float((emulator.loo_z**2).mean()))))
    return found, without


def worst(emulators: Sequence[PatternEmulator], points: Array) -> Array:
    """Return the largest implausibility over patterns, float64[n]; 0 where nothing is emulated."""
    each = [emulator.implausibility(points) for emulator in emulators]
    return np.max(each, axis=0) if each else np.zeros(len(points))
