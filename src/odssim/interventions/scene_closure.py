"""Scene closure: nobody may enter the place, for a time or for good."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.world.codes import PRICES

ENTRY = Intervention(
    id="scene_closure",
    label_en="Closure of the scene",
    label_sv="Avstängning av platsen",
    handbook="Står inte i metodboken; jämför Minska platsens betydelse, rutinaktivitetsteorin",
    lever="place",
    mechanism=(
        "The place is fenced off or emptied on a share of the days. Sellers are sent off and buyers turn "
        "back; both look for other places, phones or nothing, and return when it opens if what they "
        "remember of it still pays."
    ),
    options=(
        Option(
            "closed", "float", 1.0, "share of days", "Share of the days on which nobody may enter.", 0.0, 1.0
        ),
    ),
    payer="municipality",
    cost_parameter="cost.closure_sek_year",
    evidence=(
        "D34: Christiania 2016, trade at most a quarter of what it was two months after the stalls went, "
        "sellers elsewhere within days, open again by 2018; D35: Christiania 2004, trade spread over the "
        "city, price up 20-50 %; D36: Oslo's scene moved several times; B22: taking away the largest site "
        "can lower trade around it. Cases, no controlled study."
    ),
    expected={
        "open_deals": "-",
        "sent_off": "+",
        "failed_needs": "+",
        "hidden_deals": "+",
        **dict.fromkeys(PRICES, "+"),
    },
    harms=(
        "Users lose the place where workers find them; trade spreads to places less prepared; conflicts "
        "over the places that remain; everybody else is shut out too."
    ),
    not_modelled=(
        "Law: who may close a public place and for how long; building and rebuilding; protests; police "
        "needed to keep it closed."
    ),
)
