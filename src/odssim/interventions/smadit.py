"""SMADIT: those stopped under influence are offered care within a day."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="smadit",
    label_en="Care offered at the police stop (SMADIT)",
    label_sv="SMADIT, samverkan mot alkohol och droger i trafiken",
    handbook="Social prevention, minska motivationen (de sista sidorna): SMADIT",
    lever="person",
    mechanism=(
        "A dependent user whom police stop is offered contact with care within 24 hours, at a time when "
        "many are ready to listen. Some accept and enter care when a place is free."
    ),
    options=(
        Option(
            "cases_year",
            "int",
            150,
            "cases/year",
            "Offers of care that staff can make in a year; decides the cost.",
            0,
            20000,
        ),
        Option(
            "referral",
            "float",
            0.05,
            "share",
            "Share of dependent users stopped by police who take an offer of care; assumption.",
            0.0,
            0.4,
        ),
    ),
    payer="police",
    cost_parameter="cost.smadit_case_sek",
    evidence=(
        "A37: in Stockholm 50 of 91 assessed (2004) and 88 of 146 (2005) went to treatment, after they had "
        "chosen to come, without a control group; A36: 9 % of all asked at scenes accepted; D40: outpatient "
        "visits go with fewer suspected crimes. The default lies well below A37, since most who are stopped "
        "never come to an assessment."
    ),
    expected={"care_asked": "+", "care_entries": "+", "in_care": "+", "open_deals": "0"},
    harms=(
        "A choice made under arrest is less than free; care given to those whom police stop before those "
        "who ask."
    ),
    not_modelled=(
        "Traffic itself: the handbook's method is for drivers, here every stop counts; alcohol; the driving "
        "licence as a motive; customs' and the region's parts."
    ),
    targets_places=False,
)
