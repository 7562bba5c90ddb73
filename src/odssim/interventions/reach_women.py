"""Reaching women: the women and girls who use and are missed are looked for and put first."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="reach_women",
    label_en="Reaching and putting women first",
    label_sv="Profilera och prioritera kvinnliga missbrukare",
    handbook="Profilera och prioritera kvinnliga missbrukare",
    lever="person",
    mechanism=(
        "Workers look for women and girls where they are, also through psychiatric care, and meet them "
        "without the men. More of those missed are reached, and more of the contacts lead to asking for "
        "care. The count of known women rises: that is what was hidden, not new use."
    ),
    options=(
        Option(
            "cases_year",
            "int",
            200,
            "cases/year",
            "Women and girls contacted in a year; decides the cost.",
            0,
            20000,
        ),
        Option(
            "women_reach",
            "float",
            0.2,
            "share",
            "Share of the women missed who are reached; assumption.",
            0.0,
            1.0,
        ),
        Option(
            "acceptance",
            "float",
            0.02,
            "share",
            "Added share of contacts that lead to asking for care; assumption.",
            0.0,
            0.3,
        ),
    ),
    payer="region",
    cost_parameter="cost.reach_women_sek",
    evidence=(
        "No controlled study was found. A12: men are about 70 % of problem users and 75 % of deaths, and "
        "girls report more use than police and care know of (the handbook's own figure gives no number); "
        "A36: 9 % accept detoxification when asked. F7, F11: hours and visits. Both shares are assumptions."
    ),
    expected={"care_contacts": "+", "care_asked": "+", "care_entries": "+"},
    harms=(
        "Exposure of women who hide from violent men; children taken into care as a consequence of contact; "
        "shame."
    ),
    not_modelled=(
        "Violence, prostitution at scenes, motherhood and housing; psychiatric care as a way in; why girls "
        "are missed, which the handbook says is unknown."
    ),
    targets_places=False,
)
