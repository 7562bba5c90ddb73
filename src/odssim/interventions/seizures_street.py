"""Seizures on the street: searches of places for stashes, and of those who sell there."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.interventions.visits import visit_options, visit_settings
from odssim.world.codes import PRICES

ENTRY = Intervention(
    id="seizures_street",
    label_en="Street seizures (stash searches)",
    label_sv="Arbeta mot beslag (polisen)",
    handbook="Situationell prevention, begränsa tillgängligheten: Arbeta mot beslag",
    lever="visits",
    mechanism=(
        "Officers search the place: a seller whose stash is found loses the stock, owes for it and must wait"
        " for new supply. Their presence works as any police visit does."
    ),
    options=(
        *visit_options(visits_per_day=1, minutes=(30, 60), hours=(10, 22)),
        Option(
            "stash_find",
            "float",
            0.3,
            "probability",
            "Probability that a given seller at the place has the stash found during a visit; assumption.",
            0.05,
            0.9,
        ),
    ),
    payer="police",
    cost_parameter="patrol.cost_police_sek_h",
    evidence=(
        "B17: little evidence that more enforcement raises prices at the targeted level or at retail, "
        "elasticity 0 to 0.10 (pattern V6: 0 to +8 % when street arrests double); B19: Vancouver's crackdown"
        " left price and daily use unchanged and moved where drugs are used; D46: London and Sydney, no "
        "change of availability, costs to health. No Swedish estimate of seizures on price. The chance of "
        "finding a stash is an assumption."
    ),
    expected={
        "visits": "+",
        "guard_min": "+",
        "seized_g": "+",
        "failed_needs": "+",
        **dict.fromkeys(PRICES, "0"),
    },
    harms=(
        "Debt of sellers, often young, to those above them and violence that follows (D18); more crimes to "
        "pay for use; unknown strength after a change of source."
    ),
    not_modelled=(
        "Informers, warrants, time for evidence and prosecution, stashes moved to other people's homes."
    ),
    fixed=visit_settings("police", may_search=True, may_arrest=True),
)
