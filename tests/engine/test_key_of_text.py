"""From the text to the key: whatever is written otherwise in a scenario is another run, or is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import get_args

import numpy as np
import pytest

from odssim.city.city import LABELS, City
from odssim.core.outcomes import RANK_OUTCOMES
from odssim.engine.build import PARAMETERS
from odssim.engine.key import city_of, run_key
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.scenario.records import PAYERS, SUBSTANCES, TargetingKind
from odssim.scenario.schema import InterventionKeys, ScenarioKeys

TOWN = city_of("teaching-town")
PLACES = {
    "names": {"names": ["Central", "Southgate"]},
    "rank": {"rank": "open_deals", "top": 3, "at": date(2018, 1, 2), "rerank_days": 2, "within": [TOWN.districts[0]]},
    "type": {"type": "street"},
    "area": {"area": [TOWN.districts[0]]},
    "near": {"near": {"place": "Central", "within_m": 400.0}},
    "random": {"random": {"n": 3, "within": [TOWN.districts[0]], "draw": 1}},
    "every": {"every": True},
}
HEAD = {
    "name": "Text", "start_date": date(2018, 1, 1), "days": 60, "burn_in_days": 20, "seed": 3, "city": "teaching-town",
    "population_multiplier": 1.0, "substances": ["heroin", "cannabis"], "budget": {"police": 5000.0},
    "parameters": {"detection.conceal": 0.5},
}  # fmt: skip
COMMON = {
    "start": date(2018, 1, 5), "end": date(2018, 2, 5), "ramp_days": 2, "dose": 0.5, "resources": "added", "delivery": 0.5,
    "late_days": 2, "fade_weeks": 3.0,
}  # fmt: skip
WORDS = {
    "resources": ("added", "from_baseline"), "payer": PAYERS, "rank": RANK_OUTCOMES, "type": ("street", "square"),
    "place": ("Central", "Southgate"), "city": ("teaching-town",),
}  # fmt: skip
LISTS = {"substances": SUBSTANCES, "names": TOWN.place_name, "area": TOWN.districts, "within": TOWN.districts}


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml(one)}' for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def others(key, value):
    """Return other values of a key, likely to be allowed."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1, *((value * 2, value / 2, value * 1.01) if isinstance(value, float) else ())]
    if isinstance(value, date):
        return [value + timedelta(1), value - timedelta(1)]
    if isinstance(value, str):
        clock = [f"{(int(value[:2]) + 1) % 24:02}:{value[3:]}"] if value[2:3] == ":" else []
        return [*clock, *(word for word in WORDS.get(key, ()) if word != value)]
    if key == "timetable":  # a time for each visit of the day
        return [[f"18:{minute}" for minute in range(30, 30 + n)] for n in range(1, 9)]
    changed = [[*value[:k], one, *value[k + 1 :]] for k in range(len(value)) for one in others(key, value[k])]
    return [*changed, *([*value, word] for word in LISTS.get(key, ()) if word not in value), value[:-1]]


def leaves(tree, path=()):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def at(tree, path, value):
    return {**tree, path[0]: at(tree[path[0]], path[1:], value) if path[1:] else value}


@pytest.fixture
def key(tmp_path):
    """Return a function from what a scenario says to its key; None where it is refused."""

    def key(head, intervention):
        text = "\n".join(f"{name} = {toml(value)}" for name, value in head.items())
        text += "\n[[interventions]]\n" + "\n".join(f"{name} = {toml(value)}" for name, value in intervention.items())
        (tmp_path / "s.toml").write_text(text, encoding="utf-8")
        try:
            scenario = load(tmp_path / "s.toml", parameters=PARAMETERS, catalogue=CATALOGUE)
        except ScenarioError:
            return None
        return run_key(scenario, TOWN)

    return key


def check_every_leaf(key, head, intervention, skip=()):
    """Every leaf has another value that is allowed, and every allowed one another key."""
    whole = {"head": head, "intervention": intervention}
    seen = {key(**whole)}
    assert None not in seen
    for path, value in leaves(whole):
        if path[-1] in skip:
            continue
        tried = [other for other in others(path[-1], value) if other != value]
        found = [other for other in (key(**at(whole, path, other)) for other in tried) if other is not None]
        assert found, f"{path} = {value}: all of {tried} are refused"
        assert not seen.intersection(found), path
        seen.update(found)


def planned(entry, places):
    defaults = {option.id: option.default for option in entry.options}
    options = {name: list(value) if isinstance(value, tuple) else value for name, value in defaults.items()}
    for option in entry.options:
        WORDS.setdefault(option.id, option.choices)
    if "timetable" in options:
        options |= {"irregular": False, "minutes": [15, 30]}
    where = {"places": places} if entry.targets_places else {}
    return {"id": "one", "type": entry.id, "payer": entry.payer, **COMMON, **where, **options}


@pytest.mark.parametrize("kind", get_args(TargetingKind))
def test_every_key_of_a_scenario_decides(key, kind):
    assert {*HEAD, "extends", "known_activity"} >= set(ScenarioKeys.model_fields)
    assert {"id", *COMMON, "weeks", "days"} >= set(InterventionKeys.model_fields)
    skip = ("name", "city", "id", "type", "every")
    check_every_leaf(key, HEAD, planned(CATALOGUE["fifteen_minute_patrol"], PLACES[kind]), skip)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.id)
def test_every_option_of_every_intervention_decides(key, entry):
    skip = {*HEAD, *COMMON, "id", "type", "payer", "police", "detection.conceal", "names"}
    check_every_leaf(key, HEAD, planned(entry, PLACES["names"]), skip)


def test_every_field_of_a_city_decides_but_labels():
    hashes = {TOWN.content_hash}
    for field in fields(City):
        value = getattr(TOWN, field.name)
        if isinstance(value, np.ndarray):
            changed = value.copy()
            changed.flat[-1] = not changed.flat[-1] if value.dtype == bool else changed.flat[-1] + 1
        else:
            changed = f"{value}x" if isinstance(value, str) else value[:-1] if isinstance(value, tuple) else value
            changed = value + 1 if isinstance(value, int | float) else changed
        other = replace(TOWN, **{field.name: changed}).content_hash
        assert (other in hashes) == (field.name in LABELS), field.name
        hashes.add(other)
    for field in fields(TOWN.stations[0]):
        value = getattr(TOWN.stations[0], field.name)
        changed = f"{value}x" if isinstance(value, str) else (*value, "x") if isinstance(value, tuple) else value + 1
        other = replace(TOWN, stations=(replace(TOWN.stations[0], **{field.name: changed}), *TOWN.stations[1:])).content_hash
        assert other not in hashes, field.name
        hashes.add(other)
