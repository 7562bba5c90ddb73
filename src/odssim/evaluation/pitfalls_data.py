"""Pitfalls in timing, delivery and measurement; None where a design avoids one."""

from __future__ import annotations

from datetime import date

from odssim.evaluation.assign_time import carry_over
from odssim.evaluation.conditions import OVER_TIME
from odssim.evaluation.design import Design
from odssim.evaluation.pitfalls_places import UNEVEN
from odssim.evaluation.power import two_wave_survey_mde
from odssim.observe.laws import churn, design_effect, reading_ratio

DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.31, "year": 365.25}
SHORT_PRE = 8
RETENTION = 0.5
"""Share of a deterrent effect left after one more period; assumption, for the size of a warning only."""
LISTS = ("indicators_met", "listed_places")
REGISTERS = ("recorded_offences", "seizures")
METHOD_INDICATORS = {"survey_problem", "price"}


def short_pre(design: Design) -> str | None:
    """A trend that is hardly known."""
    timing = design.keys.data.timing
    if "time_series" not in design.estimators:
        return None
    year = design.periods_per_year
    if timing.pre < SHORT_PRE:
        return (
            f"{timing.pre} {timing.period}s before the start are too few for an interrupted time series: at least "
            f"{SHORT_PRE}, better a year"
        )
    if timing.pre < year:
        return (
            f"{timing.pre} {timing.period}s before the start do not cover a year: an interrupted time series cannot "
            "tell the season from the effect"
        )
    return None


def season(design: Design) -> str | None:
    """Other months before than after."""
    timing, year = design.keys.data.timing, design.periods_per_year
    exposed = sorted(UNEVEN & set(design.estimators))
    if not exposed or (timing.pre % year == 0 and timing.post % year == 0):
        return None
    return (
        f"{timing.pre} {timing.period}s before, {timing.washout} left out and {timing.post} after do not cover the same "
        f"months: {' and '.join(exposed)} would read the season as effect; compare the same months of two years"
    )


def dose_below_one(design: Design) -> str | None:
    """Fidelity dilutes."""
    dose = design.keys.data.dose
    if dose >= 1:
        return None
    return (
        f"with {100 * dose:.0f} % of the plan delivered an effect shrinks to {dose:.2f} of itself, and "
        f"{1 / dose**2:.2f} times the information is needed to find it; the effect as delivered "
        "is not that of the plan"
    )


def recording_changes(design: Design) -> str | None:
    """The register changes together with the world."""
    data, answer = design.keys.data, design.keys.answer
    timing = data.timing
    used = [name for name in REGISTERS if name in data.indicators]
    if timing.start and timing.recording_change and _near(timing.start, timing.recording_change, timing.period):
        return (
            f"recording changes on {timing.recording_change}, when the intervention starts: no analysis of registers can "
            "tell the two apart; move the start, or measure in another way"
        )
    k = data.counts.detection_ratio
    if not used or k == 1:
        return None
    effect = answer.smallest_effect
    reading = reading_ratio(effect, k)
    turned = "; above " + f"{1.0 / (1.0 - effect):.2f} the sign is reversed" if effect else ""
    return (
        f"detection at the treated places is {k:g} times what it was: a true fall of {100 * effect:.0f} % reads as "
        f"{100 * (reading - 1):+.0f} % in {', '.join(used)}{turned}; add an indicator that does not rise with enforcement"
    )


def registers_only(design: Design) -> str | None:
    """Recorded offences rise with enforcement."""
    indicators = design.keys.data.indicators
    if any(name not in REGISTERS for name in indicators) or design.keys.data.counts.detection_ratio != 1:
        return None
    return (
        "every indicator is a register of what the police find, which rises when they look: add one that does not "
        "(survey, observers, calls, price)"
    )


