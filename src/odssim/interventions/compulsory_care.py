"""Compulsory care: care by law for those at greatest risk."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="compulsory_care",
    label_en="Compulsory care",
    label_sv="LVU och LVM",
    handbook="Social prevention, minska motivationen: LVU och LVM",
    lever="person",
    mechanism=(
        "A number of the worst off a year are taken into care against their will, after voluntary care has "
        "been tried. While inside they neither buy nor use; after release tolerance is lower and the risk "
        "of relapse and overdose is higher."
    ),
    options=(
        Option(
            "compulsory_year",
            "float",
            50.0,
            "cases/year",
            "Persons taken into care by law in a year.",
            0.0,
            5000.0,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.compulsory_case_sek",
    evidence=(
        "No controlled effect of care by law was read. A34: mortality outside care is 3.4 times that "
        "inside, with an excess just after entry and exit; A33: half of those ever treated are in care at "
        "one time; D37: voluntary and low-threshold care was the common part of five cities. F9: 4,500 SEK "
        "a day for adults; F10: 3,500-9,500 for youths."
    ),
    expected={"care_entries": "+", "in_care": "+", "care_returns": "+", "deaths": "0", "open_deals": "0"},
    harms=(
        "Overdose after release (A34); coercion that keeps people from asking for help; places taken from "
        "those who want them."
    ),
    not_modelled=(
        "Courts, appeals and escapes; the months in stages from closed to open; youths (LVU) apart from "
        "adults (LVM); other reasons for care than drugs."
    ),
    targets_places=False,
)
