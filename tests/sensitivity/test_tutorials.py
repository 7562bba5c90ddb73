"""The tutorials run as they stand, from a folder that has only the scenarios and the experiments."""

import re
import shlex
from pathlib import Path

import pytest

from odssim.cli.app import app
from odssim.studies.study import batch
from study.town import Inline

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("name", "made"), [("sensitivity", "morris/tornado.png"), ("calibrate", "calibrate-calibrate-town/ensemble.csv")]
)
def test_every_command_of_the_tutorial_runs(name, made, tmp_path, monkeypatch, capsys):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    experiments = tmp_path / "experiments"
    experiments.mkdir()
    for file in (ROOT / "experiments").glob("*.toml"):
        (experiments / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batch, "LocalWorkers", lambda n: Inline())  # starting processes takes longer than these runs
    blocks = FENCE.findall((ROOT / "docs" / f"tutorial-{name}.md").read_text(encoding="utf-8"))
    commands = [line for language, text in blocks if language == "sh" for line in text.splitlines()]
    assert len(commands) >= 2
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "odssim"
        app(arguments, standalone_mode=False)
        assert capsys.readouterr().out
    for text in (text for language, text in blocks if language == "python"):
        exec(compile(text, name, "exec"), {})
    assert (tmp_path / "results" / made).is_file()
