"""MUMIN: minors suspected of a minor drug offence meet care on the same day."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="mumin",
    label_en="Same-day talk for minors suspected (MUMIN)",
    label_sv="MUMIN, Maria Ungdom Motiverande Intervention",
    handbook="Social prevention, minska motivationen (de sista sidorna): MUMIN",
    lever="person",
    mechanism=(
        "A minor suspected of a minor drug offence is tested and heard at the youth clinic's own police "
        "station, talked with together with relatives, and linked to care. A share of those who would have "
        "gone on does not."
    ),
    options=(
        Option("cases_year", "int", 400, "cases/year", "Minors met in a year; decides the cost.", 0, 20000),
        Option(
            "first_use",
            "float",
            0.005,
            "share",
            "Share of would-be first users averted; assumption.",
            0.0,
            0.1,
        ),
        Option(
            "escalation",
            "float",
            0.03,
            "share",
            "Share of escalations to dependence averted; assumption.",
            0.0,
            0.3,
        ),
    ),
    payer="police",
    cost_parameter="cost.mumin_case_sek",
    evidence=(
        "A37: of those assessed in the sister method for drivers 55-60 % went on to treatment in Stockholm, "
        "without a control group; row 66; D31: a randomised trial of talks by police gave a weak effect. "
        "The shares averted are assumptions."
    ),
    expected={"escalations": "-", "first_users": "-", "first_users_averted": "+"},
    harms=(
        "Long police custody of the young for small amounts; a record that closes doors; users under 18 who "
        "hide."
    ),
    not_modelled=(
        "The urine test, the hearing and the evidence; relatives; the region's part of the cost (booked on "
        "one payer)."
    ),
    targets_places=False,
)
