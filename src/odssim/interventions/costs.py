"""Unit costs of the interventions, each per natural unit, and what every one of them is counted by (costs.csv).

Hours follow the tables of fees and wages (F rows); how many hours a case or a place takes is a guess
of ours wherever the status says assumption.
"""

from odssim.core.declare import declared, rows_beside

PARAMETERS = declared(__file__)
"""Unit costs that no rule reads."""

COUNTED = {row["id"]: tuple(row["counted"].split()) for row in rows_beside(__file__) if row["counted"] != "-"}
"""What a unit cost is multiplied by: officers' `hours` on site, targeted `places`, an option, or an outcome
that the day counted. Planned units count times the dose; a cost or a factor per year is divided by 365."""
