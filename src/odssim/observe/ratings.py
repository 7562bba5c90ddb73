"""The table of ratings: every candidate place, every indicator, true and as rated (``indicators.parquet``)."""

from datetime import timedelta

import numpy as np
import pyarrow as pa

from odssim.core.types import Array
from odssim.observe.indicators import INDICATORS, PARAMETERS, Truth
from odssim.observe.instruments import Seen
from odssim.observe.result import RunResult
from odssim.observe.scenes import clusters, scene_cells
from odssim.observe.windows import values_of

N = len(INDICATORS)
UNITS = tuple(dict.fromkeys(indicator.unit for indicator in INDICATORS))
UNIT_OF = np.array([UNITS.index(indicator.unit) for indicator in INDICATORS], dtype=np.int32)


def scene_of_place(result: RunResult, true: Truth) -> Array:
    """Return for each candidate place the busiest place of the modelled scene it belongs to, -1 if none."""
    last = len(result.past) + true.window.end
    deals = result.open_deals_by_day[last - true.window.days : last]
    groups = clusters(result.city.place_cell, result.city.width, scene_cells(deals))
    busiest = {p: max(group, key=lambda q: float(deals[:, q].sum())) for group in groups for p in group}
    return np.array([busiest.get(int(p), -1) for p in true.places], dtype=np.int32)


def rating_table(result: RunResult, seen: Seen) -> pa.Table:
    """Return one row per day of rating, candidate place and indicator.

    `scene` is the busiest place of the modelled scene that the place belongs to, null outside scenes;
    `yes_share` is the share of raters who grant the indicator.
    """
    threshold = np.array(values_of(PARAMETERS, result.scenario.parameters)["indicators_threshold"])
    parts: dict[str, list[Array]] = {name: [] for name in ("day", "place", "scene", "value", "met", "yes")}
    for true, rated in seen.ratings:
        day = np.datetime64(result.scenario.start_date + timedelta(days=true.window.end - 1), "D")
        parts["day"].append(np.full(len(true.places) * N, day))
        parts["place"].append(np.repeat(true.places, N).astype(np.int32))
        parts["scene"].append(np.repeat(scene_of_place(result, true), N))
        parts["value"].append(true.value.ravel())
        parts["met"].append(true.met.ravel())
        parts["yes"].append(rated.share.ravel())
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    n_places = len(joined["place"]) // N
    number = np.tile(np.arange(N, dtype=np.int32), n_places)
    names = pa.array(result.city.place_name, type=pa.string())
    scene = pa.array(joined["scene"], mask=joined["scene"] < 0)
    coded = pa.DictionaryArray.from_arrays
    return pa.table(
        {
            "day": pa.array(joined["day"].astype("datetime64[D]"), type=pa.date32()),
            "place": coded(pa.array(joined["place"]), names),
            "scene": coded(scene, names),
            "number": number + 1,
            "indicator": coded(pa.array(number), pa.array([i.id for i in INDICATORS])),
            "unit": coded(pa.array(UNIT_OF[number]), pa.array(UNITS)),
            "value": joined["value"],
            "threshold": np.tile(threshold, n_places),
            "met": joined["met"],
            "yes_share": joined["yes"],
        }
    )
