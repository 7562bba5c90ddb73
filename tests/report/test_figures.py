"""The pictures: honest titles, right colours, same bytes, no crash on empty or short runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from odssim.city import City
from odssim.drawing import style
from odssim.drawing.charts import trailing_mean
from odssim.drawing.terrain import glow, surroundings, view_of
from odssim.language import speaking
from odssim.observe.result import RunResult
from odssim.report.run.map_figure import map_figure
from odssim.report.run.map_legend import ring_area
from odssim.report.run.run_series import PICTURES, relative_to_start, series_figure
from report.make import START, day, intervention, random_result, result

Draw = Callable[[RunResult, Path], None]
PNG = b"\x89PNG\r\n\x1a\n"
PATROL = intervention(START + timedelta(days=20), START + timedelta(days=40))


def texts(figure: Figure) -> dict[str, str]:
    return {text.get_gid() or "": text.get_text() for text in figure.texts}


def pixels(figure: Figure) -> np.ndarray:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3] / 255


def share_of_pixels(image: np.ndarray, colour: str) -> float:
    return float((np.abs(image - np.array(to_rgb(colour))).max(axis=2) < 0.02).mean())


def legend_texts(figure: Figure) -> set[str]:
    return {text.get_text() for legend in figure.legends for text in legend.get_texts()}


@pytest.fixture(scope="module")
def city_run(stockholm: City) -> RunResult:
    return random_result(stockholm, 60, interventions=[PATROL], targets=frozenset({100, 5000}))


@pytest.mark.parametrize("draw", PICTURES.values())
def test_picture_is_a_png_and_the_same_bytes_twice(draw: Draw, city_run: RunResult, tmp_path: Path) -> None:
    draw(city_run, tmp_path / "a.png")
    draw(city_run, tmp_path / "b.png")
    first = (tmp_path / "a.png").read_bytes()
    assert first.startswith(PNG)
    assert first == (tmp_path / "b.png").read_bytes()
    assert b"Software" not in first


def test_users_own_matplotlib_settings_change_nothing(city_run: RunResult, tmp_path: Path) -> None:
    PICTURES["series.png"](city_run, tmp_path / "a.png")
    with matplotlib.rc_context({"font.size": 20, "font.family": "serif"}):
        PICTURES["series.png"](city_run, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("start", [2, 57])
def test_no_words_of_a_picture_are_cut(stockholm: City, language: str, start: int) -> None:
    """A long name and a late start; names beside the panels are wider in Swedish."""
    spec = replace(intervention(START + timedelta(days=start), START + timedelta(days=60)), id="m" * 32)
    run = random_result(stockholm, 60, interventions=[spec], targets=frozenset({100, 5000}))
    with speaking(language):
        figures = [series_figure(run), map_figure(run)]
    for figure in figures:
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        for text in figure.findobj(Text):
            box = text.get_window_extent(renderer)
            if text.get_text() and text.get_visible():
                assert 0 <= box.x0 <= box.x1 <= figure.bbox.width, text.get_text()


def test_other_activity_gives_another_map(stockholm: City, tmp_path: Path) -> None:
    for seed in (1, 2):
        PICTURES["map.png"](random_result(stockholm, 10, seed=seed), tmp_path / f"{seed}.png")
    assert (tmp_path / "1.png").read_bytes() != (tmp_path / "2.png").read_bytes()


def test_titles_say_modelled(city_run: RunResult) -> None:
    title = texts(map_figure(city_run))["title"]
    assert title == "Modelled open drug activity, City of Stockholm, 1 Jan to 1 Mar 2018: no real scenes"
    assert texts(series_figure(city_run))["title"].startswith("Modelled drug market, City of Stockholm")


def test_map_names_no_place(city_run: RunResult) -> None:
    figure = map_figure(city_run)
    shown = " ".join([*texts(figure).values(), *(t.get_text() for ax in figure.axes for t in ax.texts)])
    shown += " ".join(legend_texts(figure))
    assert city_run.scenes
    assert not any(city_run.city.place_name[p] in shown for scene in city_run.scenes for p in scene.cells)


def test_notice_of_openstreetmap_stands_where_its_data_are_shown(city_run: RunResult, town: City) -> None:
    assert "© OpenStreetMap contributors" in texts(map_figure(city_run))["notice"]
    assert "OpenStreetMap" not in texts(map_figure(random_result(town, 5)))["notice"]


def test_land_and_water_are_told_apart(city_run: RunResult) -> None:
    image = pixels(map_figure(city_run))
    land, water, around = (
        share_of_pixels(image, colour) for colour in (style.NIGHT_LAND, style.NIGHT_WATER, style.NIGHT_NEIGHBOUR)
    )
    assert min(land, water, around) > 0.05
    difference = np.abs(np.subtract(to_rgb(style.NIGHT_LAND), to_rgb(style.NIGHT_WATER)))
    assert difference.max() > 0.1


def test_neighbours_are_land_that_the_city_has_not(stockholm: City, town: City) -> None:
    around = surroundings(stockholm)
    assert around is not None
    land, (west, east, south, north) = around
    rows, cols = np.divmod(stockholm.place_cell, stockholm.width)
    x, y = (cols + 0.5) * stockholm.cell_m, (rows + 0.5) * stockholm.cell_m
    r = ((y - south) / (north - south) * land.shape[0]).astype(int)
    c = ((x - west) / (east - west) * land.shape[1]).astype(int)
    assert land.any()
    assert land[r, c].mean() < 0.02
    assert surroundings(town) is None


def test_legend_tells_of_programmes_only_where_there_are_any(city_run: RunResult, town: City) -> None:
    assert "programme place" in legend_texts(map_figure(city_run))
    assert "programme place" not in legend_texts(map_figure(random_result(town, 5)))


def test_glow_keeps_the_number_of_deals(town: City) -> None:
    deals = np.zeros(town.n_places)
    deals[[300, 700]] = (10.0, 2.5)
    surface = glow(town, deals, view_m=4000.0)
    hectares_per_pixel = (town.cell_m / 100) ** 2 * town.width * town.height / surface.size
    assert surface.sum() * hectares_per_pixel == pytest.approx(12.5, rel=1e-3)
    assert surface.max() < 10.0


def test_view_holds_what_must_be_seen(stockholm: City) -> None:
    edge = np.array([int(np.argmin(stockholm.place_xy_m()[1]))])
    x, y = stockholm.place_xy_m()
    west, east, south, north = view_of(stockholm, edge)
    assert west < x[edge[0]] < east
    assert south < y[edge[0]] < north
    assert 0.69 < (north - south) / (east - west) < 1.16


@pytest.mark.parametrize("n_days", [1, 3, 40])
def test_run_without_any_activity_is_drawn(town: City, n_days: int, tmp_path: Path) -> None:
    nothing = result(town, [day(prices_sek=[np.nan] * 4) for _ in range(n_days)])
    PICTURES["map.png"](nothing, tmp_path / "map.png")
    PICTURES["series.png"](nothing, tmp_path / "series.png")
    assert (tmp_path / "map.png").read_bytes().startswith(PNG)
    assert "no modelled scenes at the end" in texts(map_figure(nothing))["subtitle"]
    notes = {text.get_text() for text in series_figure(nothing).axes[4].texts}
    assert notes == {"no deals", "no recorded sales", "no arrests of sellers"}


def test_interventions_are_named_in_the_series(city_run: RunResult, town: City) -> None:
    names = [text.get_text().strip() for text in series_figure(city_run).axes[0].texts]
    assert "patrol" in names
    many = [intervention(START, date(2019, 1, 1), f"programme {i}") for i in range(8)]
    crowded = series_figure(random_result(town, 10, interventions=many))
    assert "programme 4 and 3 more" in [text.get_text().strip() for text in crowded.axes[0].texts]


def test_intervention_after_the_run_is_not_shaded(town: City) -> None:
    later = intervention(date(2019, 1, 1), date(2019, 2, 1))
    figure = series_figure(random_result(town, 10, interventions=[later]))
    assert "patrol" not in [text.get_text().strip() for text in figure.axes[0].texts]


def test_trailing_mean_looks_back_only() -> None:
    values = np.array([0.0, 0.0, 0.0, 7.0, np.nan, 7.0])
    assert trailing_mean(values, 3).tolist() == pytest.approx([0.0, 0.0, 0.0, 7 / 3, 3.5, 7.0])
    assert np.isnan(trailing_mean(np.array([np.nan, np.nan]), 7)).all()


def test_relative_to_start() -> None:
    assert relative_to_start(np.array([100.0, 100.0, 110.0]), 2).tolist() == pytest.approx([0.0, 0.0, 0.1])
    assert np.isnan(relative_to_start(np.array([np.nan, np.nan, 110.0]), 2)).all()


def test_rings_grow_with_the_deals_up_to_a_size() -> None:
    assert ring_area(5) < ring_area(50) < ring_area(10_000) == ring_area(20_000)
