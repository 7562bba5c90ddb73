"""What a pattern is, and what the model was found to make of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from odssim.core.types import Array

Kind = Literal["emergent", "calibrated", "input check", "identity"]
"""`emergent`: behaviour makes it. `calibrated`: a parameter was set with it in view. `input check`: it restates
an input and is no evidence. `identity`: an accounting bound."""
Value = float | tuple[float, float] | tuple[Array, Array]
"""What one seed says of a row: a number; (part, whole), summed over seeds before they are divided; or a
curve (benefit, cost) of which the place of the peak is asked."""
Sets = tuple[tuple[str, float], ...]
"""Parameter ids with values that replace the scenario's."""


@dataclass(frozen=True)
class Row:
    """One number with its band."""

    key: str
    """``"V7"`` or, where a pattern has several numbers, ``"V2 density"``."""
    text: str
    low: float
    high: float
    """The acceptance band; infinite where it is open."""
    kind: Kind
    source: str
    least: float = -math.inf
    most: float = math.inf
    """What the number can be by its definition; the interval is cut off there."""

    @property
    def pattern(self) -> str:
        """The pattern's id."""
        return self.key.split()[0]


@dataclass(frozen=True)
class Off:
    """A mechanism switched off by parameters, for the ablation table."""

    what: str
    sets: Sets
    """May lie outside a parameter's range: an ablation asks what a rule does, not what is plausible."""


@dataclass(frozen=True)
class Page:
    """What is said of one pattern: its mechanism, how it is measured, and what switches it off."""

    id: str
    title: str
    mechanism: str
    protocol: str
    grade: str
    offs: tuple[Off, ...]


@dataclass(frozen=True)
class Finding:
    """A row with what the seeds say."""

    row: Row
    city: str
    """Where it was measured."""
    n: int
    value: float | None
    low: float | None
    high: float | None
    """95 % interval over seeds; None with one seed."""
    by_seed: tuple[float, ...]
    """One number per seed, NaN where a seed has none."""
    verdict: str
    """``inside``, ``below`` or ``above`` if the whole interval is; ``undecided`` if it crosses an edge of
    the band, or if there is no interval."""

    def record(self) -> dict[str, Any]:
        """Return everything as plain values; an open edge of a band is None."""
        row = self.row
        return {
            "id": row.key, "pattern": row.text, "city": self.city, "n_seeds": self.n, "value": self.value,
            "low": self.low, "high": self.high, "band_low": _finite(row.low), "band_high": _finite(row.high),
            "verdict": self.verdict, "kind": row.kind, "source": row.source,
        }  # fmt: skip


@dataclass(frozen=True)
class Validation:
    """All findings of one call, with what was run and how long it took."""

    findings: tuple[Finding, ...]
    seeds: int
    wall_s: float
    notes: Mapping[str, float]


def _finite(edge: float) -> float | None:
    return edge if math.isfinite(edge) else None
