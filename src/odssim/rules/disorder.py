"""disorder: open dealing leaves visible nuisance, which keeps passers-by away.

Rule
    Yesterday's open deals and staying buyers add to a place's nuisance, upkeep takes a share away; fewer
    people pass where nuisance is high. Recorded offences draw the attention of ordinary patrol.
Formula
    nuisance = nuisance * (1 - upkeep) * (1 - extra upkeep of the place) + gain * (deals + crowd_weight * hours of presence).
Reads
    yesterday's tallies, places.upkeep.
Writes
    places.{nuisance,attention}.
Draws
    disorder.debt, disorder.ripoff.
Sources
    Unsafety near scenes E3, E6; greening and upkeep D25; numbers are assumptions.
Limits
    Fear of residents comes with the survey instrument.
"""

from __future__ import annotations

from odssim.core.compiled import entry
from odssim.core.declare import Parameter
from odssim.rules.explore import note_pull
from odssim.world.codes import P_CROWD, P_OPEN, P_POSSESSION, P_SALE, P_USE
from odssim.world.state import State

PARAMETERS = (
    Parameter("disorder.upkeep", 0.1, "1/day", 0.005, 0.9, "assumption", "D25",
              "Share of nuisance removed per day."),
    Parameter("disorder.gain", 1.0, "1", 0.0, 10, "assumption", "unit of nuisance",
              "Nuisance per visible open deal."),
    Parameter("disorder.crowd_weight", 0.5, "1/h", 0.0, 10, "assumption", "no data",
              "Visible deals to which an hour of one buyer's presence amounts."),
    Parameter("disorder.debt_violence", 0.05, "probability", 0.0, 1.0, "assumption", "D17, D18",
              "Chance that a seizure from a seller is followed by violence over the debt."),
    Parameter("disorder.ripoff_violence", 0.1, "probability", 0.0, 1.0, "assumption", "no data",
              "Chance that cheating a buyer ends in violence."),
    Parameter("disorder.fear_share", 0.3, "share", 0.0, 0.9, "assumption", "E5: a third avoid activities",
              "Largest share of passers-by who stay away."),
    Parameter("disorder.half", 50.0, "1", 1, 10000, "assumption", "no data",
              "Nuisance at which half of that is reached."),
)  # fmt: skip
DRAWS = ("disorder.debt", "disorder.ripoff")


@entry
def midnight(st: State, d: int) -> None:
    """Update every place from yesterday's tallies (still unreset)."""
    par, tally = st.par[0], st.place_tally
    for p in range(len(st.places)):
        place = st.places[p]
        visible = tally[p, P_OPEN] + par.disorder_crowd_weight * tally[p, P_CROWD] / 60
        left = place.nuisance * (1.0 - par.disorder_upkeep) * (1.0 - place.upkeep)
        place.nuisance = left + par.disorder_gain * visible
        recorded = tally[p, P_SALE] + tally[p, P_POSSESSION] + tally[p, P_USE]
        place.attention = place.attention * (1.0 - par.patrol_forget) + recorded * par.patrol_record_attention
    note_pull(st)
