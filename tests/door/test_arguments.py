"""What the door is called with: checked by one function, so that every fault is one line that names the argument."""

import inspect

import matplotlib
import pytest
from typer.testing import CliRunner

import odssim
from odssim.cli.app import app
from odssim.door.evaluate import DesignAnswer, EstimateAnswer
from odssim.door.many import CalibrationAnswer, SensitivityAnswer, StudyAnswer
from odssim.door.simulate import ComparisonAnswer, RunAnswer

matplotlib.use("agg")
ANSWERS = [RunAnswer, ComparisonAnswer, StudyAnswer, SensitivityAnswer, CalibrationAnswer, DesignAnswer, EstimateAnswer]
FUNCTIONS = [name for name in odssim.__all__ if name.islower()]
SMALL = {"burn_in_days": 0, "population_multiplier": 1}
PATROL = {"id": "patrol", "type": "hot_spot_patrol", "start": "2018-01-02", "days": 2, "places": {"names": ["Square"]}}
RANKED = {**PATROL, "places": {"rank": "open_deals", "top": 2, "at": "2018-01-01"}}


class Odd:
    """What no argument may be."""


def refused(function, *args, **kwargs):
    """Return the one line that a call is refused with."""
    with pytest.raises(odssim.OdssimError) as caught:
        function(*args, **kwargs)
    line = str(caught.value)
    assert "\n" not in line
    assert "--" not in line
    assert "command line" not in line
    return line


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_of_every_function_is_checked(name):
    function = getattr(odssim, name)
    parameters = inspect.signature(function).parameters.values()
    required = [one.name for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    needed = ["x"] * len(required)
    for one in parameters:
        if one.kind is one.KEYWORD_ONLY:
            assert refused(function, *needed, **{one.name: Odd()}).startswith(f"{one.name} = ")
        elif one.kind is one.VAR_KEYWORD:
            assert "n_block: " in refused(function, *needed, n_block=Odd())
            assert "workers = " in refused(function, *needed, workers=Odd())
        elif one.kind is one.VAR_POSITIONAL:
            assert refused(function, *needed, Odd()).startswith(f"{one.name} = ")
        else:
            assert refused(function, **dict.fromkeys(required, "x") | {one.name: Odd()}).startswith(f"{one.name} = ")
    assert "no such argument" in refused(function, *needed, **{f"{next(iter(parameters)).name}z": 1})


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_checks_too(kind):
    answer = object.__new__(kind)
    assert refused(answer.save, Odd()).startswith("folder = ")
    assert "did you mean 'ax'" in refused(answer.plot, axx=1)


@pytest.mark.parametrize(("call", "line"), [
    (lambda: odssim.run(days=-1), "days = -1: must be at least 1"),
    (lambda: odssim.run(days=True), "days = True: must be a whole number"),
    (lambda: odssim.run(parameters=["a"]), "parameters = ['a']: must be a dictionary {name: value}"),
    (lambda: odssim.run(parameters={"choice.loyality": 1}), "did you mean 'choice.loyalty'?"),
    (lambda: odssim.run(parameters={"choice.loyalty": None}), "parameters.choice.loyalty: must be a number"),
    (lambda: odssim.run(dayz=1), "did you mean 'days'?"),
    (lambda: odssim.run("teaching-tovn"), "did you mean 'teaching-town'?"),
    (lambda: odssim.compare(), "compare(): cannot be called like this: missing a required argument: 'base'"),
    (lambda: odssim.compare("teaching-town", "hot-spot-town", seeds=0), "seeds = 0: must be from 1 to 100000"),
    (lambda: odssim.compare("teaching-town", "hot-spot-town", seeds=[1]), "seeds = [1]: must be a whole number"),
    (lambda: odssim.compare("teaching-town", "hot-spot-town", objective="open_deal"), "objective = 'open_deal': no such"),
    (lambda: odssim.compare("teaching-town", "hot-spot-town", smallest=float("nan")), "smallest = nan: must be from 0 to 1"),
    (lambda: odssim.run_design(), "run_design(): needs a design file or more"),
    (lambda: odssim.run_study("nope"), "nope: cannot be read (No such file or directory); of those that travel"),
    (lambda: odssim.run_sensitivity("x", metod="oat"), "metod: run_sensitivity() has no such argument; did you mean"),
    (lambda: odssim.run_sensitivity("x", treatment="qio"), "treatment = 'qio': must be one of qoi, raw, hart"),
    (lambda: odssim.catalogue("camera_"), "word = 'camera_': nothing holds it; did you mean 'cameras'?"),
    (lambda: odssim.outcomes("zz"), "word = 'zz': nothing holds it; without a word all are listed"),
    (lambda: odssim.parameters("loyalti"), "did you mean 'loyalty'?"),
    (lambda: odssim.Model("teaching-town", days=-1), "days = -1: must be at least 1"),
    (lambda: odssim.Model("teaching-town", interventions=[{"id": "a"}]), "interventions[0].type: is missing"),
    (lambda: odssim.load_scenario("teaching-town", interventions=[PATROL, {"id": "b"}]), "interventions[1].type: is"),
    (lambda: odssim.load_scenario("teaching-town", interventions=[{"type": "x"}]), "interventions[0].id: is missing"),
    (lambda: odssim.load_scenario("teaching-town", interventions=[{**RANKED, "a b": 1}]), "interventions[0].a b = 1: no"),
    (lambda: odssim.load_scenario("teaching-town", interventions=["x"]), "interventions = ['x']: must be a list of dict"),
])  # fmt: skip
def test_a_fault_names_the_argument(call, line):
    assert line in refused(call)


def test_the_command_line_names_its_options():
    shown = CliRunner().invoke(app, ["show", "teaching-town", "--days", "-1"]).exception
    assert str(shown) == "command line: days = -1: must be at least 1"
    listed = CliRunner().invoke(app, ["show", "teaching-town", "--set", "interventions=3"]).exception
    assert "command line: interventions: is set by id and key" in str(listed)


def test_interventions_are_those_of_a_file(tmp_path):
    file = tmp_path / "town.toml"
    file.write_text(
        'extends = "teaching-town"\n[[interventions]]\nid = "patrol"\ntype = "hot_spot_patrol"\nstart = 2018-01-02\n'
        'days = 2\nplaces = { rank = "open_deals", top = 2, at = 2018-01-01 }\n'
    )
    found = odssim.load_scenario("teaching-town", interventions=[RANKED])
    assert found.content_hash == odssim.load_scenario(file).content_hash
    halved = odssim.load_scenario("teaching-town", interventions=[RANKED], settings={"interventions.patrol.dose": 0.5})
    assert halved.interventions[0].dose == 0.5
    assert odssim.load_scenario(file, interventions=[{"id": "patrol", "remove": True}]).interventions == ()
    again = odssim.load_scenario("teaching-town", settings={"interventions": [RANKED]})
    assert again.overrides == found.overrides  # so that the command of a run places them too


def test_a_mix_is_a_list_beside_a_base():
    found = odssim.compare("teaching-town", [RANKED], [], seeds=2, days=5, settings=SMALL)
    assert repr(found) == "<odssim: patrol, no interventions against Teaching town, 2 paired seeds>"
    axes = found.plot()
    found.plot("violence", ax=axes)
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert len(labels) == len(set(labels)) == len(set(axes.get_yticks()))
    assert {label.split(":")[0] for label in labels} == {"open_deals", "violence"}


def test_two_outcomes_on_one_axes_are_both_named():
    run = odssim.run("teaching-town", days=3, seed=1, settings=SMALL)
    axes = run.plot()
    assert axes.get_ylabel() == "open_deals, deals/day, mean of 7 days"
    run.plot("violence", ax=axes)
    assert axes.get_ylabel() == "deals/day; events/day, mean of 7 days"
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == ["open_deals: Teaching town, seed 1", "violence: Teaching town, seed 1"]
    run.plot("hidden_deals", ax=axes)
    assert axes.get_ylabel() == "deals/day; events/day, mean of 7 days"
    with pytest.raises(odssim.OdssimError, match=r"^save\(folder\) = '\.': is the current folder"):
        run.save(".")


def test_a_model_and_its_agents_are_short_in_print():
    model = odssim.Model("teaching-town", days=1, **SMALL)
    n = len(model.agents)
    assert repr(model) == f"<odssim.Model: Teaching town, 2018-01-01, {n} agents>"
    assert repr(model.agents) == f"<odssim: {n} agents>"
    assert repr(next(iter(model.agents))) == "<odssim Buyer 0: Teaching town, 2018-01-01>"
