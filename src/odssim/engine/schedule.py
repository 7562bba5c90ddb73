"""The schedule: the only page where order exists. The run is built from this page.

Midnight, on the eve of day d, in this order (`MIDNIGHT`); then the minutes of the day, each with the
phases of `world.codes.Event`: departures of guardians, their arrivals, sellers, buyers, detections.
"""

from collections.abc import Callable

from odssim.rules import belief, detection, disorder, need, patrol, pricing, recruitment, selling, supply, treatment, use
from odssim.world.state import State

MIDNIGHT: tuple[tuple[str, Callable[[State, int], None]], ...] = (
    ("supply", supply.midnight),
    ("pricing", pricing.midnight),
    ("belief", belief.midnight),
    ("selling", selling.midnight),
    ("patrol", patrol.midnight),
    ("use", use.midnight),
    ("treatment", treatment.midnight),
    ("recruitment", recruitment.midnight),
    ("disorder", disorder.midnight),
)
"""What happens before the day's needs are drawn; the tallies of yesterday are cleared after disorder."""

MORNING: tuple[tuple[str, Callable[[State, int], None]], ...] = (("detection", detection.midnight), ("need", need.midnight))
"""What already belongs to the new day."""


def run_midnight(st: State, d: int) -> None:
    """Do the midnight before day `d`: the rules in order, with yesterday's place tallies still standing."""
    st.city_tally[:] = 0
    for _, rule in MIDNIGHT:
        rule(st, d)
    st.place_tally[:] = 0
    for _, rule in MORNING:
        rule(st, d)
