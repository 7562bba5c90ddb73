"""Mesa's own page on the teaching town: `solara run experiments/mesa_page.py` (extra ``mesa-viz``).

The model is an ordinary Mesa model, so Mesa's `SolaraViz` shows it as it would any other: the grid's property
layers as a map, the outcomes of each day as plots, the seed and two of the scenario's keys as controls. One step
is a day. For moving people, methods placed while it runs and lessons there is `odssim app`.
"""

from __future__ import annotations

from mesa.visualization import Slider, SolaraViz, make_plot_component, make_space_component
from mesa.visualization.components import PropertyLayerStyle

from odssim.engine.model import OpenDrugSceneModel

MODEL_PARAMETERS = {
    "rng": {"type": "InputText", "value": 1, "label": "Seed"},
    "scenario": "scenarios/fifteen-minute-town.toml",
    "patrol__visits_per_day": Slider("Visits to each place a day", 4, 1, 12, 1),
    "patrol__dose": Slider("Share of the plan carried out", 1.0, 0.0, 1.0, 0.1),
}


def layers(layer):
    """Return how a property layer of the grid is drawn, None for those that are not."""
    if layer.name == "open_deals_today":
        return PropertyLayerStyle(colormap="inferno", alpha=0.9, colorbar=True, vmin=0, vmax=20)
    return None


model = OpenDrugSceneModel("scenarios/fifteen-minute-town.toml", rng=1)
page = SolaraViz(
    model,
    components=[
        make_space_component(None, propertylayer_portrayal=layers),
        make_plot_component("open_deals"),
        make_plot_component("arrests"),
    ],
    model_params=MODEL_PARAMETERS,
    name="odssim: a modelled town (no scene here is real)",
)
page  # noqa: B018  (solara shows the last expression)
