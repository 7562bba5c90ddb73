"""The built Stockholm cities against published figures."""

from __future__ import annotations

from importlib.resources import as_file, files

import networkx
import numpy as np
import pytest

from odssim.city import PLACE_TYPES, City
from odssim.city.transit import trip_graph

OFFICIAL_LAND_KM2 = 187.2


def station_id(city: City, mode: str, name: str) -> int:
    return next(i for i, s in enumerate(city.stations) if (s.mode, s.name) == (mode, name))


def minutes(city: City, a: str, b: str, mode: str = "metro") -> float:
    return float(city.station_minutes[station_id(city, mode, a), station_id(city, mode, b)])


def test_city_has_its_residents_and_its_land(stockholm: City) -> None:
    assert stockholm.residents.sum() == 950_000
    assert stockholm.land.sum() * 0.01 == pytest.approx(OFFICIAL_LAND_KM2, rel=0.02)
    assert len(stockholm.districts) == 117


def test_age_and_sex_keep_the_shares_of_2016(stockholm: City) -> None:
    """Shares of the 932,630 people of the source: women 50.6 %, aged 20-44 40.4 %, 80 and over 3.9 %."""
    people = stockholm.residents.sum(axis=0) / stockholm.residents.sum()
    assert people[:, 0].sum() == pytest.approx(0.506, abs=0.003)
    assert people[3].sum() == pytest.approx(0.404, abs=0.01)
    assert people[6].sum() == pytest.approx(0.039, abs=0.005)


def test_district_totals_match_known_sizes(stockholm: City) -> None:
    """Södermalm's island district has about 100,000 residents, Rinkeby 16,000, Husby 12,000."""
    for name, low, high in (("Södermalm", 95_000, 112_000), ("Rinkeby", 15_000, 18_000), ("Husby", 11_000, 14_000)):
        inside = stockholm.place_district == stockholm.districts.index(name)
        assert low < stockholm.residents[inside].sum() < high, name


@pytest.mark.parametrize(("district", "area_class"), [("Rinkeby", 1), ("Husby", 1), ("Tensta", 1), ("Ålsten", 5)])
def test_class_of_well_known_districts(stockholm: City, district: str, area_class: int) -> None:
    inside = stockholm.place_district == stockholm.districts.index(district)
    assert set(stockholm.place_class[inside]) == {area_class}
    assert not stockholm.place_class_modelled[inside].any()


def test_only_the_inner_city_has_a_modelled_class(stockholm: City) -> None:
    modelled = stockholm.residents[stockholm.place_class_modelled].sum() / stockholm.residents.sum()
    assert 0.2 < modelled < 0.4
    assert (stockholm.place_class[stockholm.place_class_modelled] == 4).all()


def test_all_rail_stations_are_in_the_network(stockholm: City, county: City) -> None:
    for city in (stockholm, county):
        modes = [s.mode for s in city.stations]
        assert (modes.count("metro"), modes.count("commuter_rail"), len(modes)) == (100, 54, 271)
        assert city.rail.number_of_nodes() == 271


def test_stations_beyond_the_border_have_no_cell_but_carry_trips(stockholm: City, county: City) -> None:
    outside = {s.name for s in county.stations if s.cell < 0}
    assert outside == {"Bålsta", "Gnesta", "Knivsta", "Uppsala C"}
    assert stockholm.stations[station_id(stockholm, "metro", "Solna centrum")].cell == -1
    assert minutes(stockholm, "T-Centralen", "Kista") < 30.0


def test_t_centralen_is_where_it_is(stockholm: City, county: City) -> None:
    for city in (stockholm, county):
        station = city.stations[station_id(city, "metro", "T-Centralen")]
        x, y = city.grid.to_xy(18.0608, 59.3317)
        assert np.hypot(station.x_m - x, station.y_m - y) < 60.0
        place = city.place_name.index("T-Centralen")
        assert PLACE_TYPES[city.place_type[place]] == "metro"
        assert city.districts[city.place_district[place]] == "Norrmalm"
        assert place == np.argmax(city.place_footfall)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [("T-Centralen", "Hjulsta", 15, 30), ("T-Centralen", "Slussen", 5, 10), ("Hjulsta", "Norsborg", 40, 85)],
)
def test_metro_times_are_plausible(stockholm: City, a: str, b: str, low: float, high: float) -> None:
    assert low < minutes(stockholm, a, b) < high


