"""Social teams for youths of 14 to 18: help round each one to leave a life of crime."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="social_teams_youth",
    label_en="Social teams for youths (14-18 years)",
    label_sv="SIG unga, 14-18 år",
    handbook="Social prevention, minska motivationen: SIG unga, 14-18 år",
    lever="person",
    mechanism=(
        "School, police, social services and parents agree on one plan for each listed youth. Fewer of "
        "those listed go on to dependence or to sell."
    ),
    options=(
        Option("youths", "int", 40, "persons", "Youths with a team at one time; decides the cost.", 0, 5000),
        Option(
            "escalation",
            "float",
            0.02,
            "share",
            "Share of escalations to dependence averted; assumption.",
            0.0,
            0.2,
        ),
        Option(
            "young_sellers",
            "float",
            0.05,
            "share",
            "Share of would-be young runners averted; assumption.",
            0.0,
            0.3,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.youth_team_sek_year",
    evidence=(
        "Prior only: no controlled study of Swedish social teams was read. D29: focused work with listed "
        "persons has moderate effects that shrink with rigour; D31 is weak."
    ),
    expected={"escalations": "-", "new_sellers": "-"},
    harms=(
        "Youths brought together with others in crime; consent that is not free; secrecy given up between "
        "authorities."
    ),
    not_modelled="Who is listed and for how long, consent, school and work; relapse into crime.",
    targets_places=False,
)
