"""Figures of real data: the arithmetic on small tables, what is stored of them, and folders that cannot be used."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from architecture.source import ROOT
from odssim.errors import OdssimError
from odssim.validation.datasets import data
from odssim.validation.datasets.beside_model import DATA_SETS, FIGURES, compare_folder, read_folder
from odssim.validation.datasets.model import blocks, one_seed
from odssim.validation.patterns.campaign import TOWN, shipped
from odssim.validation.patterns.trunk import Trunk


def test_what_is_stored_has_text_source_and_a_row_in_the_facts():
    assert all(key.split()[0] == name for name, one in DATA_SETS.items() for key in one["figures"])
    assert all(one["source"] and figure["what"] for one in DATA_SETS.values() for figure in one["figures"].values())
    facts = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    assert [key for key, one in FIGURES.items() if f"| {key} | {one['value']:.3f} |" not in facts] == []


def test_measures_of_areas():
    assert data.half_share(np.array([6, 2, 2, 0])) == 0.25
    assert data.gini(np.array([1, 1, 1, 1])) == pytest.approx(0)
    assert data.gini(np.array([0, 0, 0, 4])) == pytest.approx(0.75)
    assert data.rank_persistence(np.array([1, 2, 3]), np.array([2, 4, 9])) == pytest.approx(1)
    assert data.top_kept(np.arange(20), np.arange(20)[::-1]) == 0
    assert data.active_kept(np.array([1, 0, 2]), np.array([0, 5, 1])) == 0.5


def test_measures_of_networks():
    assert data.centralisation(nx.star_graph(5)) == pytest.approx(1)
    assert data.centralisation(nx.cycle_graph(6)) == 0
    assert data.giant_share(nx.disjoint_union(nx.path_graph(3), nx.path_graph(1))) == 0.75


def areas():
    rows = [(y, c, n) for y, counts in ((2012, (9, 1, 0)), (2013, (8, 2, 1))) for c, n in enumerate(counts)]
    return pd.DataFrame(rows, columns=["year", "code", "drugs"])


def test_the_areas_of_a_city_over_years():
    found = data.berlin(areas())
    assert found["berlin half"] == pytest.approx(1 / 3)
    assert found["berlin rank 1 year"] == pytest.approx(1)


def test_a_week_of_wastewater_is_taken_over_its_mean():
    week = {name: [1.0, 2.0] for name in data.WEEK} | {"saturday": [2.0, 4.0], "metabolite": ["cocaine"] * 2}
    found = data.wastewater(pd.DataFrame(week))
    assert found["wastewater cocaine peak"] == pytest.approx(2 / (8 / 7))
    assert found["wastewater cocaine weekend"] == pytest.approx(1.5 / (8 / 7))


def test_a_network_under_seizures_is_told_by_its_phases():
    star = [("caviar", f"phase{i:02}", 0, k) for i in range(1, 4) for k in range(1, 6)]
    ring = [("caviar", f"phase{i:02}", k, (k + 1) % 6) for i in range(4, 7) for k in range(6)]
    found = data.covert(pd.DataFrame([*star, *ring], columns=["network", "layer", "source", "target"]))
    assert found["covert centralisation first"] == pytest.approx(1)
    assert found["covert centralisation last"] == pytest.approx(0)


def write(folder, key, text):
    file = folder / DATA_SETS[key]["folder"] / DATA_SETS[key]["file"]
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "rule"),
    [("", "is empty"), ("year,code\n2012,1\n", "column 'drugs' is missing"), ("year,code,drugs\n", "no rows"),
     ("year,code,drugs\n2012,1,many\n", "must be a number"), ('year,code,drugs\n"', "is not valid CSV")],
)  # fmt: skip
def test_a_damaged_file_is_named_in_one_line(tmp_path, text, rule):
    file = write(tmp_path, "berlin", text)
    with pytest.raises(OdssimError) as caught:
        compare_folder(tmp_path)
    assert str(file) in str(caught.value)
    assert rule in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_folder_without_data_or_none_at_all(tmp_path):
    with pytest.raises(OdssimError, match="holds none of the data sets"):
        read_folder(tmp_path)
    with pytest.raises(OdssimError, match="no such folder"):
        read_folder(tmp_path / "nowhere")


def test_the_model_has_every_figure_it_is_asked_for():
    trunk = Trunk.grow(shipped(TOWN, ("burn_in_days=30",)), 1)
    found = one_seed(trunk, 2 * 365)
    assert set(FIGURES) - set(found) == {"berlin rank 4 years"}, "four years are not simulated"
    assert 1.1 < found["wastewater cocaine weekend"] < 1.4
    assert found["covert centralisation last"] == pytest.approx(found["covert centralisation first"], abs=0.05)
    per_block = np.bincount(blocks(trunk.city, 8), trunk.city.residents.sum(axis=(1, 2)) * 8)
    assert 1000 < per_block[per_block > 0].mean() < 6000
