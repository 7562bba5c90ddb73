"""Exit programme: help for sellers of 19 to 29 to leave and stay out."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="exit_programme",
    label_en="Exit programme (19-29 years)",
    label_sv="SIG unga vuxna, 19-29 (Avhopparverksamheten)",
    handbook="Social prevention, minska motivationen: SIG unga vuxna, 19-29 (Avhopparverksamheten)",
    lever="person",
    mechanism=(
        "A number of active sellers a year get protection, housing and support to stop. They leave the "
        "market; their places may be taken by others, as after an arrest."
    ),
    options=(
        Option("exits_year", "float", 10.0, "sellers/year", "Sellers helped out in a year.", 0.0, 2000.0),
    ),
    payer="municipality",
    cost_parameter="cost.exit_case_sek",
    evidence=(
        "Prior only: no controlled study of exit programmes was read. D28, D29: focused deterrence, which "
        "joins help to threat, has a small to moderate effect where it is carried out well. Row 31: a "
        "vacancy is filled in about ten days, so that open deals may hardly move."
    ),
    expected={"exits": "+", "new_sellers": "+", "open_deals": "0"},
    harms="Threats against those who leave and their families; crime shown as a way to support.",
    not_modelled=(
        "Protection of identity, the influence of those who leave on the younger, return to crime, debts "
        "that follow."
    ),
    targets_places=False,
)
