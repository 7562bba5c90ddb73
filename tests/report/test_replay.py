"""The replay: what is packed is what the run had, within its size, nothing from outside."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odssim.errors import ScenarioError
from odssim.language import speaking
from odssim.report.page.source import read_source
from odssim.report.replay import frames
from odssim.report.replay.replay import make_replay
from report.folders import call, town_comparison, town_run

MOST_BYTES = 3_000_000


def data_of(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def unpack(data: bytes) -> list[int]:
    """Return the numbers that `pack` has packed."""
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value, shift = 0, 0
    return numbers


@given(st.lists(st.integers(0, 2**40)))
def test_numbers_come_back_as_they_were_packed(numbers):
    assert unpack(frames.pack(numbers)) == numbers


def test_the_frames_hold_the_deals_of_the_run():
    source = read_source(town_run())
    numbers = unpack(frames.frames_of(source).packed)
    total, k = [], 0
    while k < len(numbers):
        n = numbers[k]
        total.append(sum(numbers[k + 2 : k + 1 + 2 * n : 2]))
        k += 1 + 2 * n
    np.testing.assert_allclose(total, source.run.series["open_deals"])


def test_a_long_run_is_shown_in_longer_steps(monkeypatch):
    source = read_source(town_run())
    monkeypatch.setattr(frames, "MOST_BYTES", len(frames.frames_of(source).packed) - 1)
    found = frames.frames_of(source)
    assert (found.step_days, found.n) == (2, 12)


def test_the_land_comes_back():
    city = read_source(town_run()).city
    runs = unpack(base64.b64decode(frames.ground(city, np.zeros(0, dtype=np.int64))["land"]))
    flat = np.repeat(np.arange(len(runs)) % 2, runs)
    assert (flat == city.land.ravel()[: len(flat)]).all()
    assert flat.sum() == city.land.sum()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_page_is_whole_small_and_says_modelled(language):
    with speaking(language):
        page = make_replay(read_source(town_run()))
    assert len(page.encode()) < MOST_BYTES
    assert "http://" not in page
    assert "https://" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    data = data_of(page)
    assert data["n"] == len(data["open"]) == 24
    assert ("Modelled: no real scenes" in page) == (language == "en")
    assert ("Modellerat: inga verkliga" in page) == (language == "sv")


def test_a_name_cannot_end_the_script(monkeypatch):
    source = read_source(town_run())
    monkeypatch.setitem(source.run.record["interventions"][0], "type", "cameras")
    monkeypatch.setattr("odssim.report.replay.replay.label_of", lambda kind: "</script><b>")
    assert "</script><b>" not in make_replay(source)


def test_a_comparison_cannot_be_replayed(tmp_path, capsys):
    with pytest.raises(ScenarioError, match="only a run can be replayed"):
        make_replay(read_source(town_comparison()))
    assert call("replay", str(town_comparison()), "--out", str(tmp_path / "x.html")) == 2
    assert list(tmp_path.iterdir()) == []
