"""Safety walk: residents and staff list the defects of a place, and some are repaired."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="safety_walk",
    label_en="Safety walk",
    label_sv="Trygghetsvandringar",
    handbook="Situationell prevention, begränsa tillgängligheten: Trygghetsvandringar",
    lever="place",
    mechanism=(
        "Residents, owners, the municipality and the police go through the place together and note what "
        "makes it unsafe. Repairs follow: better sight, less disorder. Those who took part are somewhat "
        "readier to act and call. `ramp_days` is the delay until the repairs are made."
    ),
    options=(
        Option(
            "lighting",
            "float",
            0.05,
            "0..1",
            "Added sight and willingness of neighbours to act; assumption.",
            0.0,
            0.5,
        ),
        Option(
            "upkeep",
            "float",
            0.05,
            "share/day",
            "Extra share of the nuisance removed per day; assumption.",
            0.0,
            0.5,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.safety_walk_sek_year",
    evidence=(
        "No controlled study of safety walks was read (section G); prior: half of D8-D9 as the upper bound, "
        "more likely far less. D25: greening of derelict lots, nuisance -30 %, worry -58 %, drug results "
        "mixed, by works much larger than a walk leads to."
    ),
    expected={"nuisance": "-", "fear_share": "-", "open_deals": "0", "tips": "+"},
    harms=(
        "Expectations that no repair meets; the wishes of those who walk, seldom the young or the users; "
        "places made unpleasant to sit at."
    ),
    not_modelled=(
        "Who takes part and what they see; the list of defects itself; politicians' decisions and budgets "
        "between list and repair."
    ),
)
