"""Agreement: police and municipality bind themselves in writing, citizens' promises included."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option

ENTRY = Intervention(
    id="agreement",
    label_en="Cooperation agreement and citizens' promise",
    label_sv="Samverkansöverenskommelser och medborgarlöften",
    handbook="Myndighetssamarbete, arbetssätt i vardagen: Samverkansöverenskommelser och medborgarlöften",
    lever="coordination",
    mechanism=(
        "Aims, roles and money are agreed for a longer time. All other interventions are delivered more "
        "fully while it lasts; when it ends, so does what it added."
    ),
    options=(
        Option(
            "bonus",
            "float",
            0.1,
            "share",
            "Share of the missing delivery of all other interventions that is made good; assumption.",
            0.0,
            1.0,
        ),
    ),
    payer="county_board",
    cost_parameter="cost.agreement_sek_year",
    evidence=(
        "No controlled study of agreements or citizens' promises was read (section G). D15: partnership "
        "beats patrol alone; D45: without planning, guards were passive; D42: four years of joint work "
        "before one scene was gone; C1: 35 of 48 scenes stood in citizens' promises in 2017 and most "
        "remained (C2). It can raise delivery only; how much is an assumption."
    ),
    expected={"visits": "+", "visits_missed": "-", "open_deals": "0"},
    harms="Promises not kept cost trust; scenes without an agreement are left behind.",
    not_modelled=(
        "Long-term funding and its end, turnover of key persons, shared maps and who leads; choice of "
        "measures."
    ),
    targets_places=False,
)
