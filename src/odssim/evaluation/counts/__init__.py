"""Real counts: read, held against what was registered, analysed, handed over."""
