"""Run a design's planned estimators on a panel of one data set: a row per estimator, and the warnings."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from odssim.analysis.displacement.quotient import pop_measures
from odssim.errors import Sentence
from odssim.evaluation.design.analysis_plan import plan_of
from odssim.evaluation.design.check import check_design
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.estimators.around import surroundings_warnings
from odssim.evaluation.estimators.estimates import Estimates, warning
from odssim.evaluation.estimators.panel import BUFFER, CONTROL, TREATED, Panel, Plan
from odssim.evaluation.estimators.registry import answer
from odssim.evaluation.lottery.over_places import Blocks, Mechanism, Saturation

ZERO = 1e-9
"""An error below it is none."""
AREAS_OF = {"target": (TREATED,), "buffer": (BUFFER,), "both": (TREATED, BUFFER)}
"""The places that an estimate is about; "both" is for the bounds the whole city."""


@dataclass(frozen=True)
class Result:
    """What the planned analysis says of one data set."""

    design: dict[str, Any]
    rows: list[dict[str, Any]]
    """One per estimator and area, the primary first; the verdict stands in an estimator's last row. `p_verdict` is the p
    that it rests on, another than `p` where a published formula rejects too often."""
    measures: dict[str, Any] | None
    """WDQ and kin from the sums, None without a buffer; to be read only if `wdq_readable`."""
    warnings: list[str]
    """Of the design and of the estimators, in plain words."""
    checked: list[str]
    unchecked: list[str]
    """What of the counts agrees with the registered design, and what could not be compared with it."""


def analyse(panel: Panel, design: Design) -> Result:
    """Return the planned analysis of a panel with one replicate."""
    plan = data_plan(panel, design)
    warnings = [warned.text for warned in check_design(design)] + list(surroundings_warnings(panel))
    rows = []
    for name in design.estimators:
        found = answer(name, panel, plan)
        target = found.target
        role = "primary" if name == design.keys.answer.primary else "secondary"
        for area, one in zip(("target", "buffer", "both"), (target, found.buffer, found.overall), strict=True):
            if one is not None:
                head = {"estimator": name, "role": role, "area": area}
                row = _row(one, panel.with_target(*AREAS_OF[area]))
                rows.append(head | (dict.fromkeys(row) | {"scale": one.scale, "verdict": ""} if found.doubted[0] else row))
        rows[-1]["verdict"] = str(found.verdict[0])
        said = list(target.warnings)
        if not target.answered[0]:
            said.append(warning("all_alike") if target.decisive.se[0] < ZERO else warning("no_answer_here"))
        warnings += [Sentence("{name}: {text}", name=name, text=Sentence(text)) for text in said]
    return Result(
        design.stamp, rows, displacement_measures(panel), list(dict.fromkeys(warnings)), list(panel.checked),
        list(panel.unchecked),
    )  # fmt: skip


def _row(found: Estimates, panel: Panel) -> dict[str, Any]:
    """Return one estimate as a row; `events` is the change in events over the after period."""
    row: dict[str, Any] = {"scale": found.scale}
    row |= {name: _one(getattr(found, name)) for name in ("estimate", "se", "low", "high", "p")}
    row["p_verdict"] = _one(found.decisive.p)
    return row | {"percent": _one(100.0 * found.share(panel)), "events": _one(found.events(panel)), "verdict": ""}


def data_plan(panel: Panel, design: Design) -> Plan:
    """Return the design's analysis, as it was tried, with the lottery's blocks in the order of the data's places."""
    plan = plan_of(design)
    return replace(plan, mechanism=data_mechanism(panel, plan.mechanism))


def data_mechanism(panel: Panel, lottery: Mechanism | None) -> Mechanism | None:
    """Return a design's lottery over the data's treated and control places; blocks are those of column block."""
    units = np.isin(panel.area[0], (TREATED, CONTROL))
    treated = panel.area[0, units] == TREATED
    several = lottery is not None and lottery.block.any()
    _, block = np.unique(panel.block[units] if several else np.zeros(len(treated)), return_inverse=True)
    if isinstance(lottery, Saturation):
        return Saturation(block, lottery.shares)
    return None if lottery is None else Blocks(block, tuple(np.bincount(block, weights=treated).astype(int).tolist()))


def displacement_measures(panel: Panel) -> dict[str, Any] | None:
    """Return WDQ and kin from the sums of treated, buffer and control places; None without buffer or control.

    Ratios of ratios are the same at any lengths; the gross effect is reported at the length of the after period.
    """
    if not (panel.has(BUFFER) and panel.has(CONTROL)):
        return None
    pairs = [tuple(float(count[0]) for count in panel.area_sums(area)) for area in (TREATED, BUFFER, CONTROL)]
    found = asdict(pop_measures(*pairs))  # type: ignore[arg-type]
    before, after = pairs[0]
    return found | {"gross_effect": before * panel.time_ratio - after}


def _one(values: Any) -> float | None:
    value = float(values[0])
    return value + 0.0 if np.isfinite(value) else None  # never a negative zero
