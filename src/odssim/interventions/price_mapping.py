"""Price mapping: prices at the scenes are asked for and followed over time."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.world.codes import PRICES

ENTRY = Intervention(
    id="price_mapping",
    label_en="Price mapping",
    label_sv="Kartlägga priserna på de öppna drogscenerna",
    handbook="Situationell prevention, begränsa tillgängligheten: Arbeta mot beslag",
    lever="measurement",
    mechanism=(
        "Prices at the places are collected at intervals and followed beside what is done. It changes "
        "nothing in the market: it is an instrument, and its numbers are rounded, late and biased by who "
        "tells them."
    ),
    options=(Option("rounds_year", "int", 2, "rounds/year", "Rounds of price collection in a year.", 1, 52),),
    payer="police",
    cost_parameter="cost.price_survey_sek",
    evidence=(
        "No effect on the market is claimed or expected. B1: street prices per substance; B2: spread "
        "between sellers, coefficient of variation 0.2-0.5, which a small sample must overcome; B3: prices "
        "hardly move from year to year. F7: hours."
    ),
    expected={"open_deals": "0", **dict.fromkeys(PRICES, "0")},
    harms=(
        "Those who tell prices may be taken for informers; a price that moves for other reasons is read as "
        "success."
    ),
    not_modelled=(
        "Purity, which makes equal prices unequal; rebates among acquaintances; the interviewers' own bias "
        "beyond what the instrument declares."
    ),
)
