"""Pitfalls in timing, delivery and measurement; None where a design avoids one."""

from datetime import date

from odssim.errors import Sentence
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.keys import OVER_TIME, TimingKeys
from odssim.evaluation.design.pitfall_texts import sentence
from odssim.evaluation.design.pitfalls_places import UNEVEN
from odssim.evaluation.design.power import two_wave_survey_mde
from odssim.evaluation.lottery.over_time import carry_over
from odssim.observe.laws import churn, design_effect, reading_ratio

DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.31, "year": 365.25}
SHORT_PRE = 8
RETENTION = 0.5
"""Share of a deterrent effect left after one more period; assumption, for the size of a warning only."""
LISTS = ("indicators_met", "listed_places")
REGISTERS = ("recorded_offences", "seizures")
METHOD_INDICATORS = {"survey_problem", "price"}


def short_pre(design: Design) -> Sentence | None:
    """A trend that is hardly known."""
    timing = design.keys.data.timing
    if "time_series" not in design.estimators:
        return None
    if timing.pre < SHORT_PRE:
        return sentence("short_pre", pre=timing.pre, period=Sentence(timing.period), least=SHORT_PRE)
    covers = timing.pre >= design.periods_per_year
    return None if covers else sentence("less_than_a_year", pre=timing.pre, period=Sentence(timing.period))


def season(design: Design) -> Sentence | None:
    """Other months before than after."""
    timing, year = design.keys.data.timing, design.periods_per_year
    exposed = sorted(UNEVEN & set(design.estimators))
    if not exposed or (timing.pre % year == 0 and timing.post % year == 0):
        return None
    return sentence("season", **_lengths(timing), exposed=" and ".join(exposed))


def dose_below_one(design: Design) -> Sentence | None:
    """Fidelity dilutes."""
    dose = design.keys.data.dose
    return None if dose >= 1 else sentence("dose_below_one", percent=100 * dose, dose=dose, times=1 / dose**2)


def recording_changes(design: Design) -> Sentence | None:
    """The register changes together with the world."""
    data, answer = design.keys.data, design.keys.answer
    timing = data.timing
    used = [name for name in REGISTERS if name in data.indicators]
    if timing.start and timing.recording_change and _near(timing.start, timing.recording_change, timing.period):
        return sentence("recording_changes_at_start", day=str(timing.recording_change))
    k = data.counts.detection_ratio
    if not used or k == 1:
        return None
    effect = answer.smallest_effect
    reading = reading_ratio(effect, k)
    turned = Sentence("; above {k:.2f} the sign is reversed", k=1.0 / (1.0 - effect)) if effect else ""
    return sentence(
        "recording_changes", k=k, fall=100 * effect, read=100 * (reading - 1), used=", ".join(used), turned=turned
    )


def registers_only(design: Design) -> Sentence | None:
    """Recorded offences rise with enforcement."""
    indicators = design.keys.data.indicators
    blind = all(name in REGISTERS for name in indicators) and design.keys.data.counts.detection_ratio == 1
    return sentence("registers_only") if blind else None


def blind_to_method(design: Design) -> Sentence | None:
    """Displacement of method cannot show in two zones of counts."""
    asked = {"delta_tactical", "delta_far"} & set(design.keys.inquiry.estimands)
    if "delta_tactical" not in asked or METHOD_INDICATORS & set(design.keys.data.indicators):
        return None
    return sentence("blind_to_method")


def list_churn(design: Design) -> Sentence | None:
    """The length of a list as outcome without agreement of raters."""
    rating = design.keys.data.rating
    used = [name for name in LISTS if name in design.keys.data.indicators]
    if not used:
        return None
    if rating.kappa is None:
        rated = Sentence("" if rating.double_share > 0 else " and with nobody rating twice it cannot be estimated")
        return sentence("kappa_unknown", used=", ".join(used), rated=rated)
    leaving = churn(rating.qualifying_share, rating.kappa)
    if leaving < design.keys.answer.smallest_effect / 2:
        return None
    smallest = 100 * design.keys.answer.smallest_effect
    return sentence("list_churn", used=", ".join(used), kappa=rating.kappa, leaving=100 * leaving, smallest=smallest)


def short_washout(design: Design) -> Sentence | None:
    """Deterrence lingers into off periods."""
    data = design.keys.data
    timing = data.timing
    if data.assignment.mechanism != "crossover" or timing.washout >= timing.carry_over:
        return None
    read = carry_over(1.0, RETENTION, data.assignment.on_share, timing.washout)["contrast"]
    return sentence("short_washout", **_lengths(timing), carry_over=timing.carry_over, shown=100 * (-read))


def waiting_places(design: Design) -> Sentence | None:
    """Places that wait are controls, and near; those already treated would be controls too."""
    wedge = "stepped_wedge" in (design.keys.data.assignment.mechanism, *design.estimators)
    return sentence("waiting_places") if wedge else None


def dose_not_drawn(design: Design) -> Sentence | None:
    """The dose may follow crime."""
    chosen = "dose_response" in design.estimators and design.keys.data.assignment.mechanism not in OVER_TIME
    return sentence("dose_not_drawn") if chosen else None


def survey_too_small(design: Design) -> Sentence | None:
    """A change in a share that no survey of this size sees."""
    survey = design.keys.data.survey
    if survey is None or "survey_problem" not in design.keys.data.indicators:
        return None
    per_place = survey.n_wave / (design.keys.data.places.treated + design.keys.data.places.control)
    deff = design_effect(max(per_place, 1.0), survey.icc)
    change = two_wave_survey_mde(0.3, survey.n_wave / 2, design_effect=deff)
    wanted = 0.3 * design.keys.answer.smallest_effect
    known = {"n": survey.n_wave, "change": 100 * change, "deff": deff, "wanted": 100 * wanted}
    return None if change <= wanted else sentence("survey_too_small", **known)


def _lengths(timing: TimingKeys) -> dict[str, object]:
    return {"pre": timing.pre, "post": timing.post, "washout": timing.washout, "period": Sentence(timing.period)}


def _near(a: date, b: date, period: str) -> bool:
    return abs((a - b).days) <= DAYS[period]


DATA_PITFALLS = (
    short_pre, season, dose_below_one, recording_changes, registers_only, blind_to_method, list_churn, short_washout,
    waiting_places, dose_not_drawn, survey_too_small,
)  # fmt: skip
