"""Mesa's own page on the teaching town: `solara run experiments/mesa_page.py` (extra ``mesa-viz``).

The model is an ordinary Mesa model, so Mesa's `SolaraViz` shows it as it would any other: the grid's property
layers as a map, the outcomes of each day as plots, the seed and two of the scenario's keys as controls. One step
is a day. For moving people, methods placed while it runs and lessons there is `odssim app`.
"""

from __future__ import annotations

from mesa.visualization import Slider, SolaraViz, make_plot_component, make_space_component
from mesa.visualization.components import AgentPortrayalStyle, PropertyLayerStyle

from odssim.engine.model import OpenDrugSceneModel

MODEL_PARAMETERS = {
    "rng": {"type": "InputText", "value": 1, "label": "Seed"},
    "scenario": "scenarios/fifteen-minute-town.toml",
    "patrol__visits_per_day": Slider("Visits to each place a day", 4, 1, 12, 1),
    "patrol__dose": Slider("Share of the plan carried out", 1.0, 0.0, 1.0, 0.1),
}


COLOURS = {"Buyer": "tab:cyan", "Seller": "tab:orange", "Unit": "tab:blue"}


def look(agent):
    """Return how a person in a cell is drawn: small, so that the cell's deals stay visible."""
    return AgentPortrayalStyle(color=COLOURS[type(agent).__name__], size=6, marker="o")


def layers(layer):
    """Return how a property layer of the grid is drawn, None for those that are not."""
    if layer.name == "land":
        return PropertyLayerStyle(colormap="Greys", alpha=0.35, colorbar=False, vmin=0, vmax=2)
    if layer.name == "open_deals_today":
        return PropertyLayerStyle(color="crimson", alpha=1.0, colorbar=True, vmin=0, vmax=20)
    return None


def titled(axes):
    """Say what the map shows."""
    axes.set_title("open deals of the day (modelled)")
    axes.set_axis_off()


model = OpenDrugSceneModel("scenarios/fifteen-minute-town.toml", rng=1)
page = SolaraViz(
    model,
    components=[
        make_space_component(look, propertylayer_portrayal=layers, post_process=titled, draw_grid=False),
        make_plot_component("open_deals"),
        make_plot_component("arrests"),
    ],
    model_params=MODEL_PARAMETERS,
    name="odssim: a modelled town (no scene here is real)",
)
page  # noqa: B018  (solara shows the last expression)
