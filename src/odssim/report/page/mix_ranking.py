"""The mixes ranked, and what one unit of what they avert costs."""

from odssim.language import say
from odssim.report.page.blocks import Block, declared_table, table
from odssim.report.page.common import columns, outcome_name
from odssim.report.page.source import ComparisonFiles


def ranking(found: ComparisonFiles) -> list[Block]:
    """Return the tables; none where nothing could be ranked."""
    if not found.standings:
        return []
    heads = columns(
        ("rank", say("Rank"), "", ""),
        ("mix", say("Mix"), "", ""),
        ("outcome", outcome_name(found.objective), say("Mean a day."), ""),
        ("cost_sek", say("Cost, SEK a day"), "", "SEK/day"),
        ("chance_best", say("Chance of being best"), say("Over chance in the model."), "probability"),
    )
    rows = [[row.rank, row.mix, row.outcome, row.cost_sek, row.chance_best] for row in found.standings]
    shown: list[Block] = [table("ranking", say("The mixes ranked"), heads, rows)]
    bought = [
        [row.alternative, say(row.unit), row.sek_per_unit, row.low, row.high]
        for row in found.tables.cost_per_unit
        if row.sek_per_unit is not None
    ]
    return [*shown, declared_table("cost_per_unit", bought)] if bought else shown
