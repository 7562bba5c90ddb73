"""Reports of concern: those who work with the young tell social services of suspected harm."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="concern_reports",
    label_en="Reports of concern",
    label_sv="Orosanmälan kap 14 socialtjänstlagen",
    handbook="Social prevention, minska motivationen: Orosanmälan kap 14 socialtjänstlagen",
    lever="person",
    mechanism=(
        "More of the minors who are exposed to a scene come to the knowledge of social services, who may "
        "help. A very small share of first use is averted."
    ),
    options=(
        Option(
            "cases_year", "int", 500, "cases/year", "Extra reports in a year; decides the cost.", 0, 20000
        ),
        Option(
            "first_use",
            "float",
            0.01,
            "share",
            "Share of would-be first users averted; assumption.",
            0.0,
            0.1,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.concern_report_sek",
    evidence=(
        "Prior only: no controlled study was found. D31, the nearest, is weak, and a report is further from "
        "the youth than a talk."
    ),
    expected={"first_users_averted": "+", "first_users": "-"},
    harms=(
        "Families who avoid school, clinic or police for fear of a report; enquiries that crowd out help."
    ),
    not_modelled=(
        "Who reports and how well; what social services do with it; the share of exposed minors whom they "
        "know, which the method is meant to raise."
    ),
    targets_places=False,
)
