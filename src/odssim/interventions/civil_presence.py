"""Civil presence: night walkers and volunteers, who are seen and see, but do not intervene."""

from __future__ import annotations

from odssim.core.declare import Intervention
from odssim.interventions.visits import visit_options, visit_settings

ENTRY = Intervention(
    id="civil_presence",
    label_en="Civil presence (night walkers)",
    label_sv="Ökad närvaro av civilsamhället (nattvandrare)",
    handbook="Öka formell och informell kontroll på platsen: Ökad närvaro av civilsamhället",
    lever="visits",
    mechanism=(
        "Volunteers spend weekend evenings at the place. They may neither search nor arrest and seldom call "
        "the police; they add eyes and mix the public, so that the place feels less left alone."
    ),
    options=visit_options(visits_per_day=1, minutes=(120, 240), hours=(18, 24), weekdays="fri_sat"),
    payer="civil_society",
    cost_parameter="patrol.cost_volunteer_sek_h",
    evidence=(
        "No controlled study of night walkers was found (section G). Upper bound: half of what unarmed staff"
        " and station guards did (D8: crime -39 % and calls -20 %; D9: -16 %). D45: station guards who stay "
        "passive do little."
    ),
    expected={"visits": "+", "guard_min": "+", "open_deals": "-", "fear_share": "-"},
    harms=(
        "Volunteers meet threats without powers or training; a crowd may also hide deals (handbook: large "
        "groups favour sellers because they make detection harder)."
    ),
    not_modelled=(
        "Support to users and relatives who avoid authorities, activities that change who uses the place, "
        "volunteers' turnover, weather."
    ),
    fixed=visit_settings("volunteer"),
)
