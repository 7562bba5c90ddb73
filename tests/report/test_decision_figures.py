"""The pictures of a decision: drawn for any number of mixes, the same bytes each time."""

import numpy as np
import pytest

from odssim.analysis.decision.choose import decide
from odssim.analysis.decision.objective import Objective
from odssim.analysis.decision.ranking import Evidence
from odssim.drawing.decision_figures import acceptability_figure, pareto_figure, pictures, plane_figure


def decision(n_mixes=4, n=8, worth_sek=None, outcome="open_deals"):
    rng = np.random.default_rng(1)
    values = {
        outcome: 100 - 12.0 * np.arange(n_mixes) + rng.normal(0, 3, size=(n, n_mixes)),
        "cost_sek": np.tile(4000.0 * np.arange(n_mixes) ** 2, (n, 1)),
        "displaced": np.tile(5.0 * np.arange(n_mixes), (n, 1)),
        "harm_cost_sek": rng.normal(2e6, 1e4, size=(n, n_mixes)),
    }
    return decide(Evidence(tuple(f"Mix {k} in the town" for k in range(n_mixes)), values), Objective(outcome, worth_sek))


@pytest.mark.parametrize("name", ["acceptability.png", "pareto.png", "plane.png"])
@pytest.mark.parametrize("found", [decision(), decision(2, 1), decision(10, 3, 500.0), decision(2, 5, 0.0, "in_care")])
def test_every_picture_is_drawn(found, name, tmp_path):
    pictures(found)[name](tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_the_same_decision_gives_the_same_bytes(tmp_path):
    for k in (1, 2):
        pictures(decision())["plane.png"](tmp_path / f"{k}.png")
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()


def test_the_plane_always_shows_the_base_and_every_mix():
    (ax,) = plane_figure(decision()).axes
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    assert x0 < 0 < 36 < x1
    assert y0 < 0 < 36_000 < y1
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["Mix 1", "Mix 2", "Mix 3"]


def test_the_curves_begin_with_the_cheapest():
    (ax,) = acceptability_figure(decision()).axes
    first = {line.get_label(): line.get_ydata()[0] for line in ax.get_lines() if line.get_label().startswith("Mix")}
    assert first == {"Mix 0": 1.0, "Mix 1": 0.0, "Mix 2": 0.0, "Mix 3": 0.0}


def test_the_bars_are_the_means_on_every_count():
    found = decision()
    panels = pareto_figure(found).axes
    assert len(panels) == len(found.criteria) == 4
    drawn = sorted(bar.get_width() for bar in panels[0].patches)
    assert drawn == pytest.approx(sorted(found.burdens[:, 0]))
