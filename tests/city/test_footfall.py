"""Passers-by: the model of boardings against the published stations, and what each cause adds."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from odssim.city import PLACE_TYPES, City, footfall, tables
from odssim.city.transit import Line, Stop


@pytest.fixture(scope="module")
def anchors() -> dict[tuple[str, str], float]:
    rows = tables.read_rows(Path(str(files("odssim.city") / "data" / "stockholm" / "boardings.csv")))
    return {(r["mode"], r["station"]): float(r["boardings_per_weekday"]) for r in rows}


@pytest.fixture(scope="module")
def modelled(stockholm: City) -> dict[tuple[str, str], float]:
    stops = [Stop(s.name, s.mode, s.x_m, s.y_m) for s in stockholm.stations]
    lines = tables.read_lines(Path(str(files("odssim.city") / "data" / "stockholm" / "lines.csv")))
    volumes = footfall.modelled_boardings(stops, lines)
    return {(s.mode, s.name): float(v) for s, v in zip(stops, volumes, strict=True)}


@pytest.mark.parametrize("mode", ["metro", "commuter_rail"])
def test_modelled_boardings_fit_the_anchors_better_than_one_number(
    anchors: dict[tuple[str, str], float], modelled: dict[tuple[str, str], float], mode: str
) -> None:
    """Log scale: residual below 0.6 and below the anchors' own spread; level within a factor 2."""
    keys = [key for key in anchors if key[0] == mode]
    published = np.log([anchors[key] for key in keys])
    residual = np.log([modelled[key] for key in keys]) - published
    assert len(keys) >= 9
    assert abs(residual.mean()) < np.log(2.0)
    assert residual.std() < 0.6
    assert residual.std() < 0.9 * published.std()


def test_metro_boardings_sum_to_the_operators_order_of_magnitude(stockholm: City) -> None:
    """SL reported about 1.2 to 1.3 million metro boardings a weekday before 2020."""
    total = sum(s.boardings_per_weekday for s in stockholm.stations if s.mode == "metro")
    assert 1.0e6 < total < 1.5e6


def test_published_boardings_are_used_and_the_rest_is_marked(stockholm: City, anchors: dict[tuple[str, str], float]) -> None:
    for station in stockholm.stations:
        published = anchors.get((station.mode, station.name))
        assert station.boardings_modelled == (published is None)
        assert published is None or station.boardings_per_weekday == published
    assert sum(not s.boardings_modelled for s in stockholm.stations) == len(anchors) == 27


def test_residents_do_not_enter(stockholm: City) -> None:
    """Away from stations and schools a street's footfall is one constant, whoever lives there."""
    quiet = (
        (stockholm.place_type == 0)
        & (stockholm.place_station_min * 80.0 / 1.3 > 301.0)
        & (stockholm.place_schools + stockholm.place_preschools == 0)
    )
    people = stockholm.residents.sum(axis=(1, 2))[quiet]
    assert quiet.sum() > 1000
    assert people.max() > 10 * np.median(people)
    assert set(stockholm.place_footfall[quiet]) == {footfall.STREET_PASSERS}


def test_busier_kinds_of_place_have_more_passers(stockholm: City) -> None:
    median = {
        kind: np.median(stockholm.place_footfall[stockholm.place_type == PLACE_TYPES.index(kind)]) for kind in PLACE_TYPES
    }
    assert median["street"] < median["park"] < median["square"]
    assert median["local_rail"] < median["metro"]


def test_lines_and_interchanges_raise_boardings() -> None:
    stops = [Stop("A", "metro", 0, 0), Stop("B", "metro", 5000, 0), Stop("C", "metro", 9000, 0), Stop("D", "tram", 5100, 0)]
    lines = [Line("1", "metro", ("A", "B"), 10.0), Line("2", "metro", ("B", "C"), 10.0)]
    a, b, c, _ = footfall.modelled_boardings(stops, lines)
    assert a == c == 6200.0
    assert b == pytest.approx(6200.0 * 2**1.21 * 1.42, abs=10.0)


def test_an_unknown_type_of_place_is_refused() -> None:
    with pytest.raises(ValueError, match="plaza"):
        footfall.type_passers(["plaza"])
