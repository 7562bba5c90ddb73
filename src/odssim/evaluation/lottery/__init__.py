"""Which places, or which periods, get the intervention: drawn at random."""