def blind_to_method(design: Design) -> str | None:
    """Displacement of method cannot show in two zones of counts."""
    asked = {"delta_tactical", "delta_far"} & set(design.keys.inquiry.estimands)
    if "delta_tactical" not in asked or METHOD_INDICATORS & set(design.keys.data.indicators):
        return None
    return (
        "delta_tactical is asked, but counts at places are blind to deals that move to phones and homes: add "
        "survey_problem or price"
    )


def list_churn(design: Design) -> str | None:
    """The length of a list as outcome without agreement of raters."""
    rating = design.keys.data.rating
    used = [name for name in LISTS if name in design.keys.data.indicators]
    if not used:
        return None
    if rating.kappa is None:
        rated = "" if rating.double_share > 0 else " and with nobody rating twice it cannot be estimated"
        return (
            f"{', '.join(used)} is an outcome, but the raters' agreement (kappa) is not known{rated}: at 0.46 twelve of 64 "
            "listed places leave the list with no change at all; set data.rating.double_share and kappa"
        )
    leaving = churn(rating.qualifying_share, rating.kappa)
    if leaving < design.keys.answer.smallest_effect / 2:
        return None
    smallest = 100 * design.keys.answer.smallest_effect
    return (
        f"{', '.join(used)} is an outcome: at kappa {rating.kappa:g} rating noise alone takes {100 * leaving:.0f} % of "
        f"the places off the list between two ratings, against a smallest effect of interest of {smallest:.0f} %"
    )


def short_washout(design: Design) -> str | None:
    """Deterrence lingers into off periods."""
    data = design.keys.data
    timing = data.timing
    if data.assignment.mechanism != "crossover" or timing.washout >= timing.carry_over:
        return None
    read = carry_over(1.0, RETENTION, data.assignment.on_share, timing.washout)["contrast"]
    return (
        f"effects linger for {timing.carry_over} {timing.period}s but only {timing.washout} are left out after each: "
        f"if half is left from one {timing.period} to the next, the contrast shows {100 * (-read):.0f} % of the effect"
    )


def waiting_places(design: Design) -> str | None:
    """Places that wait are controls, and near; those already treated would be controls too."""
    if "stepped_wedge" not in (design.keys.data.assignment.mechanism, *design.estimators):
        return None
    return (
        "in a stepped wedge the places that wait are the controls: what moves to them counts twice; and if the effect "
        "grows, fades or differs between places no estimator here gives its average: there will be no verdict"
    )


def dose_not_drawn(design: Design) -> str | None:
    """The dose may follow crime."""
    if "dose_response" not in design.estimators or design.keys.data.assignment.mechanism in OVER_TIME:
        return None
    return (
        "dose_response is planned, but the lot does not decide the dose: if the dose follows what was counted in the "
        "periods before, the sign may flip, and there will be no verdict; draw the dose over time"
    )


def survey_too_small(design: Design) -> str | None:
    """A change in a share that no survey of this size sees."""
    survey = design.keys.data.survey
    if survey is None or "survey_problem" not in design.keys.data.indicators:
        return None
    per_place = survey.n_wave / (design.keys.data.places.treated + design.keys.data.places.control)
    deff = design_effect(max(per_place, 1.0), survey.icc)
    change = two_wave_survey_mde(0.3, survey.n_wave / 2, design_effect=deff)
    wanted = 0.3 * design.keys.answer.smallest_effect
    if change <= wanted:
        return None
    return (
        f"of {survey.n_wave} asked in each wave, half near treated places, a share of 30 % must change by "
        f"{100 * change:.0f} points to be found (design effect {deff:.1f}); the smallest effect of interest is "
        f"{100 * wanted:.0f}"
    )


def _near(a: date, b: date, period: str) -> bool:
    return abs((a - b).days) <= DAYS[period]


DATA_PITFALLS = (
    short_pre, season, dose_below_one, recording_changes, registers_only, blind_to_method, list_churn, short_washout,
    waiting_places, dose_not_drawn, survey_too_small,
)  # fmt: skip
