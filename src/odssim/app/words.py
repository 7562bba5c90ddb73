"""What the page says: its own sentences, and the terms of the model as the whole program calls them."""

import json
from importlib.resources import files

from odssim.core.outcomes import OUTCOMES
from odssim.language import counting, say, speaking
from odssim.language.names import CITY_TITLES
from odssim.language.written import DECIMAL_MARK
from odssim.observe.indicators import INDICATORS
from odssim.scenario.records import PAYERS, PLACE_TYPES, SUBSTANCES

TERMS = {
    "world_town": CITY_TITLES["teaching-town"],
    "world_city": CITY_TITLES["stockholm-city"],
    "under": "under {share}",
    "over": "over {share}",
    **{f"payer_{name}": name.replace("_", " ") for name in PAYERS},
    **{f"type_{name}": name.replace("_", " ") for name in PLACE_TYPES},
    **{f"choice_{name}": name for name in SUBSTANCES},
    **{f"indicator_{indicator.id}": indicator.label for indicator in INDICATORS},
    **{f"column_{outcome.id}": outcome.noun for outcome in OUTCOMES.values() if outcome.noun},
}
"""Texts of the catalogue, by the page's names for them."""
MILLIONS = ("million", "millions")


def page_words(language: str) -> dict[str, str]:
    """Return every text of the page in a language, by name; gaps as ``{name}``."""
    own: dict[str, str] = json.loads(own_words(language))
    with speaking(language):
        terms = {name: say(text) for name, text in TERMS.items()}
        numbers = {name: counting(n, "{n} million", "{n} million", n="{n}") for n, name in enumerate(MILLIONS, 1)}
    return own | terms | numbers | {"decimal_mark": DECIMAL_MARK[language]}


def own_words(language: str) -> str:
    """Return the page's own sentences, JSON."""
    return (files("odssim.app") / "page" / "words" / f"{language}.json").read_text(encoding="utf-8")
