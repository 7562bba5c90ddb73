"""What an evaluation costs, in SEK, from the prices of its design file."""

from odssim.evaluation.design.design_file import Design
from odssim.language import marked
from odssim.language.written import grouped

NO_PRICES = marked("no prices given")


def cost_text(sek: float) -> str:
    """Return a cost in words; of nothing, that the design file has no prices."""
    return f"{grouped(sek)} SEK" if sek else NO_PRICES


def design_cost(design: Design) -> float:
    """Return fixed costs, places, place-periods (with surroundings and visits), and the price of each indicator used."""
    prices, data = design.keys.decision, design.keys.data
    n_places = data.places.treated + data.places.control
    indicators = sum(prices.indicator_sek.get(name, 0.0) for name in data.indicators)
    each = prices.place_period_sek + (prices.zone_place_period_sek if data.places.buffer_m else 0.0)
    if "observed_deals" in data.indicators and data.observers is not None:
        each += prices.visit_sek * data.observers.visits
    by_period = each * n_places * design.n_periods
    return prices.fixed_sek + prices.place_sek * n_places + by_period + indicators


def over_budget(design: Design) -> float | None:
    """Return by how much the design costs more than its budget, SEK; None if it does not, or there is none."""
    budget, cost = design.keys.decision.budget_sek, design_cost(design)
    return None if budget is None or cost <= budget else cost - budget