def test_the_airport_train_is_faster_than_the_metro_would_be(stockholm: City) -> None:
    assert 25 < minutes(stockholm, "Stockholm City", "Arlanda C", "commuter_rail") < 60


def test_degrees_have_their_length_on_the_ellipsoid(stockholm: City) -> None:
    """At 59.335 N a hundredth of a degree is 569.16 m east and 1114.01 m north (WGS84 geodesics)."""
    grid = stockholm.grid
    assert grid.lat_ref == pytest.approx(59.335, abs=0.01)
    assert grid.m_per_lon * 0.01 == pytest.approx(569.16, rel=1e-3)
    assert grid.m_per_lat * 0.01 == pytest.approx(1114.01, rel=1e-4)


def test_county_has_its_residents_places_and_names(stockholm: City, county: City) -> None:
    assert county.residents.sum() == 2_310_000
    assert county.n_places < 25_000
    assert county.districts[:117] == stockholm.districts
    assert len(county.districts) == 117 + 25
    inner = county.place_district < 117
    assert county.residents[inner].sum() == 950_000
    assert county.place_class_modelled[~inner].all()


def test_county_keeps_the_citys_people_by_district_and_its_schools(stockholm: City, county: City) -> None:
    """A coarse cell on a border goes to one district, so totals by district may differ by a few per cent."""
    for name in ("Rinkeby", "Södermalm", "Farsta", "Vällingby"):
        fine = stockholm.residents[stockholm.place_district == stockholm.districts.index(name)].sum()
        coarse = county.residents[county.place_district == county.districts.index(name)].sum()
        assert coarse == pytest.approx(fine, rel=0.15), name
    assert county.place_schools.sum() == stockholm.place_schools.sum() == 190
    assert county.place_preschools.sum() == stockholm.place_preschools.sum() == 409


@pytest.mark.parametrize(("name", "people"), [("Solna", 79_000), ("Södertälje", 95_000), ("Norrtälje", 61_000)])
def test_municipalities_have_about_their_size(county: City, name: str, people: int) -> None:
    inside = county.place_district == county.districts.index(name)
    assert county.residents[inside].sum() == pytest.approx(people, rel=0.02)


def test_shipped_tables_are_small_and_carry_the_notice() -> None:
    data = files("odssim.city") / "data"
    sizes = [f.stat().st_size for folder in data.iterdir() for f in folder.iterdir()]  # type: ignore[attr-defined]
    assert 1_000_000 < sum(sizes) < 4_000_000
    for name in ("stations.csv", "tracks.csv"):
        first = (data / "stockholm" / name).read_text(encoding="utf-8").splitlines()[0]
        assert "OpenStreetMap contributors, ODbL 1.0" in first


def test_known_places_are_marked_assumption_and_on_the_map(county: City) -> None:
    text = (files("odssim.city") / "data" / "stockholm" / "known_places.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()[2:]]
    assert len(rows) >= 30
    assert {row[-1] for row in rows} == {"assumption"}
    for row in rows:
        x, y = county.grid.to_xy(float(row[3]), float(row[2]))
        assert county.grid.nearest_land(county.land, float(x), float(y), 500.0) >= 0, row[0]


def test_times_equal_networkx_on_the_teaching_town(town: City) -> None:
    from odssim.city.tables import read_lines
    from odssim.city.transit import Stop

    stops = [Stop(s.name, s.mode, s.x_m, s.y_m) for s in town.stations]
    with as_file(files("odssim.city") / "data" / "teaching-town" / "lines.csv") as lines:
        graph = trip_graph(stops, read_lines(lines))
    for a in range(len(stops)):
        reached = networkx.single_source_dijkstra_path_length(graph, (a, ""), weight="minutes")
        for b in range(len(stops)):
            assert town.station_minutes[a, b] == pytest.approx(reached[b, ""], abs=1e-5)
