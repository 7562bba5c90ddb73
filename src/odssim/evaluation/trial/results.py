"""What a tried design has come to: all tables of one design, ready for JSON and CSV."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from odssim.core.csv_json import json_text, write_csv
from odssim.core.files import atomic_folder
from odssim.evaluation.design.check import check_design
from odssim.evaluation.design.cost import design_cost, over_budget
from odssim.evaluation.design.power import smallest_displacement
from odssim.evaluation.trial.characteristics import Columns, Row, characteristics, disturbances, select, verdict_matrix
from odssim.evaluation.trial.identify import effect_curve, grid_of, index_of_types, joint_index
from odssim.evaluation.trial.indicators import list_churn, rank_indicators
from odssim.evaluation.trial.noise import clopper_pearson, noise_rows
from odssim.evaluation.trial.trials import Tried
from odssim.evaluation.worlds.conditions import NULL, PURE
from odssim.evaluation.worlds.engine_pair import fitted
from odssim.observe.write import versions

TABLES = (
    "characteristics", "verdicts", "identifiability", "mde", "disturbances", "indicators", "noise", "list_churn",
    "fitted", "warnings",
)  # fmt: skip
CONDITIONAL = (
    "Every figure is conditional on the worlds it was computed in; designs are judged against each other in these "
    "worlds only."
)


def result_of(one: Tried) -> dict[str, Any]:
    """Return everything about one tried design; the first indicator and the primary estimator are the headline."""
    design, columns = one.design, one.columns
    known = design.kind != "engine"
    indicator, primary = one.setup.indicators[0], design.keys.answer.primary
    pairs = [(i, e) for i in one.setup.indicators for e in one.setup.estimators]
    grid = grid_of(one.setup.conditions)
    curves = [
        effect_curve(columns, i, e, grid, found)
        for i, e in pairs
        for found in (("falls", "city_falls") if _asks_city(columns, i, e) else ("falls",))
    ]
    indices = [row for i, e in pairs for row in index_of_types(columns, i, e)]
    if len(one.setup.indicators) > 1:
        indices += joint_index(columns, primary)
    rows = characteristics(columns)
    return design.stamp | {
        "file": design.file, "title": design.keys.design.title, "world": design.kind, "n_worlds": one.n_worlds,
        "stopped": one.why_stopped, "cost_sek": design_cost(design), "over_budget_sek": over_budget(design),
        "indicator": indicator, "estimator": primary, "headline": headline(one, rows, curves, indices),
        "characteristics": rows, "verdicts": verdict_matrix(columns, indicator, primary),
        "identifiability": indices, "mde": curves,
        "disturbances": disturbances(columns, indicator, primary, references(one)),
        "indicators": rank_indicators(columns, one.setup.indicators, primary),
        "warnings": [
            {"pitfall": w.pitfall, "text": w.text, "template": w.text.template, "values": w.text.values}
            for w in check_design(design)
        ],
        "noise": noise_rows(one.setup) if known else [], "list_churn": list_churn(design) if known else [],
        "fitted": fitted(columns), "note": CONDITIONAL,
        "keys": design.keys.model_dump(mode="json"), "versions": versions(),
    }  # fmt: skip


def _asks_city(columns: Columns, indicator: str, estimator: str) -> bool:
    part = select(columns, indicator=indicator, estimator=estimator)
    return bool(part["city_asked"].all())


def references(one: Tried) -> dict[str, str]:
    """Return for each disturbing condition the one that differs from it in the disturbance alone."""
    known = [c.id for c in one.setup.conditions]
    skip = {NULL, PURE, *grid_of(one.setup.conditions)}
    return {name: NULL if name.startswith(NULL) else PURE for name in known if name not in skip}


def headline(one: Tried, rows: Sequence[Row], curves: Sequence[Row], indices: Sequence[Row]) -> Row:
    """Return the line of a design in a table of designs; power for the city stands beside power for the target."""
    indicator, primary = one.setup.indicators[0], one.design.keys.answer.primary
    mine = {r["condition"]: r for r in rows if (r["indicator"], r["estimator"]) == (indicator, primary)}
    mde = {r["about"]: r["mde"] for r in curves if (r["indicator"], r["estimator"]) == (indicator, primary)}
    joint = "all together" if len(one.setup.indicators) > 1 else indicator
    dii = {r["type"]: r["dii"] for r in indices if (r["indicator"], r["estimator"]) == (joint, primary)}
    pure = mine.get(one.setup.headline, {})
    city = one.looks.get("city")
    row: Row = {"design": one.design.id, "cost_sek": design_cost(one.design), "n_worlds": one.n_worlds}
    row |= {"size": mine.get(NULL, {}).get("size"), "false_falls_city": mine.get(NULL, {}).get("power_city")}
    for name in ("power_target", "power_city", "bias_te", "bias_oe"):
        row |= {name: pure.get(name), f"{name}_mcse": pure.get(f"{name}_mcse")}
    row["half_width"] = max(((seen.high - seen.low) / 2 for seen in one.looks.values()), default=None)
    row["half_width_95"] = max((_half_width(one, column) for column in ("falls", "city_falls")), default=None)
    row["city_low"] = None if city is None else city.low
    row |= {"mde_target": mde.get("target"), "mde_city": mde.get("city")}
    row |= {f"dii_{kind}": dii.get(kind) for kind in ("near", "far", "tactical", "temporal")}
    row["power_displacement"] = mine.get("all near", {}).get("power_displacement")
    row["least_displacement_seen"] = _least_displacement(one)
    return row


def _half_width(one: Tried, column: str) -> float:
    """Return the half width of a power's exact 95 % interval, looked at once; worlds count, not readings of them."""
    c = one.headline_scores()
    low, high = clopper_pearson(round(float(c[column].mean()) * one.n_worlds), one.n_worlds)
    return (high - low) / 2


def _least_displacement(one: Tried) -> float | None:
    """Return the smallest displaced share that Poisson counts in buffers could show; above 1: not even all of it."""
    data, market = one.design.keys.data, one.design.keys.market
    if not data.places.buffer_m:
        return None
    target = data.counts.mean * data.places.treated * data.timing.pre
    ratio = market.near_ratio if data.counts.buffer_mean is None else data.counts.buffer_mean / data.counts.mean
    cells = (target * ratio,) * 4
    return smallest_displacement(target, market.effect, cells)[1]


def write_results(results: Sequence[dict[str, Any]], folder: Path) -> None:
    """Write one folder per design: result.json and a CSV file of each table."""
    for result in results:
        with atomic_folder(folder / str(result["design"])) as work:
            (work / "result.json").write_text(json_text(result, indent=2), encoding="utf-8")
            for name in TABLES:
                write_csv(work / f"{name}.csv", result[name], end="\r\n")
