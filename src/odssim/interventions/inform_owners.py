"""Informing owners: lenders and the public are told how a place is used, and press its owner."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="inform_owners",
    label_en="Informing owners, banks and the public",
    label_sv="Informera allmänhet och företag",
    handbook="Social prevention, minska motivationen (de sista sidorna): Informera allmänhet och företag",
    lever="place",
    mechanism=(
        "Police tell banks and the public how buildings and the place are used. Lenders ask owners to look "
        "after them; the share of hours in which somebody acts on dealing rises little and slowly. Set "
        "`ramp_days` to the months that this takes."
    ),
    options=(
        Option(
            "manager",
            "float",
            0.05,
            "share of hours",
            "Share of the hours in which owners or staff come to act on strangers who deal; assumption.",
            0.0,
            0.5,
        ),
    ),
    payer="police",
    cost_parameter="cost.inform_owners_sek_year",
    evidence=(
        "Prior only: no study of pressure through lenders was found. D26 gives the bounds: a letter to "
        "owners did little, a meeting much; D27: civil remedies against owners helped and moved trade at "
        "commercial sites."
    ),
    expected={"sent_off": "+", "open_deals": "-"},
    harms=(
        "A place's bad name lowers rents and investment; tenants pay by higher rent or lose their contracts."
    ),
    not_modelled=(
        "Banks, loans and owners as actors; secrecy rules that limit what the police may tell; media."
    ),
)
