"""The catalogue: every intervention that a scenario may name, collected one by one.

To add an entry: write its file (copy the nearest one), import it here, add it to the tuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odssim.core.declare import Intervention
from odssim.interventions import (
    agreement,
    buyer_letters,
    cameras,
    civil_presence,
    compulsory_care,
    concern_reports,
    concern_talks,
    drug_dogs,
    exit_programme,
    fifteen_minute_patrol,
    guards_and_hosts,
    home_visits,
    hot_spot_patrol,
    inform_owners,
    joint_outreach,
    mumin,
    place_focus,
    place_managers,
    price_mapping,
    probation_policy,
    reach_women,
    safety_walk,
    scene_closure,
    seizures_border,
    seizures_street,
    smadit,
    social_teams_youth,
    street_enforcement,
    target_list,
    tip_line,
    traffic_control,
    treatment_capacity,
    upkeep,
    young_at_risk,
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
        safety_walk.ENTRY,
        place_focus.ENTRY,
        hot_spot_patrol.ENTRY,
        street_enforcement.ENTRY,
        seizures_street.ENTRY,
        seizures_border.ENTRY,
        price_mapping.ENTRY,
        scene_closure.ENTRY,
        fifteen_minute_patrol.ENTRY,
        guards_and_hosts.ENTRY,
        civil_presence.ENTRY,
        traffic_control.ENTRY,
        cameras.ENTRY,
        drug_dogs.ENTRY,
        place_managers.ENTRY,
        upkeep.ENTRY,
        inform_owners.ENTRY,
        concern_talks.ENTRY,
        home_visits.ENTRY,
        concern_reports.ENTRY,
        young_at_risk.ENTRY,
        social_teams_youth.ENTRY,
        exit_programme.ENTRY,
        compulsory_care.ENTRY,
        mumin.ENTRY,
        smadit.ENTRY,
        joint_outreach.ENTRY,
        reach_women.ENTRY,
        treatment_capacity.ENTRY,
        target_list.ENTRY,
        probation_policy.ENTRY,
        tip_line.ENTRY,
        buyer_letters.ENTRY,
        agreement.ENTRY,
    )
)
