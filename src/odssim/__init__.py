"""odssim: open drug scenes in a city, and what a planned mix of interventions would change.

The folders are the flow of data: `core`, `scenario`, `city`, `population`, `world`, `rules`,
`interventions`, `engine`, `observe`, `analysis`, `report`, `cli`. A module imports only from those
before it. Nothing is imported here, so that ``odssim --help`` answers at once.
"""

__version__ = "0.1.0"
