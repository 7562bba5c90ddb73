"""The command that compares mixes: scenarios run side by side, or the mixes of a study that has been run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli import completion
from odssim.cli.inputs import AsJson, Days, Language, Sets, read_scenario
from odssim.cli.output import message, print_json, progress_bar
from odssim.cli.writing import claim_folder
from odssim.errors import ScenarioError
from odssim.language import say

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from odssim.analysis.comparison.side_by_side import Comparison
    from odssim.analysis.comparison.tables import Settings
    from odssim.studies.study.choice import Choice

SEEDS, MOST_SEEDS = 20, 200
FEW_SEEDS = 8
"""Below so many seeds further processes take longer to start than they save, unless they are asked for."""


def compare(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="BASE ALT...",
            help="Scenarios; with --store mixes of the study (default all).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    seeds: Annotated[int | None, typer.Option(min=1, max=100_000, help=f"Number of paired seeds; default {SEEDS}.")] = None,
    objective: Annotated[
        str,
        typer.Option(
            help="What is ranked: an outcome, or its worth too (net benefit): open_deals:250.",
            autocompletion=completion.outcomes,
        ),
    ] = "open_deals",
    smallest: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Smallest difference of interest, share of the base.")
    ] = 0.05,
    precision: Annotated[
        list[str] | None,
        typer.Option(help="Run on from --seeds until known so well: open_deals:5%, open_deals:2; repeatable."),
    ] = None,
    max_seeds: Annotated[
        int | None, typer.Option(min=1, max=100_000, help=f"With --precision: stop here at last; default {MOST_SEEDS}.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help=f"Processes; default the cores at hand, one below {FEW_SEEDS} seeds.")
    ] = None,
    store: Annotated[Path | None, typer.Option(metavar="FILE", help="Compare the mixes of a batch in this store.")] = None,
    study: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --store: which study, if it holds several.")
    ] = None,
    days: Days = None,
    sets: Sets = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables and pictures; default: print only.")] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Compare mixes with a base, seed by seed: differences, displacement, ranking, cost-effectiveness.

    With --store nothing is run: the mixes of a finished batch are ranked, paired within (world, replicate).
    """
    if out is not None:
        claim_folder(out)
    from odssim.analysis.comparison.tables import Settings
    from odssim.analysis.decision.objective import parse_objective
    from odssim.analysis.decision.precision import parse_precision
    from odssim.language.layout import folded

    wanted = tuple(parse_precision(text) for text in precision or ())
    settings = Settings(parse_objective(objective), smallest, wanted)
    found: Comparison | Choice
    if store is not None:
        of_runs = {"--seeds": seeds, "--precision": precision, "--max-seeds": max_seeds, "--days": days, "--set": sets,
                   "--workers": workers}  # fmt: skip
        for option, value in of_runs.items():
            if value is not None and value != []:
                raise ScenarioError("is not used with --store, which has been run", key=option, remedy="leave it out")
        from odssim.studies.study.choice import choose

        found = choose(store, study, names or (), settings)
    else:
        if study is not None:
            raise ScenarioError("is used only with --store", key="--study", value=study)
        found = _run(names or (), sets, days, seeds or SEEDS, max_seeds or MOST_SEEDS, workers, settings)
    if out is not None:
        from odssim.core.result import write_result
        from odssim.drawing.decision_figures import pictures

        write_result(found, out, pictures(found.decision))
        message(say("tables and pictures in {folder}", folder=out))
    if as_json:
        print_json(found.record())
    else:
        for line in folded(found.text()):
            typer.echo(line)


def _run(
    names: Sequence[str], sets: list[str] | None, days: int | None, seeds: int, max_seeds: int,
    workers: int | None, settings: Settings,
) -> Comparison:  # fmt: skip
    """Run the scenarios of some files beside the first of them."""
    from odssim.analysis.comparison.run_pairs import compare as compare_scenarios

    if len(names) < 2:
        remedy = "odssim compare BASE ALT..., or --store FILE to compare the mixes of a batch"
        raise ScenarioError("needs two scenario files or more", key="compare", remedy=remedy)
    first, *others = [read_scenario(file, sets, None, days) for file in names]
    most = max(seeds, max_seeds) if settings.precision else seeds
    with processes(workers, most) as executor, progress_bar(say("paired runs")) as progress:
        return compare_scenarios(
            first, others, seeds=seeds, max_seeds=max_seeds, settings=settings, progress=progress, executor=executor
        )


@contextmanager
def processes(workers: int | None, n_seeds: int) -> Iterator[Executor | None]:
    """Yield an executor for the seeds after the first, None where this process does them all."""
    from odssim.core.processes import local_pool
    from odssim.studies.study.batch import default_workers

    n = min(workers or (default_workers() if n_seeds >= FEW_SEEDS else 1), n_seeds - 1)
    if n < 2:
        yield None
        return
    with local_pool(n) as executor:
        yield executor
