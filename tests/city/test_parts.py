"""The small tools of the city folder: exact apportionment, raster, travel times, tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import main as build_main
from built import write_cells, write_frame, write_land
from odssim.city import City, tables
from odssim.city.grid import Grid, rasterise
from odssim.city.spread import cumulative_rounding, largest_remainder
from odssim.city.transit import Line, Stop, station_minutes
from odssim.core.folders import PACKAGE
from odssim.errors import CityError
from teaching_town import main as build_town

WEIGHTS = st.lists(st.floats(0.0, 1e6, allow_subnormal=False), min_size=1, max_size=50).filter(lambda w: sum(w) > 1e-3)


@given(WEIGHTS, st.integers(0, 10_000_000))
def test_largest_remainder_sums_exactly_and_misses_by_less_than_one(weights: list[float], total: int) -> None:
    counts = largest_remainder(weights, total)
    exact = np.array(weights) * (total / np.sum(weights))
    assert counts.sum() == total
    assert (np.abs(counts - exact) < 1.0 + 1e-6 * total).all()


@given(WEIGHTS, st.integers(0, 10_000_000))
def test_cumulative_rounding_sums_exactly_and_keeps_running_sums(weights: list[float], total: int) -> None:
    counts = cumulative_rounding(np.array(weights), total)
    exact = np.cumsum(weights) * (total / np.sum(weights))
    assert counts.sum() == total
    assert (counts >= 0).all()
    assert (np.abs(np.cumsum(counts) - exact) <= 0.5 + 1e-6 * total).all()


def test_remainders_go_to_the_largest_fractions_then_to_the_first() -> None:
    assert largest_remainder([0.5, 0.3, 0.2], 7).tolist() == [4, 2, 1]
    assert largest_remainder([0.1, 0.25, 0.65], 6).tolist() == [1, 1, 4]
    assert largest_remainder([1.0, 1.0, 1.0], 4).tolist() == [2, 1, 1]


@pytest.mark.parametrize("split", [lambda: largest_remainder([0.0], 3), lambda: cumulative_rounding(np.zeros(2), 3)])
def test_people_cannot_be_split_by_nothing(split: object) -> None:
    with pytest.raises(ValueError, match="cannot split 3"):
        split()  # type: ignore[operator]


def test_a_polygons_raster_has_its_area() -> None:
    shapely = pytest.importorskip("shapely")
    grid = Grid.around(18.0, 59.0, 18.2, 59.1, 100)
    circle = shapely.Point(18.1, 59.05).buffer(0.03)
    raster = rasterise([circle], grid)
    true_km2 = circle.area * grid.m_per_lon * grid.m_per_lat / 1e6
    assert (raster == 0).sum() * 0.01 == pytest.approx(true_km2, rel=0.01)
    x, y = grid.to_xy(18.1, 59.05)
    assert raster.ravel()[grid.cell_of(x, y)] == 0
    assert (rasterise([circle, circle], grid) == raster).all()


def test_nearest_land_prefers_its_own_cell_and_stops_at_its_reach() -> None:
    grid = Grid(18.0, 59.0, 59.0, 100, 6, 6)
    land = np.zeros((6, 6), bool)
    land[2, 4] = True
    assert grid.nearest_land(land, 450.0, 250.0, 200.0) == 2 * 6 + 4
    assert grid.nearest_land(land, 310.0, 250.0, 200.0) == 2 * 6 + 4
    assert grid.nearest_land(land, 10.0, 250.0, 200.0) == -1


def test_a_trip_is_half_a_headway_plus_the_ride_for_each_line() -> None:
    """Two metro lines cross at B: 3.5 km take 6 minutes, headways 10 and 4 minutes wait 5 and 2."""
    stops = [
        Stop("A", "metro", 0, 0),
        Stop("B", "metro", 3500, 0),
        Stop("C", "metro", 3500, 3500),
        Stop("X", "tram", 9e4, 0),
    ]
    lines = [Line("1", "metro", ("A", "B"), 10.0), Line("2", "metro", ("B", "C"), 4.0)]
    minutes = station_minutes(stops, lines)
    assert minutes[0, 1] == pytest.approx(5 + 6)
    assert minutes[0, 2] == pytest.approx(5 + 6 + 2 + 6)
    assert minutes[0, 3] == 1e6


def test_stations_side_by_side_are_joined_on_foot() -> None:
    stops = [Stop("A", "metro", 0, 0), Stop("B", "tram", 400, 0)]
    assert station_minutes(stops, [])[0, 1] == pytest.approx(400 * 1.3 / 80)


def test_a_line_that_calls_nowhere_is_refused() -> None:
    with pytest.raises(CityError, match="line 1 = 'B'"):
        station_minutes([Stop("A", "metro", 0, 0)], [Line("1", "metro", ("A", "B"), 10.0)])


def test_tables_read_back_what_was_written(town: City, tmp_path: Path) -> None:
    district = np.where(town.land, 0, -1).astype(np.int16)
    district[10:20, 5:9] = 3
    write_frame(tmp_path / "frame.csv", town.grid)
    write_land(tmp_path / "land.csv", district)
    columns = (town.place_cell, town.place_schools, town.place_preschools, town.residents)
    write_cells(tmp_path / "cells.csv", town.grid, *columns)
    assert tables.read_frame(tmp_path / "frame.csv") == town.grid
    np.testing.assert_array_equal(tables.read_land(tmp_path / "land.csv", town.grid), district)
    for read, written in zip(tables.read_cells(tmp_path / "cells.csv", town.grid), columns, strict=True):
        np.testing.assert_array_equal(read, written)


def test_the_build_names_the_missing_file_and_writes_no_city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build_main([str(tmp_path / "data"), str(tmp_path / "out")]) == 2
    assert "stations.csv" in capsys.readouterr().err
    assert not (tmp_path / "out" / "stockholm-city").exists()
    assert build_main([]) == 2


def test_the_shipped_town_is_what_its_arithmetic_makes(tmp_path: Path) -> None:
    assert build_town([str(tmp_path)]) == 0
    shipped = PACKAGE / "city" / "data" / "teaching-town"
    made = {file.name: file.read_bytes() for file in (tmp_path / "teaching-town").iterdir()}
    assert made == {file.name: file.read_bytes() for file in shipped.glob("*.csv")}


def test_the_town_is_twenty_thousand_people_around_a_river(town: City) -> None:
    assert town.residents.sum() == 20_000
    assert town.districts == ("North Bank", "Old Town", "South Bank", "East Field")
    assert sorted({s.mode for s in town.stations}) == ["commuter_rail", "metro"]
    for col in range(1, 39):
        water = np.flatnonzero(~town.land[1:39, col])
        assert len(water) == 2, "the river is two cells wide in every column"
