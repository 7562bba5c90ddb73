"""What an averted deal, gram or a year in care costs: extra cost over what was averted, from paired runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from odssim.analysis.comparison.contrast import SeedContrast
from odssim.analysis.decision.objective import ALL_DEALS, event_of
from odssim.analysis.statistics.intervals import NOTHING, difference_estimate, ratio_estimate
from odssim.language import say
from odssim.language.written import number, said_range

DAYS_A_YEAR = 365
UNITS: tuple[tuple[str, str, float], ...] = (
    ("open deal averted", "open_deals", -1.0),
    ("deal averted, open or hidden", ALL_DEALS, -1.0),
    ("gram averted, open or hidden", "consumed_g", -1.0),
    ("person-year in care", "in_care", 1.0 / DAYS_A_YEAR),
)
"""What is bought, the outcome that counts it, and the sign and size of one unit of it."""


@dataclass(frozen=True)
class AvertedRow:
    """What one unit of what a mix averts or gains costs."""

    alternative: str
    unit: str
    """What is bought, of `UNITS`."""
    sek_per_unit: float | None
    low: float | None
    high: float | None
    """SEK per unit with its 95 % interval."""
    bought_per_day: float | None
    cost_sek_per_day: float | None
    """Units bought and extra cost in SEK, a day."""
    n_seeds: int


def averted_rows(label: str, contrasts: Sequence[SeedContrast], days: int) -> list[AvertedRow]:
    """Return one row per kind of unit bought: SEK per unit with its interval.

    No number where the alternative costs no more, or where not clearly more than nothing was bought: a
    ratio over a difference that may be zero says nothing.
    """
    cost = [c.other["cost_sek"] - c.base["cost_sek"] for c in contrasts]
    rows = []
    for unit, outcome, size in UNITS:
        bought = [size * (c.other[outcome] - c.base[outcome]) for c in contrasts]
        gain = difference_estimate(bought, event=abs(size) * event_of(outcome, days))
        sure = gain.low is not None and gain.low > 0
        per_unit = ratio_estimate(cost, bought) if sum(cost) > 0 and sure else NOTHING
        n = len(bought)
        rows.append(AvertedRow(label, unit, per_unit.value, per_unit.low, per_unit.high, sum(bought) / n, sum(cost) / n, n))
    return rows


def averted_text(rows: Sequence[AvertedRow]) -> list[str]:
    """Return a sentence on what the extra cost bought; none where there was no extra cost."""
    if (rows[0].cost_sek_per_day or 0.0) <= 0:
        return []
    known = [row for row in rows if row.sek_per_unit is not None]
    if not known:
        return [say("Extra cost per averted deal: not given, nothing was clearly averted.")]
    parts = []
    for row in known:
        text = say("{sek} SEK per {unit}", sek=number(row.sek_per_unit), unit=say(row.unit))
        if row.low is not None:
            text += f" ({said_range(number(row.low), number(row.high))})"
        parts.append(text)
    return [say("Extra cost: {parts}.", parts="; ".join(parts))]
