"""disorder: open dealing leaves nuisance, litter and alarm; people fear the place and stay away.

Rule
    Yesterday's open deals and staying buyers add to a place's nuisance and litter, violence to its alarm.
    Cleaning and upkeep take a share away, time the alarm. What is left makes a share of the passers-by
    stay away for fear, fewer where there is light, and those who do pass are less ready to call: informal
    control weakens. Recorded offences draw the attention of ordinary patrol.
Formula
    nuisance = nuisance * (1 - upkeep) * (1 - extra upkeep of the place) + gain * (deals + crowd_weight * hours of presence);
    litter = litter * (1 - cleaning) * (1 - extra upkeep) + hours of presence; alarm = alarm * (1 - forget) + violent events;
    signs = nuisance + litter_weight * litter + alarm_weight * alarm;
    fear = fear_share * (1 - lighting) * signs / (signs + half).
Reads
    yesterday's tallies, places.{upkeep,lighting}.
Writes
    places.{nuisance,litter,alarm,fear,attention}.
Draws
    disorder.debt, disorder.ripoff.
Sources
    Unsafety near scenes E3, E6; greening and upkeep D25; numbers are assumptions.
Limits
    Fear is of a place, not of a person: women and the old fear no more than others. The residents' view is the
    survey's.
"""

from __future__ import annotations

from odssim.core.compiled import entry, kernel
from odssim.core.declare import Parameter
from odssim.rules.explore import note_pull
from odssim.world.codes import P_CROWD, P_OPEN, P_POSSESSION, P_SALE, P_USE, P_VIOLENCE, P_VIOLENCE_WOMEN
from odssim.world.state import State

PARAMETERS = (
    Parameter("disorder.upkeep", 0.1, "1/day", 0.005, 0.9, "assumption", "D25",
              "Share of nuisance removed per day."),
    Parameter("disorder.gain", 1.0, "1", 0.0, 10, "assumption", "unit of nuisance",
              "Nuisance per visible open deal."),
    Parameter("disorder.crowd_weight", 0.5, "1/h", 0.0, 10, "assumption", "no data",
              "Visible deals to which an hour of one buyer's presence amounts."),
    Parameter("disorder.cleaning", 0.3, "1/day", 0.01, 1.0, "assumption", "no data",
              "Share of litter removed per day by ordinary cleaning."),
    Parameter("disorder.litter_weight", 0.5, "1/h", 0.0, 10, "assumption", "D25; E6",
              "Visible deals to which the litter of an hour of one buyer's presence amounts."),
    Parameter("disorder.forget", 0.05, "1/day", 0.005, 1.0, "assumption", "no data",
              "Share of the alarm over violence that fades per day."),
    Parameter("disorder.alarm_weight", 20.0, "1", 0.0, 500, "assumption", "no data",
              "Visible deals to which one violent event amounts while it is remembered."),
    Parameter("disorder.debt_violence", 0.05, "probability", 0.0, 1.0, "assumption", "D17, D18",
              "Chance that a seizure from a seller is followed by violence over the debt."),
    Parameter("disorder.ripoff_violence", 0.1, "probability", 0.0, 1.0, "assumption", "no data",
              "Chance that cheating a buyer ends in violence."),
    Parameter("disorder.fear_share", 0.3, "share", 0.0, 0.9, "assumption", "E5: a third avoid activities",
              "Largest share of passers-by who stay away."),
    Parameter("disorder.half", 50.0, "1", 1, 10000, "assumption", "no data",
              "Signs of disorder at which half of that is reached."),
)  # fmt: skip
DRAWS = ("disorder.debt", "disorder.ripoff")


@kernel
def fear(st: State, p: int) -> float:
    """Return the share of passers-by who stay away from place `p`."""
    par, place = st.par[0], st.places[p]
    signs = place.nuisance + par.disorder_litter_weight * place.litter + par.disorder_alarm_weight * place.alarm
    return par.disorder_fear_share * (1.0 - place.lighting) * signs / (signs + par.disorder_half)


@entry
def midnight(st: State, d: int) -> None:
    """Update every place from yesterday's tallies (still unreset)."""
    par, tally = st.par[0], st.place_tally
    for p in range(len(st.places)):
        place = st.places[p]
        hours = tally[p, P_CROWD] / 60
        visible = tally[p, P_OPEN] + par.disorder_crowd_weight * hours
        left = place.nuisance * (1.0 - par.disorder_upkeep) * (1.0 - place.upkeep)
        place.nuisance = left + par.disorder_gain * visible
        place.litter = place.litter * (1.0 - par.disorder_cleaning) * (1.0 - place.upkeep) + hours
        violent = tally[p, P_VIOLENCE] + tally[p, P_VIOLENCE_WOMEN]
        place.alarm = place.alarm * (1.0 - par.disorder_forget) + violent
        place.fear = fear(st, p)
        recorded = tally[p, P_SALE] + tally[p, P_POSSESSION] + tally[p, P_USE]
        place.attention = place.attention * (1.0 - par.patrol_forget) + recorded * par.patrol_record_attention
    note_pull(st)
