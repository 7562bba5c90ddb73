"""Scenario files: reading, checking, resolving. The result is a frozen `Scenario`."""

from odssim.scenario.checks import check_against_city
from odssim.scenario.load import load
from odssim.scenario.records import InterventionSpec, Scenario, Targeting

__all__ = ["InterventionSpec", "Scenario", "Targeting", "check_against_city", "load"]
