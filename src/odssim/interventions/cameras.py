"""Cameras: a share of the place in view, watched or not, announced or not."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="cameras",
    label_en="Camera surveillance",
    label_sv="Kamerabevakning",
    handbook="Öka formell och informell kontroll på platsen: Kamerabevakning",
    lever="cameras",
    mechanism=(
        "Part of the place is in view. A watched camera can bring a patrol and is evidence afterwards; signs"
        " make it known to those who have never been caught by it. Sellers learn where the view ends and "
        "deal there, so that trade may become less visible rather than smaller."
    ),
    options=(
        Option("coverage", "float", 0.6, "share", "Share of the place that is in view.", 0.0, 1.0),
        Option("monitored", "bool", True, "1", "Somebody watches while the camera is up."),
        Option("signs", "bool", True, "1", "Signs tell of the camera; Swedish law demands them."),
        Option("uptime", "float", 0.95, "share", "Share of the time that the camera works.", 0.0, 1.0),
    ),
    payer="municipality",
    cost_parameter="patrol.cost_camera_sek_year",
    evidence=(
        "D21: drug crime -20 % over 6 studies, violence -2 % (not significant), watched cameras do better; "
        "D22: Seved, Malmö: drug records +20 %, dealing less visible and nearby; D23: Stureplan and "
        "Medborgarplatsen, no overall effect in three years, many did not know of the cameras; D19, D44: no "
        "effect in two Malmö studies. D20: the handbook credits intensive cameras with the end of one Malmö "
        "scene."
    ),
    expected={"open_deals": "-", "violence": "0", "recorded_possession": "+"},
    harms=(
        "Privacy of everybody who passes; trade moved out of view, to stairwells and yards where people live."
    ),
    not_modelled=(
        "The permit (recorded crime shown, milder measures tried, no larger field than needed, the one-month"
        " exemption), the operators' attention, prosecution, faces recognised elsewhere."
    ),
)
