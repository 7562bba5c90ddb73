"""The catalogue of interventions: one file per entry, collected in `catalogue`.

An entry is a declaration. What it does in the world is done by the rules that read its lever.
"""

from odssim.interventions.catalogue import CATALOGUE

__all__ = ["CATALOGUE"]
