"""The catalogue: every intervention that a scenario may name, collected one by one.

To add an entry: write its file (copy the nearest one), import it here, add it to the tuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odssim.core.declare import Intervention
from odssim.interventions import (
    cameras,
    civil_presence,
    fifteen_minute_patrol,
    hot_spot_patrol,
    seizures_border,
    seizures_street,
)


def collect(entries: Iterable[Intervention]) -> Mapping[str, Intervention]:
    """Return the entries by id, in the order given.

    Raises
    ------
    ValueError
        If two entries share an id, or an entry has two options of one id.
    """
    catalogue: dict[str, Intervention] = {}
    for entry in entries:
        option_ids = [option.id for option in entry.options]
        if entry.id in catalogue:
            raise ValueError(f"two catalogue entries are called {entry.id!r}")
        if len(set(option_ids)) != len(option_ids):
            raise ValueError(f"{entry.id}: an option is declared twice in {option_ids}")
        catalogue[entry.id] = entry
    return catalogue


CATALOGUE: Mapping[str, Intervention] = collect(
    (
        hot_spot_patrol.ENTRY,
        fifteen_minute_patrol.ENTRY,
        cameras.ENTRY,
        seizures_street.ENTRY,
        seizures_border.ENTRY,
        civil_presence.ENTRY,
    )
)
