"""survey: whether residents call open drug trade a problem where they live.

Instrument
    Every 90 days a questionnaire goes to residents of each district and of the surroundings (500 m) of
    each place where drugs are sold often. Who sees a problem is readier to answer.
Formula
    exposure E = sum over places of nuisance * 0.5^(distance / half distance), e = E / (E + half);
    share who see a problem = expit(level + gain * e); an area effect with intraclass correlation ICC
    (beta, mean 1 around that share) is kept from wave to wave; answers are binomial.
Draws
    observe.survey_area, observe.survey_yes, observe.survey_reply_yes, observe.survey_reply_no.
Sources
    Response just under 65 % (county survey 2020); E1, E3, E6, rows 74 and 75; the rest are assumptions.
Limits
    One item; no panel, no interviewer, no difference between languages or ages.
"""

import numpy as np
from scipy.special import betaincinv, expit, logit

from odssim.city.city import City
from odssim.core import maths
from odssim.core.declare import Outcome, declared
from odssim.core.rng import decision_key, uniforms
from odssim.core.types import Array
from odssim.observe.laws import binomial, design_effect, share_se
from odssim.observe.result import RunResult
from odssim.observe.windows import CITY, Rows, Values, Window, stamp

PARAMETERS = declared(__file__)
DRAWS = ("observe.survey_area", "observe.survey_yes", "observe.survey_reply_yes", "observe.survey_reply_no")
TRUE_SHARE = Outcome("problem_share", "share", "Residents who see open drug trade as a problem in the area.")
OUTCOMES = (
    TRUE_SHARE,
    Outcome("seen.problem_share", "share", "Share of answers that call open drug trade a problem (survey, 90 days)."),
    Outcome("seen.survey_answers", "answers", "Answers to the survey of 90 days."),
    Outcome("seen.problem_share_se", "share", "Standard error of the city's survey share, design effect included."),
)
ZONE_M = 500.0
"""Those who live so near a place are asked about it (E6)."""
FAR_M = 3000.0
FAINT = 1.0
"""Mean nuisance below which a place disturbs no resident."""
FIRST_PLACE_UID = 2**20


def exposure(city: City, window: Window, par: Values) -> Array:
    """Return the exposure of those who live in each place's cell to nuisance around, 0 to 1, float64[P]."""
    row, col = np.divmod(city.place_cell, city.width)
    steps = np.arange(int(FAR_M / city.cell_m) + 1) * city.cell_m
    distance = np.hypot(steps[:, None], steps)
    share = np.where(distance <= FAR_M, maths.power(0.5, distance / par["survey_half_distance_m"]), 0.0)
    total = np.zeros(len(row))
    for j in np.flatnonzero(window.nuisance >= FAINT):
        down, along = np.abs(row - row[j]), np.abs(col - col[j])
        near = (down < len(steps)) & (along < len(steps))
        total[near] += window.nuisance[j] * share[down[near], along[near]]
    return np.asarray(total / (total + par["survey_half"]))


def problem_share(city: City, window: Window, par: Values) -> Array:
    """Return the share of the residents of each cell who see a problem, float64[P]."""
    chance: Array = expit(par["survey_level"] + par["survey_gain"] * exposure(city, window, par))
    return chance


def near_mean(city: City, values: Array, places: Array) -> Array:
    """Return the mean over those who live within 500 m of each of `places` (NaN where nobody does)."""
    x, y = city.place_xy_m()
    residents = city.residents.sum(axis=(1, 2))
    means = np.full(len(places), np.nan)
    for i, j in enumerate(places):
        near = np.hypot(x - x[j], y - y[j]) <= ZONE_M
        if residents[near].sum():
            means[i] = np.average(values[near], weights=residents[near])
    return means


def district_mean(city: City, values: Array) -> Array:
    """Return the mean over the residents of each district, NaN where nobody lives."""
    residents = city.residents.sum(axis=(1, 2))
    n = np.bincount(city.place_district, residents, len(city.districts))
    total = np.bincount(city.place_district, residents * values, len(city.districts))
    return share_of(n, total)


def with_area_effect(share: Array, u: Array, icc: float) -> Array:
    """Return shares moved by an area effect of mean 0, so that answers in an area correlate by `icc`."""
    if icc == 0.0:
        return share
    spread = (1.0 - icc) / icc
    moved: Array = betaincinv(share * spread, (1.0 - share) * spread, u)
    return np.clip(moved, 0.0, 1.0)


def ask(share: Array, sent: int, seed: int, uid: Array, wave: int, par: Values) -> tuple[Array, Array]:
    """Return (answers, answers that say yes) per area.

    `share`: share of each area who see a problem.
    `uid`, `wave`: number of each area and of the wave, for the draws.
    """
    u = {name: uniforms(decision_key(seed, name), uid, wave) for name in DRAWS[1:]}
    area = uniforms(decision_key(seed, DRAWS[0]), uid, 0)
    yes = binomial(u[DRAWS[1]], np.full(len(uid), sent), with_area_effect(share, area, par["survey_icc"]))
    replied = par["survey_response"]
    keen = expit(logit(replied) + par["survey_tilt"])
    answers_yes = binomial(u[DRAWS[2]], yes, np.full(len(uid), keen))
    answers_no = binomial(u[DRAWS[3]], sent - yes, np.full(len(uid), replied))
    return answers_yes + answers_no, answers_yes


def share_of(answers: Array, yes: Array) -> Array:
    """Return yes over answers, NaN where nobody answered."""
    shares: Array = np.divide(yes, answers, out=np.full(len(answers), np.nan), where=answers > 0)
    return shares


def wave_rows(result: RunResult, window: Window, listed: Array, par: Values, rows: Rows) -> None:
    """Add one wave: per district, per listed place and for the city, the truth and what is read."""
    city, seed, wave = result.city, result.seed, stamp(result, window.end)
    truth = problem_share(city, window, par)
    districts = np.arange(len(city.districts))
    living = np.bincount(city.place_district, city.residents.sum(axis=(1, 2)), len(districts))
    areas = (
        (districts, districts + len(city.place_cell), district_mean(city, truth), par["survey_sent"]),
        (listed + FIRST_PLACE_UID, listed, near_mean(city, truth, listed), par["survey_sent_scene"]),
    )
    for uid, places, share, sent in areas:
        lived_in = np.isfinite(share)
        answers, yes = ask(share[lived_in], round(sent), seed, uid[lived_in], wave, par)
        rows.add(window.end, "problem_share", places, share)
        rows.add(window.end, "seen.problem_share", places[lived_in], share_of(answers, yes))
        rows.add(window.end, "seen.survey_answers", places[lived_in], answers)
        if uid is districts and answers.sum():
            weight = living[lived_in] * (answers > 0)
            read = float(np.average(np.nan_to_num(share_of(answers, yes)), weights=weight))
            deff = design_effect(float(answers.mean()), par["survey_icc"])
            rows.add(window.end, "problem_share", CITY, np.average(share[lived_in], weights=living[lived_in]))
            rows.add(window.end, "seen.problem_share", CITY, read)
            rows.add(window.end, "seen.survey_answers", CITY, answers.sum())
            rows.add(window.end, "seen.problem_share_se", CITY, share_se(read, answers.sum(), deff))
