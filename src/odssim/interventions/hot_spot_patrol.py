"""Hot spot patrol: officers' hours concentrated at ranked places, in long visits."""

from __future__ import annotations

from odssim.core.declare import Intervention
from odssim.interventions.visits import visit_options, visit_settings

ENTRY = Intervention(
    id="hot_spot_patrol",
    label_en="Hot spot patrol",
    label_sv="Hot spot-arbete",
    handbook="Situationell prevention, begränsa tillgängligheten: Hot spot",
    lever="visits",
    mechanism=(
        "Officers stay at a few places where trade is densest, for the better part of an hour or more. "
        "Sellers and buyers who see them wait out of sight, leave when their patience ends, and learn that "
        "the place is risky at that time of day; officers who see a deal may stop, search and arrest, which "
        "takes the unit away."
    ),
    options=visit_options(visits_per_day=2, minutes=(45, 90), hours=(10, 24)),
    payer="police",
    cost_parameter="patrol.cost_police_sek_h",
    evidence=(
        "D1: -16 % of recorded crime over 53 studies (-8 % if d = 0.12); D2, D3: drug offences and disorder "
        "react most; D4: observed disorder falls more than calls; D10: 90 violent crimes prevented of which "
        "37 moved nearby; D11: 22-week beats decayed, 12-week ones did not, no effect remained afterwards; "
        "D12: 15 of 18 crackdowns worked at first, 2 for long; D43: one Swedish trial, effect small or "
        "unclear. Mostly American and British studies of recorded crime, not of deals."
    ),
    expected={
        "visits": "+",
        "guard_min": "+",
        "open_deals": "-",
        "wait_min": "+",
        "failed_needs": "+",
        "stops": "+",
        "recorded_possession": "+",
        "nuisance": "-",
    },
    harms=(
        "Stops of people who carry nothing; users kept from help and pushed to use alone (D46); trade moved "
        "to places less prepared for it; violence where network markets are disturbed (D17, D18)."
    ),
    not_modelled=(
        "Problem solving at the place beyond presence (D15 finds it stronger than patrol alone), officers' "
        "courtesy and residents' trust, foot against car, sick leave and start drift."
    ),
    fixed=visit_settings("police", may_search=True, may_arrest=True),
)
