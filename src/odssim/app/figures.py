"""Numbers beside the map: the day's row of the charts, the glow, the scenes, the card of a place."""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.city.city import PLACE_TYPES, City
from odssim.engine.run import Run
from odssim.observe.cause import ENDINGS
from odssim.observe.indicators import INDICATORS, truth
from odssim.observe.result import RunResult
from odssim.observe.scenes import WINDOW_DAYS, clusters, scene_cells
from odssim.world.codes import PLACE_TALLIES
from odssim.world.columns import FREE

Array = np.ndarray[Any, Any]
Row = dict[str, Any]
GLOW_DAYS = 7
CARD_DAYS = 28
"""Days over which a card counts tries to buy."""
SERIES = (
    "open_deals", "hidden_deals", "price_median_sek", "sellers_active", "arrests", "fear_share", "nuisance",
    "failed_needs", "overdoses", "violence", "cost_sek", "police_min",
)  # fmt: skip
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")
CARD_COUNTS = ("open_deals", "failed_visits", "visits", "stops", "arrests", "tips", "violence", *RECORDED)


def result_upto(run: Run, days: int) -> RunResult:
    """Return the result of the last finished day, with up to `days` days before it as its past."""
    records = run.recorder.days
    return RunResult(
        scenario=run.scenario, city=run.city, seed=run.scenario.seed,
        past=records[max(0, len(records) - days) : -1], days_kept=records[-1:],
    )  # fmt: skip


def day_row(run: Run, d: int) -> Row:
    """Return what the charts show of day `d` (0 is the first simulated day, burn-in included)."""
    one = RunResult(scenario=run.scenario, city=run.city, seed=0, past=[], days_kept=[run.recorder.days[d]])
    values = {key: float(one.city_series[key][0]) for key in (*SERIES, *RECORDED)}
    row: Row = {key: None if np.isnan(values[key]) else round(values[key], 4) for key in SERIES}
    row["recorded"] = sum(values[key] for key in RECORDED)
    row["deals"] = values["open_deals"] + values["hidden_deals"]
    return row


def deals_a_day(run: Run, days: int = GLOW_DAYS) -> Array:
    """Return the open deals a day of each place over the last finished days, float64[P]."""
    last = len(run.recorder.days)
    first = max(0, last - days)
    total = run.recorder.place_sum("open_deals", first, last, run.city.n_places)
    return np.asarray(total / max(1, last - first))


def scenes(run: Run) -> list[Row]:
    """Return the modelled open drug scenes of the last 90 days, busiest first."""
    if not run.recorder.days:
        return []
    deals = result_upto(run, WINDOW_DAYS).open_deals_by_day
    if len(deals) < GLOW_DAYS:
        return []
    active = np.flatnonzero(deals.any(axis=0))
    window, city = deals[:, active], run.city
    found = []
    for group in clusters(city.place_cell[active], city.width, scene_cells(window)):
        rate = window[:, list(group)].mean(axis=0)
        places = active[list(group)]
        busiest = int(places[np.argmax(rate)])
        found.append({"places": places.tolist(), "deals": round(float(rate.sum()), 1), "place": busiest})
    return sorted(found, key=lambda scene: -float(scene["deals"]))


def card(run: Run, place: int) -> Row:
    """Return what is known of a place now: counts of 28 days, its history, what stops deals, indicators."""
    city, st, records = run.city, run.state, run.recorder.days
    recent = records[-CARD_DAYS:]
    tries = {ending: _count(recent, place, (ending,)) for ending in ENDINGS}
    p = st.places[place]
    return {
        "place": place,
        "name": city.place_name[place],
        "type": PLACE_TYPES[city.place_type[place]],
        "district": city.districts[city.place_district[place]],
        "footfall": round(float(city.place_footfall[place])),
        "residents": int(city.residents[place].sum()),
        "now": {
            "buyers": int(p["n_buyers"]), "sellers": int(p["n_visible"]), "police": int(p["n_police"]),
            "others": int(p["n_others"]),
        },
        "days": len(recent),
        "tries": tries,
        "counts": {key: _count(recent, place, (key,)) for key in CARD_COUNTS},
        "fear": round(float(p["fear"]), 3),
        "nuisance": round(float(p["nuisance"]), 1),
        "history": [_count([record], place, ("open_deals",)) for record in records[-WINDOW_DAYS:]],
        "recorded": [_count([record], place, RECORDED) for record in records[-WINDOW_DAYS:]],
        "indicators": indicators(run, place),
        "levers": [spec.id for spec in run.scenario.interventions if place in run.levers.chosen.get(spec.id, ())],
    }  # fmt: skip


def _count(records: list[Any], place: int, names: tuple[str, ...]) -> int:
    """Return the sum of tallies at a place over some days."""
    wanted = [PLACE_TALLIES.index(name) for name in names if name in PLACE_TALLIES]
    return int(sum(int(r.value[(r.place == place) & np.isin(r.tally, wanted)].sum()) for r in records))


def indicators(run: Run, place: int) -> list[Row] | None:
    """Return the ten indicators of a place, None where too little is sold for it to be looked at."""
    if not run.recorder.days:
        return None
    par = {name: run.state.par[name][0] for name in run.state.par.dtype.names}
    found = truth(result_upto(run, 2 * WINDOW_DAYS), 1, par)
    at = np.flatnonzero(found.places == place)
    if not len(at):
        return None
    return [
        {"id": i.id, "value": round(float(found.value[at[0], n]), 3), "met": bool(found.met[at[0], n]),
         "proxy": i.proxy}
        for n, i in enumerate(INDICATORS)
    ]  # fmt: skip


def people(run: Run) -> Row:
    """Return how many people there are in all."""
    st = run.state
    return {
        "buyers": int((st.buyers["status"] == FREE).sum()), "sellers": int((st.sellers["status"] == FREE).sum()),
        "units": len(st.units),
    }  # fmt: skip


def heat(values: Array, floor: float) -> list[list[float]]:
    """Return [place, value] of the places with at least `floor`."""
    at = np.flatnonzero(np.abs(values) >= floor)
    return [[int(p), round(float(values[p]), 2)] for p in at]


def place_list(city: City) -> Row:
    """Return the places as columns: name, position in metres, type, district."""
    x, y = city.place_xy_m()
    return {
        "name": list(city.place_name), "x": x.astype(int).tolist(), "y": y.astype(int).tolist(),
        "type": city.place_type.tolist(), "district": city.place_district.tolist(),
        "residents": city.residents.sum(axis=(1, 2)).tolist(),
    }  # fmt: skip
