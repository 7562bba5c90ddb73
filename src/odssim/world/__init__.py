"""The state of a run: all that a rule may see, and the calendar of events that are due."""
