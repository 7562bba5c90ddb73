"""The handbook's claims, each put to a pair of worlds."""
