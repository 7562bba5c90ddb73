"""Worlds in which an evaluation is tried: their truth, and what would be counted in them."""
