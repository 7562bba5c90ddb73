"""Studies: many runs of one scenario over worlds, intervention mixes and replicates, in a store that resumes."""

from odssim.studies.study.batch import Estimate, Summary, estimate, run_study
from odssim.studies.study.records import Mix, Study, World
from odssim.studies.study.study import load_study
from odssim.studies.study.tables import days_table, places_table, runs_table

__all__ = [
    "Estimate", "Mix", "Study", "Summary", "World", "days_table", "estimate", "load_study", "places_table",
    "run_study", "runs_table",
]  # fmt: skip
