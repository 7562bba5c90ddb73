"""Drug dogs: searches of places and buildings where drugs are known to be kept."""

from __future__ import annotations

from odssim.core.declare import Intervention, Option
from odssim.interventions.visits import visit_options, visit_settings

ENTRY = Intervention(
    id="drug_dogs",
    label_en="Searches with drug dogs",
    label_sv="Sök med polisens narkotikahundar",
    handbook="Social prevention, minska motivationen (de sista sidorna): Sök med polisens narkotikahundar",
    lever="visits",
    mechanism=(
        "A dog and its handler search the place again and again. Stashes are found far more often than by "
        "officers alone, so that sellers lose stock, owe for it and wait for more. Who has seen the search "
        "keeps more on the body for some days, where a search of the person finds it; the officers who come "
        "along may stop and arrest as in any visit."
    ),
    options=(
        *visit_options(visits_per_day=1, minutes=(30, 60), hours=(12, 22)),
        Option(
            "stash_find",
            "float",
            0.6,
            "probability",
            "Probability that a given seller at the place has the stash found during a visit; assumption.",
            0.05,
            0.95,
        ),
    ),
    payer="police",
    cost_parameter="cost.dog_officer_sek_h",
    evidence=(
        "D30: drugs found in 25 % of 94,000 searches that followed an alert (Australia, persons), about 4 % "
        "deterred, 17 % of users swallow in panic and 23 % hide drugs in the body. No controlled study of "
        "dogs at open scenes was found; the chance of finding a stash is an assumption. F1, F2: officer and "
        "dog hours."
    ),
    expected={
        "visits": "+",
        "guard_min": "+",
        "seized_g": "+",
        "recorded_possession": "+",
        "failed_needs": "+",
        "open_deals": "-",
    },
    harms=(
        "Hasty use when the dog is seen, and drugs swallowed or hidden in the body (D30); three in four "
        "alerts bring a search of somebody who carries nothing; debt and violence after lost stock (D18)."
    ),
    not_modelled=(
        "That possession on the body is easier to prove than a stash; hasty use; buildings as places of their "
        "own; the dog's false alerts as stops."
    ),
    fixed=visit_settings("police", may_search=True, may_arrest=True),
)
