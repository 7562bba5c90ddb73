"""Studies: many runs of one scenario over worlds, intervention mixes and replicates, in a store that resumes."""

from odssim.study.batch import Estimate, Summary, estimate, run_study
from odssim.study.records import Mix, Study, World
from odssim.study.study import load_study
from odssim.study.tables import runs_table

__all__ = [
    "Estimate", "Mix", "Study", "Summary", "World", "estimate", "load_study", "run_study", "runs_table",
]  # fmt: skip
