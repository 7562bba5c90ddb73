"""The fifteen-minute method: short visits at irregular times, leaving only when nothing happens."""

from __future__ import annotations

from odssim.core.declare import Intervention
from odssim.interventions.visits import visit_options, visit_settings

ENTRY = Intervention(
    id="fifteen_minute_patrol",
    label_en="Fifteen-minute patrol",
    label_sv="15-minutersmetoden",
    handbook="Öka formell och informell kontroll på platsen: 15-minutersmetoden",
    lever="visits",
    mechanism=(
        "A patrol walks the place for 12 to 17 minutes at times that nobody can foresee. If nothing has "
        "happened it leaves and returns later, otherwise it stays until done. Fifteen minutes outlast the "
        "patience of most who wait out of sight; irregular times cannot be learned, so the risk is felt "
        "between visits too."
    ),
    options=visit_options(visits_per_day=4, minutes=(12, 17), hours=(10, 24)),
    payer="police",
    cost_parameter="patrol.cost_police_sek_h",
    evidence=(
        "D5: threshold near 10 min, best at 11-15, disorder within 30 min 4 % after such a visit against 15 "
        "% after a drive-through, an optimum not replicated elsewhere as of 2025; D6: 4 x 15 min a day at 57"
        " of 115 underground stations, calls -21 %, nearly all of it while no patrol was there; D7: a "
        "predictable timetable at bus stops, driver reports down but victim crime up 11-25 %."
    ),
    expected={
        "visits": "+",
        "guard_min": "+",
        "open_deals": "-",
        "wait_min": "+",
        "failed_needs": "+",
        "stops": "+",
        "nuisance": "-",
    },
    harms=(
        "As for hot spot patrol, smaller per visit; with a timetable (irregular = false) trade learns the "
        "gaps and may grow in them (D7)."
    ),
    not_modelled=(
        "Travel between places as a limit on visits, conversations and referral during a quiet visit, other "
        "staff than police on foot (the handbook allows it; `payer` changes who pays, not what they may do "
        "or cost)."
    ),
    fixed=visit_settings("police", may_search=True, may_arrest=True, stay_until_done=True),
)
