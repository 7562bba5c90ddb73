"""indicators: the handbook's ten indicators of an open drug scene, as they truly are.

Instrument
    Each place where drugs were sold often in the last 90 days (a candidate) has ten values, each with a
    threshold. A place with seven or more is what the handbook calls a qualified open drug scene. Looked
    at every 90 days and on the last day of the run; the window may reach into the burn-in.
Formula
    see `values`; thresholds are parameters, chosen so that about 65 % of the candidates of a city
    qualify (C1): assumption. Where a run records no exact quantity, the nearest one stands in for it:
    assumption: proxy, and the indicator says so.
Draws
    none.
Sources
    Handbook (mapping of 2017: ten indicators, seven or more qualify 65 % of 48); C1.
Limits
    Seven of ten are proxies: beliefs, kinds of buyers and sellers, callouts, newcomers, crime other than
    drug offences and the advice given to the young are not recorded place by place.
"""

import math
from dataclasses import dataclass

import numpy as np

from odssim.core import maths
from odssim.core.declare import Outcome, Parameter
from odssim.core.types import Array
from odssim.observe.laws import poisson_tail, share_se
from odssim.observe.result import RunResult
from odssim.observe.survey import near_mean, problem_share
from odssim.observe.windows import HALF_YEAR, QUARTER, Values, Window, ends, window

ENOUGH = 7
"""Indicators that make a qualified open drug scene."""


@dataclass(frozen=True)
class Indicator:
    """One indicator."""

    id: str
    label: str
    """Short name, and the handbook's sentence in short."""
    unit: str
    measure: str
    """What the value is."""
    threshold: float
    """Default; the place has the indicator from there on (`low_counts`: below it)."""
    step: float
    """Raters feel the distance from the threshold in these units; 0: in doublings."""
    proxy: bool
    """Whether the measure stands in for one that is not recorded."""
    low_counts: bool = False


INDICATORS = (
    Indicator("known", "commonly known", "share", "Lesser of the shares of residents and of users who know.",
              0.5, 0.25, True),
    Indicator("daily", "more or less daily", "share", "Days with at least one open deal.", 0.8, 0.15, False),
    Indicator("tolerance", "zone of tolerance", "share",
              "Buyers' visits that lead to a stop, a sending off or a call.", 0.05, 0.0, True, True),
    Indicator("authorities", "problem for authorities", "rank",
              "Rank by recorded offences (sales threefold) and tips among places with any.", 0.8, 0.15, True),
    Indicator("public", "problem for the public", "SE",
              "Residents within 500 m who see a problem, over the city's share.", 2.0, 2.0, False),
    Indicator("many", "open to many", "1", "1 - 1 / sellers present on average.", 0.5, 0.25, True),
    Indicator("nuisance", "nuisance", "1/1,000 passers-by", "Deals and hours of buyers' presence in sight.",
              0.5, 0.0, False),
    Indicator("newcomers", "attracts new people", "visits/30 days", "Buyers' visits.", 500.0, 0.0, True),
    Indicator("young", "young people advised away", "incidents",
              "Recorded offences, arrests and tips of 90 days and half of those of the 90 before.", 10.0, 0.0, True),
    Indicator("crime", "elevated crime", "1", "Recorded offences per passer-by over the city's; also p < 0.05.",
              1.5, 0.0, True),
)  # fmt: skip
"""The ten indicators in the handbook's order."""
NAMES = tuple(indicator.id for indicator in INDICATORS)
PARAMETERS = (
    Parameter("indicators.threshold", tuple(i.threshold for i in INDICATORS), "unit of each", 0.0, 1e6, "assumption",
              "chosen with C1 in view: about 65 % of candidates qualify", "Threshold of each indicator.", NAMES),
    Parameter("indicators.candidate_deals", 0.5, "deals/day", 0.001, 100, "assumption",
              "about two thirds of them then qualify in the city (C1)",
              "Open deals a day from which a place is looked at as a possible scene."),
    Parameter("indicators.noticed", 0.0016, "probability", 0.0, 1.0, "assumption",
              "5 of 960 waking minutes at the place, three deals in ten noticed",
              "Chance that a resident who passes every day notices a given deal."),
    Parameter("indicators.users_share", 0.05, "share", 0.001, 0.5, "assumption", "row 3",
              "Users among the residents within 2 km, over whom visits spread."),
    Parameter("indicators.crowd_weight", 0.5, "1/h", 0.0, 10, "assumption", "as disorder.crowd_weight",
              "Visible events to which an hour of one buyer's presence amounts."),
)  # fmt: skip
OUTCOMES = (
    Outcome("indicators_met", "indicators", "Indicators of an open drug scene that a candidate place has."),
    Outcome("listing_chance", "probability", "Chance that one rater finds seven or more at a candidate place."),
    Outcome("places_seven", "places", "Places with seven or more indicators."),
    Outcome("scenes_seven", "scenes", "Clusters of touching places with seven or more indicators."),
)
CATCHMENT_M = 2000.0
SALE_WEIGHT = 3.0
OFFENCES = ("recorded_sale", "recorded_possession", "recorded_use")
LEVEL = 0.05


@dataclass(frozen=True)
class Truth:
    """The indicators of the candidate places (indices, in order) at the end of a window.

    `value` and `met` are [places, 10].
    """

    window: Window
    places: Array
    value: Array
    met: Array


