"""Joint outreach: social workers who look up users at the scenes and offer a way to care."""

from __future__ import annotations

from odssim.core.declare import Intervention
from odssim.interventions.visits import visit_options, visit_settings

ENTRY = Intervention(
    id="joint_outreach",
    label_en="Joint outreach",
    label_sv="Gemensamt uppsökande arbete",
    handbook="Myndighetssamarbete, arbetssätt i vardagen: Gemensamt uppsökande arbete",
    lever="visits",
    mechanism=(
        "Outreach workers are present where users are, come to be known, and offer contact with care; some "
        "of those asked accept and enter care when a place is free. Their presence is seen by sellers but "
        "carries little risk for them."
    ),
    options=visit_options(visits_per_day=1, minutes=(60, 120), hours=(12, 20), weekdays="mon_fri"),
    payer="municipality",
    cost_parameter="cost.outreach_sek_h",
    evidence=(
        "A36: at Stockholm scenes in 2005, 21 of 227 asked accepted detoxification (9 %) and 79 wanted to "
        "wait (35 %); pattern V13: 5-15 % per approach; D36: in Oslo the services worked for clients while "
        "the crowd stayed; D37: outreach was one part in each of five cities that ended large scenes, over "
        "years. No controlled effect on open deals. F7: the hour."
    ),
    expected={
        "visits": "+",
        "outreach_min": "+",
        "care_contacts": "+",
        "care_asked": "+",
        "care_entries": "+",
        "open_deals": "0",
    },
    harms=(
        "With police close by, users may avoid the workers too; those who accept meet a queue if care has "
        "no room."
    ),
    not_modelled=(
        "Outreach on the internet; social workers at police interviews of those under 18; the plan shared "
        "with the police (add a police entry at the same places and hours, or `place_focus`); trust built "
        "with one known worker."
    ),
    fixed=visit_settings("outreach", refer=True),
)
