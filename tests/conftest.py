"""What holds for all tests: generated examples are the same in every run and have no time limit each."""

from hypothesis import settings

settings.register_profile("odssim", derandomize=True, deadline=None, database=None, max_examples=25)
settings.load_profile("odssim")
