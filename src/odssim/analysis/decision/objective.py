"""What a ranking counts as better: less of an outcome, more of a good one, or a net benefit in SEK."""

import math
from dataclasses import dataclass

from odssim.core.outcomes import MORE_IS_BETTER, OUTCOMES
from odssim.core.types import Array
from odssim.errors import ScenarioError
from odssim.scenario.faults import close_match

ALL_DEALS = "all_deals"
"""Open and hidden deals together."""
COST = "cost_sek"
GUARDIANS = frozenset({"visits", "guard_min", "police_min", "volunteer_min", "guards_min", "outreach_min"})
"""Outcomes that interventions plan: if a difference of them is equal in all runs, it is the plan and no chance."""
MEASURED = ("SEK", "g", "min")
"""Units that are sums of amounts, where one event more may change any amount."""
FORM = "must be an outcome, or an outcome and its worth in SEK such as open_deals:250"


@dataclass(frozen=True)
class Objective:
    """An outcome, and what one unit of improvement is worth."""

    outcome: str = "open_deals"
    worth_sek: float | None = None
    """SEK per unit (willingness to pay); None: the outcome itself decides and cost does not."""

    @property
    def more_is_better(self) -> bool:
        """Whether more of the outcome is wished for."""
        return self.outcome in MORE_IS_BETTER

    @property
    def unit(self) -> str:
        """Unit of the outcome's mean per day."""
        return unit_of(self.outcome)

    def effect(self, outcome: Array) -> Array:
        """Return the outcome with the sign that makes more better."""
        return outcome if self.more_is_better else -outcome

    def worth(self, outcome: Array, cost_sek: Array) -> Array:
        """Return what is ranked, more being better: the effect, or worth x effect - cost in SEK a day."""
        effect = self.effect(outcome)
        return effect if self.worth_sek is None else self.worth_sek * effect - cost_sek


def unit_of(outcome: str) -> str:
    """Return the unit of a mean per day."""
    return "deals/day" if outcome == ALL_DEALS else OUTCOMES[outcome].unit_a_day


def event_of(outcome: str, days: float) -> float:
    """Return by how much one event more changes a mean per day over some days; 0 for what does not count events."""
    unit = unit_of(outcome)
    return 1.0 / days if unit.endswith("/day") and unit.split("/")[0] not in MEASURED and days > 0 else 0.0


def is_planned(outcome: str) -> bool:
    """Return whether an outcome is what interventions cost or who is sent, which is no chance event if always equal."""
    return outcome in GUARDIANS or outcome.startswith(COST.removesuffix("sek"))


def known_outcome(word: str, key: str, value: str) -> str:
    """Return `word` if it is an outcome; `key` and `value` are the option as given, for the message.

    Raises ScenarioError: if there is no such outcome, naming the nearest.
    """
    names = (ALL_DEALS, *OUTCOMES)
    if word not in names:
        raise ScenarioError("no such outcome", key=key, value=value, remedy=close_match(word, names))
    return word


def parse_objective(text: str, key: str = "--objective") -> Objective:
    """Return the objective written as ``outcome`` or ``outcome:SEK``.

    Raises ScenarioError: if the outcome is unknown or the worth is not a number from 0 up.
    """
    name, colon, amount = text.partition(":")
    outcome = known_outcome(name.strip(), key, text)
    if not colon:
        return Objective(outcome)
    try:
        worth = float(amount)
    except ValueError:
        worth = math.nan
    if not (math.isfinite(worth) and worth >= 0):
        raise ScenarioError(FORM, key=key, value=text)
    return Objective(outcome, worth)
