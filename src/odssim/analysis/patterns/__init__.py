"""Validation: patterns of real markets beside what the model makes of them, one function per pattern."""

from odssim.analysis.patterns.counts import measure, measure_counts
from odssim.analysis.patterns.table import ROWS, bands

__all__ = ["ROWS", "bands", "measure", "measure_counts"]
