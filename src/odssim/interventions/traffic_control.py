"""Traffic control: vehicles and persons are checked on the way to and from the scene."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="traffic_control",
    label_en="Traffic control on the approaches",
    label_sv="Kontroll av trafik",
    handbook="Öka formell och informell kontroll på platsen: Kontroll av trafik",
    lever="place",
    mechanism=(
        "Police stop a share of those who leave with drugs. A stopped buyer loses them and is reported, "
        "remembers the place as risky and pays for it in time; the trade itself is not seen."
    ),
    options=(
        Option(
            "traffic",
            "float",
            0.05,
            "share of buyers",
            "Share of buyers carrying drugs away who are stopped on the approaches; assumption.",
            0.0,
            0.5,
        ),
    ),
    payer="police",
    cost_parameter="cost.traffic_stop_sek",
    evidence=(
        "No controlled effect was read (section G). A38: 0.41 offences per targeted check on foot; A40: a "
        "buyer's risk is about 1 in 360 per purchase in the county as a whole; D16: Tampa pressed buyers "
        "together with much else. F1: officers' hours."
    ),
    expected={"traffic_stops": "+", "recorded_possession": "+", "seized_g": "+", "open_deals": "-"},
    harms=(
        "Stops of drivers who have nothing to do with the trade; users fined on their way home; buyers who "
        "move to delivery, unseen."
    ),
    not_modelled=(
        "Sellers' and suppliers' vehicles, drivers under influence (see `smadit`), roads and the choice of "
        "where to stand, stops of those who carry nothing; customs' part."
    ),
)
