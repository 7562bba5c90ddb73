"""Upkeep: cleaning, repair and light, so that ordinary people go on using the place."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="upkeep",
    label_en="Cleaning, repair and lighting",
    label_sv="Renlighet, skadegörelse och trygghet",
    handbook="Social prevention, minska motivationen (de sista sidorna): Renlighet, skadegörelse och trygghet",
    lever="place",
    mechanism=(
        "Litter and damage go faster than they come, and the place is lit. People who have no business "
        "there stay away less, so that more eyes see what is sold; the look of a place that nobody minds "
        "fades."
    ),
    options=(
        Option(
            "upkeep",
            "float",
            0.3,
            "share/day",
            "Extra share of the nuisance removed per day; assumption.",
            0.0,
            1.0,
        ),
        Option(
            "lighting",
            "float",
            0.2,
            "0..1",
            "Added sight and willingness of neighbours to act; assumption.",
            0.0,
            1.0,
        ),
    ),
    payer="municipality",
    cost_parameter="cost.upkeep_sek_year",
    evidence=(
        "D24: street lighting, crime -21 % over 13 studies (newer -14 %), light towers in New York -36 %; "
        "D25: greening of lots, crime -13 %, nuisance -30 %, residents' worry -58 %, drug results mixed; "
        "E7: perception moves about four times as much as crime; D19: light, camera and foot patrol "
        "together did nothing at one Malmö site. Fear should fall more than trade."
    ),
    expected={"nuisance": "-", "fear_share": "-", "open_deals": "-"},
    harms=(
        "Light and benches serve sellers too; places made hard for the homeless; trade moved to darker "
        "places near by."
    ),
    not_modelled=(
        "Action on robbery, theft and damage, which the handbook counts here; building works; new uses and "
        "events; how soon works wear out."
    ),
)
