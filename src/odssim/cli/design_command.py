"""Commands on evaluation designs: design new, design check, design plan, and estimate on real counts."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from odssim.cli.inputs import AsJson
from odssim.cli.output import message, print_json, print_rows
from odssim.cli.writing import check_out_files, claim_folder
from odssim.language import say
from odssim.language.written import grouped

design_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
DesignFile = Annotated[str, typer.Argument(metavar="DESIGN", help="A design file (TOML).")]


@design_app.command("new", short_help="Write a design file by asking.")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path("experiments/design.toml"),
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take defaults for what is not given.")] = False,
    treated: Annotated[int | None, typer.Option(min=1, help="Places that get the intervention.")] = None,
    control: Annotated[int | None, typer.Option(min=0, help="Control places.")] = None,
    mechanism: Annotated[str | None, typer.Option(help="How places are randomised: complete, paired, crossover ...")] = None,
    period: Annotated[str | None, typer.Option(help="day, week or month.")] = None,
    pre: Annotated[int | None, typer.Option(min=1, help="Periods before the start.")] = None,
    post: Annotated[int | None, typer.Option(min=1, help="Periods after the start.")] = None,
    scenario: Annotated[str | None, typer.Option(help="Scenario without the intervention.")] = None,
    interventions: Annotated[str | None, typer.Option(help="Scenario with the intervention.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
) -> None:
    """Write a design file from a few answers, and check it."""
    from odssim.errors import ScenarioError
    from odssim.evaluation.design.questions import ask_all, design_text

    if file.exists() and not force:
        raise ScenarioError("exists already", file=str(file), remedy="give another name, or --force")
    check_out_files([file], key="FILE", force=force)
    given = {"treated": treated, "control": control, "mechanism": mechanism, "period": period, "pre": pre,
             "post": post, "scenario": scenario, "interventions": interventions}  # fmt: skip
    answers = ask_all(_default if yes else _ask, given | ({"id": file.stem} if yes else {}))
    _write_checked(file, design_text(answers), force)
    message(f"wrote {file}")
    check(str(file))


def _default(question: Any, default: Any) -> Any:
    return default


def _ask(question: Any, default: Any) -> Any:
    """Ask on the terminal until the answer is of the right kind and among the choices."""
    text = question.text + (f" ({', '.join(question.choices)})" if question.choices else "")
    while True:
        given = typer.prompt(text, default=default, type=type(default), err=True)
        if not question.choices or given in question.choices:
            return given
        message(f"one of {', '.join(question.choices)}, please")


def _write_checked(file: Path, text: str, force: bool) -> None:
    """Write a design file only if it can be read: a wrong answer leaves nothing behind."""
    from odssim.core.files import write_files
    from odssim.evaluation.design.design_file import load_design

    write_files({file: text.encode()}, key="FILE", force=force, check=load_design)


@design_app.command("check", short_help="Check a design and warn of pitfalls.")
def check(design: DesignFile, as_json: AsJson = False) -> None:
    """Check a design file and say in plain words what it could not tell."""
    from odssim.evaluation.design.check import check_design
    from odssim.evaluation.design.cost import design_cost
    from odssim.evaluation.design.design_file import load_design

    checked = load_design(design)
    warned = check_design(checked)
    if as_json:
        print_json({**checked.stamp, "cost_sek": design_cost(checked), "warnings": [asdict(w) for w in warned]})
        return
    typer.echo(say(
        "{design}, version {n}, hash {hash}", design=checked.id, n=checked.keys.design.version, hash=checked.content_hash
    ))  # fmt: skip
    for warning in warned:
        typer.echo(f"- {say(warning.text)}")
    typer.echo(say("{n} warnings", n=len(warned)) if warned else say("nothing to warn of"))


@design_app.command("schema", short_help="Print the JSON schema of a design.")
def schema() -> None:
    """Print the JSON schema of a design file, for editors that complete and check as one types."""
    from odssim.evaluation.design.keys import DesignFile

    print_json(DesignFile.model_json_schema())


@design_app.command("plan", short_help="Write the analysis plan to pre-register.")
def plan(
    design: DesignFile,
    out: Annotated[Path, typer.Option(help="Folder for plan, scripts and spreadsheet.")] = Path("results/plan"),
) -> None:
    """Write the analysis plan (Markdown, HTML), R and Stata scripts and the spreadsheet of formulas."""
    from odssim.evaluation.counts.hand_over import write_plan
    from odssim.evaluation.design.design_file import load_design

    claim_folder(out)
    write_plan(load_design(design), out)
    message(f"plan in {out}")


def estimate(
    data: Annotated[str, typer.Argument(metavar="DATA", help="Counts (CSV): place, period, count, arm.")],
    design: Annotated[str, typer.Option(help="The design file with the planned analysis.")],
    out: Annotated[Path | None, typer.Option(help="Folder for plan, panel, scripts, spreadsheet.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run a design's planned estimators on real counts, with the same warnings."""
    from odssim.core.reading import reading
    from odssim.evaluation.counts.analyse import analyse
    from odssim.evaluation.counts.data_file import read_panel
    from odssim.evaluation.counts.hand_over import held, write_hand_over
    from odssim.evaluation.design.design_file import load_design

    if out is not None:
        claim_folder(out)
    checked = load_design(design)
    with reading(data):
        panel = read_panel(data, checked)
    result = analyse(panel, checked)
    if out is not None:
        write_hand_over(checked, panel, result, out)
        message(f"hand-over in {out}")
    if as_json:
        print_json(asdict(result))
        return
    print_rows([{**row, "verdict": say(row["verdict"])} for row in result.rows], as_json=False)
    if result.measures is not None:
        _print_measures(result.measures)
    for text in held(checked, result):
        typer.echo(text)
    for text in result.warnings:
        typer.echo(f"- {say(text)}")


def _print_measures(measures: dict[str, Any]) -> None:
    if not measures["wdq_readable"]:
        typer.echo(say("WDQ is not to be read: {why}", why=say(measures["why"])))
        return
    reach = say("not identified")
    if measures["wdq_low"] is not None:
        reach = say("{low} to {high}", low=grouped(measures["wdq_low"], 3), high=grouped(measures["wdq_high"], 3))
    typer.echo(say(
        "WDQ {wdq} (95 %: {reach}), z of success {z} (Poisson counts)", wdq=grouped(measures['wdq'], 3), reach=reach,
        z=grouped(measures['z_success'], 2),
    ))  # fmt: skip
