"""Exports can be read back by what reads them, with the same numbers, and say what every column means."""

import importlib
from dataclasses import replace

import pandas as pd
import pytest

from odssim.studies.study import days_table, load_study, places_table, run_study, runs_table
from odssim.studies.study.codebook import LONGEST_NAME, codebook, stata_names
from odssim.studies.study.export import FORMATS, export
from odssim.studies.study.store import StoreError
from study.town import WORLDS, Inline, write_study

export_module = importlib.import_module("odssim.studies.study.export")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    study = load_study(write_study(tmp_path_factory.mktemp("study"), WORLDS.format(n=2), replicates=1, period="window"))
    return replace(study, name='=cmd|"Town"')


@pytest.fixture(scope="module")
def store(study, tmp_path_factory):
    file = tmp_path_factory.mktemp("store") / "town.sqlite"
    run_study(study, file, executor=Inline(), workers=1)
    return file


@pytest.fixture(scope="module")
def folder(study, store, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    assert export(store, study, out, FORMATS) == []
    return out


def read(folder, kind, name):
    if kind == "parquet":
        return pd.read_parquet(folder / kind / f"{name}.parquet")
    if kind == "csv":
        return pd.read_csv(folder / kind / f"{name}.csv")
    if kind == "csv-semicolon":
        return pd.read_csv(folder / kind / f"{name}.csv", sep=";", decimal=",", encoding="utf-8-sig")
    if kind == "excel":
        return pd.read_excel(folder / kind / "tables.xlsx", sheet_name=name)
    return pd.read_stata(folder / kind / f"{name}.dta")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_holds_the_same_tables(study, store, folder, kind):
    for name, wanted in (
        ("runs", runs_table(store, study)),
        ("run_days", days_table(store, study)),
        ("run_places", places_table(store, study)),
    ):
        found = read(folder, kind, name)
        columns = stata_names(list(wanted)) if kind == "stata" else {column: column for column in wanted}
        assert list(found) == list(columns.values())
        numbers = [column for column in wanted if pd.api.types.is_numeric_dtype(wanted[column])]
        assert len(numbers) > 30
        for column in numbers:
            pd.testing.assert_series_equal(
                found[columns[column]], wanted[column], check_dtype=False, check_names=False, rtol=1e-12
            )
        for column in ("key", "study", "world", "mix"):
            mark = "'" if (kind, column) == ("csv-semicolon", "study") else ""
            assert list(found[column]) == [mark + text for text in wanted[column]]
    assert "cmd" in found["study"][0]


def test_tables_are_sorted_by_key_and_hold_nothing_of_where_they_were_made(store, study):
    for table in (runs_table(store, study), days_table(store, study), places_table(store, study)):
        assert table["key"].is_monotonic_increasing
        assert not {"wall_s", "host", "finished"} & set(table)


@pytest.mark.parametrize("kind", ["excel", "stata"])
def test_a_second_export_is_the_same_bytes(store, study, folder, tmp_path, kind):
    export(store, study, tmp_path, [kind])
    for file in sorted((folder / kind).iterdir()):
        assert (tmp_path / kind / file.name).read_bytes() == file.read_bytes(), file.name


def test_the_codebook_tells_unit_and_meaning_of_every_column(store, study, folder):
    book = read(folder, "excel", "codebook")
    runs = book[book["table"] == "runs"].set_index("column")
    assert set(runs.index) == set(runs_table(store, study))
    assert runs["meaning"].notna().all()
    assert runs.loc["grams", "unit"] == "g/day"
    assert runs.loc["n_scenes", "unit"] == "scenes"
    labels = pd.read_stata(folder / "stata" / "runs.dta", iterator=True).variable_labels()
    assert labels["open_deals"].startswith("Purchases in the open.")


def test_names_for_stata_are_short_and_distinct():
    long = [f"p.{'x' * 30}.{i}" for i in range(3)] + ["p.a.b", "p.a_b"]
    names = stata_names(long)
    assert len(set(names.values())) == 5
    assert max(map(len, names.values())) <= LONGEST_NAME
    assert [row["stata"] for row in codebook("runs", ["key", "p.belief.prior"])] == ["key", "p_belief_prior"]


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path):
    with pytest.raises(StoreError, match="no such store"):
        runs_table(tmp_path / "none.sqlite")
    (tmp_path / "text.sqlite").write_text("x" * 2000)
    with pytest.raises(StoreError, match="is not a store"):
        runs_table(tmp_path / "text.sqlite")


def test_a_study_that_the_store_does_not_hold_is_named(store):
    with pytest.raises(StoreError, match="no study 'Other'"):
        runs_table(store, "Other")


def test_a_table_too_large_for_a_sheet_is_left_out_and_said(store, study, tmp_path, monkeypatch):
    monkeypatch.setattr(export_module, "EXCEL_CELLS", 5_000)
    (notice,) = export(store, study, tmp_path, ["excel"])
    assert notice.startswith("excel: run_places has too many rows")
    assert set(pd.read_excel(tmp_path / "excel" / "tables.xlsx", sheet_name=None)) == {"runs", "run_days", "codebook"}
