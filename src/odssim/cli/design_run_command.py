"""The commands that try designs: ``odssim design run FILE...`` and ``odssim design search FILE``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from odssim.cli.batch_command import resumable, run_progress
from odssim.cli.inputs import AsJson, Workers
from odssim.cli.output import message, print_json, print_rows
from odssim.cli.writing import check_out_files
from odssim.language import say
from odssim.language.written import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from odssim.evaluation.design.design_file import Design

DesignFiles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Design files (TOML).")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder for results and finished batches.")]
HEADLINE = (
    "design", "cost_sek", "n_worlds", "half_width_95", "size", "power_target", "false_falls_city", "power_city",
    "mde_target", "mde_city", "dii_near", "dii_far", "dii_tactical", "dii_temporal", "power_displacement",
)  # fmt: skip
"""Columns of the printed table; the files have all."""
SEARCH = "search.json"
NO_CITY = "power_city is 0 where nothing is counted around the places: such a design says nothing of the city"


def run(
    files: DesignFiles,
    out: Out = Path("results/designs"),
    workers: Workers = None,
    worlds: Annotated[int | None, typer.Option(min=1, help="Most worlds, in place of the files'.")] = None,
    half_width: Annotated[float, typer.Option(min=0.001, max=0.5, help="Wanted half width of power.")] = 0.05,
    all_indicators: Annotated[bool, typer.Option("--all-indicators", help="Read every indicator, and the truth.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try designs on simulated cities: what they could and could not tell. The same command again goes on."""
    from odssim.evaluation.trial.results import result_of, write_results
    from odssim.evaluation.trial.trials import run_designs
    from odssim.studies.study.batch import default_workers

    designs, n_workers = _designs(files, worlds), workers or default_workers()
    _check_folders(out, designs)
    with resumable(), run_progress("batches") as progress:
        tried = run_designs(
            designs, out, workers=n_workers, half_width=half_width, everything=all_indicators, progress=progress
        )
    every = ["--all-indicators"] if all_indicators else []
    repeated = _command("run", files, n_workers, worlds, "--half-width", half_width, *every)
    results = [result_of(one) | {"command": repeated} for one in tried]
    write_results(results, out)
    if as_json:
        print_json(results)
        return
    for result in results:
        _print(result)
    _print_headlines([result["headline"] for result in results])
    message(f"tables in {', '.join(str(out / r['design']) for r in results)}")


def _command(word: str, files: list[Path], n_workers: int, worlds: int | None, *options: object) -> str:
    """Return the command that makes the same tables: how many worlds are tried hangs on the workers too."""
    from odssim.scenario.command import command, from_here

    most = [] if worlds is None else ["--worlds", worlds]
    return command("design", word, *map(from_here, files), *most, *options, "--workers", n_workers)


def _designs(files: list[Path], worlds: int | None) -> list[Design]:
    from odssim.errors import ScenarioError
    from odssim.evaluation.design.design_file import load_design, with_worlds

    designs = [with_worlds(load_design(file), worlds) for file in files]
    ids = [design.id for design in designs]
    for k, name in enumerate(ids):
        if name in ids[:k]:
            raise ScenarioError("is the id of two designs", file=str(files[k]), key="design.id", value=name)
    return designs


def _check_folders(out: Path, designs: Sequence[Design]) -> None:
    from odssim.core.files import check_folder

    for design in designs:
        check_folder(out / design.id)


def _print(result: dict[str, Any]) -> None:
    from odssim.evaluation.design.pitfall_texts import stored_sentence

    typer.echo(
        f"{result['design']} ({result['world']} city, {result['n_worlds']} worlds, {result['stopped']}): verdicts of"
        f" {result['estimator']} on {result['indicator']}"
    )
    print_rows([{k: v for k, v in row.items() if not k.endswith("_mcse")} for row in result["verdicts"]], as_json=False)
    for warned in result["warnings"]:
        message(f"{result['design']}: {say(stored_sentence(warned))}")


def _print_headlines(rows: list[dict[str, Any]]) -> None:
    typer.echo("Under pure reduction by the expected effect (in the engine: under its interventions); MDE is a share,")
    typer.echo("DII 0.5 is blind. Every figure is modelled.")
    print_rows([_priced({name: row.get(name) for name in HEADLINE}) for row in rows], as_json=False)
    if any(row["city_low"] is None for row in rows):
        message(NO_CITY)


def _priced(row: dict[str, Any]) -> dict[str, Any]:
    """Return a printed row; a cost of nothing is that of a file without prices."""
    from odssim.evaluation.design.cost import NO_PRICES

    return row if row["cost_sek"] else row | {"cost_sek": say(NO_PRICES)}


RANKED = (
    "rank", "design", "cost_sek", "n_worlds", "half_width_95", "power_target", "power_city", "less_than_best", "mde_city",
    "dii_near", "on_front", "stopped",
)  # fmt: skip
VALUED = ("design", "n_draws", "cost_sek", "evpi_sek", "evsi_sek", "evsi_sek_mcse", "enbs_sek")
UNKNOWN = ("unknown", "mean", "sd", "evppi_sek", "evppi_sek_mcse", "halved_sek", "explains_effect", "explains_error")


