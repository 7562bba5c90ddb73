"""`odssim scenes`: the table, the JSON, and what it says of folders that are not those of a run."""

import json
import re
import shutil
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.resealed import reseal
from odssim.__main__ import main
from odssim.core import marks
from odssim.observe.cause import ENDINGS, LEAST_PLACES, read_report
from odssim.observe.laws import churn
from odssim.world.codes import PLACE_TALLIES


def call(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["odssim", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_the_shares_are_those_of_the_tallies(worlds, written):
    report, world = read_report(written), worlds[1]
    assert [scene.name for scene in report.scenes] == [scene.label for scene in world.scenes] != []
    for scene, cells in zip(report.scenes, (s.cells for s in world.scenes), strict=True):
        assert {world.city.place_name[p] for p in cells} == set(scene.places)
        deals = world.open_deals_by_day[-90:, list(cells)].sum()
        assert scene.tries["open_deals"] == deals > 0
        for ending in ENDINGS:
            tally = PLACE_TALLIES.index(ending)
            by_hand = sum(r.value[(r.tally == tally) & np.isin(r.place, cells)].sum() for r in world.days_kept[-90:])
            assert scene.tries[ending] == by_hand
            assert scene.share(ending) == pytest.approx(by_hand / scene.n_tries)
        assert sum(scene.share(ending) for ending in ENDINGS) == pytest.approx(1.0)
        assert scene.share("blocked_guardian") > 0
        assert [v.id for v in scene.verdicts][:3] == ["known", "daily", "tolerance"]
    assert report.days == 90


def test_the_table_can_be_read(monkeypatch, capsys, written):
    assert call(monkeypatch, "scenes", str(written)) == 0
    text = capsys.readouterr().out
    assert "Central" in text
    assert "✓" in text
    assert "guardians" in text
    assert "assumption: proxy" in text
    assert "as rated" in text
    assert "Every figure is modelled" in text
    assert text.count("true ") >= len(read_report(written).scenes)


def rated_up(folder, place):
    """Let most raters grant a place every indicator, and let it lie in no scene."""
    table = pq.read_table(folder / "indicators.parquet").to_pandas()
    here = (table["place"] == place) & (table["day"] == table["day"].max())
    table.loc[here, "yes_share"] = 1.0
    table.loc[here, "met"] = False
    table.loc[here, "scene"] = None
    schema = pq.read_schema(folder / "indicators.parquet").remove_metadata()
    pq.write_table(pa.Table.from_pandas(table, schema=schema, preserve_index=False), folder / "indicators.parquet")
    reseal(folder / "run.json")


def test_a_place_that_raters_alone_list_is_in_the_table(monkeypatch, capsys, written, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(written, folder)
    place = pq.read_table(folder / "indicators.parquet")["place"].to_pylist()[-1]
    rated_up(folder, place)
    assert call(monkeypatch, "scenes", str(folder)) == 0
    lines = capsys.readouterr().out.splitlines()
    (at,) = [i for i, line in enumerate(lines) if f"{place} (no scene)" in line]
    assert lines[at].split()[-1] == "0"
    assert lines[at + 1].split()[0] == "rated"
    assert lines[at + 1].split()[-1] == "10"
    assert call(monkeypatch, "scenes", str(folder), "--json") == 0
    (record,) = [one for one in json.loads(capsys.readouterr().out)["other_places"] if one["scene"] == place]
    assert (record["indicators_met"], record["indicators_rated"]) == (0, 10)


def test_agreement_is_not_told_from_few_places_and_swedish_has_decimal_commas(monkeypatch, capsys, written):
    report = read_report(written)
    assert report.n_candidates < LEAST_PLACES, "else this test shows nothing"
    assert report.leaving_by_noise is None
    assert call(monkeypatch, "scenes", str(written), "--language", "sv") == 0
    text = capsys.readouterr().out
    assert "kappa" not in text
    assert f"För få platser ({report.n_candidates}, färre än {LEAST_PLACES})" in text
    assert re.search(r"\d\.\d", text) is None
    assert re.search(r"\d,\d %", text)
    many = replace(report, n_candidates=LEAST_PLACES, city={"seen.places_seven": 4.0, "seen.rater_kappa": 0.5})
    assert many.leaving_by_noise == pytest.approx(4 * churn(4 / LEAST_PLACES, 0.5))


def test_the_json_is_the_report(monkeypatch, capsys, written):
    assert call(monkeypatch, "scenes", str(written), "--json") == 0
    record, report = json.loads(capsys.readouterr().out), read_report(written)
    assert [scene["scene"] for scene in record["scenes"]] == [scene.name for scene in report.scenes]
    first = record["scenes"][0]
    assert [row["number"] for row in first["indicators"]] == list(range(1, 11))
    assert first["indicators_met"] == sum(row["met"] for row in first["indicators"])
    assert sum(first["shares"].values()) == pytest.approx(1.0)
    assert record["places_seven"] == report.city["places_seven"]
    assert record["leaving_list_by_noise"] == report.leaving_by_noise


def empty(folder):
    table = pq.read_table(folder / "indicators.parquet")
    pq.write_table(table.slice(0, 0), folder / "indicators.parquet")


def test_a_run_without_scenes_says_so(monkeypatch, capsys, written, tmp_path):
    shutil.copytree(written, tmp_path / "run")
    empty(tmp_path / "run")
    marks.mark_all(tmp_path / "run")
    assert call(monkeypatch, "scenes", str(tmp_path / "run")) == 0
    assert "No place met the definition" in capsys.readouterr().out


def cut(name):
    def damage(folder):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return damage


def without_column(folder):
    pq.write_table(pq.read_table(folder / "indicators.parquet").drop_columns(["met"]), folder / "indicators.parquet")


def half_a_place(folder):
    table = pq.read_table(folder / "indicators.parquet")
    pq.write_table(table.slice(0, len(table) - 3), folder / "indicators.parquet")


def with_number(column):
    """Fill a column with a number that it cannot hold."""

    def damage(folder):
        table = pq.read_table(folder / "indicators.parquet")
        at = table.column_names.index(column)
        pq.write_table(table.set_column(at, column, pa.array([7e299] * len(table))), folder / "indicators.parquet")

    return damage


DAMAGES = {
    **{
        f"a number as {column}": (with_number(column), "indicators.parquet: was changed")
        for column in ("day", "place", "scene", "number", "indicator", "unit", "met")
    },
    "no folder": (shutil.rmtree, "no such folder"),
    "no ratings": (lambda folder: (folder / "indicators.parquet").unlink(), "no indicators.parquet in it"),
    "no record": (lambda folder: (folder / "run.json").unlink(), "no run.json in it"),
    "half a table": (cut("outcomes.parquet"), "outcomes.parquet: was changed"),
    "half the ratings": (cut("indicators.parquet"), "indicators.parquet: was changed"),
    "half a record": (cut("run.json"), "the file may be cut off"),
    "a list": (lambda folder: (folder / "run.json").write_text("[1]"), "run.json: was changed"),
    "bad date": (lambda f: (f / "run.json").write_text('{"seed": 1, "scenario": {"start_date": 3}}'), "json: was changed"),
    "binary": (lambda folder: (folder / "run.json").write_bytes(b"\xff\xfe\x00"), "run.json:1: is not a text file in UTF-8"),
    "no column": (without_column, "indicators.parquet: was changed"),
    "a place cut in two": (half_a_place, "indicators.parquet: was changed"),
    "other table": (
        lambda folder: pq.write_table(pa.table({"a": [1]}), folder / "outcomes.parquet"), "outcomes.parquet: was changed"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_folder_gives_one_line_and_leaves_with_2(monkeypatch, capsys, written, tmp_path, name):
    folder = tmp_path / "run"
    shutil.copytree(written, folder)
    damage, words = DAMAGES[name]
    damage(folder)
    assert call(monkeypatch, "scenes", str(folder)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert str(folder) in printed.err
    assert len(printed.err.splitlines()) == 1


def test_a_file_is_no_folder(monkeypatch, capsys, written):
    assert call(monkeypatch, "scenes", str(written / "run.json")) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_whole_run_through_the_command_line(monkeypatch, capsys, tmp_path):
    """Few days, no burn-in: no scene can have formed, and everything still works."""
    (tmp_path / "town.toml").write_text(
        'name = "T"\ncity = "teaching-town"\nstart_date = 2018-01-01\ndays = 1\nburn_in_days = 0\n', encoding="utf-8"
    )
    assert call(monkeypatch, "run", str(tmp_path / "town.toml"), "--out", str(tmp_path / "out")) == 0
    assert call(monkeypatch, "scenes", str(tmp_path / "out")) == 0
    assert "2018-01-01 to 2018-01-01" in capsys.readouterr().out