def candidates(w: Window, par: Values) -> Array:
    """Return the places where drugs are sold often enough to be looked at, in index order."""
    return np.flatnonzero(w.count("open_deals") / max(1, w.days) >= par["indicators_candidate_deals"])


def known(result: RunResult, w: Window, places: Array, par: Values) -> Array:
    """Return the lesser of the shares of residents and of users who know; assumption: proxy."""
    deals, visits = w.count("open_deals")[places], visits_of(w)[places]
    public = 1.0 - maths.exp(-par["indicators_noticed"] * deals)
    x, y = result.city.place_xy_m()
    residents = result.city.residents.sum(axis=(1, 2))
    users = np.array([residents[np.hypot(x - x[j], y - y[j]) <= CATCHMENT_M].sum() for j in places])
    drawn = par["indicators_users_share"] * result.scenario.population_multiplier
    return np.asarray(np.minimum(public, 1.0 - maths.exp(-visits / np.maximum(1.0, users * drawn))))


def visits_of(w: Window) -> Array:
    """Return buyers' visits, with a deal or in vain."""
    return w.count("open_deals", "failed_visits")


def share_of_days(result: RunResult, w: Window, places: Array) -> Array:
    """Return the share of days with at least one open deal."""
    last = len(result.past) + w.end
    deals = result.open_deals_by_day[last - w.days : last, places]
    return np.asarray((deals > 0).mean(axis=0))


def rank(score: Array) -> Array:
    """Return each place's rank by score among the places with any, as a share; 0 without any."""
    having = np.sort(score[score > 0])
    share = np.searchsorted(having, score, side="right") / max(1, len(having))
    return np.where(score > 0, share, 0.0)


def felt(result: RunResult, w: Window, places: Array, par: Values) -> Array:
    """Return by how many standard errors of a survey those around see more of a problem than the city."""
    share = problem_share(result.city, w, par)
    around = near_mean(result.city, share, places)
    mean = float(np.average(share, weights=result.city.residents.sum(axis=(1, 2))))
    se = share_se(mean, par["survey_sent_scene"] * par["survey_response"])
    return np.nan_to_num((around - mean) / se) if se > 0 else np.zeros(len(places))


def advised(w: Window, longer: Window, places: Array) -> Array:
    """Return incidents of 180 days (`longer`), half of those before the last 90 days; assumption: proxy."""
    names = (*OFFENCES, "arrests", "tips")
    return np.asarray((w.count(*names) + longer.count(*names))[places] / 2.0)


def location_quotient(w: Window, footfall: Array, places: Array) -> tuple[Array, Array]:
    """Return recorded offences per passer-by over the city's, and whether chance alone is unlikely."""
    crimes = w.count(*OFFENCES)
    expected = crimes.sum() * footfall / footfall.sum()
    quotient = crimes[places] / np.maximum(expected[places], 1e-12)
    return quotient, poisson_tail(crimes[places], expected[places]) < LEVEL


def truth(result: RunResult, end: int, par: Values) -> Truth:
    """Return the ten indicators of every candidate place in the 90 days up to kept day `end` - 1."""
    w, longer = window(result, end, QUARTER), window(result, end, HALF_YEAR)
    places = candidates(w, par)
    days, footfall = max(1, w.days), result.city.place_footfall
    deals, visits = w.count("open_deals")[places], np.maximum(1.0, visits_of(w)[places])
    sellers = w.count("seller_min")[places] / days / 960.0
    seen = deals + par["indicators_crowd_weight"] * w.count("crowd_min")[places] / 60.0
    score = w.count(*OFFENCES, "tips") + (SALE_WEIGHT - 1.0) * w.count("recorded_sale")
    quotient, unlikely = location_quotient(w, footfall, places)
    value = np.column_stack(
        [
            known(result, w, places, par),
            share_of_days(result, w, places),
            w.count("stops", "sent_off", "tips")[places] / visits,
            rank(score)[places],
            felt(result, w, places, par),
            1.0 - 1.0 / np.maximum(1.0, sellers),
            1000.0 * seen / days / np.maximum(1.0, footfall[places]),
            visits_of(w)[places] * 30.0 / days,
            advised(w, longer, places),
            quotient,
        ]
    )
    threshold = np.array(par["indicators_threshold"])
    low = np.array([i.low_counts for i in INDICATORS])
    met = np.where(low, value < threshold, value >= threshold)
    met[:, -1] &= unlikely
    return Truth(w, places, value, met)


def rating_ends(n_days: int) -> list[int]:
    """Return when places are judged: every 90 days and on the last day."""
    return sorted({*ends(n_days, QUARTER), n_days} - {0})


def latent(value: Array, met: Array, par: Values) -> Array:
    """Return how far each value lies beyond its threshold, as raters feel it, -3 to 3, [places, 10]."""
    threshold = np.array(par["indicators_threshold"])
    far = np.empty(value.shape)
    for i, indicator in enumerate(INDICATORS):
        if indicator.step:
            far[:, i] = (value[:, i] - threshold[i]) / indicator.step
        else:
            far[:, i] = maths.log(np.maximum(value[:, i], 1e-6) / max(threshold[i], 1e-6)) / math.log(2.0)
        if indicator.low_counts:
            far[:, i] = -far[:, i]
    far[:, -1] = np.where(met[:, -1], far[:, -1], np.minimum(far[:, -1], 0.0))
    return np.clip(far, -3.0, 3.0)
