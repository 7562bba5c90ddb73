"""Seizures at the border: customs intercept a larger share of consignments."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.world.codes import PRICES

ENTRY = Intervention(
    id="seizures_border",
    label_en="Border seizures (customs)",
    label_sv="Arbeta mot beslag (Tullverket)",
    handbook="Situationell prevention, begränsa tillgängligheten: Arbeta mot beslag",
    lever="interception",
    mechanism=(
        "A larger share of incoming consignments is taken. Importers lose goods and money; wholesale stock "
        "and price answer with a lag, the street later and less, until new supply arrives."
    ),
    options=(
        Option(
            "extra_share",
            "float",
            0.1,
            "share",
            "Added to the share of consignments that customs intercept in any case.",
            0.0,
            0.5,
        ),
        Option(
            "substance",
            "choice",
            "all",
            "1",
            "The substance that customs look for.",
            choices=("all", "cannabis", "amphetamine", "cocaine", "heroin"),
        ),
    ),
    payer="customs",
    cost_parameter="supply.cost_interception_sek",
    evidence=(
        "B9: 2-15 % of the flow is seized today; B14: a large precursor shock tripled the price, which was "
        "back in 4 months; B15: the Australian heroin shortage, street price x2.6, scenes emptied, users "
        "went to other drugs; B17: marginal enforcement hardly moves the price. No Swedish estimate of "
        "seizures on price: the handbook's claim that seizures raise prices and lower demand is open to test"
        " here, both ways."
    ),
    expected={"seized_g": "+", **dict.fromkeys(PRICES, "0"), "failed_needs": "+"},
    harms=(
        "In a shortage: switches to other and stronger drugs, more overdoses when supply returns, crimes to "
        "pay for a higher price."
    ),
    not_modelled="Routes, modes of smuggling, new routes after a seizure, international cooperation, purity.",
    targets_places=False,
)
