"""The teaching town with everything on: every kind of intervention, and enough police, money trouble and
overdoses that every flow of persons, drugs and money occurs within five weeks.
"""

from __future__ import annotations

from pathlib import Path

from odssim.engine.build import PARAMETERS
from odssim.engine.run import Run, checked_city, new_state
from odssim.interventions import CATALOGUE
from odssim.observe.recorder import Recorder
from odssim.scenario import Scenario, load

EVERYTHING = """\
name = "Everything on"
city = "teaching-town"
start_date = 2018-02-01
days = 25
burn_in_days = 10
seed = 3
population_multiplier = 4.0

[parameters]
"purchase.bold_share" = 0.6
"purchase.ripoff_share" = 0.15
"purchase.wallet_cap_days" = 3
"purchase.price_limit.occasional" = 1.1
"guardianship.tip_share" = 0.2
"choice.explore_share" = 0.2
"selling.hide_share.police" = 0.5
"selling.loss_police_sek" = 20
"detection.officer" = 0.2
"detection.arrest_seen" = 0.9
"detection.hit_seller" = 0.9
"detection.arrest_stop" = 0.35
"detection.prison_share" = 0.55
"detection.investigate_open" = 0.02
"detection.investigate_hidden" = 0.004
"recruitment.replace_days" = 2
"recruitment.newcomer_days" = 2
"use.overdose_share" = 0.05
"use.death_share" = 0.5
"use.quit_year.occasional" = 0.9
"use.escalation_year.cannabis" = 0.1
"patrol.visits_per_shift" = 12
"patrol.visit_min" = 25
"supply.border_share.cannabis" = 0.4
"supply.credit_sek" = 500
"supply.keep_sek" = 2000
"approach.far_min" = 5
"treatment.accept_share" = 0.8
"treatment.seek_year" = 2
"treatment.wait_days" = 0
"treatment.retention_12" = 0.05
"treatment.death_year" = 0.1
"detection.list_year" = 12
"disorder.debt_violence" = 0.8
"disorder.ripoff_violence" = 0.8

[[interventions]]
id = "hot"
type = "hot_spot_patrol"
places = { rank = "open_deals", top = 4, rerank_days = 7 }
resources = "from_baseline"

[[interventions]]
id = "quarter"
type = "fifteen_minute_patrol"
places = { type = "metro" }
resources = "added"
dose = 0.7
ramp_days = 5

[[interventions]]
id = "walkers"
type = "civil_presence"
places = { names = ["Market Square", "Station Square"] }
resources = "added"

[[interventions]]
id = "street"
type = "seizures_street"
places = { near = { place = "Central", within_m = 400 } }
resources = "added"

[[interventions]]
id = "border"
type = "seizures_border"
extra_share = 0.3

[[interventions]]
id = "cameras"
type = "cameras"
places = { names = ["Market Square"] }
coverage = 0.9

[[interventions]]
id = "guards"
type = "guards_and_hosts"
places = { names = ["Station Square"] }
resources = "added"

[[interventions]]
id = "outreach"
type = "joint_outreach"
places = { rank = "open_deals", top = 4 }
resources = "added"
delivery = 0.6

[[interventions]]
id = "place_focus"
type = "place_focus"
places = { rank = "open_deals", top = 4 }

[[interventions]]
id = "safety_walk"
type = "safety_walk"
places = { type = "metro" }

[[interventions]]
id = "place_managers"
type = "place_managers"
places = { rank = "open_deals", top = 3 }

[[interventions]]
id = "upkeep"
type = "upkeep"
places = { names = ["Market Square"] }

[[interventions]]
id = "scene_closure"
type = "scene_closure"
places = { near = { place = "Market Square", within_m = 200 } }
dose = 0.3

[[interventions]]
id = "traffic_control"
type = "traffic_control"
places = { every = true }

[[interventions]]
id = "tip_line"
type = "tip_line"
places = { every = true }

[[interventions]]
id = "buyer_letters"
type = "buyer_letters"
places = { every = true }

[[interventions]]
id = "agreement"
type = "agreement"

[[interventions]]
id = "concern_talks"
type = "concern_talks"

[[interventions]]
id = "social_teams_youth"
type = "social_teams_youth"
young_sellers = 0.3

[[interventions]]
id = "exit_programme"
type = "exit_programme"
exits_year = 400.0

[[interventions]]
id = "compulsory_care"
type = "compulsory_care"
compulsory_year = 200.0

[[interventions]]
id = "smadit"
type = "smadit"

[[interventions]]
id = "reach_women"
type = "reach_women"

[[interventions]]
id = "treatment_capacity"
type = "treatment_capacity"

[[interventions]]
id = "target_list"
type = "target_list"

[[interventions]]
id = "probation_policy"
type = "probation_policy"
"""


def everything_on(folder: Path, *overrides: str) -> Scenario:
    """Return the scenario, written to and read from `folder`."""
    path = folder / "everything.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return load(path, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides)


def fresh_run(scenario: Scenario, *, events: bool = False, ledger: bool = False) -> Run:
    """Return the scenario's run at its first minute; the interventions are installed from the start."""
    city = checked_city(scenario)
    return Run(scenario, city, new_state(scenario, city), Recorder(), events=events, ledger=ledger)
