"""The example for Mesa's own page runs, and draws everybody and the deals."""

import runpy
from pathlib import Path

import pytest

pytest.importorskip("solara", reason="the extra mesa-viz is not installed")

ROOT = Path(__file__).parents[2]


def test_the_example_makes_a_page_of_a_town_that_lives(monkeypatch):
    monkeypatch.chdir(ROOT)
    example = runpy.run_path("experiments/mesa_page.py")
    model = example["model"]
    model.step()
    assert model.open_deals > 0
    assert {example["look"](agent).color for agent in model.agents} == set(example["COLOURS"].values())
    drawn = [name for name, layer in model.grid._mesa_property_layers.items() if example["layers"](layer) is not None]
    assert {"land", "open_deals_today"} <= set(drawn)
    assert example["page"] is not None
