"""Every way to get a study wrong that we could think of, with the exact line that it must answer with.

``broken/NNN_name.toml`` is the study, ``broken/NNN_name.txt`` the message; ``{file}`` stands for its path and
``{folder}`` for the folder of the cases.
"""

from pathlib import Path

import pytest

from odssim.errors import OdssimError
from odssim.study import load_study
from study.town import batch

FOLDER = Path(__file__).parent / "broken"
CASES = sorted(FOLDER.glob("[0-9]*.toml"))
THROUGH_THE_COMMAND_LINE = ("unknown_parameter", "mix_option_out_of_range", "table_bad_cell")


def expected(case: Path) -> str:
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    return text.replace("{file}", str(case)).replace("{folder}", str(FOLDER)).rstrip("\n")


def test_there_are_cases_and_each_has_its_message():
    assert len(CASES) >= 45
    assert {case.stem for case in CASES} == {text.stem for text in FOLDER.glob("*.txt")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_message(case):
    with pytest.raises(OdssimError) as caught:
        load_study(case)
    assert str(caught.value) == expected(case)
    assert str(caught.value).isprintable(), "a message is one line"


@pytest.mark.parametrize("name", THROUGH_THE_COMMAND_LINE)
def test_the_command_answers_with_that_line_and_writes_nothing(name, tmp_path):
    case = next(case for case in CASES if case.stem[4:] == name)
    done = batch(case, "--export", "csv", folder=tmp_path, expect=2)
    assert (done.stdout, done.stderr.strip()) == ("", expected(case))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--export", "excell"], "--export = 'excell': no such format; did you mean 'excel'?"),
        (["--engine", "dusk"], "--engine = 'dusk': no such engine; did you mean 'dask'?"),
        (["--scheduler", "tcp://x"], "--scheduler = 'tcp://x': is used only with --engine dask"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_run(options, message, tmp_path):
    done = batch("study.toml", *options, folder=tmp_path, expect=2)
    assert done.stderr.strip() == message
    assert list(tmp_path.iterdir()) == []
