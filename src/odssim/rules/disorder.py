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
    places.{nuisance, litter, alarm, attention, upkeep, lighting}; yesterday's tallies.
Writes
    places.{nuisance, litter, alarm, fear, attention}.
Draws
    disorder.debt, disorder.ripoff.
Sources
    Unsafety near scenes E3, E6; greening and upkeep D25; numbers are assumptions.
Limits
    Fear is of a place, not of a person: women and the old fear no more than others. The residents' view is the
    survey's.
"""

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.rules.explore import note_pull
from odssim.world.codes import PlaceTally
from odssim.world.state import State

PARAMETERS = declared(__file__)
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
        hours = tally[p, PlaceTally.CROWD_MIN] / 60
        visible = tally[p, PlaceTally.OPEN_DEALS] + par.disorder_crowd_weight * hours
        left = place.nuisance * (1.0 - par.disorder_upkeep) * (1.0 - place.upkeep)
        place.nuisance = left + par.disorder_gain * visible
        place.litter = place.litter * (1.0 - par.disorder_cleaning) * (1.0 - place.upkeep) + hours
        violent = tally[p, PlaceTally.VIOLENCE] + tally[p, PlaceTally.VIOLENCE_WOMEN]
        place.alarm = place.alarm * (1.0 - par.disorder_forget) + violent
        place.fear = fear(st, p)
        recorded = tally[p, PlaceTally.RECORDED_SALE] + tally[p, PlaceTally.RECORDED_POSSESSION]
        recorded += tally[p, PlaceTally.RECORDED_USE]
        place.attention = place.attention * (1.0 - par.patrol_forget) + recorded * par.patrol_record_attention
    note_pull(st)
