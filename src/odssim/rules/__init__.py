"""The submodels, one file each; file, ODD heading, parameter prefix and draw names share one word."""

from odssim.core.declare import Parameter
from odssim.rules import (
    approach,
    belief,
    choice,
    detection,
    disorder,
    explore,
    footfall,
    funding,
    guardianship,
    need,
    patrol,
    presence,
    pricing,
    purchase,
    recording,
    recruitment,
    search,
    selling,
    supply,
    treatment,
    use,
)

RULES = (
    footfall, need, presence, approach, choice, search, explore, purchase, selling, pricing, supply, guardianship,
    patrol, detection, belief, use, treatment, recruitment, funding, disorder, recording,
)  # fmt: skip
"""Every rule, in the order of ODD.md (`explore` is shared by choice, search and selling)."""

PARAMETERS: tuple[Parameter, ...] = tuple(p for rule in RULES for p in rule.PARAMETERS)
DRAWS: tuple[str, ...] = tuple(name for rule in RULES for name in getattr(rule, "DRAWS", ()))
