"""Knows nothing of drugs or streets: declarations, keyed random numbers, folders."""
