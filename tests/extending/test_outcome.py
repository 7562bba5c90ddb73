"""The recipe "Add an outcome" of docs/extending.md, done in a scratch copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

from odssim.core.folders import PACKAGE
from odssim.world.codes import CityTally

PAGE = (PACKAGE.parents[1] / "docs" / "extending.md").read_text(encoding="utf-8")
RECIPE = PAGE.split("## Add an outcome")[1].split("\n## ")[0]
COUNTED = "count_city(st, CityTally.EXPLOITED if woman else CityTally.FUNDING_CRIMES, 1)\n"
ROW = "night_crimes_sek,SEK,sum,city,night_crimes_ore,0.01,,less,,,,,Worth of crimes by night.\n"
ASKED = """
from types import SimpleNamespace
import numpy as np
from odssim.world.codes import CITY_TALLIES, PLACE_TALLIES, CityTally
from odssim.world.queue import count_city
from odssim.observe.outcomes import OUTCOMES, in_city
from odssim.rules import funding

state = SimpleNamespace(city_tally=np.zeros(len(CITY_TALLIES), dtype=np.int64))
count_city.py_func(state, CityTally.NIGHT_CRIMES_ORE, 250)
outcome = OUTCOMES["night_crimes_sek"]
print(in_city(outcome, np.zeros(len(PLACE_TALLIES)), state.city_tally), outcome.unit)
"""


def edited(package: Path, file: str, old: str, new: str) -> None:
    """Make one step of the recipe: replace a text, which occurs once, in a file that the recipe names."""
    assert f"`src/odssim/{file}`" in RECIPE or file.startswith("rules/")
    path = package / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, file
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def python(folder: Path, *words: str) -> str:
    """Return what Python prints with the scratch copy."""
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env={"PYTHONPATH": str(folder), "ODSSIM_CACHE": str(folder / "cache")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_outcome_is_a_tally_a_row_and_the_rule_that_counts_it(tmp_path):
    package = tmp_path / "odssim"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "data", "static"))
    last = f"    {list(CityTally)[-1].name} = {len(CityTally) - 1}\n"
    edited(package, "world/codes.py", last, f"{last}    NIGHT_CRIMES_ORE = {len(CityTally)}\n")
    edited(package, "rules/funding.py", COUNTED, f"{COUNTED}        count_city(st, CityTally.NIGHT_CRIMES_ORE, paid)\n")
    header = "id,unit,over_days,of,counted,factor,away,better,reported,noun,fall,rise,meaning\n"
    edited(package, "core/outcomes.csv", header, header + ROW)
    assert python(tmp_path, "-c", ASKED) == "2.5 SEK\n"
    assert "night_crimes_sek" in python(tmp_path, "-m", "odssim", "outcomes", "night")


def test_an_outcome_of_no_tally_is_told_at_once(tmp_path):
    package = tmp_path / "odssim"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "data", "static"))
    header = "id,unit,over_days,of,counted,factor,away,better,reported,noun,fall,rise,meaning\n"
    edited(package, "core/outcomes.csv", header, header + ROW)
    done = subprocess.run(
        [sys.executable, "-c", "import odssim.observe.outcomes"], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.endswith("KeyError: 'NIGHT_CRIMES_ORE'\n")
