"""Numbers on and beside the map: the charts, the glow, the scenes, the card of a place.

All are means a day over the last seven finished days, made by `week_mean`. Two things look further back, because
their definitions do: which places make a scene (90 days), and the ten indicators (90 and 180 days).
"""

from typing import Any

import numpy as np

from odssim.city.city import PLACE_TYPES, City
from odssim.core.types import Array
from odssim.engine.run import Run
from odssim.observe.cause import ENDINGS
from odssim.observe.indicators import INDICATORS, truth
from odssim.observe.result import RunResult
from odssim.observe.scenes import WINDOW_DAYS, clusters, scene_cells
from odssim.world.codes import PLACE_TALLIES
from odssim.world.columns import Status

Row = dict[str, Any]
WEEK_DAYS = 7
"""Days behind every number of the page; the page says so."""
SERIES = (
    "open_deals", "hidden_deals", "sellers_active", "arrests", "fear_share", "nuisance",
    "failed_needs", "overdoses", "violence", "cost_sek", "police_min",
)  # fmt: skip
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")
ROW = (*SERIES, "recorded", "deals", "price_sek")
CARD_COUNTS = ("open_deals", "failed_visits", "visits", "stops", "arrests", "tips", "violence", *RECORDED)


def result_upto(run: Run, days: int) -> RunResult:
    """Return the result of the last finished day, with up to `days` days before it as its past."""
    records = run.recorder.days
    return RunResult(
        scenario=run.scenario, city=run.city, seed=run.scenario.seed,
        past=records[max(0, len(records) - days) : -1], days_kept=records[-1:],
    )  # fmt: skip


def week_mean(daily: Array) -> Array:
    """Return the mean over the last seven days of `daily`, shape (days, ...); days without a value do not count."""
    last = np.asarray(daily, dtype=np.float64)[-WEEK_DAYS:]
    known = ~np.isnan(last)
    days = known.sum(axis=0)
    return np.where(days > 0, np.where(known, last, 0.0).sum(axis=0) / np.maximum(1, days), np.nan)


def day_values(run: Run, d: int) -> Array:
    """Return what the charts show of day `d` (0 is the first simulated day, burn-in included), in the order of `ROW`."""
    one = RunResult(scenario=run.scenario, city=run.city, seed=0, past=[], days_kept=[run.recorder.days[d]]).city_series
    values = [float(one[key][0]) for key in SERIES]
    recorded, deals = sum(one[key][0] for key in RECORDED), one["open_deals"][0] + one["hidden_deals"][0]
    return np.array([*values, recorded, deals, one[f"price_{price_of(run)}_sek"][0]])


def price_of(run: Run) -> str:
    """Return the substance whose price the page shows: the scenario's first. Whatever shows the price says so."""
    return run.scenario.substances[0]


def day_row(daily: list[Array]) -> Row:
    """Return the row of the last of some days: each number of the day, and under ``week`` its mean over seven days."""
    week = week_mean(np.array(daily))
    return {key: _rounded(daily[-1][i]) for i, key in enumerate(ROW)} | {
        "week": {key: _rounded(week[i]) for i, key in enumerate(ROW)}
    }


def _rounded(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def deals_a_day(run: Run) -> Array:
    """Return the open deals a day of each place, float64[P]."""
    if not run.recorder.days:
        return np.zeros(run.city.n_places)
    return week_mean(result_upto(run, WEEK_DAYS).open_deals_by_day)


def scenes(run: Run) -> list[Row]:
    """Return the modelled open drug scenes: judged on the last 90 days, counted and ordered by the last seven."""
    if len(run.recorder.days) < WEEK_DAYS:
        return []
    deals, city = result_upto(run, WINDOW_DAYS).open_deals_by_day, run.city
    active = np.flatnonzero(deals.any(axis=0))
    window, rate = deals[:, active], week_mean(deals)
    found = []
    for group in clusters(city.place_cell[active], city.width, scene_cells(window)):
        places = active[list(group)]
        busiest = int(places[np.argmax(rate[places])])
        found.append({"places": places.tolist(), "deals": _rounded(rate[places].sum()), "place": busiest})
    return sorted(found, key=lambda scene: -float(scene["deals"] or 0.0))


def card(run: Run, place: int) -> Row:
    """Return what is known of a place now: its last seven days, its history, what stops deals, indicators."""
    city, st, records = run.city, run.state, run.recorder.days
    recent = records[-WEEK_DAYS:]
    history: dict[str, list[float]] = {
        name: [_count([record], place, keys) for record in records[-WINDOW_DAYS:]]
        for name, keys in (("deals", ("open_deals",)), ("recorded", RECORDED))
    }
    history["fear"] = [float(record.fear[record.nuisance_place == place].sum()) for record in recent]
    p = st.places[place]
    return {
        "place": place,
        "name": city.place_name[place],
        "type": PLACE_TYPES[city.place_type[place]],
        "district": city.districts[city.place_district[place]],
        "footfall": round(float(city.place_footfall[place])),
        "residents": int(city.residents[place].sum()),
        "now": {
            "buyers": int(p["n_buyers"]),
            "sellers": int(p["n_visible"]),
            "police": int(p["n_police"]),
            "others": int(p["n_others"]),
        },
        "tries": {ending: _count(recent, place, (ending,)) for ending in ENDINGS},
        "counts": {key: _count(recent, place, (key,)) for key in CARD_COUNTS},
        "week": {key: _rounded(week_mean(np.array(values))) if records else 0.0 for key, values in history.items()},
        "history": history["deals"],
        "recorded": history["recorded"],
        "indicators": indicators(run, place),
        "levers": [spec.id for spec in run.scenario.interventions if place in run.levers.chosen.get(spec.id, ())],
    }


def _count(records: list[Any], place: int, names: tuple[str, ...]) -> int:
    """Return the sum of tallies at a place over some days."""
    wanted = [PLACE_TALLIES.index(name) for name in names if name in PLACE_TALLIES]
    return int(sum(int(r.value[(r.place == place) & np.isin(r.tally, wanted)].sum()) for r in records))


def indicators(run: Run, place: int) -> list[Row] | None:
    """Return the ten indicators of a place, over the days of their definitions; None where too little is sold."""
    if not run.recorder.days:
        return None
    par = {name: run.state.par[name][0] for name in run.state.par.dtype.names}
    found = truth(result_upto(run, 2 * WINDOW_DAYS), 1, par)
    at = np.flatnonzero(found.places == place)
    if not len(at):
        return None
    return [
        {"id": i.id, "value": round(float(found.value[at[0], n]), 3), "met": bool(found.met[at[0], n]), "proxy": i.proxy}
        for n, i in enumerate(INDICATORS)
    ]


def people(run: Run) -> Row:
    """Return how many people there are in all."""
    st = run.state
    return {
        "buyers": int((st.buyers["status"] == Status.FREE).sum()),
        "sellers": int((st.sellers["status"] == Status.FREE).sum()),
        "units": len(st.units),
    }


def heat(values: Array) -> list[list[float]]:
    """Return [place, value] of the places where anything is."""
    return [[int(p), round(float(values[p]), 4)] for p in np.flatnonzero(values)]


def place_list(city: City) -> Row:
    """Return the places as columns: name, position in metres, type, district."""
    x, y = city.place_xy_m()
    return {
        "name": list(city.place_name), "x": x.astype(int).tolist(), "y": y.astype(int).tolist(),
        "type": city.place_type.tolist(), "district": city.place_district.tolist(),
        "residents": city.residents.sum(axis=(1, 2)).tolist(),
    }  # fmt: skip
