"""Place focus: one joint plan for a place, carried out by all who have a part in it."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="place_focus",
    label_en="Place focus (a joint plan per place)",
    label_sv="Platsfokus",
    handbook="Situationell prevention, begränsa tillgängligheten: Platsfokus",
    lever="coordination",
    mechanism=(
        "All actors plan and follow up one place together. The other interventions there are delivered more "
        "fully: visits that would have been missed are made, works are finished. It does nothing where "
        "nothing else is planned."
    ),
    options=(
        Option(
            "bonus",
            "float",
            0.1,
            "share",
            "Share of the missing delivery of other interventions at the same places that is made good; assumption.",
            0.0,
            1.0,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.place_focus_sek_year",
    evidence=(
        "D3: problem-oriented work .23 against .11 for more patrol; D15: partnership and problem solving "
        "beat patrol, which beats unfocused enforcement; D14: police, owners and maintenance together "
        "lowered disorder in Jersey City; D42: Edsberg's scene was gone after four years of joint work, one "
        "case; D19: three measures together did nothing in Malmö. None tells coordination from the measures "
        "themselves: the bonus is an assumption."
    ),
    expected={"visits": "+", "visits_missed": "-", "open_deals": "-"},
    harms=("Meetings that cost staff time and replace work; responsibility spread until nobody has it."),
    not_modelled=(
        "Better choice of measures, which problem solving is mostly about; referral between actors; "
        "conflicts of aim and secrecy."
    ),
)
