"""The mixes ranked, and what one unit of what they avert costs."""

from odssim.language import say
from odssim.report.page.blocks import Block, Table, declared_table, table
from odssim.report.page.common import Row, cell, columns, money, outcome_name, share_cell
from odssim.report.page.source import ComparisonFiles


def ranking(found: ComparisonFiles) -> list[Block]:
    """Return the tables; none where nothing could be ranked."""
    decision = found.record.get("decision")
    if not decision:
        return []
    heads = columns(
        ("rank", say("Rank"), "", ""),
        ("mix", say("Mix"), "", ""),
        ("outcome", outcome_name(decision["objective"]["outcome"]), say("Mean a day."), ""),
        ("cost_sek", say("Cost, SEK a day"), "", "SEK/day"),
        ("chance_best", say("Chance of being best"), say("Over chance in the model."), "probability"),
    )
    rows = [
        [cell(r["rank"]), r["mix"], cell(r["outcome"]), money(r["cost_sek"]), share_cell(r["chance_best"])]
        for r in decision["ranking"]
    ]
    shown: list[Block] = [table("ranking", say("The mixes ranked"), heads, rows)]
    bought = [row for row in found.record["cost_per_unit"] if row["sek_per_unit"] is not None]
    if bought:
        shown.append(_bought(bought))
    return shown


def _bought(rows: list[Row]) -> Table:
    data = [
        [r["alternative"], say(r["unit"]), *(money(r[key]) for key in ("sek_per_unit", "low", "high"))] for r in rows
    ]
    return declared_table("cost_per_unit", data)
