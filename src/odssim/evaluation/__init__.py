"""The evaluation laboratory: designs of evaluations, how they assign places, and what they would estimate."""
