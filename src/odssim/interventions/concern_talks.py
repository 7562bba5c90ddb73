"""Concern talks: children of 10 to 15 and their parents meet social services and police."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="concern_talks",
    label_en="Concern talks (10-15 years)",
    label_sv="Orossamtal",
    handbook="Social prevention, minska motivationen: Orossamtal",
    lever="person",
    mechanism=(
        "Children thought to be on their way into crime, and their parents, are met early and offered "
        "support. A small share of those who would have begun to use, or to run for sellers, do not."
    ),
    options=(
        Option("cases_year", "int", 300, "cases/year", "Talks held in a year; decides the cost.", 0, 20000),
        Option(
            "first_use",
            "float",
            0.02,
            "share",
            "Share of would-be first users averted; assumption.",
            0.0,
            0.2,
        ),
        Option(
            "young_sellers",
            "float",
            0.03,
            "share",
            "Share of would-be young runners averted; assumption.",
            0.0,
            0.3,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.concern_talk_sek",
    evidence=(
        "D31: motivational talks by police at Sergels torg, a randomised trial, weak effect on new drug "
        "offences (0-5 %), with an older group. No controlled study of concern talks with children of 10-15 "
        "was found; both shares are assumptions inside D31."
    ),
    expected={"first_users_averted": "+", "first_users": "-", "new_sellers": "-"},
    harms=(
        "A child marked as a problem by the authorities; parents frightened off; talks where support is not "
        "to be had."
    ),
    not_modelled=(
        "Which children are met, their schools and friends; support that follows; effects that show after "
        "years. The talks' number is not tied to the share averted."
    ),
    targets_places=False,
)
