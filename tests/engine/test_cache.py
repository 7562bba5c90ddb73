"""The stored burn-in: a run that uses it is the same, byte for byte, as one that does not."""

import json
import os
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from engine.town import files, intervention, scenario
from odssim.core.files import partial_name
from odssim.core.folders import cache_folder
from odssim.core.notes import take_notes
from odssim.engine import cache, run
from odssim.engine.key import past_key
from odssim.engine.run import checked_city, run_scenario


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return scenario(tmp_path_factory.mktemp("town"), intervention("fifteen_minute_patrol"))


@pytest.fixture(scope="module")
def city(town):
    return checked_city(town)


@pytest.fixture(scope="module")
def uncached(town, tmp_path_factory):
    """The files of a run whose burn-in was simulated; it is stored afterwards."""
    return files(run_scenario(town, ledger=True, events=True), tmp_path_factory.mktemp("uncached") / "out")


def stored(town, city):
    return cache_folder() / "pasts" / f"{past_key(town, city)}.past"


def test_a_cached_run_is_the_same_byte_for_byte(town, city, uncached, tmp_path, monkeypatch):
    assert stored(town, city).is_file()
    monkeypatch.setattr(run, "new_state", lambda *_: pytest.fail("the stored burn-in was not used"))
    cached = files(run_scenario(town, ledger=True, events=True), tmp_path / "out")
    names = {f"{name}.parquet" for name in ("outcomes", "places", "indicators", "ledger", "events")}
    assert set(cached) == names
    assert cached == uncached


def test_a_run_repeated_is_the_same_byte_for_byte(town, uncached, tmp_path, monkeypatch):
    monkeypatch.setenv("ODSSIM_CACHE", str(tmp_path / "empty"))
    assert files(run_scenario(town, ledger=True, events=True), tmp_path / "out") == uncached


def test_a_folder_that_cannot_be_written_to_is_no_fault(town, uncached, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("ODSSIM_CACHE", str(tmp_path / "file" / "below"))
    assert files(run_scenario(town, ledger=True, events=True), tmp_path / "out") == uncached


@pytest.mark.parametrize("keep", [0, 1, 100, 100_000])
def test_a_truncated_file_counts_as_none(town, city, uncached, keep):
    path = stored(town, city)
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:keep])
        assert cache.load_past(past_key(town, city)) is None
    finally:
        path.write_bytes(whole)


def test_garbage_counts_as_none(town, city, uncached):
    path = stored(town, city)
    whole = path.read_bytes()
    random = np.random.default_rng(4)
    beginnings = (b"", whole[:2], whole[:11], b"\x80\x05")
    try:
        for i in range(300):
            path.write_bytes(beginnings[i % 4] + random.bytes(int(random.integers(0, 60))))
            assert cache.load_past(past_key(town, city)) is None
    finally:
        path.write_bytes(whole)


def test_a_changed_byte_is_noticed(town, city, uncached):
    path = stored(town, city)
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    try:
        path.write_bytes(bytes(changed))
        take_notes()
        assert [cache.load_past(past_key(town, city)) for _ in range(2)] == [None, None]
        (note,) = take_notes()
        assert str(note) == f"{path}: was damaged, or of another version; it is made anew"
    finally:
        path.write_bytes(whole)


def test_the_past_of_another_run_under_this_ones_name_is_not_taken(town, city):
    other = replace(town, seed=town.seed + 1)
    run_scenario(other)
    path, whole = stored(town, city), stored(town, city).read_bytes()
    path.write_bytes(stored(other, city).read_bytes())
    assert cache.load_past(past_key(town, city)) is None
    assert take_notes()
    path.write_bytes(whole)
    assert cache.load_past(past_key(town, city)) is not None


@pytest.mark.parametrize(
    "change", [{"seed": 3}, {"burn_in_days": 7}, {"population_multiplier": 2.0}, {"substances": ("cannabis",)}]
)
def test_what_decides_the_burn_in_decides_the_key(town, city, change):
    assert past_key(replace(town, **change), city) != past_key(town, city)


def test_start_date_parameters_and_city_decide_the_key(town, city):
    key = past_key(town, city)
    later = replace(town, start_date=town.start_date + timedelta(days=1))
    assert past_key(later, city) != key
    for name in town.parameters:
        other = {**town.parameters, name: town.parameters[name] + 0.001}
        assert past_key(replace(town, parameters=other), city) != key, name
    footfall = city.place_footfall.copy()
    footfall[0] += 1
    assert past_key(town, replace(city, place_footfall=footfall)) != key


def test_what_comes_after_does_not_decide_the_key(town, city):
    changed = replace(town, name="x", days=99, interventions=(), content_hash="", files=())
    assert past_key(changed, city) == past_key(town, city)


def test_pasts_are_kept_by_size_and_what_was_cut_short_goes(town, city, uncached, tmp_path, monkeypatch):
    past = cache.load_past(past_key(town, city))
    assert past is not None
    monkeypatch.setenv("ODSSIM_CACHE", str(tmp_path))
    (tmp_path / "pasts").mkdir()
    (tmp_path / "pasts" / partial_name(".a.past.")).touch()
    (tmp_path / "pasts" / "mine.past").touch()
    keys = [past_key(replace(town, seed=seed), city) for seed in range(11, 26)]
    for key in keys:
        cache.store_past(key, *past)
    names = {f"{key}.past" for key in keys}
    assert set(os.listdir(tmp_path / "pasts")) == names | {"mine.past"}
    one_mb = (tmp_path / "pasts" / f"{keys[0]}.past").stat().st_size / 1e6
    monkeypatch.setattr(cache, "MOST_MB", 3.5 * one_mb)
    os.utime(tmp_path / "pasts" / f"{keys[0]}.past", (0, 0))
    assert cache.load_past(keys[0]) is not None  # used just now
    cache.store_past(keys[-1], *past)
    left = set(os.listdir(tmp_path / "pasts"))
    assert len(left) == 4
    assert {"mine.past", f"{keys[0]}.past", f"{keys[-1]}.past"} <= left


def test_the_record_of_a_run_says_what_is_needed_to_repeat_it(town, uncached, tmp_path):
    files(run_scenario(town), tmp_path / "out")
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (record["seed"], record["content_hash"]) == (2, town.content_hash)
    assert {"odssim", "numba", "numpy", "python"} <= set(record["versions"])
    assert record["scenario"]["parameters"] == dict(town.parameters)
