"""Letters to buyers: owners of cars seen at the scene get a card from the police."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="buyer_letters",
    label_en="Letters to possible buyers",
    label_sv="Varna potentiella köpare",
    handbook="Tips på saker som inte är gjort i Sverige i nutid men på andra platser: Varna potentiella köpare",
    lever="place",
    mechanism=(
        "Cars seen at the place are noted and their owners get a card that says so. Buyers from elsewhere "
        "who get one think the place riskier from then on; nobody else notices."
    ),
    options=(
        Option(
            "letters",
            "float",
            0.3,
            "share of buyers",
            "Share of buyers from elsewhere whose car owner gets a card; assumption.",
            0.0,
            1.0,
        ),
    ),
    payer="police",
    cost_parameter="cost.letter_sek",
    evidence=(
        "D26: letters to owners of houses did little; section G: no evaluation of letters to car owners was "
        "found, prior -2 to -10 % of buyers' visits (row 62). The handbook tells of fewer arrests and less "
        "traffic in the United States without a number."
    ),
    expected={"letters_sent": "+", "open_deals": "-"},
    harms=(
        "Cards reach owners who did not drive, and families; people who visit for other reasons are "
        "suspected."
    ),
    not_modelled=(
        "Whether such a register would be lawful in Sweden; buyers on foot and by train; who drove the car; "
        "a card's fading with repetition."
    ),
)
