"""Step 5, carrying out: what was planned and delivered, and what it cost whom."""

from dataclasses import replace
from typing import Any

from odssim.drawing.as_data import as_svg
from odssim.drawing.charts import money_figure
from odssim.language import say
from odssim.language.written import number
from odssim.report.page.blocks import Block, Figure, Section, Table, declared_table, table
from odssim.report.page.common import columns, how, interval_text, label_of, payer_name
from odssim.report.page.source import ComparisonFiles, RunFiles, Source
from odssim.scenario.records import PAYERS


def delivery(source: Source) -> Section:
    """Return the section."""
    blocks: list[Block] = []
    if source.run is not None and source.run.process:
        blocks += [_delivered(source.run), *_costs(source, _paid(source.run), say("SEK over the run"))]
    if source.comparison is not None:
        blocks += [*_costs(source, _paid_by_mix(source.comparison), say("SEK a day")), _cost_table(source.comparison)]
    if not blocks:
        blocks = [say("Nothing was carried out: the run has no interventions.")]
    lead = say(
        "What is planned is not always done: officers are called away, staff fall ill. Costs are those of what was"
        " carried out, booked on who pays; the social cost of harm stands apart and in no sum."
    )
    return Section(say("Carrying out"), lead, tuple(blocks))


Paid = list[tuple[str, dict[str, float]]]


def _paid(run: RunFiles) -> Paid:
    return [(label_of(row["type"]), {row["payer"]: float(row["cost_sek"])}) for row in run.process]


def _paid_by_mix(found: ComparisonFiles) -> Paid:
    rows: Paid = []
    for mix in found.mixes:
        costs = {p: found.difference(mix, f"cost_{p}_sek") for p in PAYERS}
        rows.append((mix, {p: row.other or 0.0 for p, row in costs.items() if row}))
    return rows


def _costs(source: Source, rows: Paid, unit: str) -> list[Figure]:
    """Return the picture of who pays what; none where nothing is paid."""
    payers = [p for p in PAYERS if any(costs.get(p, 0.0) > 0 for _, costs in rows)]
    if not payers:
        return []
    total = {name: sum(costs.values()) for name, costs in rows}
    dearest = max(total, key=lambda name: total[name])
    most = max(payers, key=lambda p: sum(costs.get(p, 0.0) for _, costs in rows))
    known = {"dearest": dearest, "sum": number(total[dearest]), "unit": unit, "payer": say(most.replace("_", " "))}
    if len(payers) == 1:
        finding = say("{dearest} costs most, {sum} {unit}; all of it is borne by: {payer}.", **known)
    else:
        finding = say("{dearest} costs most, {sum} {unit}; of all payers {payer} bears most.", **known)
    bars = [(name, [costs.get(p, 0.0) for p in payers]) for name, costs in rows]
    heads = columns(
        ("what", say("What"), "", ""),
        *((f"cost_{p}_sek", payer_name(p), say("Cost as carried out."), "SEK") for p in payers),
        ("cost_sek", say("In all"), say("All payers."), "SEK"),
    )
    data = [[name, *values, sum(values)] for name, values in bars]
    image = as_svg(money_figure(bars, [payer_name(p) for p in payers], unit))
    shown = table("costs", say("Costs by payer, {unit}", unit=unit), heads, data)
    return [Figure(finding, image, say("Bars: cost by payer."), how(source), shown)]


def _delivered(run: RunFiles) -> Table:
    return declared_table("delivered", [_delivered_row(row) for row in run.process])


def _delivered_row(row: Any) -> list[Any]:
    planned = float(row["planned_min"])
    done = float(row["delivered_min"]) / planned if planned else None
    numbers = ("planned_visits", "delivered_visits", "planned_min", "delivered_min")
    shown = [float(row[key]) if planned else None for key in numbers]
    return [row["id"], label_of(row["type"]), *shown, done, float(row["cost_sek"])]


def _cost_table(found: ComparisonFiles) -> Table:
    rows = []
    for mix in found.mixes:
        for payer in (*PAYERS, None):
            row = found.difference(mix, "cost_sek" if payer is None else f"cost_{payer}_sek")
            if row is None or not (row.base or row.other):
                continue
            name = say("All payers") if payer is None else payer_name(payer)
            difference = (row.difference, interval_text(replace(row, percent=None)))
            rows.append([mix, name, row.base, row.other, difference])
    return declared_table("cost_intervals", rows)
