"""All presets by name."""

from odssim.errors import ScenarioError, Sentence
from odssim.validation.presets import fifteen_minute_curve as dose
from odssim.validation.presets import groff, torus
from odssim.validation.presets.preset import Preset

PRESETS: dict[str, Preset] = {p.name: p for p in (groff.PRESET, torus.PRESET, dose.PRESET)}


def preset(name: str) -> Preset:
    """Return a preset.

    Raises ScenarioError: if there is none of that name.
    """
    if name not in PRESETS:
        raise ScenarioError(
            "no such preset", key="NAME", value=name, remedy=Sentence("one of {words}", words=", ".join(PRESETS))
        )
    return PRESETS[name]
