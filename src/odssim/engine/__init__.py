"""The engine: the schedule, the compiled event loop, the run and the Mesa model."""
