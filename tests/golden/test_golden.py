"""The model gives the numbers that were last declared; only `tests/golden/update.py` may change them."""

import json

import pytest

from golden.measure import FILE, MEASURES, TEXTS, compare, differing, machine, measured, numbers_change, refusals, scenario
from golden.update import allowed

ELSEWHERE_SD = 4.0
"""With another C library, NumPy or Numba the last bit of an exponential may differ: measures must agree within this
many standard deviations between seeds."""


@pytest.fixture(scope="module")
def kept():
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEXTS)
def test_the_numbers_are_those_that_were_declared(name, kept, tmp_path):
    golden = kept["goldens"][name]
    values, columns = measured(scenario(name, tmp_path), seed=1)
    measures = {key: {"value": value, "sd": golden["measures"][key]["sd"]} for key, value in values.items()}
    if machine() == kept["machine"]:
        assert compare(golden["measures"], measures) == [], "see the heading of tests/golden/update.py"
        assert differing(golden["columns"], columns) == [], "the first one named is where it began"
    else:
        for key, row in measures.items():
            assert abs(row["value"] - golden["measures"][key]["value"]) <= ELSEWHERE_SD * row["sd"], key


def test_the_kept_numbers_can_fail(kept):
    assert set(kept["goldens"]) == set(TEXTS)
    for golden in kept["goldens"].values():
        assert set(golden["measures"]) == set(MEASURES)
        assert len(MEASURES) >= 30
        for name, row in golden["measures"].items():
            assert row["sd"] > 0.0, name
            assert row["value"] != 0.0, name
    first, second = kept["goldens"].values()
    other = differing(first["columns"], second["columns"])
    assert len(other) > 20
    assert all(name.startswith("end ") for name in other)


def test_numbers_that_guard_nothing_are_refused():
    series = {"good": [1.0, 2.0], "nought": [0.0, 0.0], "constant": [3.0, 3.0], "nan": [1.0, float("nan")]}
    assert refusals(series) == [
        "nought is nought with every seed",
        "constant is the same with every seed",
        "nan is not a number",
    ]


def test_a_change_needs_a_new_entry_in_the_changelog():
    entries = numbers_change("## 2\n- **Numbers change**: deals, because.\n- New: x\n## 1\n- **Numbers change**: y\n")
    assert entries == ["**Numbers change**: deals, because.", "**Numbers change**: y"]
    old = {"goldens": {"a": 1}, "numbers_change_entries": 2}
    assert allowed({}, {"a": 2}, [])
    assert allowed(old, {"a": 1}, entries)
    assert not allowed(old, {"a": 2}, entries)
    assert allowed(old, {"a": 2}, [*entries, "**Numbers change**: z"])


def test_differences_are_told_in_deviations_between_seeds():
    old = {"x": {"value": 10.0, "sd": 2.0}, "y": {"value": 1.0, "sd": 1.0}}
    new = {"x": {"value": 13.0, "sd": 2.0}, "y": {"value": 1.0, "sd": 1.0}, "z": {"value": 5.0, "sd": 1.0}}
    assert compare(old, new) == ["x: 10 -> 13 (+1.50 sd)", "z: new, 5"]
