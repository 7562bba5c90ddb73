"""observers: trained observers and cameras count deals, and miss many.

Instrument
    Every 30 days two observers sit for a few windows of half an hour at each place on the list (places
    where drugs have been sold often before the month began). Cameras count all the time what is in view.
Formula
    deals in a window ~ Bin(deals of that day, window / waking hours); each observer sees
    Bin(those, share / (1 + people in sight / half)); a camera reads Bin(deals, view * camera share).
Draws
    observe.visit_day, observe.visit_deals, observe.observer_first, observe.observer_second,
    observe.camera_count.
Sources
    None; the numbers are assumptions.
Limits
    Observers deter nobody; deals are spread evenly over waking hours; sellers learn no blind spots.
"""

import numpy as np

from odssim.core.declare import Outcome, declared
from odssim.core.rng import decision_key, uniforms
from odssim.core.types import Array
from odssim.observe.laws import binomial
from odssim.observe.result import RunResult
from odssim.observe.windows import MONTH, Rows, Values, Window, stamp

PARAMETERS = declared(__file__)
DRAWS = (
    "observe.visit_day", "observe.visit_deals", "observe.observer_first", "observe.observer_second", "observe.camera_count",
)  # fmt: skip
OUTCOMES = (
    Outcome("seen.observer_deals", "deals", "Deals seen by the first observer (all windows of 30 days)."),
    Outcome("seen.observer_deals_2", "deals", "Deals seen by the second observer in the same windows."),
    Outcome("seen.camera_deals", "deals", "Deals counted from cameras' pictures (30 days)."),
)
WAKING_MIN = 960.0
"""Minutes of the day in which deals take place; assumption."""
VISITS_NUMBERED = 256


def people_in_sight(result: RunResult, window: Window, places: Array) -> Array:
    """Return passers-by of one minute and buyers who stay, by day, at `places`."""
    passing = result.city.place_footfall[places] / WAKING_MIN
    staying = window.count("crowd_min")[places] / max(1, window.days) / WAKING_MIN
    return np.asarray(passing + staying)


def notice_share(in_sight: Array, par: Values) -> Array:
    """Return the chance that an observer notices a deal among `in_sight` people."""
    return np.asarray(par["observers_share"] / (1.0 + in_sight / par["observers_half_crowd"]))


def observed(deals: Array, chance: Array, seed: int, uid: Array, index: int, par: Values) -> tuple[Array, Array]:
    """Return what two observers see of each place's `deals` of a day in one window."""
    u = [uniforms(decision_key(seed, name), uid, index) for name in DRAWS[1:4]]
    part = np.full(len(uid), min(1.0, par["observers_minutes"] / WAKING_MIN))
    present = binomial(u[0], deals, part)
    return binomial(u[1], present, chance), binomial(u[2], present, chance)


def observer_rows(result: RunResult, window: Window, listed: Array, par: Values, rows: Rows) -> None:
    """Add what the observers saw in the month that `window` covers."""
    n_visits = round(par["observers_visits"])
    if not len(listed) or not n_visits:
        return
    first = len(result.past) + window.end - window.days
    deals = result.open_deals_by_day[first : first + window.days]
    chance = notice_share(people_in_sight(result, window, listed), par)
    seen = np.zeros((2, len(listed)))
    for visit in range(n_visits):
        index = stamp(result, window.end) * VISITS_NUMBERED + visit
        day = uniforms(decision_key(result.seed, DRAWS[0]), listed, index) * window.days
        of_day = deals[day.astype(np.int64), listed].astype(np.int64)
        seen += observed(of_day, chance, result.seed, listed, index, par)
    rows.add(window.end, "seen.observer_deals", listed, seen[0])
    rows.add(window.end, "seen.observer_deals_2", listed, seen[1])


def camera_view(result: RunResult, window: Window) -> Array:
    """Return the share of each place in view of cameras, per day of the window, float64[days, P]."""
    view = np.zeros((window.days, len(result.city.place_cell)))
    records = [*result.past, *result.days_kept][: len(result.past) + window.end][-window.days :]
    for d, record in enumerate(records):
        where = getattr(record, "camera_place", None)
        if where is not None:
            view[d, where] = getattr(record, "camera")  # noqa: B009 - written by the recorder where cameras stand
    return view


def camera_rows(result: RunResult, window: Window, par: Values, rows: Rows) -> None:
    """Add what cameras counted in the month that `window` covers, where any stood."""
    view = camera_view(result, window)
    places = np.flatnonzero(view.any(axis=0))
    if not len(places):
        return
    first = len(result.past) + window.end - window.days
    deals = result.open_deals_by_day[first : first + window.days, places].astype(np.int64)
    counted = np.zeros(len(places))
    key = decision_key(result.seed, DRAWS[4])
    for d in range(window.days):
        u = uniforms(key, places, stamp(result, window.end) * MONTH + d)
        counted += binomial(u, deals[d], view[d, places] * par["observers_camera_share"])
    rows.add(window.end, "seen.camera_deals", places, counted)
