"""Parameters of the random worlds: wide draws, and wider ones where a branch would be rare."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from odssim.core.declare import Parameter

WHOLE = (
    "approach.far_min", "detection.prison_days", "patrol.arrest_min", "patrol.stay_limit_min", "patrol.stay_min",
    "patrol.travel_min", "patrol.visits_per_shift", "purchase.service_min", "selling.handling_min",
    "selling.hidden_hours", "supply.lead_days",
)  # fmt: skip
"""Parameters that are compared with whole minutes or days; drawn as whole numbers."""

RANGE = {
    "approach.far_min": (1, 40),
    "approach.hit": (0.1, 1.0),
    "belief.contact_share": (0.0, 1.0),
    "choice.explore_share": (0.05, 0.8),
    "choice.loyalty": (0.0, 0.85),
    "choice.postpone_min": (10, 240),
    "choice.postpone_utility": (-3, 3),
    "choice.hidden_discomfort_sek": (0, 200),
    "choice.open_discomfort_sek": (0, 200),
    "choice.value_sek": (150, 1500),
    "choice.without_utility": (-3, 2),
    "detection.arrest_camera": (0.0, 0.6),
    "detection.arrest_investigated": (0.0, 0.6),
    "detection.arrest_seen": (0.0, 0.9),
    "detection.arrest_stop": (0.0, 0.7),
    "detection.camera_share": (0.0, 1.0),
    "detection.custody_days": (0.1, 2.0),
    "detection.hit_carry": (0.1, 1.0),
    "detection.hit_seller": (0.1, 1.0),
    "detection.hit_use": (0.0, 0.7),
    "detection.investigate_hidden": (0.0, 0.3),
    "detection.investigate_open": (0.0, 0.3),
    "detection.list_year": (0, 200),
    "detection.officer": (0.1, 1.0),
    "detection.prison_days": (1, 4),
    "detection.prison_share": (0.0, 0.7),
    "disorder.gain": (0.0, 1.0),
    "guardianship.tip_half": (1, 200),
    "guardianship.tip_share": (0.0, 0.5),
    "patrol.attention_weight": (0.0, 5.0),
    "patrol.stay_limit_min": (20, 240),
    "patrol.stop_min": (1, 15),
    "patrol.visit_min": (2, 60),
    "patrol.visit_sigma": (0.0, 0.8),
    "patrol.visits_per_shift": (1, 12),
    "presence.dwell_min": (0.2, 60),
    "presence.dwell_sigma": (0.0, 0.8),
    "pricing.reference_sek_g": (50, 600),
    "purchase.bold_share": (0.2, 1.0),
    "purchase.min_mg": (1, 100),
    "purchase.price_limit": (1.05, 3.0),
    "purchase.ripoff_share": (0.0, 0.3),
    "recording.background_share": (0.0, 0.3),
    "recruitment.newcomer_days": (0.1, 1.5),
    "recruitment.replace_days": (0.1, 1.5),
    "search.patience_min": (2, 90),
    "search.patience_sigma": (0.05, 0.8),
    "selling.delivery_sigma": (0.0, 0.7),
    "selling.hidden_ease_sek": (-1500, 1500),
    "selling.hide_min": (3, 40),
    "selling.hide_share": (0.1, 0.9),
    "selling.loss_police_sek": (0, 200),
    "selling.loss_sight_sek": (50, 1500),
    "selling.off_utility": (-6, 0),
    "selling.other_utility": (-6, 0),
    "supply.basket_mg": (200, 1500),
    "supply.border_share": (0.0, 0.8),
    "supply.lead_days": (0, 2),
    "supply.wholesale_sek_g": (30, 300),
    "treatment.compulsory_days": (0.5, 6),
    "treatment.death_year": (0, 20),
    "treatment.seek_year": (0, 60),
    "treatment.wait_days": (0, 4),
    "use.death_share": (0.0, 1.0),
    "use.escalation_year": (0.0, 5.0),
    "use.overdose_share": (0.0, 0.4),
    "use.quit_year": (0.0, 5.0),
    "use.remission_year": (0.0, 5.0),
}
"""Range by parameter where it is not the declared one: so that every branch is taken in few days."""

WATCHED = {
    "belief.see": (0.0, 0.2),
    "choice.loyalty": (0.3, 0.85),
    "choice.risk_sek": (0, 50),
    "detection.arrest_seen": (0.0, 0.3),
    "detection.arrest_stop": (0.0, 0.3),
    "detection.hit_carry": (0.1, 0.5),
    "detection.conceal": (0.0, 0.5),
    "detection.officer": (0.6, 1.0),
    "patrol.stay_min": (10, 60),
    "patrol.stop_min": (5, 40),
    "patrol.visit_min": (20, 90),
    "patrol.visits_per_shift": (6, 12),
    "presence.dwell_min": (10, 60),
    "purchase.bold_share": (0.7, 1.0),
    "search.patience_min": (20, 90),
    "selling.hide_share": (0.0, 0.4),
    "selling.hidden_ease_sek": (-1500, 0),
    "selling.loss_police_sek": (0, 30),
    "selling.loss_sight_sek": (10, 100),
}
"""Narrower ranges of every second world: much police, who deter few, so that deals are seen."""

DEFAULT_SHARE = 0.25
"""Probability that an entry keeps its default."""


def draw_values(random: np.random.Generator, parameters: Iterable[Parameter], *, watched: bool) -> dict[str, float]:
    """Return a value for every scalar id that does not keep its default."""
    ranges = RANGE | WATCHED if watched else RANGE
    values = {}
    for parameter in parameters:
        low, high = ranges.get(parameter.id, (parameter.low, parameter.high))
        for scalar_id in parameter.ids:
            keep = parameter.id not in ranges and random.random() < DEFAULT_SHARE
            if parameter.id in WHOLE:
                values[scalar_id] = float(random.integers(int(low), int(high) + 1))
            elif not keep:
                values[scalar_id] = float(random.uniform(low, high))
    return values
