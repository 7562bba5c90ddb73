"""Place managers: owners, publicans and shopkeepers control their own ground."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="place_managers",
    label_en="Place managers (owners, publicans, shops)",
    label_sv="Fastighetsägare, krögare och andra näringsidkare",
    handbook="Social prevention, minska motivationen (de sista sidorna): Fastighetsägare, krögare och andra näringsidkare",
    lever="place",
    mechanism=(
        "After inspections together with the police and the municipality, owners change doors, locks, hours "
        "and lines of sight, and their staff act on strangers who deal: sellers are sent off and lose "
        "selling time, and trade in view of staff is cut short."
    ),
    options=(
        Option(
            "manager",
            "float",
            0.3,
            "share of hours",
            "Share of the hours in which owners or staff act on strangers who deal; assumption.",
            0.0,
            1.0,
        ),
        Option(
            "lighting",
            "float",
            0.1,
            "0..1",
            "Added sight lines and light, with neighbours readier to act; assumption.",
            0.0,
            1.0,
        ),
    ),
    payer="owners",
    cost_parameter="cost.manager_sek_year",
    evidence=(
        "D26: San Diego, a meeting with a detective gave a sizeable fall within six months (about -60 %), a "
        "letter little; D27: Oakland, drug calls -7 % against +55 % in controls, but around shops calls "
        "rose (+282 % against +46 %); D14: Jersey City, part of a package with police. American rented "
        "housing and recorded calls; hours in which staff act are an assumption."
    ),
    expected={"sent_off": "+", "open_deals": "-", "nuisance": "-", "failed_needs": "+"},
    harms=(
        "Trade pushed to the neighbours, above all from commercial sites (D27); evictions of tenants who "
        "use; threats against staff."
    ),
    not_modelled=(
        "Law and money that move an owner to act; evictions; opening hours by hour of the day; owners who "
        "profit from the trade."
    ),
)
