"""Mechanisms from the literature, small enough to read: each a known result that a model like ours must be able to show."""
