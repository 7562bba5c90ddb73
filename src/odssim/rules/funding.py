"""funding: crime that pays for use.

Rule
    Dependent users pay part of what they buy with theft and other crime; some women pay by being
    exploited, which is counted as a harm to them and never as an offence. Sellers who do not sell may
    commit other crime (selling, a day's plan).
Formula
    chance of a crime per purchase = share of the price that is paid so / what a crime yields.
Reads
    buyers.{uid, type, sex, need_i, need_day}.
Writes
    no column; tallies funding_crimes, exploited.
Draws
    funding.crime, funding.kind.
Sources
    Shares and yields are assumptions within what A25 and B21 allow.
Limits
    The crimes have no place and no victim in the model, and no police time is bound by them.
"""

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.rules.use import DEPENDENT
from odssim.world.codes import CityTally
from odssim.world.queue import count_city
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("funding.crime", "funding.kind")


@kernel
def fund(st: State, b: int, paid: int) -> None:
    """Buyer `b` has paid `paid` öre for the open need: perhaps by crime."""
    par, buyer = st.par[0], st.buyers[b]
    if buyer.type != DEPENDENT:
        return
    need = buyer.need_day * 16 + buyer.need_i
    if uniform(st.keys[0].funding_crime, buyer.uid, need) < par.funding_crime_share * paid / 100 / par.funding_yield_sek:
        woman = buyer.sex == 0 and uniform(st.keys[0].funding_kind, buyer.uid, need) < par.funding_exploited_share
        count_city(st, CityTally.EXPLOITED if woman else CityTally.FUNDING_CRIMES, 1)
