"""Who there is at the start: buyers, sellers, units, importers and wholesalers, from the city's residents."""

from odssim.population.parameters import DRAWS, PARAMETERS

__all__ = ["DRAWS", "PARAMETERS"]
