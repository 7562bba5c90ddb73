"""The burn-in, stored and reused: keyed by all that decides it, the code included."""

from __future__ import annotations

import json
import os
import pickle
import tempfile
from hashlib import blake2b
from pathlib import Path

from odssim.city.city import City
from odssim.core.folders import cache_folder, source_hash
from odssim.observe.recorder import Recorder
from odssim.scenario.records import Scenario
from odssim.world.state import State

DIGEST_BYTES = 32
"""Each stored past begins with a digest of the rest, so that a damaged file is noticed."""
KEEP = 12
"""Stored pasts; the oldest go first."""


def city_hash(city: City) -> str:
    """Return a hash of all of a city that the engine reads."""
    digest = blake2b(digest_size=16)
    for array in (city.place_cell, city.place_type, city.place_district, city.place_class,
                  city.place_footfall, city.residents, city.place_station, city.place_station_min,
                  city.station_minutes):  # fmt: skip
        digest.update(array.tobytes())
    digest.update(f"{city.name} {city.width} {city.cell_m}".encode())
    return digest.hexdigest()


def past_key(scenario: Scenario, city: City) -> str:
    """Return the key of a scenario's burn-in."""
    parts = {
        "code": source_hash(), "city": city_hash(city), "seed": scenario.seed,
        "first_day": scenario.first_day.isoformat(), "burn_in_days": scenario.burn_in_days,
        "multiplier": scenario.population_multiplier,
        "substances": scenario.substances, "parameters": dict(sorted(scenario.parameters.items())),
    }  # fmt: skip
    if scenario.known_activity is not None:
        parts["known_activity"] = Path(scenario.known_activity).read_text(encoding="utf-8-sig")
    return blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


def load_past(scenario: Scenario, city: City) -> tuple[State, Recorder] | None:
    """Return the stored state and records at `start_date`, or None; a damaged file counts as none."""
    path = cache_folder() / "pasts" / f"{past_key(scenario, city)}.past"
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, body = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if blake2b(body, digest_size=DIGEST_BYTES).digest() != digest:
        return None
    state, days = pickle.loads(body)
    return state, Recorder(days)


def store_past(scenario: Scenario, city: City, state: State, recorder: Recorder) -> None:
    """Store a burn-in; a folder that cannot be written to is no fault."""
    folder = cache_folder() / "pasts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".partial")
        with os.fdopen(descriptor, "wb") as file:
            body = pickle.dumps((state, recorder.days), protocol=5)
            file.write(blake2b(body, digest_size=DIGEST_BYTES).digest() + body)
        os.replace(name, folder / f"{past_key(scenario, city)}.past")
    except OSError:
        return
    stored = sorted(folder.glob("*.past"), key=lambda p: p.stat().st_mtime)
    for old in stored[:-KEEP]:
        old.unlink(missing_ok=True)
