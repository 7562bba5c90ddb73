"""Home visits: police and social services go home to those of 15 to 18 who may have begun with drugs."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="home_visits",
    label_en="Home visits (Linköping model, 15-18 years)",
    label_sv="Linköpingsmodellen",
    handbook="Social prevention, minska motivationen: Linköpingsmodellen",
    lever="person",
    mechanism=(
        "Parents and youth are told at home what is suspected and offered help. A small share of first use "
        "and of the way from use to dependence is averted."
    ),
    options=(
        Option("cases_year", "int", 200, "cases/year", "Visits made in a year; decides the cost.", 0, 20000),
        Option(
            "first_use",
            "float",
            0.01,
            "share",
            "Share of would-be first users averted; assumption.",
            0.0,
            0.2,
        ),
        Option(
            "escalation",
            "float",
            0.02,
            "share",
            "Share of escalations to dependence averted; assumption.",
            0.0,
            0.2,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.home_visit_sek",
    evidence=(
        "Prior only: no controlled study of the Linköping model was found. D31 (talks by police, 0-5 % on "
        "new offences) is the nearest; A30: 0.6 to 1.6 % of users become dependent in a year, so that few "
        "can be averted."
    ),
    expected={"first_users_averted": "+", "first_users": "-", "escalations": "-"},
    harms="Conflict or violence at home after the visit; suspicion of youths who have not used.",
    not_modelled="How suspects come to be known; parents' acts; drug tests; later contact with care.",
    targets_places=False,
)
