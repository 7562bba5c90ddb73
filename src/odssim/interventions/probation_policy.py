"""Probation policy: custody rather than a sanction in freedom for sellers tied to networks."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.world.codes import PRICES

ENTRY = Intervention(
    id="probation_policy",
    label_en="Custody instead of probation",
    label_sv="Kriminalvårdens åtaganden",
    handbook="Social prevention, minska motivationen: Kriminalvårdens åtaganden",
    lever="person",
    mechanism=(
        "The prison service advises against sanctions in freedom for sellers with ties to organised crime "
        "and takes open sentences first. More arrests end in custody; those inside cannot sell, and others "
        "take their places."
    ),
    options=(
        Option(
            "custody",
            "float",
            0.1,
            "probability",
            "Added probability of custody after an arrest for sale.",
            0.0,
            0.6,
        ),
    ),
    payer="prison_service",
    cost_parameter="cost.prison_case_sek",
    evidence=(
        "No controlled study was read. A42: the mean term is 15-20 months, of which two thirds are served; "
        "B17: fifteen times as many prisoners raised the price of cocaine by 10-15 %; row 31: a vacancy is "
        "filled in about ten days. F8: 3,200 SEK a day."
    ),
    expected={"imprisoned": "+", "new_sellers": "+", "open_deals": "0", **dict.fromkeys(PRICES, "0")},
    harms=(
        "Prison as a school and a recruiting ground; children and partners left; conflict over vacancies "
        "(D18)."
    ),
    not_modelled=(
        "The court, which decides; ties to networks (all sellers are treated alike); open sentences in a "
        "queue; support after release."
    ),
    targets_places=False,
)