def search(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A design file with a table [search].")],
    budget: Annotated[float | None, typer.Option(min=0, metavar="SEK", help="Budget, in place of the file's.")] = None,
    by: Annotated[str, typer.Option(metavar="power_city|power_target", help="What designs are ranked by.")] = "power_city",
    out: Out = Path("results/search"),
    workers: Workers = None,
    worlds: Annotated[int | None, typer.Option(min=1, help="Most worlds, in place of the file's.")] = None,
    draws: Annotated[int, typer.Option(min=0, help="Draws for the value of information; 0: none.")] = 600,
    as_json: AsJson = False,
) -> None:
    """Race the designs of a grid under a budget, and say which is enough, what it is worth and what to measure first."""
    import json

    from odssim.core.files import write_files
    from odssim.core.marks import sealed
    from odssim.errors import ScenarioError
    from odssim.evaluation.design.design_file import load_design, with_worlds
    from odssim.evaluation.trial.race import BY, cheapest_sufficient, grid, racing, ranking
    from odssim.evaluation.trial.results import result_of, write_results
    from odssim.evaluation.trial.trials import run_designs
    from odssim.evaluation.trial.worth import LEAST_DRAWS
    from odssim.scenario.faults import nearest
    from odssim.studies.study.batch import default_workers

    if by not in BY:
        raise ScenarioError("no such measure", key="--by", value=by, remedy=nearest(by, list(BY)))
    if 0 < draws < LEAST_DRAWS:
        raise ScenarioError(
            "must be 0 or at least {n}: fewer say nothing of worth", key="--draws", value=draws, n=LEAST_DRAWS
        )
    design = with_worlds(load_design(file), worlds)
    designs, n_workers = grid(design, budget), workers or default_workers()
    _check_folders(out, designs.designs)
    check_out_files([out / SEARCH])
    message(
        f"{len(designs.designs)} designs within the budget, {designs.n_too_dear} too dear, {designs.n_impossible} impossible"
    )
    with resumable(), run_progress("batches") as progress:
        tried = run_designs(
            designs.designs, out, workers=n_workers, half_width=design.keys.search.half_width,
            progress=progress, drop=racing(by),
        )  # fmt: skip
    limit = [] if budget is None else ["--budget", budget]
    repeated = _command("search", [file], n_workers, worlds, *limit, "--by", by, "--draws", draws)
    results = [result_of(one) | {"command": repeated} for one in tried]
    ranked = ranking(tried, [result["headline"] for result in results], by)
    plan = cheapest_sufficient(ranked, by, design.keys.answer.power)
    values, first, box = _worth([one.design for one in tried], ranked, draws)
    found = {"by": by, "ranking": ranked, "plan": plan, "value": values, "measure_first": first, "fails_where": box}
    found |= design.stamp
    write_results(results, out)
    write_files({out / SEARCH: sealed(json.loads(json.dumps(found, default=str)), SEARCH, {})})
    if as_json:
        print_json(found)
        return
    typer.echo(f"{file}: {len(ranked)} designs ranked by {by} under pure reduction by the expected effect")
    print_rows([_priced({name: row.get(name) for name in RANKED}) for row in ranked], as_json=False)
    typer.echo(f"cheapest sufficient plan: {plan['design'] or 'none'}: {plan['why']}")
    if values:
        typer.echo(
            f"value of information, SEK, from {draws} draws (regression on simulated results, see"
            " odssim.evaluation.trial.worth);"
            " what is smaller than twice its error (mcse) is not known from so few"
        )
        print_rows([{name: row[name] for name in VALUED} for row in values], as_json=False)
        typer.echo("what to measure first: the value of knowing each unknown, or of halving what is unknown of it")
        print_rows([{name: row[name] for name in UNKNOWN} for row in first], as_json=False)
    if box:
        typer.echo(
            f"{box['design']} reads the whole wrong by more than {percent(box['wrong_beyond'])}"
            f" in {percent(box['share_wrong'])} of draws: in {percent(box['density'])} of those with {box['box']},"
            f" which hold {percent(box['coverage'])} of its failures"
        )
    message(f"tables in {out}")


def _worth(designs: list[Design], ranked: list[dict[str, Any]], draws: int) -> tuple[list[Any], list[Any], Any]:
    """Return what the designs on the front are worth, the worthiest first; its "measure first" and where it fails."""
    from odssim.evaluation.trial.worth import failure_box, measure_first, try_prior, value_row

    front = [row["design"] for row in ranked if row["on_front"]]
    asked = [design for design in designs if design.id in front and design.kind != "engine"]
    if not draws or not asked:
        return [], [], None
    tries = {}
    with run_progress("value") as progress:
        for k, design in enumerate(asked):
            tries[design.id] = try_prior(design, draws)
            progress(k + 1, len(asked))
    rows = sorted((value_row(design, tries[design.id]) for design in asked), key=lambda row: -row["enbs_sek"])
    best = next(design for design in asked if design.id == rows[0]["design"])
    return rows, measure_first(best, tries[best.id]), failure_box(best, tries[best.id])
