"""Treatment capacity: more places in care, so that those who ask need not wait."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="treatment_capacity",
    label_en="Treatment capacity",
    label_sv="Stöd, vård och behandling",
    handbook="Rollfördelning i det regionala arbetet: Stockholms läns landsting",
    lever="person",
    mechanism=(
        "More places shorten the queue. Those who ask enter care sooner, buy and use much less while they "
        "stay, and many leave again. The demand that dependent users bring to the scenes falls as far as "
        "places, acceptance and retention allow."
    ),
    options=(Option("care_places", "int", 200, "persons", "Added places in care.", 0, 50000),),
    payer="region",
    cost_parameter="cost.care_place_sek_year",
    evidence=(
        "A32: 57 % remain in substitution treatment after 12 months, 38 % after 36; A34: mortality outside "
        "is 3.4 times that inside; D39: drug arrests -34 % next to mobile clinics in Pittsburgh; D40: "
        "outpatient visits go with fewer suspected crimes; D36: in Oslo services helped clients without "
        "shrinking the crowd; D38: treatment demand nearly doubled under one crackdown. F11: 80,000 SEK a "
        "year in substitution treatment, 2,500 a day in residential care."
    ),
    expected={
        "care_entries": "+",
        "in_care": "+",
        "consumed_g": "-",
        "deaths": "-",
        "overdoses": "-",
        "funding_crimes": "-",
        "open_deals": "-",
    },
    harms="Clinics may gather sellers; risk just after leaving care (A34); medicines sold on.",
    not_modelled=(
        "Kinds of care and who needs which; staff; where clinics lie; diversion of medicines; psychiatric "
        "care beside it."
    ),
    targets_places=False,
)
