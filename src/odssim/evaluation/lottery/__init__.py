"""Which places, or which periods, get the intervention: drawn by lot."""
