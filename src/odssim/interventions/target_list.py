"""Target lists: named sellers get the police force's attention, and help to leave."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="target_list",
    label_en="Target lists",
    label_sv="Targetlistor",
    handbook="Social prevention, minska motivationen: Targetlistor",
    lever="person",
    mechanism=(
        "Police and municipality choose a limited number of sellers and work on them: own use, possession "
        "and sale are all followed up, arrest and prosecution become likelier, and listed persons are "
        "guided to care or out of the trade. Their places may be taken by others."
    ),
    options=(Option("target_list", "int", 20, "persons", "Listed sellers at one time.", 0, 2000),),
    payer="police",
    cost_parameter="cost.target_list_sek_year",
    evidence=(
        "D28: High Point, violence -7 %, drug and nuisance calls -5.5 %, Flint none, Roanoke effective; "
        "D29: 24 evaluations, moderate overall, drug markets smallest (d about 0.1-0.2), less with rigour; "
        "row 64: carried out well in about half of the cases. Row 31: vacancies are filled in about ten "
        "days. None Swedish."
    ),
    expected={"listed_arrests": "+", "imprisoned": "+", "exits": "+", "violence": "0", "open_deals": "0"},
    harms=(
        "Violence over the places that become free (D18); younger sellers drawn in; wrong persons listed "
        "and followed."
    ),
    not_modelled=(
        "Suppliers above the street; the meeting where threat and help are put together; intelligence and "
        "its errors; lists of users."
    ),
    targets_places=False,
)
