"""Validation: patterns of real markets beside what the model makes of them, one function per pattern."""

from odssim.validation.patterns.bands import ROWS, bands
from odssim.validation.patterns.counts import measure, measure_counts

__all__ = ["ROWS", "bands", "measure", "measure_counts"]
