"""What an intervention costs on a day: a unit cost, and how many units there are."""

from collections.abc import Mapping
from typing import Any

from odssim.core.declare import Intervention
from odssim.interventions.costs import COUNTED, PARAMETERS
from odssim.observe.outcomes import OUTCOMES, in_city
from odssim.rules import PARAMETERS as RULE_PARAMETERS
from odssim.scenario.records import InterventionSpec
from odssim.world.codes import CITY_TALLIES, PlaceTally
from odssim.world.state import State

PERSONS_PER_VISIT = {"police": 2, "volunteer": 4, "guard": 2, "outreach": 2}
"""Persons who come on a visit, by kind of guardian; assumption."""
UNIT = {parameter.id: parameter.unit for parameter in (*RULE_PARAMETERS, *PARAMETERS)}
WEEKDAY_BITS = {"all": 0b1111111, "mon_fri": 0b0011111, "fri_sat": 0b0110000}
"""Days of duty, Monday in the lowest bit."""
DAYS_A_YEAR = 365


def unit_sek(st: State, entry: Intervention) -> float:
    """Return the unit cost of an intervention, SEK."""
    return float(st.par[0][entry.cost_parameter.replace(".", "_")])


def hours_sek(st: State, entry: Intervention, minutes: float) -> float:
    """Return the cost of `minutes` on site of the visits of an intervention."""
    return minutes / 60 * PERSONS_PER_VISIT[str(entry.fixed["kind"])] * unit_sek(st, entry)


def day_counts(st: State) -> dict[str, int]:
    """Return today's counts of the outcomes by which some costs are counted, away from scenes too."""
    places, names = st.place_tally.sum(axis=0), {name for names in COUNTED.values() for name in names} & OUTCOMES.keys()
    return {name: int(in_city(OUTCOMES[name], places, st.city_tally)) for name in names}


def harm_sek(st: State) -> float:
    """Return the social cost of today's harms, SEK; kept apart from what payers spend."""
    par, city = st.par[0], dict(zip(CITY_TALLIES, st.city_tally.tolist(), strict=True))
    violence = int(st.place_tally[:, [PlaceTally.VIOLENCE, PlaceTally.VIOLENCE_WOMEN]].sum())
    return float(
        par["cost_harm_overdose_sek"] * city["overdoses"]
        + par["cost_harm_death_sek"] * city["deaths"]
        + par["cost_harm_crime_sek"] * city["funding_crimes"]
        + par["cost_harm_exploited_sek"] * city["exploited"]
        + par["cost_harm_violence_sek"] * violence
    )


def day_sek(
    st: State, entry: Intervention, spec: InterventionSpec, n_places: int, dose: float, weekday: int,
    counts: Mapping[str, int],
) -> float:  # fmt: skip
    """Return the cost of a day at `dose`; what is counted by an outcome costs nothing where it is not given."""
    options: dict[str, Any] = dict(spec.options)
    if entry.lever == "visits":
        minutes = options["visits_per_day"] * sum(options["minutes"]) / 2 * n_places
        minutes *= WEEKDAY_BITS[options["weekdays"]] >> weekday & 1
        return hours_sek(st, entry, minutes * dose)
    if entry.lever == "interception":
        return unit_sek(st, entry) * float(options["extra_share"]) * 100 * dose / DAYS_A_YEAR
    cost: float = unit_sek(st, entry)
    factors = COUNTED.get(entry.cost_parameter, ("places",))
    units = [UNIT[entry.cost_parameter], *(option.unit for option in entry.options if option.id in factors)]
    for factor in factors:
        if factor == "places":
            cost *= n_places
        elif factor in OUTCOMES:
            share: float = options["custody"] * dose if "custody" in options else dose > 0.0
            return cost * counts.get(factor, 0) * share
        else:
            cost *= float(options[factor])
    return cost * dose / (DAYS_A_YEAR if any("/year" in unit for unit in units) else 1)
