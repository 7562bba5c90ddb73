"""Guards and hosts: paid, visible staff with few powers at places and hours."""

from __future__ import annotations

from odssim.core.declare import Intervention
from odssim.interventions.visits import visit_options, visit_settings

ENTRY = Intervention(
    id="guards_and_hosts",
    label_en="Order guards, watchmen and hosts",
    label_sv="Ordningsvakter, väktare och trygghetsvärdar",
    handbook="Öka formell och informell kontroll på platsen: Ökad närvaro av civilsamhället",
    lever="visits",
    mechanism=(
        "Staff in uniform walk the place at the hours chosen. They neither search nor arrest; they see, "
        "speak, ask people to leave and call the police more readily than passers-by do, so that selling in "
        "their sight costs time and risk."
    ),
    options=visit_options(visits_per_day=4, minutes=(30, 60), hours=(14, 24)),
    payer="municipality",
    cost_parameter="cost.guard_sek_h",
    evidence=(
        "D8: unarmed staff on foot at 72 spots, crime -39 %, calls -20 %, the number of visits matters more "
        "than their minutes; D9: guards at railway stations, crime reported by victims -16 %, detections "
        "+14 %; D45: station guards in Järfälla were passive, reactive and unplanned for three quarters of "
        "the trial. All measured on recorded crime, none on deals; half of D8-D9 is a cautious Swedish "
        "guess. F4, F5: the hour."
    ),
    expected={
        "visits": "+",
        "guard_min": "+",
        "open_deals": "-",
        "wait_min": "+",
        "nuisance": "-",
        "recorded_possession": "0",
    },
    harms=(
        "Threats and violence against staff; people without homes sent away with nowhere to go; trade moved "
        "past the edge of the contract's area."
    ),
    not_modelled=(
        "An order guard's right to remove and detain, against a host's, who has none; hire, turnover and "
        "training; cooperation with the police beyond a call."
    ),
    fixed=visit_settings("guard"),
)
