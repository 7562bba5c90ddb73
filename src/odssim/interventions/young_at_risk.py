"""Young at risk: police take a minor from the scene to parents or social services."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="young_at_risk",
    label_en="Minors taken home from the scene",
    label_sv="12 § polislagen",
    handbook="Social prevention, minska motivationen: 12 § polislagen",
    lever="person",
    mechanism=(
        "A minor met at a scene with a known user, or who keeps seeking sellers there, is taken to parents "
        "or social services, and a report of concern follows. Being at the scene is not reason enough. Some "
        "first use and some running for sellers is averted."
    ),
    options=(
        Option(
            "cases_year", "int", 150, "cases/year", "Minors taken home in a year; decides the cost.", 0, 5000
        ),
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
            "young_sellers",
            "float",
            0.03,
            "share",
            "Share of would-be young runners averted; assumption.",
            0.0,
            0.3,
        ),
    ),
    payer="police",
    cost_parameter="cost.young_at_risk_sek",
    evidence=(
        "Prior only: no controlled study was found; D31, the nearest, is weak. F1, F7: hours. The handbook "
        "gives the conditions, not an effect."
    ),
    expected={"first_users_averted": "+", "new_sellers": "-"},
    harms=(
        "Used broadly, a tool against youths for where they are (the handbook warns that this is unlawful); "
        "distrust of the police; minors who move where they are not seen."
    ),
    not_modelled=(
        "Minors as persons at the place and their removal from it; officers' time taken from other work; "
        "the known user or repeated seeking that the law asks for."
    ),
    targets_places=False,
)
