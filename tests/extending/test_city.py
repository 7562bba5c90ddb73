"""The recipe "Add a city" of docs/extending.md, command by command; test_other_packages does its last step."""

import re
import subprocess
import sys

import pytest

pytest.importorskip("shapely")
pytest.importorskip("pyproj")

from extending.recipe import steps_of

STEPS = steps_of("Add a city")


def odssim(folder, step, command, *more):
    """Run a command of a step in a folder; return its exit code and what it says."""
    assert f"`{command}`" in STEPS[step], f"step {step} does not say {command}"
    words = [sys.executable, "-m", *command.split(), *more]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_city_is_what_the_recipe_says(tmp_path):
    assert odssim(tmp_path, 1, "odssim city new harbour")[0] == 0
    files = {file.name for file in (tmp_path / "harbour").iterdir()}
    readme = (tmp_path / "harbour" / "README.txt").read_text(encoding="utf-8")
    assert files - {".odssim-files"} == {"README.txt", *re.findall(r"^(\w+\.\w+)  ", readme, re.MULTILINE)}
    places = tmp_path / "harbour" / "places.csv"
    own = places.read_text(encoding="utf-8").replace("Shopping centre", "Ferry quay")
    assert "Ferry quay" in own
    places.write_text(own, encoding="utf-8")
    assert odssim(tmp_path, 2, "odssim city check harbour")[0] == 0
    assert odssim(tmp_path, 2, "odssim city map harbour")[0] == 0
    assert (tmp_path / "harbour" / "map.png").read_bytes()[:4] == b"\x89PNG"
    code, said = odssim(tmp_path, 3, "odssim run harbour/scenario.toml", "--days", "2", "--set", "burn_in_days=0")
    assert code == 0, said
    assert "Modelled" in said or "modelled" in said, said


def test_a_step_that_is_left_out_is_told(tmp_path):
    code, said = odssim(tmp_path, 2, "odssim city check harbour")
    assert (code, said.count("\n")) == (2, 1)
    assert "harbour" in said
    code, said = odssim(tmp_path, 4, "odssim run harbour")
    assert (code, said.count("\n")) == (2, 1)
