"""Street enforcement: police alone, stops, searches and arrests at the scenes, and nothing else."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.interventions.visits import visit_options, visit_settings
from odssim.world.codes import PRICES

ENTRY = Intervention(
    id="street_enforcement",
    label_en="Street enforcement (repression only)",
    label_sv="Rena repressiva polisinsatser",
    handbook="Minska platsens betydelse, rutinaktivitetsteorin",
    lever="visits",
    mechanism=(
        "Officers spend hours at the place several times a day, stop and search those whom they suspect, "
        "look for stashes and arrest sellers. Sellers and buyers wait, leave or learn to avoid the place "
        "and the hours; vacancies are filled; nobody among the officers offers care. It is the comparator "
        "that the handbook warns of."
    ),
    options=(
        *visit_options(visits_per_day=3, minutes=(60, 180), hours=(10, 24)),
        Option(
            "stash_find",
            "float",
            0.1,
            "probability",
            "Probability that a given seller at the place has the stash found during a visit; assumption.",
            0.0,
            0.9,
        ),
    ),
    payer="police",
    cost_parameter="patrol.cost_police_sek_h",
    evidence=(
        "D12: 15 of 18 crackdowns worked at first, 2 for long; D15: unfocused enforcement does worst; D17: "
        "disorder down, violence and shootings up; D18: 14 of 15 studies find more violence with more "
        "enforcement; D46: displacement and costs to health, price and supply unchanged; B19: Vancouver, "
        "the same with daily use unchanged; A38: 0.41 offences, 0.07 arrests per check at Sergels torg "
        "2005. The chance of finding a stash is an assumption."
    ),
    expected={
        "visits": "+",
        "guard_min": "+",
        "stops": "+",
        "arrests": "+",
        "recorded_possession": "+",
        "open_deals": "-",
        "failed_needs": "+",
        "violence": "+",
        **dict.fromkeys(PRICES, "0"),
    },
    harms=(
        "Users kept from help and driven to use in haste or alone (D46); stops of people who carry nothing; "
        "violence among sellers who lose ground, stock and debtors (D18); trade moved to stairwells and to "
        "other places."
    ),
    not_modelled=(
        "Informers, covert purchases and long investigations; residents' trust in the police; complaints "
        "and unequal stops of groups."
    ),
    fixed=visit_settings("police", may_search=True, may_arrest=True),
)
