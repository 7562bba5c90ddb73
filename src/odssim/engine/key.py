"""The one key of "the same run": every store of runs, pasts, patterns and tried designs asks it.

In it is all that decides the numbers: every field of the resolved scenario but `NOT_DECISIVE`, the city as it was
read, what the files hold that the scenario names, the model's sources and the versions of `PACKAGES`. Names of
scenarios, paths of files and the order of keys, tables and interventions are not: interventions are sorted by id when
they are read. The rows of a file may stand in any order as long as the city that is read from them is the same: of
stations and districts the order gives their numbers, so that the city is another one, and with it the key.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from odssim.city.city import City
from odssim.city.load import load_city
from odssim.core.brought import versions
from odssim.core.folders import source_hash
from odssim.interventions.catalogue import BROUGHT
from odssim.scenario.records import CITY_FILES, CityFiles, Scenario

MODEL_ROOMS = ("core/", "scenario/", "city/", "world/", "population/", "rules/", "interventions/", "observe/", "engine/")
"""Folders of the package whose sources decide what a run gives."""
ROW_FILES = ("studies/study/work.py", "studies/study/jobs.py", "studies/study/store.py")
"""Files whose sources decide which rows are kept of a run; no past hangs on them."""
EVERYTHING = ""
"""In place of folders: the whole package decides, as for what is made of many runs."""
PACKAGES = ("numpy", "numba", "scipy")
"""Packages that compute what a run gives."""
NOT_DECISIVE = ("name", "files", "overrides", "content_hash", "origins")
"""Fields of a scenario that decide no number."""
OF_THE_RUN = ("days", "interventions", "budget")
"""Fields that do not decide the past before the first intervention."""
APART = ("seed", "parameters", "city", "known_activity")
KEY_BYTES = 10


class RunKey:
    """The keys of a scenario's runs and of their pasts; parameters and seed may differ from run to run."""

    def __init__(self, scenario: Scenario, city: City) -> None:
        """Note what the runs have in common; the files that the scenario names are read."""
        values = {field.name: getattr(scenario, field.name) for field in fields(scenario)}
        common = {k: v for k, v in values.items() if k not in (*NOT_DECISIVE, *OF_THE_RUN, *APART)}
        own = {k: v for k, v in values.items() if k in OF_THE_RUN}
        own["interventions"] = [asdict(spec) for spec in scenario.interventions]
        named = _files_of(scenario.city)
        if scenario.known_activity is not None:
            named["known_activity"] = Path(scenario.known_activity)
        held = {key: content_of(file) for key, file in named.items()}
        self.common = digest(program_hash(*MODEL_ROOMS), _plain(common), city.content_hash, _plain(held))
        self.own = digest(program_hash(), _plain(own))

    def pasts(self, parameters: Mapping[str, float], seeds: Iterable[int]) -> list[str]:
        """Return, per seed, the key of the past that all runs share which differ in `OF_THE_RUN` only."""
        world = digest(self.common, _plain(dict(parameters)))
        return [digest(world, str(seed)) for seed in seeds]

    def run(self, past: str) -> str:
        """Return the key of the scenario's run on a past."""
        return digest(past, self.own)


def past_key(scenario: Scenario, city: City) -> str:
    """Return the key of a scenario's burn-in."""
    return RunKey(scenario, city).pasts(scenario.parameters, [scenario.seed])[0]


def run_key(scenario: Scenario, city: City) -> str:
    """Return the key of a scenario's run."""
    key = RunKey(scenario, city)
    return key.run(key.pasts(scenario.parameters, [scenario.seed])[0])


@cache
def program_hash(*rooms: str) -> str:
    """Return a hash of `PACKAGES`, `BROUGHT` and the sources in some folders, default `MODEL_ROOMS` and `ROW_FILES`."""
    if not rooms:
        return digest(program_hash(*MODEL_ROOMS), source_hash(*ROW_FILES))
    of_others = [*map(content_of, BROUGHT), *versions()]
    return digest(source_hash(*rooms), *of_others, *(f"{name} {version(name)}" for name in PACKAGES))


def city_of(ref: str | CityFiles) -> City:
    """Return a city, loaded anew only when its files hold something else; the last few are kept.

    Raises CityError: if a file is missing, damaged or breaks a rule.
    """
    held = [blake2b(_bytes(file)).hexdigest() for file in _files_of(ref).values()]
    return _loaded(json.dumps(ref, sort_keys=True), digest(*held))


@lru_cache(maxsize=4)
def _loaded(ref: str, held: str) -> City:
    return load_city(json.loads(ref))


def _files_of(ref: str | CityFiles) -> dict[str, Path]:
    return {} if isinstance(ref, str) else {key: Path(str(ref[key])) for key in CITY_FILES if key in ref}


def content_of(file: str | Path) -> str:
    """Return a hash of what a file holds; of one that cannot be read, that of an empty one."""
    return _any_order(_bytes(Path(file)))


@lru_cache(maxsize=16)
def _any_order(content: bytes) -> str:
    """Return a hash of JSON, whatever the order of its keys; of other text, whatever the order of its lines."""
    try:
        return digest(_plain(json.loads(content)))
    except (ValueError, RecursionError):
        return blake2b(b"\n".join(sorted(content.splitlines())), digest_size=KEY_BYTES).hexdigest()


def _bytes(path: Path) -> bytes:
    """Return what a file holds; who reads it says why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=date.isoformat)


def digest(*parts: str) -> str:
    """Return a hash of texts, 20 hexadecimal digits."""
    return blake2b("\0".join(parts).encode(), digest_size=KEY_BYTES).hexdigest()
