"""Numbers and draw names of the initial population."""

from odssim.core.declare import declared

PARAMETERS = declared(__file__)
DRAWS = (
    "population.home", "population.sex", "population.substance", "population.rate", "population.basket", "population.active",
    "population.homeless", "population.routine", "population.risk", "population.tie", "population.known",
    "population.contact", "population.contact_who", "population.user_seller", "population.seller_home",
    "population.seller_kind", "population.seller_substance", "population.reserve", "population.shift",
    "population.seller_risk", "population.price", "population.wholesaler", "population.spot", "population.wallet",
)  # fmt: skip
