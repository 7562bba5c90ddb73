"""Which parameter values are not ruled out by what is known of real markets: history matching, then an ensemble."""
