"""Every way to get a scenario wrong that we could think of, with the exact line that it must answer with.

``cases/NNN_name.toml`` is the scenario, ``cases/NNN_name.txt`` the message; ``{file}`` stands for its path
and ``{folder}`` for the folder of the cases.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from odssim.city.load import load_city
from odssim.errors import OdssimError
from odssim.interventions import CATALOGUE
from odssim.scenario import check_against_city, load
from scenario.declared import PARAMETERS

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(FOLDER.glob("[0-9]*.toml"))
THROUGH_THE_COMMAND_LINE = (
    "unknown_top_key", "days_zero", "city_file_truncated", "extends_circle", "empty", "binary",
    "minutes_with_unit", "place_not_in_city", "rank_without_top", "two_with_one_id",
)  # fmt: skip


def expected(case: Path) -> str:
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    return text.replace("{file}", str(case)).replace("{folder}", str(FOLDER)).rstrip("\n")


def test_there_are_cases_and_each_has_its_message():
    assert len(CASES) >= 45
    assert {case.stem for case in CASES} == {text.stem for text in FOLDER.glob("*.txt")}


def check(case: Path) -> None:
    scenario = load(case, parameters=PARAMETERS, catalogue=CATALOGUE)
    city = load_city(scenario.city)
    check_against_city(scenario, city.place_name, city.districts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_message(case: Path):
    with pytest.raises(OdssimError) as caught:
        check(case)
    assert str(caught.value) == expected(case)
    assert str(caught.value).isprintable(), "a message is one line"


@pytest.mark.parametrize("name", THROUGH_THE_COMMAND_LINE)
def test_the_command_line_answers_with_that_line_and_writes_nothing(name: str, tmp_path: Path):
    case = next(case for case in CASES if case.stem[4:] == name)
    command = [sys.executable, "-m", "odssim", "run", str(case), "--out", "results", "--json"]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", expected(case))
    assert list(tmp_path.iterdir()) == []
