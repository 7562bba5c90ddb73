"""The fifteen-minute curve from behaviour alone: what visits of 1 to 30 minutes do in the teaching town."""

from typing import Any

import numpy as np

from odssim.language.written import number
from odssim.validation.patterns.campaign import TOWN, shipped
from odssim.validation.patterns.fifteen_minutes import BIN_EDGES_MIN, dose_arm, dose_curve
from odssim.validation.patterns.judge import MINUTES
from odssim.validation.patterns.trunk import Trunk
from odssim.validation.presets.preset import Preset, Progress, Table

SEEDS = 5
PEAK_MIN = (8, 18)
"""V8 (D5)."""


def run(seeds: int = SEEDS, progress: Progress | None = None) -> Table:
    """Return, by length of visit, the deals prevented per officer-minute and the share with a deal soon after."""
    scenario, curves = shipped(TOWN), []
    for i in range(seeds):
        trunk = Trunk.grow(scenario, scenario.seed + i)
        curves.append(dose_curve(trunk, dose_arm(trunk)))
        if progress is not None:
            progress(i + 1, seeds)
    pooled = {name: np.sum([c[name] for c in curves], axis=0) for name in ("visits", "minutes", "prevented", "soon")}
    per_minute = pooled["prevented"] / np.maximum(1.0, pooled["minutes"])
    visits = np.maximum(1.0, pooled["visits"])
    rows: list[dict[str, Any]] = [
        {"visit_min": float(MINUTES[k]), "from_min": int(BIN_EDGES_MIN[k]), "to_min": int(BIN_EDGES_MIN[k + 1] - 1),
         "visits": int(pooled["visits"][k]), "prevented_per_visit": float(pooled["prevented"][k] / visits[k]),
         "prevented_per_officer_min": float(per_minute[k]), "deal_in_30_min_share": float(pooled["soon"][k] / visits[k])}
        for k in range(len(MINUTES))
    ]  # fmt: skip
    peak = rows[int(np.argmax(per_minute))]["visit_min"]
    return Table(
        f"Open deals prevented per officer-minute, by length of visit (largest at {number(peak)} min)", tuple(rows),
        "visit_min", "prevented_per_officer_min", "largest for visits of 8 to 18 minutes",
        PEAK_MIN[0] <= peak <= PEAK_MIN[1], "Koper 1995 (D5)",
    )  # fmt: skip


PRESET = Preset("dose", "the fifteen-minute curve from sellers' patience alone, in the teaching town", SEEDS, run)
