"""What every city must satisfy, whichever it is: the contract of the City record."""

from __future__ import annotations

import numpy as np
import pytest

from odssim.city import CITY_NAMES, PLACE_TYPES, UNREACHABLE_MIN, City, load_city
from odssim.errors import CityError


def test_columns_have_the_contracts_types_and_shapes(city: City) -> None:
    n, s = city.n_places, len(city.stations)
    expected = {
        "place_cell": (np.int32, (n,)),
        "place_type": (np.uint8, (n,)),
        "place_district": (np.int16, (n,)),
        "place_class": (np.uint8, (n,)),
        "place_class_modelled": (np.bool_, (n,)),
        "place_footfall": (np.float64, (n,)),
        "place_schools": (np.int16, (n,)),
        "place_preschools": (np.int16, (n,)),
        "residents": (np.int32, (n, 7, 2)),
        "place_station": (np.int16, (n,)),
        "place_station_min": (np.float64, (n,)),
        "station_minutes": (np.float64, (s, s)),
        "land": (np.bool_, (city.height, city.width)),
    }
    found = {name: (getattr(city, name).dtype.type, getattr(city, name).shape) for name in expected}
    assert found == expected


def test_every_place_is_a_land_cell_and_listed_once(city: City) -> None:
    assert city.land.ravel()[city.place_cell].all()
    assert not city.land.all()
    assert (np.diff(city.place_cell) > 0).all()


def test_place_names_are_unique(city: City) -> None:
    assert len(city.place_name) == city.n_places == len(set(city.place_name))


def test_each_place_lives_somewhere_or_lies_near_something(city: City) -> None:
    """A place is a cell with residents, a type, schools, or within 300 m of a station or school."""
    x, y = city.place_xy_m()
    alone = (city.residents.sum(axis=(1, 2)) == 0) & (city.place_type == 0)
    school = city.place_schools + city.place_preschools > 0
    anchors_x = np.concatenate((x[school], [s.x_m for s in city.stations]))
    anchors_y = np.concatenate((y[school], [s.y_m for s in city.stations]))
    for at in np.flatnonzero(alone):
        assert np.hypot(anchors_x - x[at], anchors_y - y[at]).min() <= 300.0 + 1e-6


def test_classes_and_types_are_within_their_codes(city: City) -> None:
    assert set(np.unique(city.place_class)) <= {1, 2, 3, 4, 5}
    assert city.place_type.max() == len(PLACE_TYPES) - 1
    assert city.place_district.min() == 0
    assert city.place_district.max() == len(city.districts) - 1


def test_a_station_on_land_makes_its_cell_a_station_place(city: City) -> None:
    kind = dict(zip(city.place_cell.tolist(), city.place_type.tolist(), strict=True))
    for station in city.stations:
        if station.cell >= 0 and station.mode == "metro":
            assert PLACE_TYPES[kind[station.cell]] == "metro"
        elif station.cell >= 0:
            assert kind[station.cell] != PLACE_TYPES.index("street")


def test_travel_times_are_a_metric(city: City) -> None:
    minutes = city.station_minutes
    assert (np.diag(minutes) == 0.0).all()
    np.testing.assert_allclose(minutes, minutes.T, atol=1e-5)
    for middle in range(0, len(city.stations), 7):
        detour = minutes[:, middle, None] + minutes[None, middle, :]
        assert (minutes <= detour + 1e-5).all()


def test_all_stations_are_joined(city: City) -> None:
    assert city.station_minutes.max() < UNREACHABLE_MIN
    assert all(station.lines for station in city.stations)


def test_nearest_station_is_the_nearest(city: City) -> None:
    x, y = city.place_xy_m()
    station_x = np.array([s.x_m for s in city.stations])
    station_y = np.array([s.y_m for s in city.stations])
    for p in range(0, city.n_places, 997):
        metres = np.hypot(station_x - x[p], station_y - y[p])
        assert metres[city.place_station[p]] == pytest.approx(metres.min())
        assert city.place_station_min[p] == pytest.approx(metres.min() * 1.3 / 80.0, abs=1e-5)


def test_loading_twice_gives_the_same_bytes(city: City) -> None:
    again = load_city(city.name)
    assert again.residents.tobytes() == city.residents.tobytes()
    assert again.place_footfall.tobytes() == city.place_footfall.tobytes()
    assert again.station_minutes.tobytes() == city.station_minutes.tobytes()
    assert again.place_name == city.place_name


def test_every_source_has_a_licence(city: City) -> None:
    assert city.notices
    assert all(n.source and n.licence and n.text for n in city.notices)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(CityError, match=r"'stockholm-cty'.*did you mean 'stockholm-city'"):
        load_city("stockholm-cty")
    assert len(CITY_NAMES) == 3


def test_the_grid_maps_there_and_back(city: City) -> None:
    grid = city.grid
    x, y = city.place_xy_m()
    np.testing.assert_array_equal(grid.cell_of(x, y), city.place_cell)
    np.testing.assert_allclose(grid.to_xy(*grid.to_lonlat(x, y)), (x, y), atol=1e-6)
    assert grid.cell_of(-1.0, 5.0) == -1
    assert grid.cell_of(city.width * city.cell_m + 1.0, 5.0) == -1
