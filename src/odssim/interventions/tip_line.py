"""Tip line: an anonymous number or page, made known at the place."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="tip_line",
    label_en="Tip line",
    label_sv="Tips om narkotikaförsäljningar",
    handbook="Tips på saker som inte är gjort i Sverige i nutid men på andra platser: Tips om narkotikaförsäljningar",
    lever="place",
    mechanism=(
        "Signs at the place tell of an anonymous number. Some of those who see a deal and would have done "
        "nothing now tip; police learn sooner where to go, and sellers and buyers learn that they may be "
        "reported."
    ),
    options=(
        Option(
            "tip_line",
            "float",
            0.05,
            "share of witnesses",
            "Share of those who see a deal and would not have called, who now tip; assumption.",
            0.0,
            0.5,
        ),
    ),
    payer="police",
    cost_parameter="cost.tip_line_sek_year",
    evidence=(
        "D16: Tampa, tips were part of a package after which most of 61 sites closed within six months, or "
        "35 still needed attention: two summaries disagree. No controlled effect of a tip line alone "
        "(section G)."
    ),
    expected={"tips": "+", "visits": "+", "open_deals": "-"},
    harms=(
        "False and malicious tips; threats against neighbours believed to have called; tips that single out "
        "groups."
    ),
    not_modelled=(
        "Quality of tips, fatigue when nothing follows, internet pages with dialogue. What is measured "
        "changes too: more tips need not mean more trade."
    ),
)
